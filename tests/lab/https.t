#!/bin/sh
# SPDX-License-Identifier: ISC
# HTTPS boot by real firmware: OVMF, with the house's CA certificate enrolled,
# over IPv4 (our proxydhcpd names the URL) and IPv6 (a foreign server does);
# one that knows another CA runs nothing.
set -u
LAB_NO_TREE=1
export LAB_NO_TREE
. tests/lab/lab.sh
lab_enter "$@"

n=0
boot=$lab/boot
patience=${PATIENCE:-300}	# seconds for a machine
four=52:54:00:00:00:31 six=52:54:00:00:00:32 stranger=52:54:00:00:00:33

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$lab/said" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 15 "$lab"/said "$lab"/https.log "$lab"/proxy.log \
		    "$lab"/house.log "$lab"/*.console 2>/dev/null |
		    tr -d '\033\r' | sed 's/^/# /'
	fi
}

# make_ca NAME
make_ca()
{
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=CA $1" \
	    -keyout "$lab/$1.key" -out "$lab/$1.pem"
}

# Two CAs, and a certificate of the first for the server's addresses.
make_keys()
{
	make_ca ca && make_ca other &&
	    openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
	    -CA "$lab/ca.pem" -CAkey "$lab/ca.key" -subj /CN=pixie \
	    -addext basicConstraints=critical,CA:FALSE \
	    -addext subjectAltName=IP:10.77.0.2,IP:fd77::2 \
	    -keyout "$lab/boot.key" -out "$lab/boot.pem"
}

# enroll CERTIFICATE: as an EFI_SIGNATURE_LIST (UEFI specification, 32.4.1) of
# X.509, which OVMF takes from QEMU (OvmfPkg TlsAuthConfigLib.c).
enroll()
{
	openssl x509 -in "$1" -outform DER | perl -e '
		binmode STDIN;
		binmode STDOUT;
		my $der = join "", <STDIN>;
		my $x509 = pack "H*", "a159c0a5e494a74a87b5ab155c2bf072";
		my $size = 16 + length $der;
		print $x509, pack("V3", 28 + $size, 0, $size), "\0" x 16, $der'
}

fill()
{
	"$mkboot" create -d "$boot" -u nobody || return
	mkdir -p "$boot/pub/loader" "$boot/image/any" "$boot/machine/default" \
	    "$boot/offer"
	ln -s ../../image/any "$boot/machine/default/image"
	echo https://10.77.0.2 >"$boot/offer/http"
	printf 'terminal_output console\necho "GRUB runs"\nsleep 3600\n' \
	    >"$lab/grub.cfg"
	grub-mkimage -O x86_64-efi -c "$lab/grub.cfg" -p /boot/grub \
	    -o "$boot/pub/loader/grub.efi" normal echo sleep terminal \
	    configfile || return
	ln -s grub.efi "$boot/pub/loader/16"
	make_keys && enroll "$lab/ca.pem" >"$lab/ca.list" &&
	    enroll "$lab/other.pem" >"$lab/other.list"
}

# An IPv4 address for who is to boot by that.  Option 16: see http.t.
start_house()
{
	lab_in "$house" ip addr add fd77::1/64 dev eth0 nodad
	lab_in "$pixie" ip addr add fd77::2/64 dev eth0 nodad
	url="https://[fd77::2]/loader/grub.efi"
	lab_in "$house" dnsmasq --keep-in-foreground --conf-file=/dev/null \
	    --user=root --port=0 --interface=eth0 --bind-interfaces \
	    --dhcp-range=tag:four,10.77.0.100,10.77.0.199,255.255.255.0,1h \
	    --dhcp-range=tag:six,fd77::100,fd77::1ff,64,1h --enable-ra \
	    --dhcp-host="$four,set:four" --dhcp-host="$stranger,set:four" \
	    --dhcp-host="$six,set:six" \
	    --dhcp-option="option6:bootfile-url,$url" \
	    --dhcp-option-force=option6:16,pixiHTTPClient \
	    --dhcp-authoritative --no-ping --log-dhcp --log-facility=- \
	    --dhcp-leasefile="$lab/house.leases" >"$lab/house.log" 2>&1 &
}

start_pixie()
{
	lab_in "$pixie" "$build/httpbootd/httpbootd" -v -u nobody -d "$boot" \
	    -c "$lab/boot.pem" -k "$lab/boot.key" >"$lab/https.log" 2>&1 &
	lab_in "$pixie" "$build/proxydhcpd/proxydhcpd" -i eth0 -d "$boot" \
	    -u nobody >"$lab/proxy.log" 2>&1 &
	lab_wait 20 grep -q 'info: ready' "$lab/https.log" &&
	    lab_wait 20 grep -q 'info: ready' "$lab/proxy.log"
}

# power_on NAME MAC CA
power_on()
{
	lab_more="-fw_cfg name=etc/edk2/https/cacerts,file=$lab/$3.list"
	lab_power_on "$1" "$2" uefi-http
}

runs()
{
	lab_wait "$patience" grep -aqs 'GRUB runs' "$lab/$1.console"
}

# fetched CLIENT: HEAD, then all of it, says the server's log.
fetched()
{
	for event in head sent; do
		grep -Eq " $event client=$1 file=loader/grub.efi status=200 " \
		    "$lab/https.log" || return
	done
}

# It called, says that it got nothing, and asked for nothing.
turns_away()
{
	lab_wait "$patience" grep -aqs 'Error: ' "$lab/$1.console" || return
	address=$(awk -v mac="$2" '$2 == mac { print $3 }' "$lab/house.leases")
	grep -q "connection opened: client=$address " "$lab/https.log" &&
	    ! grep -q " [a-z]* client=$address file=" "$lab/https.log" &&
	    ! grep -aq 'GRUB runs' "$lab/$1.console"
}

rm -rf "$lab"
mkdir -p "$lab"
lab_network
truth "a CA, a certificate, a first program" fill
start_house
truth "our daemons start" start_pixie

power_on six "$six" ca	# it tries IPv4 first, for a minute
q_six=$lab_qemu
power_on four "$four" ca
q_four=$lab_qemu
power_on stranger "$stranger" other
q_stranger=$lab_qemu
truth "OVMF boots by HTTPS over IPv4" runs four
truth "it asked HEAD and GET from an IPv4 address" fetched '10\.77\.0\.1..'
truth "OVMF that knows another CA turns away" \
    turns_away stranger "$stranger"
truth "OVMF boots by HTTPS over IPv6" runs six
truth "it asked HEAD and GET from an IPv6 address" fetched 'fd77::1..'
kill -KILL "$q_four" "$q_six" "$q_stranger"

rm -rf "$boot"
echo "1..$n"
