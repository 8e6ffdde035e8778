#!/bin/sh
# SPDX-License-Identifier: ISC
# Real firmware finds its first program beside every kind of foreign DHCP
# server, starts it, and that has its script from us: SeaBIOS with iPXE, OVMF
# by PXE and HTTP over IPv4 and IPv6, ARM64's UEFI, U-Boot.  Each network of
# the table below is a bridge of its own with a DHCP server and our daemons.
set -u
LAB_NO_TREE=1
export LAB_NO_TREE
. tests/lab/lab.sh
lab_enter "$@"

n=0
boot=$lab/boot
at_once=3	# machines on at the same time
patience=${PATIENCE:-300}	# seconds that one may take: it has a processor's part

# name  firmware  network  what its daemons must have logged, in this order
table()
{
	cat <<EOF
seabios bios isc offer:_ipxe httpbootd:.*file=machine/MAC/ran
ovmf-pxe4 uefi kea offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
ovmf-http4 uefi-http isc offer:_http httpbootd:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
ovmf-pxe6 uefi-v6 dnsmasq offer6:_uefi ack4011:_uefi \
    tftpd:_info:_sent_client=fd77:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
ovmf-http6 uefi-http dnsmasq offer6:_http \
    httpbootd:.*client=fd77::.*file=loader/snponly.efi httpbootd:.*file=machine/MAC/ran
seabios-v6 bios stateless reply6:_ipxe httpbootd:.*client=fd77:.*file=machine/MAC/ran
aavmf arm64 kea offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/first.efi \
    tftpd:_info:_sent.*file=machine/MAC/ran
u-boot uboot dnsmasq tftpd:_info:_sent.*file=loader/22 tftpd:_info:_sent.*file=machine/MAC/ran
seabios-kea bios kea offer:_ipxe httpbootd:.*file=machine/MAC/ran
seabios-dns bios dns4 offer:_ipxe httpbootd:.*file=machine/MAC/ran
pxe4-isc uefi isc offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
pxe4-dns uefi dns4 offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
http4-kea uefi-http kea offer:_http httpbootd:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
http4-dns uefi-http dns4 offer:_http httpbootd:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
pxe6-isc uefi-v6 isc6 offer6:_uefi ack4011:_uefi \
    tftpd:_info:_sent_client=fd77:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
pxe6-kea uefi-v6 kea6 offer6:_uefi ack4011:_uefi \
    tftpd:_info:_sent_client=fd77:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
http6-isc uefi-http isc6 offer6:_http \
    httpbootd:.*client=fd77::.*file=loader/snponly.efi httpbootd:.*file=machine/MAC/ran
http6-kea uefi-http kea6 offer6:_http \
    httpbootd:.*client=fd77::.*file=loader/snponly.efi httpbootd:.*file=machine/MAC/ran
aavmf-isc arm64 isc offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/first.efi \
    tftpd:_info:_sent.*file=machine/MAC/ran
aavmf-dns arm64 dns4 offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/first.efi \
    tftpd:_info:_sent.*file=machine/MAC/ran
u-boot-isc uboot isc tftpd:_info:_sent.*file=loader/22 tftpd:_info:_sent.*file=machine/MAC/ran
u-boot-kea uboot kea tftpd:_info:_sent.*file=loader/22 tftpd:_info:_sent.*file=machine/MAC/ran
same-isc uefi own-isc offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
same-kea bios own-kea offer:_ipxe httpbootd:.*file=machine/MAC/ran
same-dnsmasq bios own-dnsmasq offer:_ipxe httpbootd:.*file=machine/MAC/ran
same-http4 uefi-http own-isc offer:_http httpbootd:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
same-pxe6 uefi-v6 own-dnsmasq6 offer6:_uefi ack4011:_uefi \
    tftpd:_info:_sent_client=fd77:.*file=loader/snponly.efi \
    httpbootd:.*file=machine/MAC/ran
same-http6 uefi-http own-dnsmasq6 offer6:_http \
    httpbootd:.*client=fd77::.*file=loader/snponly.efi httpbootd:.*file=machine/MAC/ran
same-aavmf arm64 own-kea offer:_uefi ack:_uefi tftpd:_info:_sent.*file=loader/first.efi \
    tftpd:_info:_sent.*file=machine/MAC/ran
same-u-boot uboot own-isc tftpd:_info:_sent.*file=loader/22 \
    tftpd:_info:_sent.*file=machine/MAC/ran
EOF
}

# "52-54-00-00-01-07" for the machine in the table's seventh line.
mac_of()
{
	printf '52-54-00-00-01-%02x' "$(table | grep -n "^$1 " | cut -d: -f1)"
}

# The boot directory of them all: iPXE, the first program, and scripts.
make_boot()
{
	mkdir -p "$boot/machine/default" "$boot/image/none" "$boot/seen" \
	    "$boot/pub/loader"
	chown nobody "$boot/seen"
	ln -s ../../image/none "$boot/machine/default/image"
	# Where no router is, iPXE would wait for one: see proxydhcpd(8).
	: >"$boot/machine/default/advertise"
	cp "$(lab_firmware /usr/lib/ipxe/snponly.efi)" "$boot/pub/loader/"
	for arch in 7 16; do
		ln -s snponly.efi "$boot/pub/loader/$arch"
	done
	make_first_program "$boot/pub/loader/first.efi"
	for arch in 11 22; do
		ln -s first.efi "$boot/pub/loader/$arch"
	done
	# shellcheck disable=SC2016	# iPXE is to expand it
	printf '#!ipxe\nchain machine/${mac:hexhyp}/ran\n' \
	    >"$boot/pub/boot.ipxe"
	printf '#!ipxe\npoweroff\n' >"$boot/pub/ran"
	for case in $(table | cut -d' ' -f1); do
		mkdir -p "$boot/pub/machine/$(mac_of "$case")"
		cp "$boot/pub/ran" "$boot/pub/machine/$(mac_of "$case")/ran"
	done
	chmod -R a+rX "$boot"
}

make_first_program()
{
	clang --target=aarch64-unknown-windows -ffreestanding -fshort-wchar \
	    -O1 -fuse-ld=lld -nostdlib \
	    -Wl,-subsystem:efi_application,-entry:start -o "$1" \
	    tests/lab/first.c || lab_die 111 "no first program for ARM64"
}

# Addresses and no word of booting, in the namespace $1; $2 names the log.
serve_dnsmasq()
{
	server=$1 log=$lab/$2.house
	shift 2
	lab_in "$server" dnsmasq --keep-in-foreground --conf-file=/dev/null \
	    --user=root --port=0 --interface=eth0 --bind-interfaces \
	    --dhcp-authoritative --no-ping --log-dhcp --log-facility=- \
	    --dhcp-leasefile="$log.leases" "$@" >"$log" 2>&1 &
}

serve_isc()
{
	: >"$lab/$2.leases"
	cat >"$lab/$2.conf" <<'EOF'
authoritative;
subnet 10.77.0.0 netmask 255.255.255.0 {
	range 10.77.0.100 10.77.0.199;
}
EOF
	lab_in "$1" dhcpd -4 -f -d --no-pid -cf "$lab/$2.conf" \
	    -lf "$lab/$2.leases" eth0 >"$lab/$2.house" 2>&1 &
}

serve_kea()
{
	cat >"$lab/$2.conf" <<'EOF'
{ "Dhcp4": {
	"interfaces-config": { "interfaces": [ "eth0" ] },
	"lease-database": { "type": "memfile", "persist": false },
	"subnet4": [ { "subnet": "10.77.0.0/24", "pools": [
	    { "pool": "10.77.0.100 - 10.77.0.199" } ] } ],
	"loggers": [ { "name": "kea-dhcp4", "severity": "INFO",
	    "output_options": [ { "output": "stdout" } ] } ]
} }
EOF
	KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$lab lab_in "$1" kea-dhcp4 \
	    -c "$lab/$2.conf" >"$lab/$2.house" 2>&1 &
}

# The same two over IPv6; HTTP boot over IPv4 is sent to where nobody is.
serve_isc6()
{
	: >"$lab/$2.leases"
	: >"$lab/$2.leases6"
	cat >"$lab/$2.conf" <<'EOF'
authoritative;
class "http" {
	match if substring(option vendor-class-identifier, 0, 10) = "HTTPClient";
	option vendor-class-identifier "HTTPClient";
	filename "http://10.77.0.1:9/none.efi";
}
subnet 10.77.0.0 netmask 255.255.255.0 {
	range 10.77.0.100 10.77.0.199;
}
EOF
	cat >"$lab/$2.conf6" <<'EOF'
authoritative;
subnet6 fd77::/64 {
	range6 fd77::100 fd77::1ff;
}
EOF
	lab_in "$1" dhcpd -4 -f -d --no-pid -cf "$lab/$2.conf" \
	    -lf "$lab/$2.leases" eth0 >"$lab/$2.house4" 2>&1 &
	lab_in "$1" dhcpd -6 -f -d --no-pid -cf "$lab/$2.conf6" \
	    -lf "$lab/$2.leases6" eth0 >"$lab/$2.house" 2>&1 &
}

serve_kea6()
{
	cat >"$lab/$2.conf" <<'EOF'
{ "Dhcp4": {
	"interfaces-config": { "interfaces": [ "eth0" ] },
	"lease-database": { "type": "memfile", "persist": false },
	"client-classes": [ { "name": "http",
	    "test": "substring(option[60].text,0,10) == 'HTTPClient'",
	    "boot-file-name": "http://10.77.0.1:9/none.efi",
	    "option-data": [ { "code": 60, "data": "HTTPClient",
		"always-send": true } ] } ],
	"subnet4": [ { "subnet": "10.77.0.0/24", "pools": [
	    { "pool": "10.77.0.100 - 10.77.0.199" } ] } ]
} }
EOF
	cat >"$lab/$2.conf6" <<'EOF'
{ "Dhcp6": {
	"interfaces-config": { "interfaces": [ "eth0" ] },
	"lease-database": { "type": "memfile", "persist": false },
	"server-id": { "type": "LL", "persist": false },
	"subnet6": [ { "subnet": "fd77::/64", "interface": "eth0", "pools": [
	    { "pool": "fd77::100 - fd77::1ff" } ] } ],
	"loggers": [ { "name": "kea-dhcp6", "severity": "INFO",
	    "output_options": [ { "output": "stdout" } ] } ]
} }
EOF
	KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$lab lab_in "$1" kea-dhcp4 \
	    -c "$lab/$2.conf" >"$lab/$2.house4" 2>&1 &
	KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$lab lab_in "$1" kea-dhcp6 \
	    -c "$lab/$2.conf6" >"$lab/$2.house" 2>&1 &
}

# network NAME: a bridge with our host; and another's, but for own-*.
network()
{
	lab_lan=$1
	lab_bridge
	lab_host "p-$1" 10.77.0.2
	ours=$lab_holder theirs=$lab_holder
	case $1 in
	own-*) ;;
	*) lab_host "h-$1" 10.77.0.1
		theirs=$lab_holder ;;
	esac
	case $1 in
	dnsmasq | stateless | *6)
		lab_in "$theirs" ip addr add fd77::1/64 dev eth0 nodad
		lab_in "$ours" ip addr add fd77::2/64 dev eth0 nodad
		lab_wait 20 lab_in "$theirs" sh -c \
		    '! ip -6 addr show dev eth0 tentative | grep -q inet6' ;;
	esac
	# An address of the network that has no port 9.
	nobody=10.77.0.1
	[ "$ours" != "$theirs" ] || nobody=10.77.0.2
	four=10.77.0.100,10.77.0.199,255.255.255.0,1h
	case $1 in
	dnsmasq | own-dnsmasq6)
		# HTTP boot over IPv4 is sent to where nobody is, at once:
		# so that firmware goes on to the next, over IPv6.
		serve_dnsmasq "$theirs" "$1" --dhcp-range="$four" \
		    --enable-ra --dhcp-range=fd77::100,fd77::1ff,64,1h \
		    --dhcp-vendorclass=set:http,HTTPClient \
		    --dhcp-option-force=tag:http,60,HTTPClient \
		    --dhcp-boot=tag:http,http://$nobody:9/none.efi ;;
	stateless)
		# Its router says that others know more; it itself is silent,
		# as iPXE takes the first reply, whosever that is.
		serve_dnsmasq "$theirs" "$1" --enable-ra \
		    --dhcp-range=fd77::,ra-stateless --dhcp-ignore=tag:!known ;;
	dns4 | own-dnsmasq) serve_dnsmasq "$theirs" "$1" \
		    --dhcp-range="$four" ;;
	isc | own-isc) serve_isc "$theirs" "$1" ;;
	kea | own-kea) serve_kea "$theirs" "$1" ;;
	isc6) serve_isc6 "$theirs" "$1" ;;
	kea6) serve_kea6 "$theirs" "$1" ;;
	esac
	lab_wait 20 test -s "$lab/$1.house"
	[ "$ours" != "$theirs" ] || sleep 1	# theirs has its port by then
	for daemon in proxydhcpd tftpd httpbootd; do
		lab_in "$ours" "$build/$daemon/$daemon" -v -u nobody -d "$boot" \
		    >>"$lab/$1.log" 2>&1 &
	done
	lab_wait 20 are_ready "$lab/$1.log" ||
	    lab_die 111 "our daemons did not come up: $(cat "$lab/$1.log")"
}

are_ready()
{
	[ "$(grep -c 'info: ready' "$1")" -eq 3 ]
}

prompts()
{
	[ "$(grep -ao '=> ' "$lab/$1.console" | wc -l)" -gt "$2" ]
}

# What a person types at U-Boot, whose own code heeds no proxy: from whom.
type_to_uboot()
{
	lab_wait 120 grep -aqs 'Hit any key' "$lab/$1.console" || return
	until prompts "$1" 0; do
		printf '\n' >"$lab/$1.in"
		sleep 0.3
	done
	sleep 3		# all those newlines have had their prompts
	for line in 'setenv autoload no' dhcp 'setenv serverip 10.77.0.2' \
	    "tftpboot 40400000 loader/22" "bootefi 40400000" \
	    "tftpboot 40400000 machine/$(mac_of "$1")/ran"; do
		had=$(grep -ao '=> ' "$lab/$1.console" | wc -l)
		printf '%s\n' "$line" >"$lab/$1.in"
		lab_wait 60 prompts "$1" "$had" || return
	done
}

# Has the log of its network each line of the table, one after the other?
is_through()
{
	through_net=$2 through_mac=$(mac_of "$1")
	shift 2
	through_at=1
	for through_want in "$@"; do
		through_want=$(echo "$through_want" |
		    sed "s/MAC/$through_mac/; s/_/ /g")
		case $through_want in
		tftpd*|httpbootd*) ;;
		*) through_want="proxydhcpd: info: $through_mac: $through_want" ;;
		esac
		through_next=$(tail -n "+$through_at" "$lab/$through_net.log" |
		    grep -n -m 1 "$through_want" | cut -d: -f1)
		[ -n "$through_next" ] || return 1
		through_at=$((through_at + through_next))
	done
}

boot_case()
{
	name=$1 kind=$2 lab_lan=$3
	lab_power_on "$name" "$(mac_of "$name" | tr - :)" "$kind"
	[ "$kind" != uboot ] || type_to_uboot "$name" &
	began=$(lab_now)
	shift 2
	lab_wait "$patience" is_through "$name" "$@"
	echo "$? $(lab_since "$began")" >"$lab/$name.result"
	kill -KILL "$lab_qemu"
}

report()
{
	n=$((n + 1))
	read -r status seconds <"$lab/$1.result"
	if [ "$status" -eq 0 ]; then
		echo "ok $n - $1 ($2) beside $3: $seconds s"
		return
	fi
	echo "not ok $n - $1 ($2) beside $3"
	{
		grep -v 'router solicitation' "$lab/$3.log" | tail -n 25
		tail -n 10 "$lab/$3.house"
		tr -d '\r' <"$lab/$1.console" | tail -n 15 | cut -c 1-200 |
		    sed 's/\x1b\[[0-9;]*[A-Za-z]//g'
	} | sed 's/^/# /'
}

running()
{
	running_n=0
	for case in $started; do
		[ -e "$lab/$case.result" ] || running_n=$((running_n + 1))
	done
	echo "$running_n"
}

has_room()
{
	[ "$(running)" -lt "$at_once" ]
}

all_done()
{
	[ "$(running)" -eq 0 ]
}

rm -rf "$lab"
mkdir -p "$lab"
[ $# -eq 0 ] || only=$1		# one of the table alone, by name
ip link set lo up
make_boot
wanted=$(table | grep "^${only:-}" | cut -d' ' -f1)
for net in $(table | grep "^${only:-}" | cut -d' ' -f3 | sort -u); do
	network "$net"
done
started=
for case in $wanted; do
	lab_wait 600 has_room
	line=$(table | grep "^$case ")
	# The words of its line.
	# shellcheck disable=SC2086
	boot_case $line &
	started="$started $case"
done
lab_wait 600 all_done
for case in $wanted; do
	line=$(table | grep "^$case " | cut -d' ' -f1-3)
	# shellcheck disable=SC2086
	report $line
done
echo "1..$n"
