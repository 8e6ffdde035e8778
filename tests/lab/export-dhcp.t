#!/bin/sh
# SPDX-License-Identifier: ISC
# What mkboot export prints for DHCP servers, in place of our proxydhcpd: by
# dnsmasq as a proxy (and TFTP server), by ISC dhcpd and Kea, which give the
# addresses too, real firmware finds its loader, iPXE its script, and the
# machine has its root.  It is off while another one has a processor.
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
. tests/lab/export.sh
lab_enter "$@"

alone=52-54-00-00-08-09

serve_dnsmasq()
{
	network dnsmasq
	lab_house
	exported dnsmasq >"$lab/dnsmasq.conf"
	# As its own user, which it has in no container of a few programs.
	theirs dnsmasq dnsmasq --keep-in-foreground --log-dhcp \
	    --log-facility=- --conf-file="$lab/dnsmasq.conf" --user=root
	ours dnsmasq-ours httpbootd nfsroot-helper
}

serve_isc()
{
	network isc
	exported isc-dhcpd >"$lab/pixie.dhcpd"
	cat >"$lab/dhcpd.conf" <<-EOF2
		authoritative;
		include "$lab/pixie.dhcpd";
		subnet 10.77.0.0 netmask 255.255.255.0 {
			range 10.77.0.100 10.77.0.199;
		}
	EOF2
	: >"$lab/dhcpd.leases"
	lab_in "$house" dhcpd -4 -f -d --no-pid -cf "$lab/dhcpd.conf" \
	    -lf "$lab/dhcpd.leases" eth0 >"$lab/isc.log" 2>&1 &
	ours isc-ours tftpd httpbootd nfsroot-helper
}

serve_kea()
{
	network kea
	exported kea >"$lab/pixie.json"
	cat >"$lab/kea.conf" <<-EOF2
		{ "Dhcp4": {
			"interfaces-config": { "interfaces": [ "eth0" ] },
			"lease-database": { "type": "memfile",
			    "persist": false },
			<?include "$lab/pixie.json"?>,
			"subnet4": [ { "subnet": "10.77.0.0/24", "pools": [
			    { "pool": "10.77.0.100 - 10.77.0.199" } ] } ],
			"loggers": [ { "name": "kea-dhcp4",
			    "severity": "INFO", "output_options": [
			    { "output": "stdout" } ] } ]
		} }
	EOF2
	KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$lab lab_in "$house" kea-dhcp4 \
	    -c "$lab/kea.conf" >"$lab/kea.log" 2>&1 &
	ours kea-ours tftpd httpbootd nfsroot-helper
}

# The loader went by TFTP, and the script by HTTP.
by_tftp()
{
	served "$1" 'tftpd: info: sent .*file=loader/7 '
}

left_alone()
{
	served dnsmasq "52:54:00:00:08:09 proxy-ignored"
}

rm -rf "$lab"
mkdir -p "$lab"
export_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
mkdir "$boot/machine/$alone"
ip link set lo up
serve_dnsmasq
power_on dns-bios 01 bios
power_on dns-uefi 02 uefi
power_on dns-alone 09 bios
serve_isc
truth "beside dnsmasq's proxy a BIOS boots" is_up dns-bios
power_on isc-uefi 04 uefi
truth "and UEFI, which has its loader from its TFTP server" is_up dns-uefi
truth "who sent it" served dnsmasq 'sent .*/loader/7 to'
truth "a machine without an image is left alone" left_alone
kill -KILL "$qemu_dns_alone"
power_on isc-bios 03 bios
power_on isc-http 05 uefi-http
serve_kea
truth "ISC dhcpd boots UEFI by PXE" is_up isc-uefi
truth "by our TFTP server" by_tftp isc-ours
power_on kea-uefi 07 uefi
truth "and a BIOS" is_up isc-bios
power_on kea-bios 06 bios
truth "and UEFI by HTTP" is_up isc-http
truth "whose loader was sent by its own name" \
    served isc-ours 'sent client=.* file=loader/snponly.efi status=200'
power_on kea-http 08 uefi-http
truth "Kea boots a BIOS" is_up kea-bios
truth "and UEFI by PXE" is_up kea-uefi
truth "by our TFTP server" by_tftp kea-ours
truth "and UEFI by HTTP" is_up kea-http
echo "1..$n"
