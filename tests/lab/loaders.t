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

make_image()
{
	"$mkboot" create -d "$boot" -u nobody &&
	    "$mkboot" loader -d "$boot" >"$lab/loaders" || return
	small_root small
	mkdir -p "$boot/pub/image/small" "$boot/image/small"
	echo nfs >"$boot/image/small/kind"
	echo 'console=ttyS0,115200 panic=1 word="two parts" it'\''s' \
	    >"$boot/image/small/cmdline"
	ln -s ../../root/small "$boot/image/small/root"
	make_initrd usual || return
	cp "$lab/usual.initrd" "$boot/pub/image/small/initrd"
	cp "$debian/boot/vmlinuz-$version" "$boot/pub/image/small/kernel"
	chmod -R a+rX "$boot/pub"
	"$mkboot" machine -d "$boot" -i small default
	mkdir -p "$boot/machine/52-54-00-00-00-03" "$boot/machine/52-54-00-00-00-04"
	for i in 3 4; do
		ln -s ../../pub/loader/shimx64.efi \
		    "$boot/machine/52-54-00-00-00-0$i/loader"
	done
	for i in 1 2 3 4; do
		"$mkboot" machine -d "$boot" -i small -h "own$i" \
		    "52-54-00-00-00-0$i" || return
	done
	"$mkboot" loader -d "$boot" >>"$lab/loaders"
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

# is_up NAME HOSTNAME: it says who it is, in its root.
is_up()
{
	lab_wait "$patience" grep -aqs "^UP $2 root=overlay" "$lab/$1.console"
}

rm -rf "$lab"
mkdir -p "$lab"
truth "an image of a small root" make_image
lab_network
house
for daemon in proxydhcpd tftpd httpbootd nfsroot-helper; do
	daemon "$daemon"
done

# QEMU has no BIOS ROM but iPXE, which is told to go on with PXELINUX as if
# that were the ROM's own first program.
cat >"$boot/pub/boot.ipxe" <<'EOF'
#!ipxe
set net0/210:string tftp://${proxydhcp/next-server}/loader/
chain tftp://${proxydhcp/next-server}/loader/pxelinux.0
EOF
lab_power_on bios 52:54:00:00:00:01 bios
bios=$lab_qemu
lab_power_on pxe 52:54:00:00:00:03 uefi
pxe=$lab_qemu
lab_power_on secure 52:54:00:00:00:04 secure
truth "PXELINUX boots a machine until its root is mounted" \
    is_up bios own1
truth "shim and GRUB boot a machine until its root is mounted" \
    is_up pxe own3
truth "and one that has Secure Boot on" is_up secure own4
kill -KILL "$bios" "$pxe" "$lab_qemu" 2>/dev/null
echo "1..$n"
