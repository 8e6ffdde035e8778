#!/bin/sh
# SPDX-License-Identifier: ISC
# tftpd beside dnsmasq, atftpd and tftpd-hpa: a room full of machines that
# fetch one file, over a good line and a bad one; a thousand rooms' patience.
#   PART=lock|window|loss|crowd|soak: one part alone
. ./tests/bench/bench.sh

boot=$tmp/boot
file=$boot/pub/megabyte
clients=$build/tests/bench/tftp-clients
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
head -c 1048000 /dev/urandom >"$file"
chmod -R a+rX "$tmp"

# The two packages refuse to be installed together, and start servers of
# their own: so they are only unpacked, for this bench.  ATFTPD and HPA name
# others.
unpack()
{
	[ ! -d "build/peers/$1" ] || return 0
	mkdir -p "build/peers/$1"
	( cd "build/peers/$1" && apt-get -q download "$1" >/dev/null 2>&1 &&
		dpkg -x "$1"_*.deb . ) || echo "bench: no $1 to be had" >&2
}
unpack atftpd
unpack tftpd-hpa
atftpd=${ATFTPD:-build/peers/atftpd/usr/sbin/atftpd}
hpa=${HPA:-build/peers/tftpd-hpa/usr/sbin/in.tftpd}

"$build/tftpd/tftpd" -d "$boot" -l 127.0.0.1 -p 16969 2>"$tmp/ours.log" &
ours=$!
servers=$ours
serve dnsmasq dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 \
    --user=root --enable-tftp --tftp-root="$boot/pub" --quiet-tftp \
    --listen-address=127.0.0.2 --bind-interfaces --tftp-max=3000
dnsmasq=$server
atftpd_pid=
hpa_pid=
if [ -x "$atftpd" ]; then
	serve atftpd "$atftpd" --daemon --no-fork --user root --group root \
	    --maxthread 2000 --bind-address 127.0.0.3 --port 16970 \
	    --logfile /dev/null --verbose=0 "$boot/pub"
	atftpd_pid=$server
fi
if [ -x "$hpa" ]; then
	serve hpa "$hpa" -L -u root -s -a 127.0.0.4:16971 "$boot/pub"
	hpa_pid=$server
fi
serve floor "$build/tests/bench/tftp-floor" 127.0.0.5 16972 "$file"
floor=$server
wait_for tftpd curl -sf -o /dev/null tftp://127.0.0.1:16969/megabyte
wait_for dnsmasq curl -sf -o /dev/null tftp://127.0.0.2/megabyte

part()
{
	[ "${PART:-$1}" = "$1" ]
}

# run NAME PID ADDR PORT ARG...: one load; adds "rate CPU-seconds-per-GB
# seconds failed" to NAME's figures.  The CPU of tftpd-hpa's children goes to
# nobody when they end, so it is 0 here: not known.
run()
{
	name=$1 pid=$2 addr=$3 port=$4
	shift 4
	[ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 0
	cpu="cpu_of $pid"
	[ "$name" != hpa ] || cpu="echo 0"
	before=$($cpu)
	# shellcheck disable=SC2086
	said=$("$clients" $flags "$addr" "$port" megabyte "$@" || true)
	echo "$said $before $($cpu)" | awk '{ gb = $1 * $2 / 1000
		printf "%s %.3f %s %s\n", $1, gb ? ($5 - $4) / gb : 0, $2, $3
	}' >>"$tmp/$name.figures"
}

column()
{
	cut -d' ' -f"$2" "$tmp/$1.figures" | median
}

# told WHAT NAME...: the medians and spreads of each.
told()
{
	echo "$1:"
	shift
	for name in "$@"; do
		[ -e "$tmp/$name.figures" ] || continue
		printf '  %-8s %s MB/s, CPU %s s/GB, %s s, failed %s\n' \
		    "$name" "$(column "$name" 1)" "$(column "$name" 2)" \
		    "$(column "$name" 3)" "$(column "$name" 4)"
		[ "$name" = tftpd ] || paste -d' ' "$tmp/tftpd.figures" \
		    "$tmp/$name.figures" | awk 'NF == 8 && $5 > 0 {
			r += $1 / $5; s += $3 / $7; n++
			c += $6 > 0 ? $2 / $6 : 0 }
			END { if (n) printf "           ours to it: " \
			    "rate %.2f, CPU %.2f, time %.3f\n",
			    r / n, c / n, s / n }'
	done
	rm -f "$tmp"/*.figures
}

# in_turn WHAT ARG...: the same load for tftpd, dnsmasq and atftpd, and in
# lock-step for a bare loop of recvmmsg(2) and sendmmsg(2).
in_turn()
{
	what=$1
	shift
	for _ in $(seq "$rounds"); do
		run tftpd "$ours" 127.0.0.1 16969 "$@"
		run dnsmasq "$dnsmasq" 127.0.0.2 69 "$@"
		[ "$3" -gt 1 ] || run floor "$floor" 127.0.0.5 16972 "$@"
		[ "$1" -ge 1000 ] || run atftpd "$atftpd_pid" 127.0.0.3 16970 "$@"
	done
	told "$what" tftpd dnsmasq floor atftpd
}

if part lock; then
	for n in 100 200 1000; do
		for blksize in 1468 512; do
			flags="-t 60"
			[ "$n" -ge 200 ] || flags="-n 300"
			in_turn "lock-step, $n clients, block $blksize" \
			    "$n" "$blksize" 1
		done
	done
fi

if part window; then
	flags="-n 300"
	in_turn "windowsize 16, 100 clients, block 1468" 100 1468 16
fi

if part loss; then
	flags="-l 20 -t 100"
	for _ in 1 2 3; do
		run tftpd "$ours" 127.0.0.1 16969 100 1468 1
	done
	run hpa "$hpa_pid" 127.0.0.4 16971 100 1468 1
	told "2 % lost each way, 100 clients, lock-step" tftpd hpa
	for _ in 1 2 3; do
		run tftpd "$ours" 127.0.0.1 16969 100 1468 16
	done
	told "2 % lost each way, 100 clients, windowsize 16" tftpd
fi

if part crowd; then
	flags="-t 100"
	run tftpd "$ours" 127.0.0.1 16969 2000 1468 1
	told "2000 clients at once" tftpd
	awk '/^VmHWM/ { printf "  at most %.1f MB resident\n", $2 / 1024 }' \
	    "/proc/$ours/status"
fi

descriptors()
{
	find "/proc/$ours/fd" -type l | wc -l
}

# state: descriptors and resident memory of ours, when those whose last word
# was lost have been given up, which takes up to 45 s.
state()
{
	for _ in $(seq 60); do
		[ "$(descriptors)" -gt "$idle" ] || break
		sleep 1
	done
	echo "$(descriptors) descriptors, $(memory_of "$ours") MB"
}
if part soak; then
	head -c 20000 "$file" >"$boot/pub/small"
	chmod a+r "$boot/pub/small"
	idle=$(descriptors)
	soak()
	{
		"$clients" -r -c "$file" -l 5 -t 220 -n "$1" 127.0.0.1 16969 \
		    small 500 512 1
	}
	echo "100,000 transfers, any options, 0.5 % lost, a tenth given up:"
	soak 1000 | awk '{ print "  the first thousand failed", $3 }'
	echo "  after the first thousand: $(state)"
	soak 99000 | awk '{ print "  the rest in", $2, "s failed", $3 }'
	echo "  at the end: $(state)"
fi
