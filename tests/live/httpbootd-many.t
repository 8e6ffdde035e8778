#!/bin/sh
# SPDX-License-Identifier: ISC
# httpbootd under load and attack, on the loopback interface: who else asks is
# served, and neither memory nor descriptors grow without bound.
# Run from the root of the tree; no root needed.
# shellcheck disable=SC3045	# dash and busybox have ulimit -n
set -u
. tests/live/httpbootd.sh

# crowd N HOW [ADDRESSES]: N connections to $port from so many addresses of
# 127/8.  HOW: "idle", "stuck" (ask for a big file and read nothing), "apart"
# (each for a big file of its own), "list" (a report with half of the hardware
# that it promises) or "drip" (a request head, an octet a second, that never
# ends).  Sets crowd to the
# process that holds them, once all are there; those that were closed since
# then are counted in $tmp/closed on SIGTERM.
crowd()
{
	rm -f "$tmp/there"
	perl -MIO::Socket::INET -MSocket -e '
		my ($port, $n, $how, $from, $there, $closed) = @ARGV;
		my (@all, $lost);
		$SIG{PIPE} = "IGNORE";
		for my $i (1 .. $n) {
			my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1",
			    LocalAddr => "127.0.1." . (1 + $i % $from),
			    PeerPort => $port) or die "$i: $!";
			my $file = $how eq "apart" ? "big$i" : "big";
			syswrite($s, "GET /$file HTTP/1.1\r\nHost: x\r\n\r\n")
			    if $how eq "stuck" || $how eq "apart";
			syswrite($s, "POST /report?stage=hardware&state=ok " .
			    "HTTP/1.1\r\nHost: x\r\nContent-Length: 60000" .
			    "\r\n\r\n" . "pci:v1\n" x 4300)
			    if $how eq "list";
			$s->blocking(0);
			push @all, $s;
		}
		$SIG{TERM} = sub {
			for (@all) {
				my $read = sysread($_, my $part, 65536);
				$lost++ if defined $read && $read == 0 ||
				    !defined $read && !$!{EAGAIN};
			}
			open(my $out, ">", $closed);
			print $out $lost + 0;
			exit;
		};
		open(my $out, ">", $there);
		close($out);
		my @drip = split(//, "GET /x HTTP/1.1\r\nX: ");
		while (1) {
			my $octet = shift(@drip) || "a";
			for (@all) {
				syswrite($_, $octet) if $how eq "drip";
			}
			select(undef, undef, undef, 1);
		}' "$port" "$1" "$2" "${3:-1}" "$tmp/there" "$tmp/closed" &
	crowd=$!
	children="$children $crowd"
	eventually test -e "$tmp/there"
}

# One who reads, is quiet for as long as a switch port may take to come up
# again, and goes on; sets pauser.
pause_in_the_middle()
{
	perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1",
		    PeerPort => $ARGV[0]) or die;
		syswrite($s, "GET /long HTTP/1.0\r\n\r\n");
		read($s, my $first, 1000000);
		sleep 50;
		print $first, <$s>' "$port" >"$tmp/long" &
	pauser=$!
	children="$children $pauser"
}

who_paused_has_it_all()
{
	wait "$pauser" || return
	tail -c 50000000 "$tmp/long" | cmp - "$boot/pub/long"
}

disperse()
{
	kill "$1"
	wait "$1"
	true
}

# Kilobytes that are the process's own.
memory()
{
	awk '/^RssAnon/ { print $2 }' "/proc/$server/status"
}

is_served()
{
	equal 200 "$(status "$@" "$url/script")" && cmp "$tmp/body" "$boot/pub/script"
}

stop()
{
	kill "$server"
	wait "$server"
	equal 0 $?
}

fill()
{
	mkdir -p "$boot/pub"
	echo '#!ipxe' >"$boot/pub/script"
	truncate -s 5G "$boot/pub/big"
	head -c 50000000 /dev/urandom >"$boot/pub/long"
}

ten_thousand_idle_connections()
{
	before=$(memory)
	crowd 10000 idle 100 || return
	is_served || return
	echo "$before KB before, $(memory) KB with 10,000"
	[ $(($(memory) - before)) -lt 60000 ] || return
	disperse "$crowd"
}

few_descriptors()
{
	[ "$(find "/proc/$server/fd" -mindepth 1 | wc -l)" -lt 40 ]
}

# libmicrohttpd misses the end of who hangs up in the middle of a head: those
# go when their minute is over.
every_descriptor_comes_back()
{
	eventually few_descriptors
}

slow_readers_hold_up_nobody()
{
	before=$(memory)
	crowd 500 stuck 5 || return
	is_served || return
	echo "$before KB before, $(memory) KB with 500"
	[ $(($(memory) - before)) -lt 20000 ] || return
	disperse "$crowd"
}

# 30 MB if each were kept.
lists_of_hardware_are_bounded()
{
	before=$(memory)
	crowd 1000 list 10 || return
	is_served || return
	echo "$before KB before, $(memory) KB with 1,000"
	[ $(($(memory) - before)) -lt 20000 ] || return
	disperse "$crowd"
}

a_flood_of_connections_is_borne()
{
	perl -MIO::Socket::INET -e '
		for (1 .. 5000) {
			my $s = IO::Socket::INET->new(PeerPort => $ARGV[0],
			    PeerAddr => "127.0.0.1") or next;
			syswrite($s, "GET /scr") if $_ % 2;
		}' "$port" &
	flood=$!
	children="$children $flood"
	for _ in 1 2 3 4 5; do
		is_served || return
	done
	wait "$flood"
	is_served
}

pipelined_requests_are_all_answered()
{
	printf 'GET /script HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n%.0s' $(seq 300) \
	    >"$tmp/requests"
	talk "$port" "$(cat "$tmp/requests")" >"$tmp/answers"
	equal 300 "$(grep -ac '^HTTP/1.1 200 OK' "$tmp/answers")"
}

endless_headers_are_cut_off()
{
	perl -MIO::Socket::INET -e '
		$SIG{PIPE} = "IGNORE";
		my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1",
		    PeerPort => $ARGV[0]) or die;
		syswrite($s, "GET /script HTTP/1.1\r\n");
		for (1 .. 100000) {
			last unless defined syswrite($s, "X$_: abcdefgh\r\n");
			$sent = $_;
		}
		print "$sent\n"; exit($sent >= 100000)' "$port" || return
	is_served
}

# The other machine comes from 127.0.0.2.
one_address_has_its_limit()
{
	crowd 20 stuck || return
	curl -s -m 10 --interface 127.0.1.1 -D "$tmp/head" -o "$tmp/body" "$url/script"
	cat "$tmp/head" "$tmp/body"
	grep -q '^HTTP/1.1 503 ' "$tmp/head" || return
	equal 2 "$(header Retry-After <"$tmp/head")" || return
	grep -q 'busy' "$tmp/body" || return
	is_served --interface 127.0.0.2 || return
	disperse "$crowd"
	eventually is_served --interface 127.0.1.1
}

no_descriptor_left_is_503()
{
	# 128 for itself: room for 16 connections.
	crowd 16 stuck 16 || return
	equal 503 "$(status "$url/script")" || return
	disperse "$crowd"
	eventually is_served
}

is_busy()
{
	equal 503 "$(status "$url/script")"
}

# 172 connections and 64 files, or 118 connections with a file each.
a_file_for_each_leaves_room_for_503()
{
	for i in $(seq 150); do
		ln "$boot/pub/big" "$boot/pub/big$i"
	done
	crowd 150 apart 40 || return
	eventually is_busy || return
	for _ in 1 2 3; do
		is_busy || return
	done
	find "/proc/$server/fd" -mindepth 1 >"$tmp/fds"
	wc -l "$tmp/fds"
	[ "$(wc -l <"$tmp/fds")" -lt 290 ] || return
	grep 'accept: ' "$log" && return 1
	disperse "$crowd"
	eventually is_served
}

who_is_idle_makes_room()
{
	crowd 16 idle 16 || return
	sleep 3		# the grace that an idle connection has
	is_served || return
	disperse "$crowd"
	equal 1 "$(cat "$tmp/closed")"
}

# It has been dripping since the beginning.
a_head_that_drips_ends_after_a_minute()
{
	left=$((dripping + 75 - $(date +%s)))
	[ "$left" -le 0 ] || sleep "$left"
	disperse "$dripper"
	equal 10 "$(cat "$tmp/closed")"
}

ulimit -n "$(ulimit -Hn)"
fill
truth "it starts" start -l 127.0.0.1 -a 6000
crowd 10 drip
dripping=$(date +%s)
dripper=$crowd
pause_in_the_middle
truth "10,000 idle connections: another is served, memory is bounded" \
    ten_thousand_idle_connections
truth "500 slow readers: another is served, memory is bounded" \
    slow_readers_hold_up_nobody
truth "1,000 reports that never end: another is served, memory is bounded" \
    lists_of_hardware_are_bounded
truth "a flood of connections is borne" \
    a_flood_of_connections_is_borne
truth "300 pipelined requests are all answered" \
    pipelined_requests_are_all_answered
truth "endless headers are cut off" endless_headers_are_cut_off
patient=$server
truth "another one starts, with 20 connections for one address" \
    start -l 127.0.0.1 -a 20
truth "past that it is 503 with Retry-After, others are served" \
    one_address_has_its_limit
truth "it ends when told" stop
ulimit -n 300
truth "another one starts, with 300 descriptors" start -l 127.0.0.1
truth "a file open for each client: 503 for who comes then" \
    a_file_for_each_leaves_room_for_503
truth "it ends when told" stop
ulimit -n 144
truth "another one starts, with few descriptors" start -l 127.0.0.1
truth "all in use: 503, and served when they are back" no_descriptor_left_is_503
truth "who only idles makes room for who comes" who_is_idle_makes_room
truth "it ends when told" stop
truth "who is quiet for 50 s in the middle of a file has all of it" \
    who_paused_has_it_all
truth "a request head that drips in is cut off after a minute" \
    a_head_that_drips_ends_after_a_minute
server=$patient
truth "and every descriptor has come back" every_descriptor_comes_back
truth "and the first one ends when told" stop
echo "1..$n"
