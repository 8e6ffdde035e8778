#!/bin/sh
# SPDX-License-Identifier: ISC
# HTTP boot by real firmware: OVMF over IPv4 (our proxydhcpd beside a foreign
# DHCP server) and over IPv6 (a foreign server that knows the URL), an EFI
# program and an ISO as RAM disk; GRUB fetches by HTTP in turn.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
boot=$lab/boot
efi4=52:54:00:00:00:21 iso4=52:54:00:00:00:22
efi6=52:54:00:00:00:23 iso6=52:54:00:00:00:24

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$lab/said" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 15 "$lab"/said "$lab"/http.log "$lab"/house.log \
		    "$lab"/*.console 2>/dev/null | tr -d '\033\r' |
		    sed 's/^/# /'
	fi
}

# GRUB as an EFI program, which fetches a file by HTTP of its own, and on an
# ISO that boots as a RAM disk.
make_loaders()
{
	for what in program disk; do
		cat >"$lab/$what.cfg" <<-EOF2
			terminal_output console
			echo "GRUB runs: $what"
			net_bootp
			cat (http,10.77.0.2)/hello
			sleep 3600
		EOF2
	done
	# Booted from a disk, it finds no network card.
	sed -i '/^net_\|^cat/d' "$lab/disk.cfg"
	grub-mkimage -O x86_64-efi -c "$lab/program.cfg" -p /boot/grub \
	    -o "$boot/pub/loader/grub.efi" normal echo sleep cat net efinet \
	    http terminal configfile || return
	mkdir -p "$lab/iso/boot/grub"
	cp "$lab/disk.cfg" "$lab/iso/boot/grub/grub.cfg"
	grub-mkrescue -d /usr/lib/grub/x86_64-efi --fonts= --locales= \
	    --themes= --install-modules="normal echo sleep cat net efinet http
	    terminal configfile part_gpt part_msdos fat iso9660 search
	    search_fs_file" -o "$boot/pub/loader/grub.iso" "$lab/iso"
}

fill()
{
	mkdir -p "$lab"
	"$mkboot" create -d "$boot" -u nobody || return
	mkdir -p "$boot/pub/loader" "$boot/image/any" "$boot/machine/default"
	ln -s ../../image/any "$boot/machine/default/image"
	echo 'Hello from httpbootd.' >"$boot/pub/hello"
	make_loaders
}

# IPv4 and IPv6's URLs for whom is tagged.  The vendor class (option 16) is an
# enterprise's number, a length and "HTTPClient"; dnsmasq can only
# write a length and text, and EDK2 looks at what follows six octets alone.
start_house()
{
	lab_in "$house" ip addr add fd77::1/64 dev eth0 nodad
	lab_in "$pixie" ip addr add fd77::2/64 dev eth0 nodad
	url='option6:bootfile-url'
	lab_in "$house" dnsmasq --keep-in-foreground --conf-file=/dev/null \
	    --user=root --port=0 --interface=eth0 --bind-interfaces \
	    --dhcp-range=tag:four,10.77.0.100,10.77.0.199,255.255.255.0,1h \
	    --dhcp-range=fd77::100,fd77::1ff,64,1h --enable-ra \
	    --dhcp-host="$efi4,set:four" --dhcp-host="$iso4,set:four" \
	    --dhcp-host="$efi6,set:efi" --dhcp-host="$iso6,set:iso" \
	    --dhcp-option="tag:iso,$url,http://[fd77::2]/loader/grub.iso" \
	    --dhcp-option="tag:efi,$url,http://[fd77::2]/loader/grub.efi" \
	    --dhcp-option-force=option6:16,pixiHTTPClient \
	    --dhcp-authoritative --no-ping --log-dhcp --log-facility=- \
	    --dhcp-leasefile="$lab/house.leases" >"$lab/house.log" 2>&1 &
}

start_pixie()
{
	lab_in "$pixie" "$build/httpbootd/httpbootd" -v -u nobody -d "$boot" \
	    >"$lab/http.log" 2>&1 &
	lab_in "$pixie" "$build/proxydhcpd/proxydhcpd" -i eth0 -d "$boot" \
	    -u nobody >"$lab/proxy.log" 2>&1 &
	lab_wait 20 grep -q 'info: ready' "$lab/http.log" &&
	    lab_wait 20 grep -q 'info: ready' "$lab/proxy.log"
}

# Firmware that does not try PXE first.
power_on_http()
{
	lab_more="-fw_cfg name=opt/org.tianocore/IPv4PXESupport,string=n
	    -fw_cfg name=opt/org.tianocore/IPv6PXESupport,string=n"
	lab_power_on "$1" "$2" uefi
	lab_more=
}

# ends_up NAME WORDS: on its console.
ends_up()
{
	lab_wait 300 grep -aqs "$2" "$lab/$1.console"
}

# fetched CLIENT EVENT FILE: says the server's log.
fetched()
{
	grep -Eq " $2 client=$1 file=$3 status=200 " "$lab/http.log"
}

power_off()
{
	kill -KILL "$1"
	wait "$1" 2>/dev/null
}

# The neighbour table knows whose address it is, and seen/ip does not.
a_neighbour_reports()
{
	mac=$(lab_in "$house" ip -o link show dev eth0 |
	    sed 's/.*link.ether \([^ ]*\).*/\1/' | tr : -)
	lab_in "$house" curl -sf -m 10 \
	    "http://10.77.0.2/report?stage=house&state=ok" || return
	lab_wait 10 grep -qx 'house ok' "$boot/seen/$mac/stage"
}

a_neighbour_reports_over_ipv6()
{
	lab_in "$house" curl -gsf -m 10 \
	    "http://[fd77::2]/report?stage=six&state=ok" || return
	lab_wait 10 grep -qx 'six ok' "$boot/seen/$mac/stage"
}

rm -rf "$lab"
mkdir -p "$lab"
lab_network
truth "a GRUB as EFI program and as ISO" fill
start_house
truth "our daemons start" start_pixie

# Firmware waits a minute for IPv4 before it tries IPv6.
power_on_http efi6 "$efi6"
q_efi6=$lab_qemu
power_on_http iso6 "$iso6"
q_iso6=$lab_qemu
truth "a neighbour reports, known by the kernel's table" a_neighbour_reports
truth "and over IPv6" a_neighbour_reports_over_ipv6

ln -s grub.efi "$boot/pub/loader/16"
power_on_http efi4 "$efi4"
truth "OVMF boots an EFI program by HTTP" ends_up efi4 'GRUB runs: program'
truth "GRUB fetches by HTTP" ends_up efi4 'Hello from httpbootd'
power_off "$lab_qemu"
truth "it asked HEAD, then GET" sh -c "
    grep -q ' head client=10.77.0.1.* file=loader/grub.efi ' '$lab/http.log' &&
    grep -q ' sent client=10.77.0.1.* file=loader/grub.efi ' '$lab/http.log'"

ln -sfn grub.iso "$boot/pub/loader/16"
power_on_http iso4 "$iso4"
truth "OVMF boots an ISO as RAM disk by HTTP" ends_up iso4 'GRUB runs: disk'
power_off "$lab_qemu"
truth "OVMF boots an EFI program by HTTP over IPv6" \
    ends_up efi6 'GRUB runs: program'
truth "it came from an IPv6 address" fetched 'fd77::1..' sent loader/grub.efi
power_off "$q_efi6"
truth "OVMF boots an ISO as RAM disk by HTTP over IPv6" \
    ends_up iso6 'GRUB runs: disk'
truth "it came from an IPv6 address" fetched 'fd77::1..' sent loader/grub.iso
power_off "$q_iso6"

rm -rf "$boot"
echo "1..$n"
