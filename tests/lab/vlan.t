#!/bin/sh
# SPDX-License-Identifier: ISC
# proxydhcpd, tftpd and httpbootd on a host with VLANs: a virtual machine, for
# its kernel knows them, whose one card has an untagged network and VLANs 7, 8
# and 9, with interfaces for 7 and 8.  On each wire is a host that asks; at
# the end two machines boot, on a VLAN each.
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
lab_enter "$@"
boot=$top/build/lab/vlan
golden=$top/tests/golden/proxydhcpd
n=0
jobs=0

truth()
{
	n=$((n + 1))
	truth_name=$1
	shift
	if "$@" >"$lab/said" 2>&1; then
		echo "ok $n - $truth_name"
	else
		echo "not ok $n - $truth_name"
		tail -n 12 "$lab/said" "$lab/server.console" | sed 's/^/# /'
	fi
}

# The host's system: what it is told it fetches, runs, and says on its console.
server_root()
{
	small_root server
	root=$boot/root/server
	for program in proxydhcpd tftpd httpbootd; do
		small_program "$build/$program/$program" "$root" "sbin/$program"
	done
	small_program "$(command -v setpriv)" "$root" sbin/real-setpriv
	for module in net/llc/llc net/802/stp net/802/garp net/802/mrp \
	    net/8021q/8021q; do
		cp "$debian/lib/modules/$version/kernel/$module.ko" "$root/"
	done
	cp -R "$golden/boot" "$root/srv"
	mkdir "$root/srv/seen" "$root/srv/seen/ip"
	: >"$root/srv/machine/default/advertise"
	cp "$(lab_firmware /usr/lib/ipxe/snponly.efi)" "$root/srv/pub/loader/"
	printf '#!ipxe\necho booted on a VLAN\n' >"$root/srv/pub/boot.ipxe"
	chmod -R a+rX "$root/srv"
	cat >"$root/sbin/init" <<'INIT'
#!/bin/busybox sh
exec >/dev/console 2>&1
PATH=/bin:/sbin
/bin/busybox --install -s /bin
mount -t proc proc /proc
for module in llc stp garp mrp 8021q; do
	insmod /$module.ko
done
for id in 7 8; do
	ip link add link eth0 name eth0.$id type vlan id $id
	ip addr add 10.78.$id.1/24 dev eth0.$id
	ip link set eth0.$id up
done
ip addr
job=1
while :; do
	if wget -q -O /tmp/job http://10.77.0.2/job/$job 2>/dev/null; then
		. /tmp/job
		echo "DONE $job"
		job=$((job + 1))
	else
		sleep 0.2
	fi
done
INIT
	mkdir -p "$boot/pub/job"
}

# on_server LINE...: has the host run these, and waits for their end.
on_server()
{
	jobs=$((jobs + 1))
	printf '%s\n' "$@" >"$boot/pub/job/.new"
	mv "$boot/pub/job/.new" "$boot/pub/job/$jobs"
	lab_wait 120 grep -aqs "^DONE $jobs" "$lab/server.console" ||
	    lab_die 111 "the host does not: $*"
}

# serve LINE...: ends what serves, and runs these in its place.
serve()
{
	on_server 'killall proxydhcpd' \
	    'while pidof proxydhcpd >/dev/null; do sleep 0.1; done' \
	    ": >/tmp/ready" "$@"
}

# daemon_of_server PROGRAM FLAGS N: lines that start it, and go on when it is
# ready, as the Nth of those that are.
daemon_of_server()
{
	echo "$1 -v -d /srv -D 3 $2 3>>/tmp/ready &"
	echo "until [ \"\$(wc -l </tmp/ready)\" -ge $3 ]; do sleep 0.1; done"
}

# A host on a wire, which can ask without having an address of the network.
asker()
{
	lab_lan=$1
	lab_host "$2" "$3"
	eval "$2=\$lab_holder"
	lab_in "$lab_holder" ip route add default dev eth0
}

# listen HOST: writes down who says what to DHCP clients there, until it is
# killed; its process is in $listener_HOST.
listen()
{
	eval "listen_in=\$$1"
	# Not lab_in: $! is to be perl itself, which nsenter becomes.
	nsenter --net="/proc/$listen_in/ns/net" -- perl \
	    tests/live/proxydhcpd-ask.pl 68 nobody 0 \
	    "$golden/ovmf-pxe-discover.hex" 300 . all >"$lab/$1.heard" &
	eval "listener_$1=$!"
	lab_wait 60 grep -q ':0044 ' "/proc/$listen_in/net/udp" ||
	    lab_die 111 "nobody listens on $1"
}

# ask HOST FROM_PORT TO TO_PORT PACKET PATIENCE PATTERN
ask()
{
	eval "ask_in=\$$1"
	lab_in "$ask_in" perl tests/live/proxydhcpd-ask.pl "$2" "$3" "$4" \
	    "$golden/$5.hex" "${6:-30}" "${7:-.}"
}

# answered_by ADDRESS HOST FROM_PORT TO TO_PORT PACKET: from there, and with
# that as the server's identifier, option 54.
answered_by()
{
	by=$1
	shift
	octets=$(echo "$by" | cut -d: -f1 | tr . ' ')
	ask "$@" >"$lab/answer"
	cat "$lab/answer"
	# shellcheck disable=SC2086	# four figures
	grep -q "^$by .*3604$(printf %02x%02x%02x%02x $octets)" "$lab/answer"
}

silent()
{
	[ "$(ask "$1" 68 255.255.255.255 67 ovmf-pxe-discover 2)" = silence ]
}

# One asks, all listen: who hears what, up to two seconds after the answer.
one_asks()
{
	for host in c0 c7 c8 c9; do
		listen "$host"
	done
	ask "$1" 68 255.255.255.255 67 rom-discover 60 >"$lab/answer"
	sleep 2
	for host in c0 c7 c8 c9; do
		eval "stop \$listener_$host"
	done
}

# heard HOST ANSWERS: that many.
heard()
{
	cat "$lab/$1.heard"
	[ "$(wc -l <"$lab/$1.heard")" -eq "$2" ]
}

each_network_is_answered()
{
	truth "$1: the untagged network is answered by its address" answered_by \
	    10.77.0.50:67 c0 68 255.255.255.255 67 ovmf-pxe-discover
	truth "$1: VLAN 7 by its own" answered_by \
	    10.78.7.1:67 c7 68 255.255.255.255 67 ovmf-pxe-discover
	truth "$1: VLAN 8 by its own" answered_by \
	    10.78.8.1:67 c8 68 255.255.255.255 67 rom-discover
	truth "$1: a VLAN without an interface meets silence" silent c9
	one_asks c7
	truth "$1: who asks on VLAN 7 has one answer" heard c7 1
	for host in c0 c8 c9; do
		truth "$1: and none is heard by $host" heard "$host" 0
	done
	truth "$1: port 4011 answers on VLAN 8" answered_by \
	    10.78.8.1:4011 c8 4011 10.78.8.1 4011 ovmf-pxe-request4011
	truth "$1: a machine with a menu is offered it on VLAN 7" answered_by \
	    10.78.7.1:67 c7 68 255.255.255.255 67 search-menu-discover
	truth "$1: its broadcast search for servers is answered there" \
	    answered_by 10.78.7.1:4011 c7 68 255.255.255.255 67 \
	    search-broadcast
	truth "$1: so is its search in a group" answered_by \
	    10.78.7.1:4011 c7 4011 239.1.2.3 4011 search-broadcast
}

# A foreign DHCP server for the machines of a wire.
house()
{
	eval "house_in=\$$1"
	nsenter --net="/proc/$house_in/ns/net" -- dnsmasq \
	    --keep-in-foreground --conf-file=/dev/null --user=root --port=0 \
	    --interface=eth0 --bind-interfaces --dhcp-authoritative --no-ping \
	    --dhcp-range="$2.110,$2.119,255.255.255.0,1h" --log-facility=- \
	    --dhcp-leasefile="$lab/$1.leases" >"$lab/$1.log" 2>&1 &
	lab_wait 20 grep -qs 'DHCP, IP range' "$lab/$1.log"
}

# says WORDS: the host, within as long as a firmware may take.
says()
{
	lab_wait "${PATIENCE:-240}" grep -aqsE "$1" "$lab/server.console"
}

rm -rf "$lab" "$boot"
mkdir -p "$lab" "$boot"
"$mkboot" create -d "$boot" -u nobody >"$lab/boot.log" ||
    lab_die 111 "$(cat "$lab/boot.log")"
server_root
make_initrd usual
"${CC:-cc}" -O2 -o "$lab/tagger" tests/lab/tagger.c || lab_die 111 "no tagger"
lab_network
for id in 7 8 9; do
	lab_lan=v$id
	lab_bridge
	asker "v$id" "c$id" "10.78.$id.100"
done
asker lan c0 10.77.0.100
for name in httpbootd nfsroot-helper; do
	daemon "$name"
done
memory=512 machine server "root=nfs:10.77.0.2:/server \
    ip=10.77.0.50:::24:server:eth0" lan+7/v7+8/v8+9/v9
truth "a host has interfaces on two VLANs" says '10\.78\.8\.1'

serve "$(daemon_of_server proxydhcpd '' 1)"
each_network_is_answered "packet socket"

serve "$(daemon_of_server "real-setpriv --bounding-set=-net_raw \
    --inh-caps=-net_raw -- proxydhcpd" '' 1)"
each_network_is_answered "shared port"

serve "$(daemon_of_server proxydhcpd '-i eth0' 1)" \
    "$(daemon_of_server proxydhcpd '-i eth0.7' 2)"
one_asks c7
truth "one with -i eth0.7 answers there, and the one with -i eth0 does not" \
    heard c7 1
truth "with the VLAN's address" grep -q '^10.78.7.1:67' "$lab/c7.heard"
truth "the untagged network is answered by the one with -i eth0" answered_by \
    10.77.0.50:67 c0 68 255.255.255.255 67 ovmf-pxe-discover
truth "VLAN 8, which nobody was told to serve, meets silence" silent c8

serve "$(daemon_of_server proxydhcpd '' 1)" "$(daemon_of_server tftpd '' 2)" \
    "$(daemon_of_server httpbootd '' 3)"
house c7 10.78.7
house c8 10.78.8
lab_lan=v7
lab_power_on bios 52:54:00:77:00:07 bios
lab_lan=v8
lab_power_on uefi 52:54:00:77:00:08 uefi
truth "BIOS boots on VLAN 7: its script comes from that VLAN's address" \
    says 'offer: ipxe http://10\.78\.7\.1/boot\.ipxe'
truth "and by HTTP over that VLAN" \
    says 'sent client=10\.78\.7\.1.*file=boot\.ipxe'
truth "UEFI boots on VLAN 8: it asks port 4011" \
    says 'ack: uefi loader/snponly\.efi'
truth "has its program by TFTP over that VLAN" \
    says 'sent client=10\.78\.8\.1.*file=loader/snponly\.efi'
truth "and that has its script there" \
    says 'sent client=10\.78\.8\.1.*file=boot\.ipxe'
truth "the wait for a router is ended on a VLAN too" \
    says 'advertise: no router, to fe80:.*eth0\.[78]'
echo "1..$n"
