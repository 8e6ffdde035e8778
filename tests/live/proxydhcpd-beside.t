#!/bin/sh
# SPDX-License-Identifier: ISC
# proxydhcpd on one host with dnsmasq, ISC dhcpd and Kea, behind a relay, and
# with another proxy: all are served, and nobody is disturbed.
set -u
program=$PWD/${BUILD:-build/out}/proxydhcpd/proxydhcpd
golden=$PWD/tests/golden/proxydhcpd
PATH=$PATH:/usr/sbin:/sbin

# A network of its own, and what other servers write, in a mount of its own.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "1..0 # SKIP other DHCP servers start as root only"
		exit 0
	fi
	exec unshare -nm sh "$0" inside
fi

tmp=$(mktemp -d)
boot=$tmp/boot
cp -R "$golden/boot" "$boot"
mkdir "$boot/seen" "$boot/seen/ip"
chmod -R a+rX "$tmp"
n=0
ours=
other=
third=
client=
others_host=
finish()
{
	for pid in $ours $other $third $client $others_host; do
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
		tail -n 5 "$tmp"/*.log | sed 's/^/# /'
	fi
}
# Waits up to twenty seconds for a command to be true.
wait_for()
{
	for _ in $(seq 200); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# One host with both servers, and one with the clients.
unshare -n sleep 600 &
client=$!
unshare -n sleep 600 &
others_host=$!
wait_for [ -e /proc/$client/ns/net ]
sleep 0.2
ip link set lo up
network()
{
	ip link add "$1" type veth peer name c0 netns "$2"
	ip addr add "$3/24" dev "$1"
	ip link set "$1" up
	nsenter --net=/proc/"$2"/ns/net sh -c \
	    'ip link set c0 up && ip link set lo up'
}
network s0 $client 10.93.0.2
# Without any address a host has no route for a broadcast.
nsenter --net=/proc/$client/ns/net sh -c \
    'ip addr add 192.0.2.77/32 dev c0 && ip route add default dev c0'
in_client()
{
	nsenter --net=/proc/$client/ns/net "$@"
}

start_ours()
{
	mkfifo "$tmp/ready"
	"$program" -v -D 7 -d "$boot" 7>"$tmp/ready" 2>>"$tmp/ours.log" &
	ours=$!
	read -r _ <"$tmp/ready"
	rm "$tmp/ready"
}
stop_ours()
{
	kill "$ours"
	wait "$ours"
	ours=
}
stop_other()
{
	kill "$other"
	wait "$other" 2>/dev/null
	other=
}
# What a PXE client hears of us: ask PORT TO TO_PORT PACKET.
ask()
{
	in_client perl tests/live/proxydhcpd-ask.pl "$1" "$2" "$3" \
	    "$golden/$4.hex" "${5:-10}" "${6:-^10.93.0.2:}"
}
# The DHCP server on the same host has our address: ours has option 60, and
# gives none.
offers()
{
	for _ in 1 2 3; do	# as firmware does
		reply=$(ask 68 255.255.255.255 67 ovmf-pxe-discover 4 \
		    '^10.93.0.2:67 .{32}0{8}.*3c09505845436c69656e74')
		[ "$reply" = silence ] || break
	done
	echo "${reply%% *}"
}

# A plain client: udhcpc gets a lease, and renews it by unicast.
cat >"$tmp/script" <<EOF
#!/bin/sh
case \$1 in
bound | renew)
	ip addr replace "\$ip/24" dev c0
	echo "\$1 \$ip" >>"$tmp/leases"
	;;
esac
EOF
chmod 755 "$tmp/script"
lease()
{
	: >"$tmp/leases"
	nsenter --net=/proc/$client/ns/net busybox udhcpc -f -i c0 -t 20 \
	    -T 1 -s "$tmp/script" >"$tmp/udhcpc.log" 2>&1 &
	udhcpc=$!
	wait_for grep -q bound "$tmp/leases"
	kill -USR1 $udhcpc
	wait_for grep -q renew "$tmp/leases"
	kill $udhcpc
	wait $udhcpc 2>/dev/null
	in_client ip addr flush dev c0 to 10.93.0.0/24
	cut -d' ' -f1 "$tmp/leases" | tr '\n' ' '
}
# A PXE client on 4011 needs an address.
request4011()
{
	in_client ip addr add 10.93.0.100/24 dev c0
	reply=$(ask 4011 10.93.0.2 4011 ovmf-pxe-request4011)
	in_client ip addr del 10.93.0.100/24 dev c0
	echo "${reply%% *}"
}

start_dnsmasq()
{
	dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 \
	    --user=root --leasefile-ro --no-ping --dhcp-range=10.93.0.50,10.93.0.60 \
	    --log-facility=- "$@" >"$tmp/dnsmasq.log" 2>&1 &
	other=$!
	wait_for grep -q 'DHCP, IP range' "$tmp/dnsmasq.log"
}
start_dhcpd()
{
	cat >"$tmp/dhcpd.conf" <<-EOF
	default-lease-time 600;
	ping-check false;
	subnet 10.93.0.0 netmask 255.255.255.0 {
		range 10.93.0.50 10.93.0.60;
	}
	EOF
	: >"$tmp/dhcpd.leases"
	dhcpd -f -4 -cf "$tmp/dhcpd.conf" -lf "$tmp/dhcpd.leases" \
	    -pf "$tmp/dhcpd.pid" s0 >"$tmp/dhcpd.log" 2>&1 &
	other=$!
	wait_for grep -q 'Server starting' "$tmp/dhcpd.log"
}
start_kea()
{
	mkdir -p "$tmp/kea"
	cat >"$tmp/kea.conf" <<-EOF
	{ "Dhcp4": {
	    "interfaces-config": { "interfaces": [ "s0" ],
		"dhcp-socket-type": "raw" },
	    "lease-database": { "type": "memfile", "persist": false },
	    "valid-lifetime": 600,
	    "subnet4": [ { "subnet": "10.93.0.0/24",
		"pools": [ { "pool": "10.93.0.50 - 10.93.0.60" } ] } ],
	    "loggers": [ { "name": "kea-dhcp4", "severity": "INFO",
		"output_options": [ { "output": "stdout" } ] } ] } }
	EOF
	KEA_PIDFILE_DIR=$tmp/kea KEA_LOCKFILE_DIR=none \
	    kea-dhcp4 -c "$tmp/kea.conf" >"$tmp/kea.log" 2>&1 &
	other=$!
	wait_for grep -q DHCP4_STARTED "$tmp/kea.log"
}

# Whoever comes first, both do their work.
beside()
{
	what=$1
	shift
	"$@"
	start_ours
	check "$what first: we make offers" "$(offers)" 10.93.0.2:67
	check "and answer on 4011" "$(request4011)" 10.93.0.2:4011
	check "and its client gets and renews its lease" "$(lease)" \
	    "bound renew "
	stop_other
	"$@"
	check "we first: $what starts, and we make offers" "$(offers)" \
	    10.93.0.2:67
	check "and its client gets and renews its lease" "$(lease)" \
	    "bound renew "
	stop_other
	stop_ours
}
beside dnsmasq start_dnsmasq
beside "ISC dhcpd" start_dhcpd
beside Kea start_kea

# Two proxies on one network: the one with a delay leaves it to the other.
mkdir "$boot/offer"
echo 2 >"$boot/offer/delay"
start_ours
check "a proxy with a delay lets others answer a first DISCOVER" \
    "$(ask 68 255.255.255.255 67 ovmf-pxe-discover 0.7)" silence
sleep 2
check "and answers one that still asks, though its secs stay 0" \
    "$(offers)" 10.93.0.2:67
rm "$boot/offer/delay"
ip link add s1 type veth peer name c0 netns $others_host
ip link add br0 type bridge
ip link set s1 master br0 up
ip link set br0 up
ip addr flush dev s0
ip link set s0 master br0
ip addr add 10.93.0.2/24 dev br0
nsenter --net=/proc/$others_host/ns/net sh -c 'ip link set lo up &&
    ip link set c0 up && ip addr add 10.93.0.3/24 dev c0'
cp -R "$boot" "$tmp/boot2"
nsenter --net=/proc/$others_host/ns/net "$program" -d "$tmp/boot2" \
    2>"$tmp/third.log" &
third=$!
wait_for grep -q ready "$tmp/third.log"
check "on a bridge we still answer, once" "$(offers)" 10.93.0.2:67
wait_for grep -q 'another proxy answers too' "$tmp/ours.log"
check "and name the other proxy" \
    "$(grep -c 'warn: server 10.93.0.3: another proxy answers too' \
    "$tmp/ours.log")" 1
check "as it does us" \
    "$(wait_for grep -q 'server 10.93.0.2: another proxy' "$tmp/third.log" &&
    echo yes)" yes
kill "$third"
wait "$third"
third=

# What another host's server says is noticed, and said once.
nsenter --net=/proc/$others_host/ns/net dnsmasq --keep-in-foreground \
    --conf-file=/dev/null --port=0 --user=root --leasefile-ro --no-ping \
    --dhcp-range=10.93.0.50,10.93.0.60 --dhcp-option-force=60,PXEClient \
    --dhcp-boot=pxelinux.0 --log-facility=- >"$tmp/third.log" 2>&1 &
third=$!
wait_for grep -q 'DHCP, IP range' "$tmp/third.log"
for _ in 1 2; do
	offers >/dev/null
done
wait_for grep -q 'names a boot file' "$tmp/ours.log"
check "a DHCP server that sends option 60 is named in the log, once" \
    "$(grep -c 'warn: server 10.93.0.3: it gives addresses and sends option 60' \
    "$tmp/ours.log")" 1
check "so is its boot file" \
    "$(grep -c 'warn: server 10.93.0.3: it gives addresses and names a boot' \
    "$tmp/ours.log")" 1
kill "$third"
wait "$third" 2>/dev/null
third=

# Behind a relay agent (dnsmasq as one), which asks us by unicast.
nsenter --net=/proc/$others_host/ns/net sh -c '
    ip link add r0 type veth peer name far && ip addr add 10.94.0.1/24 dev r0 &&
    ip link set r0 up && echo 1 >/proc/sys/net/ipv4/ip_forward'
nsenter --net=/proc/$others_host/ns/net ip link set far netns $client
in_client sh -c 'ip link set c0 down && ip link set far up'
ip route add 10.94.0.0/24 via 10.93.0.3
nsenter --net=/proc/$others_host/ns/net dnsmasq --keep-in-foreground \
    --conf-file=/dev/null --port=0 --user=root --leasefile-ro \
    --dhcp-relay=10.94.0.1,10.93.0.2 --log-facility=- \
    >"$tmp/relay.log" 2>&1 &
third=$!
wait_for grep -q 'DHCP relay' "$tmp/relay.log"
in_client ip addr add 10.94.0.100/24 dev far
in_client ip route add default dev far
reply=$(in_client perl tests/live/proxydhcpd-ask.pl 68 255.255.255.255 67 \
    "$golden/ovmf-pxe-discover.hex" 10)
check "a client behind a relay is made our offer" \
    "${reply%% *} $(printf '%s' "${reply#* }" | cut -c41-48)" \
    "10.94.0.1:67 0a5d0002"
stop_ours
kill "$third"
wait "$third" 2>/dev/null
third=

check "no sanitizer complained" \
    "$(grep -cE 'ERROR: |runtime error' "$tmp/ours.log")" 0
echo "1..$n"
