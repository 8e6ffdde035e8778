# SPDX-License-Identifier: ISC
# What the live tests of tftpd share, sourced from the top of the source: a
# boot directory, a server on the loopback, and tests that are counted.
# shellcheck shell=sh disable=SC2034	# what it sets is for them
set -u
program=$PWD/${BUILD:-build/out}/tftpd/tftpd
tmp=$(mktemp -d)
boot=$tmp/boot
pub=$boot/pub
n=0
pid=
mkdir -p "$pub" "$boot/seen"

finish()
{
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	cd / && rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# check WHAT COMMAND...: the command must succeed.
check()
{
	what=$1
	shift
	n=$((n + 1))
	if "$@" >out 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		tail -n 40 out | sed 's/^/# /'
		grep -v ' sent ' log | tail -n 5 | sed 's/^/# /'
	fi
}

ready()
{
	tries=0
	until grep -q 'info: ready: ' log; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] && kill -0 "$pid" 2>/dev/null ||
			return 1
		sleep 0.05
	done
}

# start ADDRESS [FLAG...]: on the first port that is free; sets port and pid.
start()
{
	address=$1
	shift
	port=$((20000 + $$ % 20000))
	for _ in 1 2 3 4 5 6 7 8; do
		port=$((port + 7))
		: >log
		"$program" -d "$boot" -l "$address" -p "$port" "$@" \
			</dev/null 2>log &
		pid=$!
		ready && return 0
		wait "$pid"
	done
	pid=
	return 1
}

# stop: by SIGTERM, to which the answer is an end with 0.
stop()
{
	kill "$pid"
	wait "$pid"
	status=$?
	pid=
	return "$status"
}
