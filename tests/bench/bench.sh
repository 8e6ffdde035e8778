# SPDX-License-Identifier: ISC
# What the benches share, sourced from the top of the source.  Figures, never
# asserted: the same work by us and by a peer in turn, several rounds (ROUNDS,
# 5), the median of each and of the ratio, with the spread.
# shellcheck shell=sh disable=SC2034	# what it sets is for them
set -eu

build=${BUILD:-build/out}
rounds=${ROUNDS:-5}
tmp=$(mktemp -d)
servers=
stop()
{
	# shellcheck disable=SC2086
	[ -z "$servers" ] || kill $servers 2>/dev/null || true
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 130' INT TERM

# Median, least and most of the numbers on standard input.
median()
{
	sort -g | awk '{ v[NR] = $1 }
		END { printf "%.2f (%.2f to %.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

# compare WHAT UNIT PEER OURS_COMMAND PEER_COMMAND: each prints one number.
compare()
{
	: >"$tmp/ours"
	: >"$tmp/peer"
	for _ in $(seq "$rounds"); do
		sh -c "$4" >>"$tmp/ours"
		sh -c "$5" >>"$tmp/peer"
	done
	printf '%s: %s %s; %s %s; ratio %s\n' "$1" \
	    "$(median <"$tmp/ours")" "$2" "$3" "$(median <"$tmp/peer")" \
	    "$(paste "$tmp/ours" "$tmp/peer" | awk '{ print $1 / $2 }' | median)"
}

# serve LOG COMMAND...: a server in the background until the bench ends; sets
# server to its process.
serve()
{
	log=$tmp/$1.log
	shift
	"$@" >"$log" 2>&1 &
	server=$!
	servers="$servers $server"
}

# Waits up to ten seconds for a command to be true: wait_for WHAT COMMAND...
wait_for()
{
	what=$1
	shift
	for _ in $(seq 100); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	echo "bench: $what does not come up" >&2
	exit 111
}

# Seconds of CPU that a process has had, its threads and its ended children
# with it: user + system, from proc(5).
cpu_of()
{
	sed 's/.*) //' "/proc/$1/stat" | awk -v hz="$(getconf CLK_TCK)" \
	    '{ printf "%.2f\n", ($12 + $13 + $14 + $15) / hz }'
}

# Resident memory of a process now, in MB.
memory_of()
{
	awk '/^VmRSS/ { printf "%.1f\n", $2 / 1024 }' "/proc/$1/status"
}
