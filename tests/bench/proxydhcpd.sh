#!/bin/sh
# SPDX-License-Identifier: ISC
# proxydhcpd beside dnsmasq as a proxy: a room full of machines behind a relay,
# 50 at a time; offers a second, 99th percentile, and CPU of an offer, for
# machines that were seen before; and what 10,000 machines take of memory.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "bench: proxydhcpd: as root only, for namespaces" >&2
		exit 100
	fi
	exec unshare -n sh "$0" inside
fi
. ./tests/bench/bench.sh

packet=tests/golden/proxydhcpd/ovmf-pxe-discover.hex
seconds=${SECONDS_EACH:-4}
boot=$tmp/boot
cp -R tests/golden/proxydhcpd/boot "$boot"
chmod -R a+rX "$tmp"

# Two hosts, each with one server, and the machines' relay.
host()
{
	unshare -n sleep 900 &
	servers="$servers $!"
	where=$!
	sleep 0.5
	ip link add "$1" type veth peer name c0 netns "$where"
	ip addr add "$2.1/24" dev "$1"
	ip link set "$1" up
	nsenter --net=/proc/$where/ns/net sh -c "ip link set lo up &&
	    ip addr add $2.2/24 dev c0 && ip link set c0 up"
}
ip link set lo up
host h0 10.95.0
ours_at=/proc/$where/ns/net
host h1 10.96.0
peer_at=/proc/$where/ns/net
serve proxydhcpd nsenter --net="$ours_at" "$build/proxydhcpd/proxydhcpd" -d "$boot"
ours=$server
serve dnsmasq nsenter --net="$peer_at" dnsmasq --keep-in-foreground \
    --conf-file=/dev/null --port=0 --user=root --leasefile-ro \
    --dhcp-range=10.96.0.0,proxy --pxe-service=x86-64_EFI,Boot,snponly.efi \
    --log-facility=-
peer=$server

# load SERVER MACHINES SECONDS: what dhcp-offers prints.
load()
{
	build/out/tests/bench/dhcp-offers "$packet" "$1" "$2" 50 "$3"
}
answers()
{
	load "$1" 1 0.2 | grep -qv '^0 '
}
wait_for proxydhcpd answers 10.95.0.2
wait_for dnsmasq answers 10.96.0.2

for _ in $(seq "$rounds"); do
	for who in ours peer; do
		case $who in
		ours) pid=$ours address=10.95.0.2 ;;
		peer) pid=$peer address=10.96.0.2 ;;
		esac
		load "$address" 100 0.5 >/dev/null	# seen before
		before=$(cpu_of "$pid")
		load "$address" 100 "$seconds" >"$tmp/result"
		after=$(cpu_of "$pid")
		cut -d' ' -f1 "$tmp/result" >>"$tmp/$who.rate"
		cut -d' ' -f2 "$tmp/result" >>"$tmp/$who.p99"
		awk -v cpu="$before $after" '{ split(cpu, c, " ")
		    printf "%.2f\n", (c[2] - c[1]) * 1e6 / $4 }' \
		    "$tmp/result" >>"$tmp/$who.cpu"
	done
done
say()
{
	printf '%s: %s %s; dnsmasq %s; ratio %s\n' "$1" \
	    "$(median <"$tmp/ours.$3")" "$2" "$(median <"$tmp/peer.$3")" \
	    "$(paste "$tmp/ours.$3" "$tmp/peer.$3" | awk '{ print $1 / $2 }' | median)"
}
say "offers a second, 50 outstanding" "" rate
say "99th percentile" ms p99
say "CPU of an offer" us cpu
load 10.95.0.2 10000 3 >/dev/null
printf 'memory after 10,000 machines: %s MB; dnsmasq %s MB\n' \
    "$(memory_of "$ours")" "$(memory_of "$peer")"
kill "$ours" "$peer"
wait "$ours" "$peer" 2>/dev/null || true
