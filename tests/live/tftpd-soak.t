#!/bin/sh
# SPDX-License-Identifier: ISC
# tftpd after ten thousand transfers, with any options, some packets lost and
# a tenth of the clients gone half-way: it holds what it held after the first
# thousand.  (make bench BENCH=tftpd has a hundred thousand.)
set -u
program=$PWD/${BUILD:-build/out}/tftpd/tftpd
tmp=$(mktemp -d)
boot=$tmp/boot
file=$boot/pub/file
n=0
pid=
finish()
{
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

check()
{
	what=$1
	shift
	n=$((n + 1))
	if "$@" >"$tmp/out" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$tmp/out"
		grep -v ' sent ' "$tmp/log" | tail -n 5 | sed 's/^/# /'
	fi
}

# Build the clients with what they need of common/.
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -I. $(pkg-config --cflags libbsd-overlay) \
    -o "$tmp/clients" tests/bench/tftp-clients.c common/tftp.c common/wire.c \
    $(pkg-config --libs libbsd-overlay) || exit 1
mkdir -p "$boot/pub" "$boot/seen"
head -c 20000 /dev/urandom >"$file"
chmod -R a+rX "$tmp"

ready()
{
	tries=0
	until grep -q 'info: ready: ' "$tmp/log"; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] && kill -0 "$pid" 2>/dev/null ||
			return 1
		sleep 0.05
	done
}

# On the first port that is free; sets port and pid.
start()
{
	port=$((20000 + $$ % 20000))
	for _ in 1 2 3 4 5 6 7 8; do
		port=$((port + 7))
		: >"$tmp/log"
		"$program" -d "$boot" -l 127.0.0.1 -p "$port" </dev/null \
		    2>"$tmp/log" &
		pid=$!
		ready && return 0
		wait "$pid"
	done
	pid=
	return 1
}

# soak TRANSFERS LOST: what comes is compared with the file.
soak()
{
	"$tmp/clients" -r -c "$file" -l "$2" -t 200 -n "$1" 127.0.0.1 "$port" \
	    file 200 512 1
}

descriptors()
{
	find "/proc/$pid/fd" -type l | wc -l
}

resident_kb()
{
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status"
}

# Those whose last word was lost are waited for, for up to 45 s each.
all_ended()
{
	for _ in $(seq 120); do
		[ "$(descriptors)" -gt "$held" ] || return 0
		sleep 1
	done
	echo "$(descriptors) descriptors, $held before"
	return 1
}

no_more_memory()
{
	echo "$(resident_kb) kB resident, $before_kb kB before"
	[ "$(resident_kb)" -le $((before_kb + 1024)) ]
}

check "starts" start
held=$(descriptors)
check "a thousand transfers" soak 1000 0
check "leave no descriptor open" all_ended
before_kb=$(resident_kb)
check "ten thousand, 0.5 % of packets lost each way" soak 10000 5
check "leave no descriptor open either" all_ended
check "and the memory as it was" no_more_memory
kill "$pid"
check "SIGTERM ends it with 0" wait "$pid"
pid=
echo "1..$n"
