#!/bin/sh
# SPDX-License-Identifier: ISC
# The initrds' /init in virtual machines: every kind of root and of network,
# and what goes wrong with them.  The kernel is started by QEMU itself, as
# firmware is not the point here, with a root tree of busybox alone.
#
#   init.t [CASE...]     cases: nfs image six wires late broken
# shellcheck disable=SC2154,SC2102	# processes are set by eval; [] is IPv6
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
lab_enter "$@"
boot=$top/build/lab/init
cases=${*:-nfs image six wires late broken}

# The root as an image, with enough in it that its transfer takes a while.
small_image()
{
	mkdir -p "$boot/pub/image/small"
	head -c 48M /dev/urandom >"$boot/root/small/ballast"
	mksquashfs "$boot/root/small" "$boot/pub/image/small/rootfs.squashfs" \
	    -comp lz4 -noappend -all-root -quiet -no-progress >/dev/null
	rm -f "$boot/root/small/ballast"
	sum=$(sha256sum <"$boot/pub/image/small/rootfs.squashfs")
	sum=${sum%% *}
	head -c 1M "$boot/pub/image/small/rootfs.squashfs" \
	    >"$boot/pub/image/small/cut.squashfs"
}

# What makes the machine "own" that machine, as mkboot render writes it.
machine_cpio()
{
	mkdir -p "$lab/own/machine/files/etc"
	echo own >"$lab/own/machine/hostname"
	echo mine >"$lab/own/machine/files/etc/secret"
	chown 7:8 "$lab/own/machine/files/etc/secret"
	chmod 4640 "$lab/own/machine/files/etc/secret"
	head -c 512 /dev/urandom >"$lab/own/machine/seed"
	small_program "$(command -v busybox)" "$lab/own/machine/files" bin/grep
	# cap_net_raw, permitted and effective: linux/capability.h.
	cat >"$lab/own/machine/xattrs" <<'XATTRS'
# file: bin/grep
security.capability=0x0100000200200000000000000000000000000000
XATTRS
	(cd "$lab/own" && find machine | cpio -o -H newc --quiet) \
	    >"$lab/own.cpio"
	cat "$lab/own.cpio" "$lab/usual.initrd" >"$lab/own.initrd"
	head -c 8M /dev/urandom >"$lab/own/machine/files/etc/big"
	(cd "$lab/own" && find machine | cpio -o -H newc --quiet) |
	    cat - "$lab/usual.initrd" >"$lab/big.initrd"
}

# A shell for a rescue, and what it does there.
rescue_cpio()
{
	small_program "$(command -v busybox)" "$lab/shell" bin/busybox
	mkdir "$lab/shell/etc"
	echo 'echo RESCUED; exit' >"$lab/shell/etc/profile"
	(cd "$lab/shell" && find . -mindepth 1 | sed 's,^\./,,' |
	    cpio -o -H newc --quiet) | cat - "$lab/usual.initrd" \
	    >"$lab/rescue.initrd"
}

# More wires beside lan: lan6 has routers alone, lan6d DHCPv6 alone, lan5 is
# VLAN 5, and dead has nobody.  Both servers are on all others.
wires()
{
	for wire in lan6 lan6d lan5 dead; do
		ip link add "$wire" type bridge forward_delay 0
		ip link set "$wire" up
	done
	wire_host house eth1 lan6 fd77:6::1/64
	wire_host pixie eth1 lan6 fd77:6::2/64
	wire_host house eth2 lan6d fd77:d::1/64
	wire_host pixie eth2 lan6d fd77:d::2/64
	wire_host house eth3 lan5 10.78.0.1/24
	wire_host pixie eth3 lan5 10.78.0.2/24
	"${CC:-cc}" -O2 -o "$lab/tagger" tests/lab/tagger.c ||
	    lab_die 111 "no tagger"
}

wire_host()
{
	eval "wire_holder=\$$1"
	ip link add "$1$3" type veth peer name "$2" netns "$wire_holder"
	ip link set "$1$3" master "$3" up
	lab_in "$wire_holder" sysctl -qw "net.ipv6.conf.$2.accept_dad=0" \
	    "net.ipv6.conf.$2.accept_ra=0"
	lab_in "$wire_holder" ip link set "$2" up
	lab_in "$wire_holder" ip addr add "$4" dev "$2"
}

# Somebody else's DHCP server, on every wire.
house()
{
	nsenter --net="/proc/$house/ns/net" -- dnsmasq \
	    --keep-in-foreground --conf-file=/dev/null \
	    --user=root --port=0 --bind-interfaces --except-interface=lo \
	    --dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h \
	    --dhcp-range=10.78.0.100,10.78.0.199,255.255.255.0,1h \
	    --dhcp-range=fd77:6::,ra-only,64,1h \
	    --dhcp-range=fd77:d::100,fd77:d::1ff,64,1h --enable-ra \
	    --dhcp-option=option6:dns-server,[fd77::53] \
	    --dhcp-authoritative --no-ping --log-dhcp --log-facility=- \
	    --dhcp-leasefile="$lab/house.leases" >>"$lab/house.log" 2>&1 &
	house_daemon=$!
}

http=http://10.77.0.2/image/small/rootfs.squashfs
nfs=root=nfs:10.77.0.2:/small

case_nfs()
{
	initrd=own machine nfs "$nfs ip=dhcp" lan
	machine ro "$nfs ip=10.77.0.50::10.77.0.1:24:named:eth0 overlay=none \
	    report=http://10.77.0.2/machine/x/boot.ipxe" lan
	truth "a machine boots from NFS" says nfs '^UP own root=overlay'
	truth "its machine-id is there" says nfs ' id=[0-9a-f]{32}$'
	truth "the lease's facts are kept in /run" \
	    says nfs '^lease: address=10\.77\.0\.1[0-9]+$'
	truth "its files have their owners and modes" \
	    says nfs '^-rwSr-----.* 7 +8 .*/etc/secret'
	truth "and their capabilities" says nfs '^CapEff:.0{12}2000$'
	truth "its seed was taken" says_not nfs 'random seed:'
	truth "a root without overlay has the address that ip= gave" \
	    says ro '^lease: address=10\.77\.0\.50$'
	truth "that root is NFS itself" says ro '^UP [^ ]* root=nfs'
}

case_image()
{
	machine http "root=$http sha256=$sum" lan
	machine tftp "root=tftp:10.77.0.2:/image/small/rootfs.squashfs" lan
	machine list "root=http:///image/small/rootfs.squashfs \
	    server=10.77.0.77,10.77.0.2 overlay=none" lan
	truth "a machine boots from a squashfs by HTTP" \
	    says http '^UP [^ ]* root=overlay'
	truth "its image was checked" says http 'as sha256= says'
	truth "a machine boots from a squashfs by TFTP" \
	    says tftp '^UP [^ ]* root=overlay'
	truth "the next server is asked where the first does not answer" \
	    says list '^UP [^ ]* root=squashfs'
	truth "which is told" says list '10\.77\.0\.77/.*(route|reach|timed)'
}

case_six()
{
	machine slaac "root=nfs:[fd77:6::2]:/small" lan6
	machine dhcp6 "root=http://[fd77:d::2]/image/small/rootfs.squashfs \
	    sha256=$sum" lan6d
	machine fixed "root=nfs:[fd77:6::2]:/small \
	    ip=[fd77:6::99]:::64:six:eth0:off" lan6
	truth "where only a router speaks a machine boots over IPv6" \
	    says slaac '^UP [^ ]* root=overlay'
	truth "its address is one by the router's prefix" \
	    says slaac '^lease: address=fd77:6::'
	truth "where only DHCPv6 gives addresses it boots by HTTP" \
	    says dhcp6 '^UP [^ ]* root=overlay'
	truth "its address is DHCPv6's" says dhcp6 '^lease: address=fd77:d::1'
	truth "its name server too" says dhcp6 '^nameserver fd77::53$'
	truth "ip= takes an IPv6 address" says fixed \
	    '^lease: address=fd77:6::99$'
}

case_wires()
{
	machine second "$nfs BOOTIF=01-52-54-00-02-00-02" \
	    dead,52:54:00:02:00:01 lan,52:54:00:02:00:02
	machine vlan "root=nfs:10.78.0.2:/small vlan=eth0.5:eth0" 5/lan5
	machine bond "$nfs bond=bond0:eth0,eth1:mode=active-backup,miimon=100" \
	    lan dead
	truth "of two cards the one that booted is taken" \
	    says second '^UP [^ ]* root=overlay'
	truth "which is the second" says second '^lease: interface=eth1'
	truth "a machine boots on a VLAN" says vlan '^UP [^ ]* root=overlay'
	truth "with an address of that VLAN" \
	    says vlan '^lease: address=10\.78\.0\.1'
	truth "a machine boots on a bond" says bond '^UP [^ ]* root=overlay'
	truth "the bond has the address" says bond '^lease: interface=bond0'
	machine any "$nfs" dead lan
	machine vbond "root=nfs:10.78.0.2:/small \
	    bond=bond0:eth0:mode=active-backup vlan=bond0.5:bond0" 5/lan5
	truth "without BOOTIF the card with a DHCP server is found" \
	    says any '^lease: interface=eth1'
	truth "a machine boots on a VLAN of a bond" \
	    says vbond '^lease: interface=bond0\.5'
}

# Servers that are not there yet, or die in the middle, and come back.
case_late()
{
	stop "$house_daemon"
	stop "$daemon_nfsroothelper"
	machine late "$nfs" lan
	lab_wait 120 grep -qs 'eth0: 52-54' "$lab/late.console"
	sleep 5
	house
	lab_wait 120 grep -qs 'trying on' "$lab/late.console"
	daemon nfsroot-helper
	machine tftplate "root=tftp://10.77.0.2/image/small/rootfs.squashfs" lan
	lab_wait 120 sent
	stop "$daemon_tftpd"
	sleep 3
	daemon tftpd
	machine broken "root=$http sha256=$sum" lan
	lab_wait 120 sending
	stop "$daemon_httpbootd"
	truth "DHCP and NFS servers that come late are waited for" \
	    says late '^UP [^ ]* root=overlay'
	daemon httpbootd
	truth "a TFTP server that dies in the middle is asked anew" \
	    says tftplate '^UP [^ ]* root=overlay'
	truth "an HTTP server that dies in the middle and comes back is enough" \
	    says broken '^UP [^ ]* root=overlay'
	truth "the break was told" says broken 'broke off'
	truth "the rest alone was fetched again" \
	    grep -q 'part client=.*rootfs.squashfs status=206' \
	    "$lab/httpbootd.log"
	machine stalled "root=$http sha256=$sum" lan
	lab_wait 120 sending
	kill -STOP "$daemon_httpbootd"
	lab_wait 60 grep -qs 'timed out; trying on' "$lab/stalled.console"
	kill -CONT "$daemon_httpbootd"
	truth "one that falls silent for a while does too" \
	    says stalled '^UP [^ ]* root=overlay'
}

# A megabyte of the image is out, and more to come.
sending()
{
	lab_in "$pixie" ss -Htin state established "( sport = :80 )" |
	    tr ' ' '\n' | awk -F: '
	    $1 == "bytes_acked" && $2 > 1000000 { found = 1 }
	    END { exit !found }'
}

# The machine has fetched that much by TFTP: its kernel counts packets.
sent()
{
	[ "$(awk '$1 == "Udp:" { n = $5 } END { print n }' \
	    "/proc/$daemon_tftpd/net/snmp")" -gt 3000 ]
}

# What nothing helps against: one clear line, then a reboot.
case_broken()
{
	reports
	machine nocard "$nfs ip=:::::eth7:dhcp" lan
	machine path "root=nfs:10.77.0.2:/nowhere $report" lan
	machine file "root=http://10.77.0.2/image/small/nothing" lan
	truth "a root path that is wrong is told" says path \
	    'fatal: root: nfs 10\.77\.0\.2:/nowhere: '
	truth "then the machine starts anew" says path 'reboot: Restarting'
	truth "so is a file that is not there" says file \
	    'fatal: root: .*/nothing: the server says 404'
	truth "each stage was reported to the boot server" \
	    reported 'stage=network&state=ok&why=eth0'
	truth "so was the failure, with its reason" \
	    reported 'stage=root&state=failed&why=root%3A%20nfs%2010.77.0.2'
	machine cut "root=http://10.77.0.2/image/small/cut.squashfs" lan
	machine sum "root=http://10.77.0.2/image/small/cut.squashfs \
	    sha256=$sum" lan
	memory=128 machine room "root=$http" lan
	truth "a truncated image is told" says cut \
	    'fatal: root: .*cut off: 1048576 of its [0-9]+ octets'
	truth "an image with another SHA-256 is told" says sum \
	    "fatal: root: .*its SHA-256 is [0-9a-f]{64}, and .* $sum"
	truth "an image larger than memory is told" says room \
	    'fatal: root: .*MiB do not fit into the [0-9]+ MiB'
	initrd=big machine full "$nfs overlay=tmpfs:size=6m" lan
	machine nobody "root=ftp://10.77.0.2/x" lan
	machine noinit "$nfs init=/sbin/none" lan
	truth "a full overlay is told, with the file's name" says full \
	    'warn: machine: /etc/big: No space left'
	truth "what fits is there" says full '^-rwSr-----.* /etc/secret'
	truth "and the machine comes up" says full '^UP own root=overlay'
	truth "a root that is none is told" says nobody \
	    'fatal: root=ftp:.*: not known here'
	truth "an init that is not there is told" says noinit \
	    'fatal: init=/sbin/none: no such program'
	initrd=rescue machine rescue "root=nfs:10.77.0.2:/nowhere rescue" lan
	truth "rescue is a shell on the console" says rescue '^RESCUED'
	truth "behind which the machine starts anew" says rescue \
	    'reboot: Restarting'
	truth "a card that is not there is waited for, and told" says nocard \
	    'fatal: network: no network card eth7'
	truth "each ten seconds" says nocard \
	    'waiting for network card eth7 \(ip=\), (50|49) s more'
}

# A server for reports that keeps what it is told.
reports()
{
	cat >"$lab/reports.sh" <<SH
read -r line
echo "\$line" >>"$lab/reports"
printf 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nnoted\n'
SH
	nsenter --net="/proc/$pixie/ns/net" -- busybox nc -ll -p 8090 \
	    -e sh "$lab/reports.sh" &
	report=report=http://10.77.0.2:8090/machine/x/boot.ipxe
}

reported()
{
	cat "$lab/reports"
	grep -q "^GET /report?$1" "$lab/reports"
}

rm -rf "$lab" "$boot"
mkdir -p "$lab" "$boot"
"$mkboot" create -d "$boot" -u nobody >"$lab/boot.log" ||
    lab_die 111 "$(cat "$lab/boot.log")"
small_root small
small_image
make_initrd usual
machine_cpio
rescue_cpio
lab_network
wires
house
for name in httpbootd tftpd nfsroot-helper; do
	daemon "$name"
done
for case in $cases; do
	"case_$case"
done
echo "1..$n"
