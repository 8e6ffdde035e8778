#!/bin/sh
# SPDX-License-Identifier: ISC
# tftpd over lines that lose, delay, double and disorder, with the clients
# that people have: tftp-hpa, atftp, busybox and curl, over IPv4 and IPv6.
# Server and clients stand in namespaces of their own; the line between them
# is line.c.
set -u
program=$PWD/${BUILD:-build/out}/tftpd/tftpd

# As root, or as root of a user namespace of our own.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -eq 0 ]; then
		exec unshare -n sh "$0" inside
	elif unshare -rn true 2>/dev/null; then
		exec unshare -rn sh "$0" inside
	fi
	echo "1..0 # SKIP no namespaces: unshare -rn is not allowed here"
	exit 0
fi

tmp=$(mktemp -d)
boot=$tmp/boot
pub=$boot/pub
n=0
line=
daemon=
far=
finish()
{
	for pid in $line $daemon $far; do
		kill "$pid" 2>/dev/null
	done
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
	if "$@" >"$tmp/out" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		tail -n 20 "$tmp/out" | sed 's/^/# /'
		tail -n 8 "$tmp/log" | sed 's/^/# /'
	fi
}

# soon COMMAND...: it must come true.
# Half a minute: where the last ACK is lost, the end is told after 15 s.
soon()
{
	tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || return 1
		sleep 0.05
	done
}

${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -o "$tmp/line" tests/live/line.c || exit 1
cd "$tmp" || exit 1
mkdir -p "$pub" "$boot/seen"
head -c 30000 /dev/urandom >"$pub/small"
head -c 300000 /dev/urandom >"$pub/large"
chmod -R a+rX "$tmp"

# The clients are here, the server is at the far end.
unshare -n sleep infinity &
far=$!
soon sh -c "[ \$(readlink /proc/$far/ns/net) != \$(readlink /proc/self/ns/net) ]"
at_far()
{
	nsenter --net="/proc/$far/ns/net" -- "$@"
}

# lay LOST TWICE LATE DELAY: a new line, and the server at its far end.
lay()
{
	./line near0 far0 "$@" >ready &
	line=$!
	soon grep -q ready ready || return 1
	ip link set far0 netns "$far"
	ip addr add 10.88.0.1/24 dev near0
	ip -6 addr add fd88::1/64 dev near0 nodad
	ip link set near0 up
	at_far ip addr add 10.88.0.2/24 dev far0
	at_far ip -6 addr add fd88::2/64 dev far0 nodad
	at_far ip link set far0 up
	: >log
	nsenter --net="/proc/$far/ns/net" -- "$program" -d "$boot" -v \
	    </dev/null 2>log &
	daemon=$!
	soon grep -q 'info: ready' log
}

take_up()
{
	kill "$daemon" "$line"
	wait "$daemon"
	status=$?
	wait "$line" 2>/dev/null
	daemon=
	line=
	return "$status"
}

with_tftp()
{
	tftp -m binary 10.88.0.2 -c get small 1 && cmp 1 "$pub/small"
}

# get_by_atftp FILE OPTION...: atftp gives up when an OACK comes twice, as it
# must when the ACK of it was lost; then, and only then, it is asked again.
get_by_atftp()
{
	for try in 1 2 3 4; do
		atftp -g -r large -l "$@" 10.88.0.2 >"$1.try" 2>&1 &&
			cmp "$1" "$pub/large" && return
		echo "try $try"
		cat "$1.try"
		grep -q 'unexpected OACK' "$1.try" || return 1
	done
	return 1
}

with_atftp()
{
	get_by_atftp 2 --option "blksize 1468"
}

with_windows()
{
	get_by_atftp 3 --option "blksize 1468" --option "windowsize 16"
}

with_busybox()
{
	busybox tftp -g -r large -l 4 -b 1428 10.88.0.2 && cmp 4 "$pub/large"
}

with_curl()
{
	curl -sS -m 100 --tftp-blksize 1468 -o 5 tftp://10.88.0.2/small &&
		cmp 5 "$pub/small"
}

with_curl_6()
{
	curl -g -sS -m 100 --tftp-blksize 1428 -o 6 "tftp://[fd88::2]/small" &&
		cmp 6 "$pub/small"
}

# All of them at once; each is a test.
fetch()
{
	rm -f ./[1-6] ./*.said ./*.status
	for how in tftp atftp windows busybox curl curl_6; do
		{
			"with_$how" >"$how.said" 2>&1
			echo $? >"$how.status"
		} &
		fetchers="${fetchers:-} $!"
	done
	# shellcheck disable=SC2086
	wait $fetchers
	fetchers=
	for how in tftp atftp windows busybox curl curl_6; do
		check "$1: all octets by $how" fetched "$how"
	done
}

fetched()
{
	cat "$1.said"
	[ "$(cat "$1.status")" = 0 ]
}

# Sent once more, summed up over all six, at most this many blocks.
resent_at_most()
{
	sed -n 's/.* sent .*resent=\([0-9]*\).*/\1/p' log >counts
	awk '{ n += $1; s = s " " $1 } END { print NR ":" s; exit !(NR == 6 &&
	    n <= '"$1"') }' counts
}
all_recorded()
{
	[ "$(grep -c 'info: sent ' log)" -ge 6 ]
}

check "a line of 50 ms each way" lay 0 0 0 50
fetch "50 ms"
soon all_recorded
# A timer that did not measure would send every block twice.
check "a long way makes for hardly a second copy" resent_at_most 40
check "SIGTERM ends the server with 0" take_up

check "a line that loses 2 % each way" lay 20 0 0 0
fetch "2 % lost"
soon all_recorded
check "what was lost went once more, and little else" resent_at_most 400
take_up

check "a line that doubles 5 % and disorders 5 %" lay 0 50 50 2
fetch "doubled, disordered"
soon all_recorded
check "no Sorcerer's Apprentice" resent_at_most 400
take_up

# answers_from ADDRESS: whence the first packet comes when this one is asked;
# the kernel by itself would take one of the two for both.
cat >ask.pl <<'EOF'
use strict;
use Socket qw(:DEFAULT inet_ntop inet_pton);
my ($address, $data) = @ARGV;
my $v6 = $address =~ /:/;
socket(my $s, $v6 ? PF_INET6 : PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
my $to = $v6 ? sockaddr_in6(69, inet_pton(AF_INET6, $address)) :
    sockaddr_in(69, inet_aton($address));
send($s, pack("n", 1) . "small\0octet\0", 0, $to) or die "send: $!";
vec(my $set = "", fileno($s), 1) = 1;
select($set, undef, undef, 30) == 1 or die "silence";
my $from = recv($s, $data, 600, 0);
my ($port, $host) = $v6 ? sockaddr_in6($from) : sockaddr_in($from);
send($s, pack("n n", 5, 0) . "enough\0", 0, $from);
print inet_ntop($v6 ? AF_INET6 : AF_INET, $host), "\n";
EOF
answers_from()
{
	[ "$(perl ask.pl "$1" | tee from)" = "$1" ] || { cat from; return 1; }
}
check "a line without a fault, two addresses a family" lay 0 0 0 0
at_far ip addr add 10.88.0.3/24 dev far0
at_far ip -6 addr add fd88::3/64 dev far0 nodad
for address in 10.88.0.2 10.88.0.3 fd88::2 fd88::3; do
	check "asked at $address, it answers from there" \
		answers_from "$address"
done
fits()
{
	: >log
	"$1" && soon grep -q " sent .* blksize=$2 " log
}
at_far ip link set far0 mtu 1400
check "blocks fit an MTU of 1400 over IPv4" fits with_curl 1368
check "and over IPv6" fits with_curl_6 1348
take_up

check "all of it: 2 % lost, 10 ms, doubled, disordered" lay 20 20 20 10
fetch "all of it"
take_up
echo "1..$n"
