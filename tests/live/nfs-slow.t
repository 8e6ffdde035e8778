#!/bin/sh
# SPDX-License-Identifier: ISC
# A disk that does not answer stops those who ask it, and nobody else.
set -u
program=$PWD/${BUILD:-build/out}/nfsroot-helper/nfsroot-helper
export ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0

tmp=$(mktemp -d)
boot=$tmp/boot
n=0
daemon=
waiters=
finish()
{
	touch "$tmp/answers"
	for pid in $daemon $waiters; do
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
		printf '%s\n' "want: $3" "got: $2" | head -n 20 | sed 's/^/# /'
		head -n 20 "$tmp/log" | sed 's/^/# /'
	fi
}

client()
{
	"$tmp/nfs-client" "$port" "$@"
}

# begin NAME COMMAND...: a client that has to wait.
begin()
{
	name=$1
	shift
	(client "$@" >"$tmp/$name.out" 2>&1; echo $? >"$tmp/$name.rc") &
	waiters="$waiters $!"
}

start()
{
	mkfifo "$tmp/ready"
	SLOW_UNTIL=$tmp/answers LD_PRELOAD=$tmp/slow-disk.so "$program" \
	    -d "$boot" -l 127.0.0.1 -p "$port" -D 9 >/dev/null \
	    2>>"$tmp/log" 9>"$tmp/ready" &
	daemon=$!
	read -r _ <"$tmp/ready"
	rm "$tmp/ready"
}

mkdir -p "$boot/root/demo/a" "$boot/root/demo/b" "$boot/root/demo/c/slow"
head -c 3000000 /dev/urandom >"$boot/root/demo/a/slow"
echo here >"$boot/root/demo/b/slow"
touch "$boot/root/demo/c/slow/file"
echo quick >"$boot/root/demo/quick"
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -I. -o "$tmp/nfs-client" \
    tests/live/nfs-client.c common/wire.c nfsroot-helper/xdr.c
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -O2 -fPIC \
    -shared -o "$tmp/slow-disk.so" tests/live/slow-disk.c
port=$((21000 + $$ % 20000))
while grep -qi "$(printf ':%04X ' "$port")" /proc/net/tcp; do
	port=$((port + 1))
done
touch "$tmp/answers"
start
root=$(client mount /demo)
quick=$(client lookup "$root" quick)
a=$(client lookup "$root" a)
b=$(client lookup "$root" b)
c=$(client lookup "$root" c)
slow=$(client lookup "$a" slow)
folder=$(client lookup "$c" slow)

# It hangs: a READ, a LOOKUP, a listing and a GETATTR wait for it.
rm "$tmp/answers"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
start
begin read read "$slow" 0 3000000
begin lookup lookup "$b" slow
begin list list "$folder"
begin getattr getattr "$slow"
sleep 1
check "others are served meanwhile" \
    "$(timeout 20 "$tmp/nfs-client" "$port" read "$quick" 0 6)" quick
check "listings, too" "$(timeout 20 nfs-ls \
    "nfs://127.0.0.1/demo?version=3&nfsport=$port&mountport=$port" |
    grep -c ' quick$')" 1
check "and mounts" "$(timeout 20 "$tmp/nfs-client" "$port" mount /demo)" \
    "$root"
check "who asked the disk waits" "$(ls "$tmp"/*.rc 2>/dev/null)" ""
touch "$tmp/answers"
for _ in $(seq 300); do
	[ "$(find "$tmp" -name '*.rc' | wc -l)" -eq 4 ] && break
	sleep 0.1
done
check "and is served when it answers" "$(cat "$tmp"/*.rc | tr '\n' ' ')" \
    "0 0 0 0 "
check "with what is in the file" "$(md5sum <"$tmp/read.out")" \
    "$(md5sum <"$boot/root/demo/a/slow")"
check "with the name" "$(cat "$tmp/lookup.out")" "$(client lookup "$b" slow)"
check "and with the list" "$(tr '\0' '\n' <"$tmp/list.out" |
    grep -c ' file$')" 1

# A client that is gone before the disk answers.
rm "$tmp/answers"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
start
"$tmp/nfs-client" "$port" read "$slow" 0 3000000 >/dev/null 2>&1 &
gone=$!
sleep 0.5
kill -9 "$gone"
wait "$gone" 2>/dev/null
touch "$tmp/answers"
sleep 0.5
check "a client that is gone does no harm" "$(client getattr "$slow" |
    cut -d' ' -f1,2)" "1 3000000"
kill "$daemon"
wait "$daemon"
check "SIGTERM ends it with 0" $? 0
daemon=
echo "1..$n"
