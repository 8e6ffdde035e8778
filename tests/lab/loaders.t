#!/bin/sh
# SPDX-License-Identifier: ISC
# Other loaders than iPXE, each with its page of the same machine: PXELINUX on
# a BIOS; shim and a signed GRUB on UEFI, by HTTP boot beside a DHCP server
# that knows nothing of it, by PXE where that one names us, and with Secure
# Boot.  Each boots until its root is mounted.
set -u
. tests/lab/lab.sh
lab_enter "$@"
boot=$lab/boot
. tests/lab/small.sh

n=0
patience=${PATIENCE:-300}

truth()
{
	n=$((n + 1))
	what=$1
	shift
	if "$@" >"$lab/said" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		tail -n 25 "$lab/said" "$lab"/*.log "$lab"/*.console \
		    2>/dev/null | tr -cd '\n -~' | cut -c 1-200 | sed 's/^/# /'
	fi
}

# image NAME WORDS: a root of its own, the same kernel and initrd.
image()
{
	small_root "$1"
	mkdir -p "$boot/pub/image/$1" "$boot/image/$1"
	echo nfs >"$boot/image/$1/kind"
	echo "console=ttyS0,115200 panic=1 $2" >"$boot/image/$1/cmdline"
	ln -s "../../root/$1" "$boot/image/$1/root"
	ln "$lab/usual.initrd" "$boot/pub/image/$1/initrd"
	cp "$debian/boot/vmlinuz-$version" "$boot/pub/image/$1/kernel"
	chmod -R a+rX "$boot/pub/image/$1"
}

make_boot()
{
	"$mkboot" create -d "$boot" -u nobody &&
	    "$mkboot" loader -d "$boot" && make_initrd usual || return
	image small "word=\"two parts\" it's" && image other overlay=none || return
	mkdir -p "$boot/machine/default/menu"
	echo 30 >"$boot/machine/default/menu/timeout"
	ln -s ../../../pub/loader "$boot/machine/default/menu/10-Boot"
	: >"$boot/machine/default/advertise"
	for i in 1 3 4; do
		mkdir -p "$boot/machine/52-54-00-00-00-0$i"
		[ "$i" -eq 1 ] || ln -s ../../pub/loader/shimx64.efi \
		    "$boot/machine/52-54-00-00-00-0$i/loader"
		"$mkboot" machine -d "$boot" -i small -h "own$i" \
		    "52-54-00-00-00-0$i" || return
	done
	"$mkboot" machine -d "$boot" -i small default
}

# QEMU has no BIOS ROM but iPXE, which is told to go on with PXELINUX as if
# that were the ROM's own first program.
alter_first_script()
{
	mv "$boot/pub/boot.ipxe" "$lab/first"
	cat - "$lab/first" >"$boot/pub/boot.ipxe" <<'EOF'
#!ipxe
iseq ${net0/mac} 52:54:00:00:00:01 || goto usual
set net0/210:string tftp://${proxydhcp/next-server}/loader/
chain tftp://${proxydhcp/next-server}/loader/pxelinux.0
:usual
EOF
}

# Addresses and no word of booting; to one machine our address as the one of
# the boot server, which is all that GRUB knows after PXE.
house()
{
	lab_in "$house" dnsmasq --keep-in-foreground --conf-file=/dev/null \
	    --user=root --port=0 --interface=eth0 --bind-interfaces \
	    --dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h \
	    --dhcp-host=52:54:00:00:00:03,set:told \
	    --dhcp-host=52:54:00:00:00:04,set:told \
	    --dhcp-boot=tag:told,,,10.77.0.2 \
	    --dhcp-authoritative --no-ping --log-dhcp --log-facility=- \
	    --dhcp-leasefile="$lab/house.leases" >"$lab/house.log" 2>&1 &
}

# is_up NAME HOSTNAME ROOT: it says who it is, in its root.
is_up()
{
	lab_wait "$patience" grep -aqs "^UP $2 root=$3" "$lab/$1.console"
}

# An arrow key, and return, once it asks.
choose_another()
{
	lab_wait "$patience" grep -aqs 'next boot device' "$lab/$1.console" ||
	    return
	sleep 1
	printf '\033[A' >"$lab/$1.in"
	sleep 1
	printf '\r' >"$lab/$1.in"
}

rm -rf "$lab"
mkdir -p "$lab"
truth "a machine's pages are rendered for all loaders" make_boot
alter_first_script
lab_network
house
for daemon in proxydhcpd tftpd httpbootd nfsroot-helper; do
	daemon "$daemon"
done

lab_power_on bios 52:54:00:00:00:01 bios
bios=$lab_qemu
lab_power_on pxe 52:54:00:00:00:03 uefi
pxe=$lab_qemu
lab_power_on secure 52:54:00:00:00:04 secure
secure=$lab_qemu
truth "PXELINUX boots a machine until its root is mounted" \
    is_up bios own1 overlay
kill -KILL "$bios" 2>/dev/null
lab_power_on late 52:54:00:00:00:05 bios
late=$lab_qemu
truth "shim and GRUB boot a machine until its root is mounted" \
    is_up pxe own3 overlay
kill -KILL "$pxe" 2>/dev/null
lab_power_on pick 52:54:00:00:00:06 bios
pick=$lab_qemu
choose_another pick &
truth "and one that has Secure Boot on" is_up secure own4 overlay
truth "whose kernel says so" grep -aq 'secureboot: Secure boot enabled' \
    "$lab/secure.console"
truth "a menu that nobody answers boots the usual image" \
    is_up late '.*' overlay
truth "one that somebody answers boots what was chosen" \
    is_up pick '.*' nfs
kill -KILL "$secure" "$late" "$pick" 2>/dev/null
echo "1..$n"
