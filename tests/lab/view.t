#!/bin/sh
# SPDX-License-Identifier: ISC
# A machine whose root is its view: its own files come from the server with
# all others, and what is changed there the running machine sees.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
mac=52:54:00:00:00:09
id=$(echo "$mac" | tr : -)
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
		echo	# a prompt ends no line
	fi
}

# says_so WORD COMMAND TEXT: what a command in the machine prints is TEXT.
says_so()
{
	# A line of its own, as the shell may write to the terminal before it.
	printf '%s\n' "echo; echo \"$1=\"\$($2)" >"$lab/one.in"
	lab_wait 400 grep -aq "^$1=" "$lab/one.console" || return 1
	said=$(tr -d '\r' <"$lab/one.console" | sed -n "s/^$1=//p" | tail -n 1)
	[ "$said" = "$3" ] || { echo "# want $3, got $said"; return 1; }
}

# All that is there, and the octets of all files.
count='find . -xdev | wc -l'
sum='find . -xdev -type f -print0 | LC_ALL=C sort -z | xargs -0 cat | md5sum |
    cut -c 1-32'

# here COMMAND: what it prints for the view by other means.
here()
{
	(cd "$lab/view" && sh -c "$1")
}

rm -rf "$lab"
mkdir -p "$lab"
lab_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
"$mkboot" machine -d "$boot" -i debian -h one "$id" >>"$lab/boot.log"
mkdir -p "$files/etc"
echo 'This is one.' >"$files/etc/motd"
: >"$files/etc/.wh.issue.net"
: >"$boot/machine/$id/view"
"$mkboot" render -d "$boot" "$id" >>"$lab/boot.log"
# The view by other means: a copy, with the files over it.
cp -a --reflink=auto "$boot/root/debian" "$lab/view"
cp -a "$files/." "$lab/view"
rm "$lab/view/etc/issue.net" "$lab/view/etc/.wh.issue.net"
lab_network
lab_house
lab_pixie

lab_power_on one "$mac" bios
truth "Debian boots to its prompt on the machine's view" \
    lab_wait 240 grep -aqs "^one login:" "$lab/one.console"
printf 'root\n' >"$lab/one.in"
truth "it lets root in" lab_wait 60 grep -aq 'root@one:' "$lab/one.console"
truth "what lies under its root is the view" says_so a \
    "sed -n 's, /run/pixie/lower nfs .*,,p' /proc/mounts" \
    "10.77.0.2:/machine/$id"
truth "the machine's files are there" says_so b "cat /etc/motd" "This is one."
truth "and from there: nothing was laid over it" says_so c \
    "ls /run/pixie/upper/upper/etc/motd 2>/dev/null | wc -l" 0
truth "what they hide is hidden" says_so d \
    "ls /etc/issue.net 2>/dev/null | wc -l" 0
truth "its identity is its own" says_so e "cat /etc/machine-id" \
    "$(cat "$boot/machine/$id/identity/machine-id")"
truth "find shows as many files and folders as the server has" \
    says_so j "cd /run/pixie/lower; $count" "$(here "$count")"
truth "the md5sum of all that is in them is the server's" \
    says_so k "cd /run/pixie/lower; $sum" "$(here "$sum")"
echo 'Now.' >"$files/etc/new"
truth "a file that is added on the server is there" says_so f \
    "cat /run/pixie/lower/etc/new" Now.
truth "also in the root" says_so g "cat /etc/new" Now.
echo 'This is one still.' >"$files/etc/motd"
truth "a file that is changed on the server is changed" says_so h \
    "cd /run/pixie/lower/etc; until grep still motd; do sleep 1; done" \
    "This is one still."
truth "also in the root" says_so i \
    "until grep still /etc/motd; do sleep 1; done" \
    "This is one still."
kill -KILL "$lab_qemu"
rm -rf "$lab/view"
echo "1..$n"
