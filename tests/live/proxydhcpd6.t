#!/bin/sh
# SPDX-License-Identifier: ISC
# proxydhcpd over IPv6 on a network in namespaces, with captured packets.
set -u
program=$PWD/${BUILD:-build/out}/proxydhcpd/proxydhcpd
golden=$PWD/tests/golden/proxydhcpd
machine=52-54-00-12-34-56

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
cp -R "$golden/boot" "$boot"
mkdir "$boot/seen" "$boot/seen/ip"
chmod -R a+rX "$tmp"

n=0
daemon=
other=
client=
finish()
{
	for pid in $daemon $other $client; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap finish EXIT

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 5 "$tmp/log" "$tmp/said" | sed 's/^/# /'
	fi
}

# ask FROM_PORT TO TO_PORT PACKET PATIENCE: sends a packet of tests/golden from
# the client, and prints a line for each answer within PATIENCE seconds: after
# how many milliseconds, from which host and port, and its octets.
cat >"$tmp/ask.pl" <<'EOF'
use strict;
use Socket qw(:all);
use Time::HiRes qw(time);
my ($from, $to, $port, $file, $patience) = @ARGV;
socket(my $s, PF_INET6, SOCK_DGRAM, 0) or die "socket: $!";
bind($s, pack_sockaddr_in6($from, IN6ADDR_ANY)) or die "bind $from: $!";
open(my $f, '<', $file) or die "$file: $!";
my $packet = pack('H*', join('', map { chomp; $_ } grep { !/^#/ } <$f>));
my ($e, $where) = getaddrinfo($to, $port, { flags => AI_NUMERICHOST,
    socktype => SOCK_DGRAM });
die "$to: $e" if $e;
my $begun = time;
send($s, $packet, 0, $where->{addr}) or die "send: $!";
for (;;) {
	my $left = $begun + $patience - time;
	vec(my $set = '', fileno($s), 1) = 1;
	last if $left <= 0 || select($set, undef, undef, $left) < 1;
	my $peer = recv($s, my $reply, 2000, 0);
	my ($peer_port, $host) = unpack_sockaddr_in6($peer);
	printf "%d %s %d %s\n", (time - $begun) * 1000,
	    inet_ntop(AF_INET6, $host), $peer_port, unpack('H*', $reply);
}
EOF
ask()
{
	packet=$golden/$4
	[ -e "$packet" ] || packet=$tmp/$4
	nsenter --net="/proc/$client/ns/net" perl "$tmp/ask.pl" "$1" "$2" "$3" \
	    "$packet" "$5" >"$tmp/said" 2>&1
}

answers()
{
	[ "$(wc -l <"$tmp/said")" -eq "$1" ]
}

# says TEXT: in each answer, as octets.
says()
{
	text=$(printf '%s' "$1" | xxd -p | tr -d '\n')
	[ "$(grep -c "$text" "$tmp/said")" -eq "$(wc -l <"$tmp/said")" ]
}

# A network of two: we, and a client whose link-local address tells its MAC.
ip link set lo up
unshare -n sleep 600 &
client=$!
until [ "$(readlink /proc/$client/ns/net)" != \
    "$(readlink /proc/self/ns/net)" ]; do
	sleep 0.05
done
ip link add eth0 type veth peer name eth0 netns "$client"
in_client()
{
	nsenter --net="/proc/$client/ns/net" "$@"
}
in_client ip link set eth0 addrgenmode eui64 address 52:54:00:12:34:56 up
ip link set eth0 up
ip addr add 2001:db8::2/64 dev eth0 nodad
in_client ip addr add 2001:db8::100/64 dev eth0 nodad
up()
{
	! ip -6 addr show dev eth0 tentative | grep -q inet6 &&
	    ! in_client ip -6 addr show dev eth0 tentative | grep -q inet6 &&
	    in_client ip -6 addr show dev eth0 | grep -q fe80::
}
wait_for()
{
	for _ in $(seq 200); do
		"$@" && return
		sleep 0.1
	done
	return 1
}
ready()
{
	grep -qs 'info: ready' "$tmp/log"
}
wait_for up

start()
{
	: >"$tmp/log"
	"$program" -v -d "$boot" -i eth0 "$@" 2>"$tmp/log" &
	daemon=$!
	wait_for ready
}
stop()
{
	kill "$daemon"
	wait "$daemon"
}
seen()
{
	wait_for grep -qs "$1" "$boot/seen/$machine/log"
}

start
servers=ff02::1:2%eth0
ask 546 $servers 547 v6-solicit.hex 1
truth "a PXE client's SOLICIT has one answer" answers 1
truth "it comes from port 547 at once" grep -qE '^[0-9]{1,2} fe80::[0-9a-f:]+ 547 02' "$tmp/said"
truth "it says PXEClient" says PXEClient
truth "and is in seen/" seen 'proxydhcpd offer6 file=loader/snponly.efi server=2001:db8::2'

# Who was answered on 547 asks us by our name.
duid=$(sed 's/^.*0002000e\([0-9a-f]\{28\}\).*/\1/' "$tmp/said")
sed "s/000100015058453600005e005301/$duid/" "$golden/v6-ovmf-request4011.hex" \
    >"$tmp/request4011.hex"
ask 4011 $servers 4011 request4011.hex 1
truth "on 4011 it is answered twice" answers 2
truth "with its program's URL" says 'tftp://[2001:db8::2]/loader/snponly.efi'
truth "from port 4011" grep -q ' 4011 07' "$tmp/said"
# shellcheck disable=SC2016	# awk's fields
truth "not before 10 ms, and again not before 100" awk \
    'NR == 1 && $1 < 9 || NR == 2 && $1 < 99 { bad = 1 } END { exit bad }' "$tmp/said"
truth "and is in seen/" seen 'proxydhcpd ack4011 file=loader/snponly.efi'
ask 4011 2001:db8::2 4011 v6-ovmf-request4011.hex 1
truth "asked alone, the address that was asked answers" \
    grep -q ' 2001:db8::2 4011 07' "$tmp/said"

ask 546 $servers 547 v6-http-solicit.hex 1
truth "HTTP boot has its URL at once" says 'http://[2001:db8::2]/loader/snponly.efi'
truth "once" answers 1
grep -v '^#' "$golden/v6-ipxe-inform-relayed.hex" | tr -d '\n' |
    sed 's/.*0009006d//' >"$tmp/inform.hex"
ask 546 $servers 547 inform.hex 1
truth "iPXE's INFORMATION-REQUEST has its script's URL" says 'http://[2001:db8::2]/boot.ipxe'
truth "once" answers 1

# A relay asks us alone, and is answered on the port of relays.
ask 547 2001:db8::2 547 v6-solicit-relayed.hex 0.5
truth "a relay is answered, through it" \
    grep -q ' 2001:db8::2 547 0d01' "$tmp/said"
truth "with the URL, for 4011 is not relayed" \
    says 'tftp://[2001:db8::2]/loader/snponly.efi'
ask 4011 2001:db8::2 4011 v6-solicit-relayed.hex 0.5
truth "nothing is relayed to 4011" answers 0

# What is not ours: each kind of message of hosts and of those with a lease.
for silent in v6-not-asked-solicit v6-rpi4-solicit v6-uboot-solicit \
    v6-inform-other-server v6-inform-ia v6-server-id-solicit v6-advertise; do
	ask 546 $servers 547 $silent.hex 0.5
	truth "silence: $silent" answers 0
done
truth "no machine of others is in seen/" [ "$(find "$boot/seen" -mindepth 1 \
    -maxdepth 1 -name '*-*' | wc -l)" -eq 1 ]

# The address that it asks another server for.
{
	echo 03aaaaaa0001000a00030001525400123456
	echo 00030028000000010000000000000000
	echo 0005001820010db800000000000000000000010000000e1000001c20
} >"$tmp/request.hex"
ask 546 $servers 547 request.hex 0.3
truth "a REQUEST on 547 has no answer" answers 0
noted()
{
	[ "$(readlink "$boot/seen/ip/2001:db8::100")" = ../$machine ]
}
truth "but tells whose address it will be" wait_for noted
stop

# Another server of this host, that shares its port, keeps it.
dnsmasq=$(command -v dnsmasq || echo /usr/sbin/dnsmasq)
"$dnsmasq" --keep-in-foreground --conf-file=/dev/null --user=root --port=0 \
    --interface=eth0 --bind-dynamic --leasefile-ro --log-facility=- \
    --dhcp-range=2001:db8::100,2001:db8::1ff,64,1h >"$tmp/other" 2>&1 &
other=$!
wait_for grep -qs 'sockets bound exclusively\|DHCPv6, ' "$tmp/other"
sleep 1
start
# It has taken its address without asking, so dnsmasq may delay; both speak.
sed 's/0003000cda395ef7f*/0003000cda395ef70000000000000000/' \
    "$golden/v6-solicit.hex" >"$tmp/solicit.hex"
ask 546 $servers 547 solicit.hex 3
truth "beside a server on this host both are heard" answers 2
truth "one of them with a class and no address" \
    [ "$(grep -c 505845436c69656e74 "$tmp/said")" -eq 1 ]
truth "each by a name of its own" [ "$(sed 's/^.*0002000[ae]\(.\{20\}\).*/\1/' \
    "$tmp/said" | sort -u | wc -l)" -eq 2 ]
stop
kill "$other"

start -6 2001:db8::9
ask 546 $servers 547 v6-http-solicit.hex 0.5
truth "-6 says which address is told" says 'http://[2001:db8::9]/'
stop
truth "it ends with 0" [ $? -eq 0 ]

# The network comes up when it runs already.
ip link set eth0 down
: >"$tmp/log"
"$program" -v -d "$boot" 2>"$tmp/log" &
daemon=$!
wait_for ready
ip link set eth0 up
ip addr add 2001:db8::2/64 dev eth0 nodad
wait_for up
heard()
{
	ask 546 $servers 547 v6-http-solicit.hex 0.5
	answers 1
}
truth "an interface that comes up later is heard too" wait_for heard
stop
echo "1..$n"
