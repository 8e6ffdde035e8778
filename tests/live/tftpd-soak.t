#!/bin/sh
# SPDX-License-Identifier: ISC
# tftpd after ten thousand transfers, with any options, some packets lost and
# a tenth of the clients gone half-way: it holds what it held after the first
# thousand.  (make bench BENCH=tftpd has a hundred thousand.)
. tests/live/tftpd.sh
file=$pub/file

# Build the clients with what they need of common/.
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -I. $(pkg-config --cflags libbsd-overlay) \
    -o "$tmp/clients" tests/bench/tftp-clients.c common/tftp.c common/wire.c \
    $(pkg-config --libs libbsd-overlay) || exit 1
head -c 20000 /dev/urandom >"$file"
head -c 1048000 /dev/urandom >"$pub/megabyte"
chmod -R a+rX "$tmp"
cd "$tmp" || exit 1

# soak TRANSFERS LOST: what comes is compared with the file.
soak()
{
	./clients -r -c "$file" -l "$2" -t 200 -n "$1" 127.0.0.1 "$port" \
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

check "starts" start 127.0.0.1
held=$(descriptors)
check "a thousand transfers" soak 1000 0
check "leave no descriptor open" all_ended
before_kb=$(resident_kb)
check "ten thousand, 0.5 % of packets lost each way" soak 10000 5
check "leave no descriptor open either" all_ended
check "and the memory as it was" no_more_memory

# One that fetches by windows of 64, again and again, beside 99 in lock-step.
greedy_has()
{
	grep -c 'sent .*file=megabyte .*windowsize=64' log
}
greedy_goes_on()
{
	tries=0
	until [ "$(greedy_has)" -gt "$1" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || return 1
		sleep 0.1
	done
}
fair()
{
	./clients -c "$pub/megabyte" -t 300 -n 1000000 127.0.0.1 "$port" \
	    megabyte 1 512 64 &
	greedy=$!
	greedy_goes_on 0
	before=$(greedy_has)
	./clients -c "$pub/megabyte" -t 100 127.0.0.1 "$port" megabyte 99 512 1
	all=$?
	meanwhile=$(($(greedy_has) - before))
	greedy_goes_on $((before + meanwhile))
	still=$?
	kill "$greedy"
	echo "99 in lock-step: $all; meanwhile by windows of 64: $meanwhile"
	[ "$all" -eq 0 ] && [ "$meanwhile" -gt 0 ] && [ "$still" -eq 0 ]
}
check "windows of 64 and 99 clients in lock-step: each goes on" fair
check "SIGTERM ends it with 0" stop
echo "1..$n"
