#!/bin/sh
# SPDX-License-Identifier: ISC
# nfsroot-helper to those that are told no port: a machine that boots as
# OpenBSD's diskless ones do, rpcinfo, showmount, and a real rpcbind.
set -u
program=$PWD/${BUILD:-build/out}/nfsroot-helper/nfsroot-helper
export ASAN_OPTIONS=detect_leaks=0

# Ports 111 and 627, and /run for rpcbind, are this test's own.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "1..0 # SKIP it binds ports 111 and 627 and makes networks"
		exit 0
	fi
	exec unshare -mn sh "$0" inside
fi

tmp=$(mktemp -d)
boot=$tmp/boot
machine=52-54-00-12-34-56
n=0
daemon=
helpers=
finish()
{
	for pid in $daemon $helpers; do
		kill "$pid" 2>/dev/null
	done
	for pid in $daemon $helpers; do
		wait "$pid" 2>/dev/null
	done
	umount /run 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT

# check NAME GOT WANTED
check()
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "want: $3" "got: $2" | head -n 60 | sed 's/^/# /'
	fi
}

# start FLAG...: the daemon, and waits until it is ready.
start()
{
	rm -f "$tmp/ready"
	mkfifo "$tmp/ready"
	"$program" -d "$boot" -D 9 -u nobody "$@" >/dev/null 2>>"$tmp/log" \
	    9>"$tmp/ready" &
	daemon=$!
	read -r _ <"$tmp/ready"
}

stop()
{
	kill "$daemon"
	wait "$daemon"
	ended=$?
	daemon=
}

# until_true COMMAND...: for half a minute at most.
until_true()
{
	for _ in $(seq 150); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.2
	done
}

# client BROADCAST FILE [MOUNT-VERSION]: the machine boots; what it says, and
# the file as $tmp/file.
client()
{
	ip -n machine addr flush dev eth0
	timeout 60 nsenter -t "$holder" -n "$tmp/diskless-client" eth0 "$@" \
	    3>"$tmp/file" 2>&1
}

# unheard WORDS COMMAND...: the machine's command, until the daemon's log has
# the words; what it has said by then, and that it was heard.
unheard()
{
	words=$1
	shift
	: >"$tmp/log"
	nsenter -t "$holder" -n "$@" >"$tmp/said" 2>&1 &
	until_true grep -q "$words" "$tmp/log"
	grep -q "$words" "$tmp/log" && echo heard >>"$tmp/said"
	# rpcinfo puts SIGTERM off until it has given up, a minute later.
	kill -9 $!
	wait $! 2>/dev/null
}

# The server at 10.0.0.1/24, a machine without an address at the other end.
mount -t tmpfs none /run
mkdir /run/rpcbind
ip link set lo up
unshare -n sleep 600 &
holder=$!
helpers=$holder
until_true sh -c "[ \"\$(readlink /proc/$holder/ns/net)\" != \
    \"\$(readlink /proc/$$/ns/net)\" ]"
ip netns attach machine "$holder"
ip link add lan type veth peer name eth0 address 52:54:00:12:34:56 \
    netns machine
ip addr add 10.0.0.1/24 dev lan
ip link set lan up
ip -n machine link set eth0 up

mkdir -p "$boot/root/bsd/etc" "$boot/machine/$machine/bootparam" \
    "$boot/seen"
head -c 300001 /dev/urandom >"$boot/root/bsd/bsd"
echo alpha >"$boot/root/bsd/etc/myname"
echo alpha >"$boot/machine/$machine/hostname"
echo 10.0.0.5 >"$boot/machine/$machine/ip"
echo /bsd >"$boot/machine/$machine/bootparam/root"
chown -R nobody "$boot/seen"
chmod 755 "$tmp"
: >"$tmp/log"
if ! "${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -I. -o "$tmp/diskless-client" \
    tests/live/diskless-client.c common/wire.c nfsroot-helper/xdr.c \
    nfsroot-helper/rarp.c; then
	echo "Bail out! no client"
	exit 1
fi

# A diskless machine, step by step; its kernel is not in memory yet.
sync "$boot/root/bsd/bsd"
dd of="$boot/root/bsd/bsd" oflag=nocache conv=notrunc,fdatasync count=0 \
    2>/dev/null
start -v
client 255.255.255.255 bsd >"$tmp/said"
check "a machine boots as OpenBSD does" "$(cat "$tmp/said")" \
    "address 10.0.0.5
name alpha
domain 
router 0.0.0.0
server 10.0.0.1 port 2049
root 10.0.0.1:/bsd
rtmax 32768
no swap is cool"
check "and its kernel is whole" "$(cksum <"$tmp/file")" \
    "$(cksum <"$boot/root/bsd/bsd")"
echo 10.0.0.254 >"$boot/machine/$machine/bootparam/router"
echo example.org >"$boot/machine/$machine/bootparam/domain"
echo 10.0.0.9:/swap/alpha >"$boot/machine/$machine/bootparam/swap"
client 255.255.255.255 etc/myname >"$tmp/said"
check "what is altered counts at the next boot" \
    "$(grep -v '^r[ot]*max\|^address' "$tmp/said") $(cat "$tmp/file")" \
    "name alpha
domain example.org
router 10.0.0.254
server 10.0.0.1 port 2049
root 10.0.0.1:/bsd
swap 10.0.0.9:/swap/alpha alpha"
check "a broadcast by the address' class is heard" \
    "$(client 10.255.255.255 etc/myname | grep server)" \
    "server 10.0.0.1 port 2049"
check "MOUNT version 1 says that NFS version 2 is not here" \
    "$(client 255.255.255.255 bsd 1 | tail -n 1)" \
    "diskless-client: mount: status 13"
# Without a root of its own it is the machine's view: its image and its files.
mkdir -p "$boot/image/bsd" "$boot/machine/$machine/files/etc"
ln -s ../../root/bsd "$boot/image/bsd/root"
ln -s ../../image/bsd "$boot/machine/$machine/image"
echo 'alpha alone' >"$boot/machine/$machine/files/etc/myname"
mv "$boot/machine/$machine/bootparam/root" "$tmp/root"
check "without a root it has its own view" \
    "$(client 255.255.255.255 etc/myname | grep '^root') $(cat "$tmp/file")" \
    "root 10.0.0.1:/machine/$machine alpha alone"
client 255.255.255.255 bsd >"$tmp/said"
check "and in it the image's kernel" "$(cksum <"$tmp/file")" \
    "$(cksum <"$boot/root/bsd/bsd")"
mv "$tmp/root" "$boot/machine/$machine/bootparam/root"
check "seen/ has what the machine did" \
    "$(awk '{ print $2, $3, $4 }' "$boot/seen/$machine/log" | sort -u)" \
    "nfsroot-helper mounted export=/bsd
nfsroot-helper mounted export=/machine/$machine
nfsroot-helper named name=alpha
nfsroot-helper rarp ip=10.0.0.5
nfsroot-helper reading export=/bsd
nfsroot-helper reading export=/machine/$machine
nfsroot-helper refused export=/bsd
nfsroot-helper told place=root:10.0.0.1:/bsd
nfsroot-helper told place=root:10.0.0.1:/machine/$machine
nfsroot-helper told place=swap:10.0.0.9:/swap/alpha"
check "and whose address it is" "$(readlink "$boot/seen/ip/10.0.0.5")" \
    "../$machine"
mv "$boot/machine/$machine/bootparam" "$tmp/bootparam"
ip -n machine addr flush dev eth0
unheard "RARP: not answered: its folder in machine/ has no bootparam/" \
    "$tmp/diskless-client" eth0 255.255.255.255 bsd 3>/dev/null
check "a machine that does not boot so is not answered" "$(cat "$tmp/said")" \
    "heard"
mv "$tmp/bootparam" "$boot/machine/$machine/bootparam"

# The field's own clients, on the port mapper's usual paths.
cat >"$tmp/wanted" <<'EOT'
100000 2 tcp 111
100000 2 udp 111
100003 3 tcp 2049
100003 3 udp 2049
100005 1 tcp 2049
100005 1 udp 2049
100005 2 tcp 2049
100005 2 udp 2049
100005 3 tcp 2049
100005 3 udp 2049
100026 1 udp 2049
EOT
# registered: what the port mapper lists of ours.
registered()
{
	rpcinfo -p 127.0.0.1 2>&1 | awk '$1 ~ /^1000(00|03|05|26)$/ {
	    print $1, $2, $3, $4 }' | sort
}
check "rpcinfo -p lists the services" "$(registered)" "$(cat "$tmp/wanted")"
check "rpcinfo calls NFS by TCP and UDP" "$(rpcinfo -t 127.0.0.1 nfs 3 2>&1
	rpcinfo -u 127.0.0.1 nfs 3 2>&1)" \
    "program 100003 version 3 ready and waiting
program 100003 version 3 ready and waiting"
check "rpcinfo hears which versions of MOUNT there are" \
    "$(rpcinfo -u 127.0.0.1 mountd 2>&1 | sort)" \
    "program 100005 version 1 ready and waiting
program 100005 version 2 ready and waiting
program 100005 version 3 ready and waiting"
stdbuf -oL rpcinfo -b 100026 1 >"$tmp/broadcast" 2>&1 &
broadcast=$!
until_true grep '^10\.0\.0\.1' "$tmp/broadcast"
check "rpcinfo finds BOOTPARAM by broadcast" \
    "$(awk '/^10/ { print $1 }' "$tmp/broadcast" | sort -u)" 10.0.0.1.8.1
kill -9 "$broadcast"
check "showmount lists the exports" \
    "$(showmount --no-headers -e 10.0.0.1 2>&1 | awk '{ print $1 }')" "/bsd"
check "and who mounted" "$(showmount --no-headers -a 10.0.0.1 2>&1 |
    head -n 1)" "10.0.0.5:/bsd"
check "nfs-ls needs no port" \
    "$(nfs-ls 'nfs://127.0.0.1/bsd/etc?version=3' 2>&1 |
	awk '{ print $NF }')" myname
check "nobody can register" "$(rpcinfo -d 100003 3 >/dev/null 2>&1
	registered | grep -c 100003)" 2
# Whether this kernel can mount in the end is not the question.  Alpine has no
# klibc.
mkdir "$tmp/mnt"
klibc_mounts()
{
	timeout 60 /usr/lib/klibc/bin/nfsmount -o "$1" 127.0.0.1:/bsd \
	    "$tmp/mnt" >/dev/null 2>&1
	umount "$tmp/mnt" 2>/dev/null
}

: >"$tmp/log"
if [ -x /usr/lib/klibc/bin/nfsmount ]; then
	klibc_mounts nolock,ro
	check "klibc's nfsmount mounts by the port mapper" \
	    "$(grep -c 'info: 127.0.0.1: mounted /bsd' "$tmp/log")" 1
fi
check "MOUNT is on klibc's port too" "$(rpcinfo -n 627 -u 127.0.0.1 \
    100005 3 2>&1; rpcinfo -n 627 -t 127.0.0.1 100005 3 2>&1)" \
    "program 100005 version 3 ready and waiting
program 100005 version 3 ready and waiting"

# From another network nobody is answered by UDP.
ip -n machine addr flush dev eth0
ip -n machine addr add 192.168.77.5/24 dev eth0
ip -n machine route add 10.0.0.0/24 dev eth0
ip route add 192.168.77.0/24 dev lan
check "by TCP another network hears that it may not mount" \
    "$(nsenter -t "$holder" -n nfs-ls \
	'nfs://10.0.0.1/bsd/etc?version=3&nfsport=2049&mountport=2049' 2>&1 |
	grep -o -m 1 'MNT3ERR_[A-Z]*')" MNT3ERR_ACCES
unheard "192.168.77.5: a call by UDP from who may not mount: not answered" \
    rpcinfo -n 2049 -u 10.0.0.1 nfs 3
check "by UDP it is not answered" "$(cat "$tmp/said")" "heard"
stop
check "SIGTERM ends it with 0" "$ended" 0

# Without the right to port 111, nor to a packet socket.
sysctl -q -w net.ipv4.ip_unprivileged_port_start=600
: >"$tmp/log"
rm -f "$tmp/ready"
mkfifo "$tmp/ready"
setpriv --reuid nobody --clear-groups "$program" -d "$boot" -D 9 \
    >/dev/null 2>>"$tmp/log" 9>"$tmp/ready" &
daemon=$!
read -r _ <"$tmp/ready"
check "without privilege it serves what it can" \
    "$(nfs-ls \
	'nfs://127.0.0.1/bsd/etc?version=3&nfsport=2049&mountport=627' 2>&1 |
	awk '{ print $NF }')" myname
if [ -x /usr/lib/klibc/bin/nfsmount ]; then
	klibc_mounts nolock,ro,port=2049
	check "where no port mapper says it, klibc's nfsmount finds MOUNT" \
	    "$(grep -c 'info: 127.0.0.1: mounted /bsd' "$tmp/log")" 1
fi
check "and the log says what could not be had" \
    "$(grep -c 'no port mapper: port 111: Permission denied\|no RARP: packet'\
' socket: Operation not permitted' "$tmp/log")" 2
stop
sysctl -q -w net.ipv4.ip_unprivileged_port_start=1024

# Beside a port mapper that was there first.
rpcbind -w -f &
helpers="$! $helpers"
until_true rpcinfo -p 127.0.0.1
start
check "rpcbind is told of the services" \
    "$(registered | grep -v '^100000')" "$(grep -v '^100000' "$tmp/wanted")"
check "and the log says so" "$(grep -c "another port mapper's: it was told \
of 9 services" "$tmp/log")" 1
check "nfs-ls finds us by it" \
    "$(nfs-ls 'nfs://127.0.0.1/bsd/etc?version=3' 2>&1 |
	awk '{ print $NF }')" myname
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
start
check "after kill -9 it is told again" \
    "$(registered | grep -v '^100000')" "$(grep -v '^100000' "$tmp/wanted")"
stop
check "at the end they are gone from rpcbind" \
    "$(registered | grep -v '^100000')" ""
start -m no
check "with -m no rpcbind is not told" \
    "$(registered | grep -v '^100000')" ""
stop
ip netns del machine
echo "1..$n"
