#!/bin/sh
# SPDX-License-Identifier: ISC
# How many machines one server boots in a minute: what each step of a boot
# costs our daemons in CPU time, by many simulated machines at once (an offer
# by DHCP, the loader by TFTP, kernel and initrd by HTTP, and by NFS as much of
# the root as a small Debian reads until its prompt), and how many octets it
# is.  From that: by one processor, and by a network of 1 Gbit/s.  Sizes in MB:
# KERNEL, INITRD, ROOT; names that are looked up: NAMES.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "bench: growing: as root only, for namespaces" >&2
		exit 100
	fi
	exec unshare -n sh "$0" inside
fi
. ./tests/bench/bench.sh

machines=${MACHINES:-200}
at_once=${AT_ONCE:-50}
kernel=${KERNEL:-8}
initrd=${INITRD:-12}
root=${ROOT:-60}
names=${NAMES:-5000}
seconds=${SECONDS_EACH:-3}
packet=tests/golden/proxydhcpd/ovmf-pxe-discover.hex
boot=$tmp/boot
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
mkdir -p "$boot/pub/image/x" "$boot/machine/default" "$boot/image/x" \
    "$boot/root/x"
echo nfs >"$boot/image/x/kind"
ln -s ../../image/x "$boot/machine/default/image"
head -c "${kernel}M" /dev/urandom >"$boot/pub/image/x/kernel"
head -c "${initrd}M" /dev/urandom >"$boot/pub/image/x/initrd"
head -c 220K /dev/urandom >"$boot/pub/loader/snponly.efi"
ln -s snponly.efi "$boot/pub/loader/7"
head -c 268435456 /dev/urandom >"$boot/root/x/big"
seq -f "$boot/root/x/small%g" 0 999 | xargs touch
chmod 755 "$tmp"

# The server at the other end of a wire.
ip link set lo up
unshare -n sleep 900 &
servers="$servers $!"
holder=$!
there=/proc/$holder/ns/net
sleep 0.5
ip link add h0 type veth peer name c0 netns "$holder"
ip addr add 10.95.0.1/24 dev h0
ip link set h0 up
nsenter --net="$there" sh -c "ip link set lo up &&
    ip addr add 10.95.0.2/24 dev c0 && ip link set c0 up"
for daemon in proxydhcpd tftpd httpbootd nfsroot-helper; do
	serve "$daemon" nsenter --net="$there" "$build/$daemon/$daemon" \
	    -d "$boot"
	echo "$server" >"$tmp/$daemon.process"
done
process()
{
	cat "$tmp/$1.process"
}
wait_for httpbootd curl -sf -o /dev/null http://10.95.0.2/boot.ipxe
wait_for nfsroot-helper nfs-ls \
    "nfs://10.95.0.2/x?version=3&nfsport=2049&mountport=2049"

# step WHAT DAEMON MACHINES COMMAND...: ms of the daemon's CPU for a machine.
step()
{
	step_what=$1 step_of=$(process "$2") step_n=$3
	shift 3
	step_cpu=$(cpu_of "$step_of")
	step_began=$(date +%s.%N)
	"$@" >"$tmp/said"
	echo "$step_cpu $(cpu_of "$step_of") $step_began $(date +%s.%N)" |
	    awk -v n="$step_n" -v what="$step_what" -v sum="$tmp/cpu" '{
		ms = ($2 - $1) / n * 1e3
		printf "%s: %.3f ms of CPU a machine, %d machines in %.1f s\n",
		    what, ms, n, $4 - $3
		print ms >>sum }'
}

offers()
{
	build/out/tests/bench/dhcp-offers "$packet" 10.95.0.2 "$machines" \
	    "$at_once" "$seconds" >"$tmp/offers"
}

http()
{
	for _ in $(seq "$machines"); do
		for file in kernel initrd; do
			printf 'url = "http://10.95.0.2/image/x/%s"\n' "$file"
			printf 'output = "/dev/null"\n'
		done
	done >"$tmp/urls"
	curl -f --no-progress-meter --parallel --parallel-max "$at_once" -K "$tmp/urls"
}

# By libnfs, for some seconds: CPU s/GB, and CPU s/100,000 pairs.
nfs()
{
	nsenter --net="$there" build/out/tests/bench/nfs-load "$1" 2049 2049 \
	    /x 8 "$2" "$seconds" "$(process nfsroot-helper)"
}

# An offer is cheap: as many as there are in some seconds, and the CPU of one.
cpu=$(cpu_of "$(process proxydhcpd)")
offers
echo "$cpu $(cpu_of "$(process proxydhcpd)") $(cat "$tmp/offers")" |
    awk -v sum="$tmp/cpu" '{ ms = ($2 - $1) / $6 * 1e3
	printf "DHCP: %.3f ms of CPU a machine, %d offers a second\n", ms, $3
	print ms >>sum }'
step TFTP tftpd "$machines" build/out/tests/bench/tftp-clients 10.95.0.2 69 \
    loader/7 "$machines" 1468 4
step HTTP httpbootd "$machines" http
{ nfs read 4; nfs look 1; } | awk -v mb="$root" -v names="$names" \
    -v sum="$tmp/cpu" 'NR == 1 { ms = $2 * mb } NR == 2 {
	ms += $2 * names / 1e5 * 1e3
	printf "NFS: %.3f ms of CPU a machine\n", ms
	print ms >>sum }'
awk -v mb="$((kernel + initrd + root))" '{ ms += $1 }
    END { printf "one machine: %.0f ms of CPU and %d MB;" \
	" %d machines a minute by one processor, %d by 1 Gbit/s\n", ms, mb,
	60e3 / ms, 60 * 118 / mb }' "$tmp/cpu"
