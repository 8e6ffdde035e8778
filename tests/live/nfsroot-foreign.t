#!/bin/sh
# SPDX-License-Identifier: ISC
# nfsroot-helper -x: what it prints is taken by the servers it is for, and
# nfs-ganesha serves the same trees by it.
set -u
program=$PWD/${BUILD:-build/out}/nfsroot-helper/nfsroot-helper
export ASAN_OPTIONS=detect_leaks=0

# Nobody else's ports, /etc, /run and /var/lib/nfs.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "1..0 # SKIP nfs-ganesha and exportfs want to be root"
		exit 0
	fi
	# Alpine has none.
	if ! command -v ganesha.nfsd >/dev/null; then
		echo "1..0 # SKIP no nfs-ganesha on this system"
		exit 0
	fi
	exec unshare -mn sh "$0" inside
fi

tmp=$(mktemp -d)
boot=$tmp/boot
n=0
servers=
finish()
{
	for pid in $servers; do
		kill "$pid" 2>/dev/null
	done
	for pid in $servers; do
		wait "$pid" 2>/dev/null
	done
	umount /etc/exports /etc/nfs.conf /var/lib/nfs /run 2>/dev/null
	[ ! -e "$tmp/etc" ] || umount /etc
	rm -rf "$tmp"
}
trap finish EXIT

# ganesha asks the table of mounts, which a small system has not.
if [ ! -e /etc/mtab ]; then
	cp -a /etc "$tmp/etc"
	ln -s /proc/self/mounts "$tmp/etc/mtab"
	mount --bind "$tmp/etc" /etc
fi

# check NAME GOT WANTED
check()
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "want: $3" "got: $2" | head -n 40 | sed 's/^/# /'
	fi
}

# until_true COMMAND...: for half a minute at most.
until_true()
{
	for _ in $(seq 150); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.2
	done
}

mkdir -p "$boot/root/debian/etc" "$boot/root/alpine/bin" \
    "$boot/root/two words" "$tmp/nfs" "$tmp/run"
echo 'root:x:0:0' >"$boot/root/debian/etc/passwd"
echo secret >"$boot/root/debian/etc/shadow"
chmod 600 "$boot/root/debian/etc/shadow"
ln -s debian "$boot/root/current"
ip link set lo up
mount -t tmpfs none /run
mount -t tmpfs none /var/lib/nfs
mkdir /run/rpcbind
: >/var/lib/nfs/etab
: >/var/lib/nfs/rmtab

# exports(5), with the nfs.conf(5) that its head asks for.
"$program" -d "$boot" -x nfsd >"$tmp/exports" 2>"$tmp/said"
check "-x nfsd says what it leaves out" "$(cat "$tmp/said")" \
    "nfsroot-helper: warn: root/two\\x20words: left out: a name for other\
 servers has letters, digits, \`.', \`_', \`@' and \`-', at most 64"
sed -n 's/^#   //p' "$tmp/exports" >"$tmp/nfs.conf"
mount --bind "$tmp/exports" /etc/exports
mount --bind "$tmp/nfs.conf" /etc/nfs.conf
exportfs -ar >"$tmp/said" 2>&1
check "exportfs takes it without a word" "$? $(cat "$tmp/said")" "0 "
check "it exports each tree by the name that machines ask for" \
    "$(exportfs | awk '{ print $1, $2 }' | tr '\n' ';')" \
    "/alpine <world>;/current <world>;/debian <world>;"
check "read-only, for root, from any port, with a number of its own" \
    "$(grep -c '(ro,.*,insecure,no_root_squash,.*,fsid=[0-9a-f]\{32\},' \
	/var/lib/nfs/etab)" 3

# nfs-ganesha.
rpcbind -w -f &
servers=$!
until_true rpcinfo -p 127.0.0.1
"$program" -d "$boot" -x ganesha >"$tmp/ganesha.conf" 2>/dev/null
ganesha.nfsd -F -f "$tmp/ganesha.conf" -L "$tmp/ganesha.log" \
    -p "$tmp/ganesha.pid" &
servers="$! $servers"
url()
{
	echo "nfs://127.0.0.1$1?version=3&nfsport=2049&mountport=20048"
}
until_true nfs-ls "$(url /debian)"
check "ganesha serves the tree" "$(nfs-cat "$(url /debian/etc/passwd)" 2>&1)" \
    "root:x:0:0"
check "also what only root may read" \
    "$(nfs-cat "$(url /debian/etc/shadow)" 2>&1)" "secret"
check "and each other one" "$(nfs-ls "$(url /alpine)" 2>&1 |
    awk '{ print $NF }') $(nfs-cat "$(url /current/etc/passwd)" 2>&1)" \
    "bin root:x:0:0"
nfs-cp "$tmp/said" "$(url /debian/new)" >/dev/null 2>&1
check "nothing can be written" "$? $(ls "$boot/root/debian")" "10 etc"
check "the exports are those that we have" \
    "$(showmount --no-headers -e 127.0.0.1 | awk '{ print $1 }' | sort |
	tr '\n' ' ')" "/alpine /current /debian "
echo "1..$n"
