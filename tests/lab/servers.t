#!/bin/sh
# SPDX-License-Identifier: ISC
# Servers that die while a machine is in the middle of asking them, and come
# back: for its address, for its root, and when it has long been up.  (For the
# root as a file, by HTTP and TFTP: init.t.)
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
lab_enter "$@"
boot=$top/build/lab/servers
nfs=root=nfs:10.77.0.2:/small

# Somebody else's DHCP server.
house()
{
	nsenter --net="/proc/$house/ns/net" -- dnsmasq \
	    --keep-in-foreground --conf-file=/dev/null --user=root --port=0 \
	    --interface=eth0 --bind-interfaces --dhcp-authoritative \
	    --dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h \
	    --no-ping --log-dhcp --log-facility=- \
	    --dhcp-leasefile="$lab/house.leases" "$@" >>"$lab/house.log" 2>&1 &
	house_daemon=$!
}

# It hears who asks, and would take a minute for its offer.
dies_while_asked()
{
	house --dhcp-reply-delay=60
	machine lease "$nfs" lan
	lab_wait 120 grep -q DHCPDISCOVER "$lab/house.log" || return
	stop "$house_daemon"
	lab_wait 120 grep -qs 'has answered yet' "$lab/lease.console" || return
	house
	says lease '^UP [^ ]* root=overlay'
}

# A server that no longer answers, and has the machine's connection.
mounting()
{
	lab_in "$pixie" ss -Htn state established "( sport = :2049 )" |
	    grep -q .
}

dies_while_mounted()
{
	kill -STOP "$daemon_nfsroothelper"
	machine mount "$nfs" lan
	lab_wait 120 mounting || return
	stop "$daemon_nfsroothelper"
	sleep 3
	daemon nfsroot-helper
	says mount '^UP [^ ]* root=overlay'
}

# A root that reads itself from the server again and again, for ever.
reading_root()
{
	small_root reading
	head -c 2M /dev/urandom >"$boot/root/reading/ballast"
	sum=$(sha256sum <"$boot/root/reading/ballast")
	cat >"$boot/root/reading/sbin/init" <<INIT
#!/bin/sh
b=/bin/busybox
exec >/dev/console 2>&1
i=0
while :; do
	echo 3 >/proc/sys/vm/drop_caches
	[ "\$(\$b sha256sum </ballast)" = "$sum" ] && i=\$((i + 1)) &&
	    echo "read \$i"
	\$b sleep 1
done
INIT
}

has_read()
{
	reads=$(grep -ac '^read' "$lab/reading.console" 2>/dev/null)
	[ "${reads:-0}" -ge "$1" ]
}

dies_while_running()
{
	machine reading "root=nfs:10.77.0.2:/reading" lan
	lab_wait 180 has_read 2 || return
	stop "$daemon_nfsroothelper"
	before=$(grep -ac '^read' "$lab/reading.console")
	# Long enough for the kernel to ask again, and to be refused.
	sleep 10
	after=$(grep -ac '^read' "$lab/reading.console")
	echo "read $before times, then $after"
	[ "$after" -le $((before + 1)) ] || return
	daemon nfsroot-helper
	lab_wait 180 has_read $((after + 3))
}

rm -rf "$lab" "$boot"
mkdir -p "$lab" "$boot"
"$mkboot" create -d "$boot" -u nobody >"$lab/boot.log" ||
    lab_die 111 "$(cat "$lab/boot.log")"
small_root small
reading_root
make_initrd usual
lab_network
daemon nfsroot-helper
truth "a DHCP server dies while it is asked, and comes back" dies_while_asked
truth "an NFS server dies while its export is mounted, and comes back" \
    dies_while_mounted
truth "an NFS server dies while its machine runs, which then goes on" \
    dies_while_running
stop "$machine_reading"
echo "1..$n"
