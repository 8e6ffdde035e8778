#!/bin/sh
# SPDX-License-Identifier: ISC
# The Linux kernel's own NFS client, in a machine that has its whole Debian on
# nfsroot-helper: what it reads is what the server has, in the shared root and
# in the machine's view.  (A server that dies meanwhile: again.t.)
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
mac=52:54:00:00:00:07
id=$(echo "$mac" | tr : -)
tree=$boot/root/debian
files=$boot/machine/$id/files

truth()
{
	n=$((n + 1))
	what=$1
	shift
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		tail -n 20 "$lab/pixie.log" "$lab/one.console" | sed 's/^/# /'
	fi
}

# says WORD COMMAND: what a command in the machine prints behind WORD.
says()
{
	# A line of its own, as the shell may write to the terminal before it.
	printf '%s\n' "echo; echo \"$1=\"\$($2)" >"$lab/one.in"
	lab_wait 150 grep -aq "^$1=" "$lab/one.console" || return 1
	tr -d '\r' <"$lab/one.console" | sed -n "s/^$1=//p" | tail -n 1
}

# All names with their types, modes, owners, sizes and links; of what is read,
# the sums.
# shellcheck disable=SC2016	# for the shells that run it
names='cd DIR && find . -xdev -printf "%y %m %U %G %s %l %P\n" |
    grep -v "^d" | LC_ALL=C sort | md5sum | cut -c1-32'
sums='cd DIR && find ./usr/bin ./etc ./usr/lib/systemd -xdev -type f -print0 |
    LC_ALL=C sort -z | xargs -0 cat | md5sum | cut -c1-32'

# Not by echo, which in some shells reads the backslashes.
here()
{
	sh -c "$(printf '%s\n' "$1" | sed "s,DIR,$2,")"
}

there()
{
	says "$1" "$(printf '%s\n' "$2" | sed "s,DIR,$3," | tr '\n' ' ')"
}

same()
{
	same_here=$(here "$2" "$3")
	same_there=$(there "$1" "$2" "$4")
	echo "# $1: $same_here; $same_there"
	[ -n "$same_here" ] && [ "$same_here" = "$same_there" ]
}

says_so()
{
	[ "$(says "$1" "$2")" = "$3" ]
}

# Without mount.nfs: the kernel is told the address.
options=ro,vers=3,proto=tcp,port=2049,mountport=2049,mountproto=tcp
options=$options,nolock,noacl,addr=10.77.0.2

# mounts WORD EXPORT FOLDER STATUS
mounts()
{
	says_so "$1" "mount -i -t nfs -o $options 10.77.0.2:$2 $3; echo \$?" \
	    "$4"
}

rm -rf "$lab"
mkdir -p "$lab"
lab_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
"$mkboot" machine -d "$boot" -i debian -h one "$id" >>"$lab/boot.log"
mkdir -p "$files/etc" "$boot/machine/52-54-00-00-00-08"
echo 'This is one.' >"$files/etc/motd"
: >"$files/etc/.wh.issue"
ln -s ../../image/debian "$boot/machine/52-54-00-00-00-08/image"
# The view by other means: a copy, with the files over it.
view=$lab/view
cp -a --reflink=auto "$tree" "$view"
cp -a "$files/." "$view"
rm -f "$view/etc/issue" "$view/etc/.wh.issue"
lab_network
lab_house
lab_pixie

lab_power_on one "$mac" bios
truth "Debian boots to its prompt" \
    lab_wait 240 grep -aqs "^one login:" "$lab/one.console"
printf 'root\n' >"$lab/one.in"
truth "it lets root in" lab_wait 60 grep -aq 'root@one:' "$lab/one.console"
truth "the machine mounts its image's root" mounts a /debian /mnt 0
truth "it has all names, attributes and links of the server's" \
    same b "$names" "$tree" /mnt
truth "and the same octets in the files" same c "$sums" "$tree" /mnt
truth "it mounts its own view" mounts d "/machine/$id" /media 0
truth "which has all names with its own files over them" \
    same e "$names" "$view" /media
truth "and the same octets" same f "$sums" "$view" /media
echo 'Now.' >"$files/etc/new"
truth "a file that is added is there at once" \
    says_so g "sleep 4; cat /media/etc/new" Now.
truth "another machine's view is refused" \
    mounts h /machine/52-54-00-00-00-08 /srv 32
truth "and the log says why" grep -q \
    'mount of /machine/52-54-00-00-00-08 refused: MNT3ERR_ACCES: a machine' \
    "$lab/pixie.log"
kill -KILL "$lab_qemu"
rm -rf "$view"
echo "1..$n"
