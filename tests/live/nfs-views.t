#!/bin/sh
# SPDX-License-Identifier: ISC
# Views of machines and who may mount, with machines told apart by address:
# in namespaces of our own, as root there or not.
set -u
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -eq 0 ]; then
		exec unshare -mn sh "$0" inside
	fi
	# One user is all that there is then.
	exec unshare -rmn sh "$0" inside alone
fi
program=$PWD/${BUILD:-build/out}/nfsroot-helper/nfsroot-helper
export ASAN_OPTIONS=detect_leaks=0

tmp=$(mktemp -d)
boot=$tmp/boot
root=$boot/root/debian
one=52-54-00-00-00-01
two=52-54-00-00-00-02
port=2049
n=0
daemon=
holder=
finish()
{
	for pid in $daemon $holder; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap finish EXIT

check()
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "want: $3" "got: $2" | head -n 30 | sed 's/^/# /'
		tail -n 5 "$tmp/log" | sed 's/^/# /'
	fi
}

# start FLAG...
start()
{
	mkfifo "$tmp/ready"
	"$program" -d "$boot" -p "$port" -D 9 "$@" >/dev/null \
	    2>>"$tmp/log" 9>"$tmp/ready" &
	daemon=$!
	read -r _ <"$tmp/ready"
	rm "$tmp/ready"
}

stop()
{
	kill "$daemon"
	wait "$daemon"
}

# An own network for the machines, which have one address after the other.
as()
{
	nsenter --net="/proc/$holder/ns/net" -- ip addr flush dev eth0
	nsenter --net="/proc/$holder/ns/net" -- ip addr add "$1/24" dev eth0
	shift
	nsenter --net="/proc/$holder/ns/net" -- "$@"
}

url()
{
	echo "nfs://10.88.0.1$1?version=3&nfsport=$port&mountport=$port"
}

# A root, an image, two machines, one of them with files of its own.
mkdir -p "$root/etc" "$root/usr/bin" "$root/opt/tool" "$root/var/lib/a" \
    "$boot/image/debian" "$boot/machine/$one/files/etc/deep" \
    "$boot/machine/$two" "$boot/seen/ip" "$boot/seen/$one" "$boot/seen/$two"
for name in hosts motd issue fstab; do
	echo "image $name" >"$root/etc/$name"
done
chmod 600 "$root/etc/fstab"
ln "$root/etc/motd" "$root/usr/motd"
ln -s ../etc/hosts "$root/usr/hosts"
(cd "$root/usr/bin" && seq -f 'tool%g' 500 | xargs touch)
head -c 3000000 /dev/urandom >"$root/opt/tool/data"
ln -s ../../root/debian "$boot/image/debian/root"
ln -s ../../image/debian "$boot/machine/$one/image"
ln -s ../../image/debian "$boot/machine/$two/image"
files=$boot/machine/$one/files
echo one >"$files/etc/hostname"
echo 'one hosts' >"$files/etc/hosts"
: >"$files/etc/.wh.issue"
echo key >"$files/etc/deep/key"
chmod 600 "$files/etc/deep/key"
ln "$files/etc/deep/key" "$files/etc/deep/again"
: >"$files/.wh.var"
mkdir -p "$files/opt/tool" "$files/usr/bin"
: >"$files/opt/tool/.wh..wh..opq"
echo new >"$files/opt/tool/new"
echo 'one tool' >"$files/usr/bin/tool7"
ln -s "../$one" "$boot/seen/ip/10.88.0.11"
ln -s "../$two" "$boot/seen/ip/10.88.0.12"
chmod 755 "$tmp"

# What the view is, by other means.
want=$tmp/want
cp -a "$root" "$want"
rm -rf "${want:?}/var" "$want/etc/issue" "$want/opt/tool"
cp -a "$files/." "$want"
find "$want" -name '.wh.*' -exec rm {} +

ip link set lo up
unshare -n sleep 1000 &
holder=$!
until [ "$(readlink "/proc/$holder/ns/net")" != \
    "$(readlink /proc/self/ns/net)" ] &&
    [ -n "$(readlink "/proc/$holder/ns/net")" ]; do
	sleep 0.05
done
ip link add lan type veth peer name eth0 netns "$holder"
ip link set lan up
ip addr add 10.88.0.1/24 dev lan
nsenter --net="/proc/$holder/ns/net" -- ip link set eth0 address \
    52:54:00:00:00:03
nsenter --net="/proc/$holder/ns/net" -- ip link set eth0 up
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -I. -o "$tmp/nfs-client" \
    tests/live/nfs-client.c common/wire.c nfsroot-helper/xdr.c
start

# Root of the server looks at the view: it is called from a low port.
check "a machine's file is in its view" \
    "$(nfs-cat "nfs://127.0.0.1/machine/$one/etc/hosts?version=3&nfsport=$port&mountport=$port")" \
    "one hosts"
as 10.88.0.11 nfs-ls -R "$(url "/machine/$one")" |
    awk '{ print $1, $3, $4, $5, $6 }' | sed 's/^d\(.*\) [0-9]* /d\1 0 /' |
    sort >"$tmp/got"
(cd "$want" && find . -mindepth 1 \( -type d -printf '%M %U %G 0 %P\n' -o \
    -printf '%M %U %G %s %P\n' \)) | sort >"$tmp/wanted"
check "the machine's view has all names, modes, owners and sizes" \
    "$(cat "$tmp/got")" "$(cat "$tmp/wanted")"
fetch()
{
	find "$want" -type f -printf '%P\n' | sort | while read -r name; do
		as 10.88.0.11 nfs-cat "$(url "/machine/$one/$name")" | md5sum
	done | md5sum
}
rm "$want"/usr/bin/tool[1-689]*
check "and all octets" "$(fetch)" "$(find "$want" -type f -printf '%P\n' |
    sort | while read -r name; do md5sum <"$want/$name"; done | md5sum)"
check "hard links stay" "$(as 10.88.0.11 nfs-ls \
    "$(url "/machine/$one/etc/deep")" | awk '{ print $2 }' | sort -u)" 2

# It follows the files.
echo more >"$files/etc/more"
check "a file that is added is there" \
    "$(as 10.88.0.11 nfs-cat "$(url "/machine/$one/etc/more")")" more
rm "$files/etc/hosts"
check "one that is removed shows the image's" \
    "$(as 10.88.0.11 nfs-cat "$(url "/machine/$one/etc/hosts")")" "image hosts"
echo two >"$boot/machine/$two/hostname"
check "another machine has the plain image" \
    "$(as 10.88.0.12 nfs-cat "$(url "/machine/$two/etc/hosts")")" "image hosts"

# Who may.
as 10.88.0.12 nfs-ls "$(url "/machine/$one")" >"$tmp/said" 2>&1
check "a machine cannot mount another's view" \
    "$(grep "10.88.0.12: mount of /machine/$one refused: MNT3ERR_ACCES: " \
	"$tmp/log" | grep -c "a machine.s view is for that machine alone")" 1
# A handle that was overheard, or guessed.
export SERVER=10.88.0.1
handle=$(as 10.88.0.11 "$tmp/nfs-client" "$port" mount "/machine/$one")
check "nor ask for it by its handle" \
    "$(as 10.88.0.12 "$tmp/nfs-client" "$port" getattr "$handle")" \
    "status 13"
check "which the machine itself may" \
    "$(as 10.88.0.11 "$tmp/nfs-client" "$port" getattr \
    "$handle" | cut -d' ' -f1)" 2
mkdir -p "$boot/machine/52-54-00-00-00-03/files/etc"
ln -s ../../image/debian "$boot/machine/52-54-00-00-00-03/image"
echo three >"$boot/machine/52-54-00-00-00-03/files/etc/hostname"
check "an address that seen/ip lacks is known by the neighbour table" \
    "$(as 10.88.0.33 nfs-cat "$(url "/machine/52-54-00-00-00-03/etc/hostname")")" \
    three
if [ "${2:-}" = alone ]; then
	n=$((n + 1))
	echo "ok $n - a user of the machine cannot # SKIP only root has others"
else
	as 10.88.0.11 setpriv --reuid 65534 --regid 65534 --clear-groups \
	    nfs-cat "$(url "/machine/$one/etc/hosts")" >/dev/null 2>&1
	check "a user of the machine cannot mount its view" "$(grep -c \
	    'refused: MNT3ERR_ACCES: a machine.s view is for its root' \
	    "$tmp/log")" 1
fi
stop
start -a 10.88.0.8/30
check "-a admits a network" \
    "$(as 10.88.0.11 nfs-cat "$(url /debian/etc/motd)")" "image motd"
as 10.88.0.12 nfs-ls "$(url /debian)" >/dev/null 2>&1
check "and nobody else" "$(grep '10.88.0.12: mount of /debian refused: ' \
    "$tmp/log" | grep -c 'MNT3ERR_ACCES: neither on a network')" 1
stop
start -a seen
check "-a seen admits who is in seen/ip" \
    "$(as 10.88.0.12 nfs-cat "$(url /debian/etc/motd)")" "image motd"
as 10.88.0.13 nfs-ls "$(url /debian)" >/dev/null 2>&1
check "and no other neighbour" \
    "$(grep -c '10.88.0.13: mount of /debian refused' "$tmp/log")" 1
stop
daemon=
check "a network that is none is the user's mistake" \
    "$("$program" -d "$boot" -a 10.0.0.0/33 2>/dev/null; echo $?)" 100
echo "1..$n"
