#!/bin/sh
# SPDX-License-Identifier: ISC
# proxydhcpd on two networks in namespaces, with captured packets.
set -u
program=$PWD/${BUILD:-build/out}/proxydhcpd/proxydhcpd
golden=$PWD/tests/golden/proxydhcpd
machine=52-54-00-12-34-56

# As root, or as root of a user namespace of our own.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -eq 0 ]; then
		exec unshare -nm sh "$0" inside
	elif unshare -rnm true 2>/dev/null; then
		exec unshare -rnm sh "$0" inside
	fi
	echo "1..0 # SKIP no namespaces: unshare -rnm is not allowed here"
	exit 0
fi

tmp=$(mktemp -d)
boot=$tmp/boot
cp -R "$golden/boot" "$boot"
mkdir "$boot/seen" "$boot/seen/ip"
chmod -R a+rX "$tmp"
# With a user to become, it becomes one, who owns seen/ as bootdir(7) has it.
as=
if chown nobody "$boot/seen" "$boot/seen/ip" 2>/dev/null; then
	as="-u nobody"
fi

n=0
daemon=
a=
b=
finish()
{
	for pid in $daemon $a $b; do
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
		printf '# want %s\n# got  %s\n' "$3" "$2"
	fi
}

# ask NAMESPACE FROM_PORT TO TO_PORT PACKET [PATIENCE]: proxydhcpd-ask.pl.
ask()
{
	nsenter --net=/proc/"$1"/ns/net perl tests/live/proxydhcpd-ask.pl "$2" "$3" "$4" \
	    "$golden/$5.hex" "${6:-5}"
}
# solicit NAMESPACE MAC HOP_LIMIT [PATIENCE]: sends a router solicitation that
# names this MAC, and prints the advertisement that answers: "unicast" or the
# address that it went to, "link-local" or the one that it came from, its hop
# limit, and it as hex without the checksum; or "silence".  With MAC "nobody"
# it sends none, and prints all that it hears.
cat >"$tmp/solicit.pl" <<'EOF'
use strict;
use Socket qw(:DEFAULT :all);
use Time::HiRes qw(time);
use constant { PF_PACKET => 17, ICMPV6 => 58, BINDTODEVICE => 25 };
my ($mac, $hops, $patience) = @ARGV;
sub kind
{
	my ($name, $address) = (shift, inet_ntop(AF_INET6, shift));
	return $address =~ /^fe80::/ ? $name : $address;
}
# What the link carries, not what a host would take of it.
socket(my $heard, PF_PACKET, SOCK_DGRAM, unpack('S', pack('n', 0x86dd))) or
    die "packet socket: $!";
my ($s, $option);
if ($mac ne 'nobody') {
	socket($s, AF_INET6, SOCK_RAW, ICMPV6) or die "raw socket: $!";
	setsockopt($s, SOL_SOCKET, BINDTODEVICE, "c0\0") or die "c0: $!";
	setsockopt($s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, pack('i', $hops)) or
	    die "hop limit: $!";
	$option = pack('CCH12', 1, 1, $mac =~ tr/-//dr);
}
my $end = time() + $patience;
my $next_try = 0;
while ((my $left = $end - time()) > 0) {
	# Again and again, as machines do.
	if ($s && time() >= $next_try) {
		send($s, pack('CCnN', 133, 0, 0, 0) . $option, 0,
		    pack_sockaddr_in6(0, inet_pton(AF_INET6, 'ff02::2'))) or
		    die "send: $!";
		$next_try = time() + 0.5;
	}
	vec(my $set = '', fileno($heard), 1) = 1;
	$left = 0.25 if $left > 0.25;
	next if select($set, undef, undef, $left) < 1;
	recv($heard, my $p, 2000, 0);
	my ($next, $limit, $from, $to) = unpack('x6 CC a16 a16', $p);
	next if $next != ICMPV6 || unpack('x40 C', $p) != 134;
	print kind('unicast', $to), ' ', kind('link-local', $from), " $limit ",
	    unpack('H*', substr($p, 40, 2) . substr($p, 44)), "\n";
	exit if $mac ne 'nobody';
}
print "silence\n";
EOF
solicit()
{
	nsenter --net=/proc/"$1"/ns/net perl "$tmp/solicit.pl" "$2" "$3" \
	    "${4:-5}"
}
# Parts of a reply: who sent it, siaddr, option 54, and the file as text.
source_of()
{
	printf '%s' "${1%% *}"
}
siaddr_of()
{
	printf '%s' "${1#* }" | cut -c41-48
}
server_of()
{
	printf '%s' "${1#* }" | cut -c481- | sed 's/^3501..3604\(........\).*/\1/'
}
file_of()
{
	printf '%s' "${1#* }" | cut -c217-472 | xxd -r -p | tr -d '\0'
}

# The server between two networks.
unshare -n sleep 600 &
a=$!
unshare -n sleep 600 &
b=$!
sleep 0.2
ip link set lo up
network()
{
	ip link add "$1" type veth peer name c0 netns "$2"
	ip addr add "$3.2/24" dev "$1"
	ip link set "$1" up
	nsenter --net=/proc/"$2"/ns/net sh -c "ip addr add $3.100/24 dev c0 &&
	    ip link set c0 up && ip link set lo up &&
	    ip route add default dev c0"
}
network s0 "$a" 10.91.0
network s1 "$b" 10.92.0
# A relay agent on the first one.
nsenter --net=/proc/"$a"/ns/net ip addr add 10.78.0.1/32 dev c0
ip route add 10.78.0.1 dev s0

# Runs the program until it says that it is ready: start COMMAND...
start()
{
	mkfifo "$tmp/ready"
	# shellcheck disable=SC2086	# $as is two words or none
	"$@" -v -D 7 -d "$boot" $as 7>"$tmp/ready" 2>>"$tmp/log" &
	daemon=$!
	read -r _ <"$tmp/ready"
	rm "$tmp/ready"
}
stop()
{
	kill "$daemon"
	wait "$daemon"
	status=$?
	daemon=
}

# Somebody else's DHCP server, which shares its port as ours does.
perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0);
    setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
    bind(S, sockaddr_in(67, INADDR_ANY)) or die; print "\n"; close STDOUT;
    recv(S, my $p, 2000, 0); exit(length($p) == 347 ? 0 : 1)' \
    >"$tmp/other.ready" &
other=$!
while [ ! -s "$tmp/other.ready" ]; do
	sleep 0.05
done
start "$program"

reply=$(ask "$a" 68 255.255.255.255 67 ovmf-pxe-discover)
check "a DISCOVER of the first network is answered" \
    "$(source_of "$reply")" 10.91.0.2:67
check "with the address of that network's interface in option 54" \
    "$(server_of "$reply")" 0a5b0002
check "and in siaddr" "$(siaddr_of "$reply")" 0a5b0002
check "and with the program" "$(file_of "$reply")" loader/snponly.efi
wait "$other"
check "a DHCP server that shares the port has heard it too" $? 0

reply=$(ask "$b" 68 255.255.255.255 67 ovmf-pxe-discover)
check "a DISCOVER of the second network is answered from there" \
    "$(source_of "$reply") $(server_of "$reply")" "10.92.0.2:67 0a5c0002"

ask "$b" 68 nobody 0 ovmf-pxe-discover 2 >"$tmp/second" &
listener=$!
sleep 0.3
reply=$(ask "$a" 68 255.255.255.255 67 rom-discover)
check "a ROM of the first network is answered" \
    "$(source_of "$reply")" 10.91.0.2:67
wait "$listener"
check "and nothing of it is heard on the second" "$(cat "$tmp/second")" silence

for packet in uefi-client-id-only plain-discover ovmf-pxe-request67 \
    rom-inform67 left-alone-discover broken-option; do
	check "silence to $packet" \
	    "$(ask "$a" 68 255.255.255.255 67 $packet 0.7)" silence
done

reply=$(ask "$a" 4011 10.91.0.2 4011 ovmf-pxe-request4011)
check "a REQUEST from port 4011 is answered to it, from where it went" \
    "$(source_of "$reply") $(server_of "$reply")" "10.91.0.2:4011 0a5b0002"
reply=$(ask "$a" 68 10.92.0.2 4011 ipxe-bios-request4011)
check "a REQUEST from port 68 to our other address likewise" \
    "$(source_of "$reply") $(server_of "$reply")" "10.92.0.2:4011 0a5c0002"
check "with the script's URL there" "$(file_of "$reply")" \
    http://10.92.0.2/boot.ipxe

reply=$(ask "$a" 67 10.91.0.2 67 uefi-relayed-discover)
check "a relay agent is answered on port 67" \
    "$(source_of "$reply") $(siaddr_of "$reply")" "10.91.0.2:67 0a5b0002"

ln -s undionly.kpxe "$boot/pub/loader/.new"
mv -T "$boot/pub/loader/.new" "$boot/pub/loader/7"
reply=$(ask "$a" 68 255.255.255.255 67 ovmf-pxe-discover)
check "a link that was switched counts at the next packet" \
    "$(file_of "$reply")" loader/undionly.kpxe

log=$boot/seen/$machine/log
for event in "discover class=uefi arch=7" \
    "offer file=loader/snponly.efi server=10.91.0.2" \
    "request4011 class=ipxe arch=0" \
    "ack4011 file=http://10.92.0.2/boot.ipxe server=10.92.0.2"; do
	check "seen/ has: $event" \
	    "$(grep -c "^[0-9.]* proxydhcpd $event\$" "$log" | head -n 1 |
	    sed 's/^[1-9][0-9]*$/yes/')" yes
done
check "seen/ has the last class" "$(cat "$boot/seen/$machine/class")" uefi
check "seen/ip has the address of a broadcast REQUEST" \
    "$(readlink "$boot/seen/ip/10.77.0.100")" "../$machine"
check "seen/ has nothing of a machine that is left alone" \
    "$(ls -d "$boot/seen/52-54-00-00-00-01" 2>/dev/null)" ""
check "nor of one that is no netboot client" \
    "$(cd "$boot/seen" && echo *)" \
    "$machine 52-54-00-ab-cd-ef d0-50-99-4e-05-57 ip"

reply=$(ask "$a" 68 255.255.255.255 67 search-menu-discover)
check "a machine with a menu is offered it" "$(source_of "$reply")" \
    10.91.0.2:67
reply=$(ask "$a" 68 255.255.255.255 67 search-broadcast)
check "its search for boot servers by broadcast is answered from 4011" \
    "$(source_of "$reply")" 10.91.0.2:4011
reply=$(ask "$a" 4011 239.1.2.3 4011 search-broadcast)
check "and the one in its menu's group" \
    "$(source_of "$reply") $(server_of "$reply")" "10.91.0.2:4011 0a5b0002"
check "with the entry's program" "$(file_of "$reply")" loader/snponly.efi
check "a search that no menu invites meets silence" \
    "$(ask "$a" 68 255.255.255.255 67 menu-search-uninvited 0.7)" silence
check "so does one that asks for a lease" \
    "$(ask "$a" 68 255.255.255.255 67 search-that-asks-for-a-lease 0.7)" \
    silence

for packet in uefi-arm64-discover uefi-arm64-discover; do
	check "silence where there is no program" \
	    "$(ask "$a" 68 255.255.255.255 67 $packet 0.7)" silence
done
check "and the log says so once, and what would bring it" \
    "$(grep -c 'warn: 52-54-00-ab-cd-ef: no program for ARM 64-bit UEFI:.*mkboot loader' \
    "$tmp/log")" 1

link=$(nsenter --net=/proc/"$a"/ns/net ip -o link show c0 |
    sed 's/.*link.ether \([0-9a-f:]*\).*/\1/; y/:/-/')
reply=$(ask "$a" 68 255.255.255.255 67 uefi-guid-hardware-discover)
check "one with a GUID for its hardware address is answered" \
    "$(source_of "$reply")" 10.91.0.2:67
stop
check "SIGTERM ends it cleanly" "$status" 0
check "and that one is known by its frame's source" \
    "$(cat "$boot/seen/$link/class")" uefi
check "each broadcast REQUEST of a boot is a line" \
    "$(grep -c ' proxydhcpd request class=uefi ip=10.77.0.100$' "$log")" 1
check "and the log counts the broken packet" \
    "$(grep -c 'ends: .* 1 broken' "$tmp/log")" 1

# The same by a supervisor's sockets, in either order.
# shellcheck disable=SC2016	# the dollars are perl's
start perl -MSocket -MPOSIX -e '
	for my $port (4011, 67) {
		socket(my $s, PF_INET, SOCK_DGRAM, 0) or die;
		bind($s, sockaddr_in($port, INADDR_ANY)) or die;
		POSIX::dup2(fileno($s), 20 + ($port == 67)) or die;
	}
	POSIX::dup2(20, 3) && POSIX::dup2(21, 4) or die;
	$ENV{LISTEN_FDS} = 2;
	$ENV{LISTEN_PID} = $$;
	exec(@ARGV) or die' "$program"
reply=$(ask "$a" 68 255.255.255.255 67 ipxe-bios-discover)
check "inherited sockets serve: port 67" \
    "$(source_of "$reply") $(file_of "$reply")" \
    "10.91.0.2:67 http://10.91.0.2/boot.ipxe"
reply=$(ask "$a" 4011 10.91.0.2 4011 rom-bootitem)
check "and port 4011" "$(source_of "$reply")" 10.91.0.2:4011
stop

# One interface alone, and an address of our choice.
start "$program" -i s0 -l 10.91.0.2
check "-i: the other interface is silent" \
    "$(ask "$b" 68 255.255.255.255 67 ovmf-pxe-discover 0.7)" silence
reply=$(ask "$a" 68 255.255.255.255 67 ovmf-pxe-discover)
check "-i, -l: this one is served, with that address" \
    "$(source_of "$reply") $(server_of "$reply")" "10.91.0.2:67 0a5b0002"
stop

# A booting machine's wait for an IPv6 router is ended, if a file says so.
rom=d0-50-99-4e-05-57
stranger=52-54-00-00-00-77
advert="unicast link-local 255 8600$(printf '%024d' 0)"
: >"$boot/machine/$machine/advertise"
: >"$boot/machine/default/advertise"
solicit "$a" nobody 0 16 >"$tmp/heard.a" &
heard_a=$!
solicit "$b" nobody 0 16 >"$tmp/heard.b" &
heard_b=$!
start "$program" -i s0
check "a solicitation before any offer meets silence" \
    "$(solicit "$a" $machine 255 0.7)" silence
ask "$a" 68 255.255.255.255 67 ovmf-pxe-discover >"$tmp/offer"
check "one after the offer is answered to its sender, and with no route" \
    "$(solicit "$a" $machine 255)" "$advert"
check "one of another machine meets silence" \
    "$(solicit "$a" $stranger 255 0.7)" silence
check "so does one from beyond a router" \
    "$(solicit "$a" $machine 64 0.7)" silence
check "and one on an interface that is not served" \
    "$(solicit "$b" $machine 255 0.7)" silence
ask "$a" 68 255.255.255.255 67 rom-discover >"$tmp/offer"
check "and one of a ROM, which knows no IPv6" \
    "$(solicit "$a" $rom 255 0.7)" silence
rm "$boot/machine/$machine/advertise"
check "and one without the file in the machine's folder" \
    "$(solicit "$a" $machine 255 0.7)" silence
check "seen/ has the one that was answered" \
    "$(grep -c ' proxydhcpd advertise to=fe80::[0-9a-f:]*%s0$' "$log")" 1
check "that somebody waits in vain is said once" \
    "$(grep -c 'warn: s0: no IPv6 router advertises there' "$tmp/log")" 1
for reason in not-booting forwarded not-wanted; do
	check "the log has the reason: $reason" \
	    "$(grep -c "router solicitation: silence: $reason: " "$tmp/log" |
	    sed 's/^[1-9][0-9]*$/yes/')" yes
done
stop

# On all interfaces, where nobody says which.
: >"$boot/machine/$machine/advertise"
start "$program"
ask "$b" 68 255.255.255.255 67 ovmf-pxe-discover >"$tmp/offer"
check "without -i a solicitation of the second network is answered" \
    "$(solicit "$b" $machine 255)" "$advert"
wait "$heard_a" "$heard_b"
check "no other advertisement was on the first network, by multicast or not" \
    "$(cut -d' ' -f1 "$tmp/heard.a" | tr '\n' ' ')" "unicast silence "
check "nor on the second" \
    "$(cut -d' ' -f1 "$tmp/heard.b" | tr '\n' ' ')" "unicast silence "
stop

# Where a router advertises, it is left to that.
cat >"$tmp/advertise.pl" <<'EOF'
use strict;
use Socket qw(:DEFAULT :all);
socket(my $s, AF_INET6, SOCK_RAW, 58) or die "raw socket: $!";
setsockopt($s, SOL_SOCKET, 25, "c0\0") or die "c0: $!";
setsockopt($s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, pack('i', 255)) or die;
send($s, pack('CCnCCnNN', 134, 0, 0, 64, 0, 1800, 0, 0), 0,
    pack_sockaddr_in6(0, inet_pton(AF_INET6, 'ff02::1'))) or die "send: $!";
EOF
: >"$boot/machine/$machine/advertise"
start "$program" -i s0
ask "$a" 68 255.255.255.255 67 ovmf-pxe-discover >"$tmp/offer"
nsenter --net=/proc/"$a"/ns/net perl "$tmp/advertise.pl"
check "where a real router advertises, nothing is said" \
    "$(solicit "$a" $machine 255 2)" silence
check "and the log has that reason" \
    "$(grep -c 'router solicitation: silence: real: ' "$tmp/log" |
    sed 's/^[1-9][0-9]*$/yes/')" yes
stop

# Without the right to a raw socket the rest is served.
grep -c 'no router solicitations are heard' "$tmp/log" >"$tmp/before"
as=
start setpriv --bounding-set=-net_raw --inh-caps=-net_raw -- "$program"
check "without CAP_NET_RAW one line says what is not heard" \
    "$(cat "$tmp/before") $(grep -c 'info: no router solicitations are heard' \
    "$tmp/log")" "0 1"
reply=$(ask "$a" 68 255.255.255.255 67 ovmf-pxe-discover)
check "and offers are made" "$(source_of "$reply")" 10.91.0.2:67
stop

# A disk that takes nothing for a while.
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O2 -fPIC -shared \
    -o "$tmp/slow-writes.so" tests/live/slow-writes.c
rm -rf "$boot/seen/$machine"
start env ASAN_OPTIONS=verify_asan_link_order=0 SLOW_UNTIL="$tmp/takes" \
    LD_PRELOAD="$tmp/slow-writes.so" "$program"
for packet in ovmf-pxe-discover rom-discover ovmf-pxe-discover; do
	reply=$(ask "$a" 68 255.255.255.255 67 $packet)
	check "offers are made while the disk takes nothing: $packet" \
	    "$(source_of "$reply")" 10.91.0.2:67
done
check "nothing has been written" \
    "$(ls -d "$boot/seen/$machine" 2>/dev/null)" ""
: >"$tmp/takes"
for _ in $(seq 200); do
	[ "$(grep -cs ' offer ' "$log")" != 2 ] || break
	sleep 0.1
done
check "both offers are in seen/ when it does" "$(grep -c ' offer ' "$log")" 2
stop

# A disk that is full, in seen/'s place.
mount -t tmpfs -o size=16k,mode=777 tmpfs "$boot/seen"
head -c 16384 /dev/zero >"$boot/seen/filler" 2>/dev/null
grep -c 'serving goes on, unrecorded' "$tmp/log" >"$tmp/before"
start "$program"
for packet in ovmf-pxe-discover rom-discover ovmf-pxe-discover; do
	reply=$(ask "$a" 68 255.255.255.255 67 $packet)
	check "offers are made while seen/ is full: $packet" \
	    "$(source_of "$reply")" 10.91.0.2:67
done
stop
check "and one line says so" \
    "$(($(grep -c 'serving goes on, unrecorded' "$tmp/log") - $(cat "$tmp/before")))" 1
umount "$boot/seen"
grep -E 'ERROR: |runtime error' "$tmp/log" | sed 's/^/# /'
echo "1..$n"
