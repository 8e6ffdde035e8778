#!/bin/sh
# SPDX-License-Identifier: ISC
# Real firmware and loaders fetch their files from tftpd: OVMF, iPXE (its BIOS
# ROM and its EFI program), PXELINUX, GRUB (BIOS and EFI) and U-Boot.  Three
# machines, at once; somebody else's DHCP server sends them to us.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
boot=$lab/boot
pub=$boot/pub

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 20 "$lab/tftpd.log" | sed 's/^/# /'
		tail -qn 5 "$lab"/*.console | tr -cd '\n -~' | sed 's/^/# /'
	fi
}

# The loaders, and for each client a name of its own for the same octets.
fill()
{
	mkdir -p "$pub/pxelinux.cfg" "$boot/seen"
	head -c 3000000 /dev/urandom >"$pub/octets"
	for who in ipxe grub-pc grub-efi uboot; do
		ln -s octets "$pub/by-$who"
	done
	cp "$(lab_firmware /usr/lib/ipxe/snponly.efi \
	    /usr/share/ipxe/snponly.efi)" "$pub/ipxe.efi"
	cp "$(lab_firmware /usr/lib/PXELINUX/pxelinux.0 \
	    /usr/share/syslinux/pxelinux.0)" \
	    "$(lab_firmware /usr/lib/syslinux/modules/bios/ldlinux.c32 \
	    /usr/share/syslinux/ldlinux.c32)" "$pub"
	printf 'default grub\nlabel grub\n\tkernel grub.0\n' \
	    >"$pub/pxelinux.cfg/default"
	printf '#!ipxe\nimgfetch by-ipxe\nsleep 600\n' \
	    >"$pub/script.ipxe"
	grub_image i386-pc-pxe grub.0 by-grub-pc biosdisk pxe
	grub_image x86_64-efi grubx64.efi by-grub-efi efinet
	chmod -R a+rX "$boot"
}

# grub_image FORMAT FILE FETCHES MODULE...
grub_image()
{
	format=$1 image=$2 fetches=$3
	shift 3
	printf 'net_bootp\ntestspeed (tftp,10.77.0.2)/%s\nhalt\n' \
	    "$fetches" >"$lab/grub.cfg"
	grub-mkimage -O "$format" -o "$pub/$image" -p /grub \
	    -c "$lab/grub.cfg" "$@" net tftp testspeed halt echo sleep
}

# A DHCP server that names us as the boot server.
house_with_us()
{
	lab_in "$house" dnsmasq --keep-in-foreground --conf-file=/dev/null \
	    --user=root --port=0 --interface=eth0 --bind-interfaces \
	    --dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h \
	    --dhcp-authoritative --no-ping --log-facility=- \
	    --dhcp-leasefile="$lab/house.leases" \
	    --dhcp-match=set:uefi,option:client-arch,7 \
	    --dhcp-userclass=set:ipxe,iPXE \
	    --dhcp-host=52:54:00:00:00:08,set:grub \
	    --dhcp-boot=tag:!uefi,pxelinux.0,,10.77.0.2 \
	    --dhcp-boot=tag:grub,grubx64.efi,,10.77.0.2 \
	    --dhcp-boot=tag:uefi,tag:!ipxe,tag:!grub,ipxe.efi,,10.77.0.2 \
	    --dhcp-boot=tag:uefi,tag:ipxe,script.ipxe,,10.77.0.2 \
	    >"$lab/house.log" 2>&1 &
}

# U-Boot for PCs, with a network card that it knows.
power_on_uboot()
{
	ip tuntap add dev uboot mode tap
	ip link set uboot master lan up
	mkfifo "$lab/uboot.in" "$lab/uboot.out"
	cat "$lab/uboot.out" >/dev/null &
	qemu-system-x86_64 -accel tcg -m 256 -display none -no-user-config \
	    -nodefaults -machine pc -bios /usr/lib/u-boot/qemu-x86/u-boot.rom \
	    -chardev "pipe,id=console,path=$lab/uboot,logfile=$lab/uboot.console" \
	    -serial chardev:console \
	    -netdev "tap,id=lan,ifname=uboot,script=no,downscript=no" \
	    -device "e1000,netdev=lan,mac=52:54:00:00:00:07,romfile=" \
	    >"$lab/uboot.qemu" 2>&1 &
}

# A key a second, until it gives its prompt; then what it is to do.
tell_uboot()
{
	for _ in $(seq 100); do
		grep -aqs '=> ' "$lab/uboot.console" && break
		printf ' ' >"$lab/uboot.in"
		sleep 1
	done
	sleep 1
	printf '\003\n' >"$lab/uboot.in"
	sleep 1
	# All on one line: what is typed while it works is lost.
	printf '%s\n' 'setenv autoload no; dhcp; setenv serverip 10.77.0.2;' \
	    'tftpboot 2000000 by-uboot' | tr '\n' ' ' >"$lab/uboot.in"
	printf '\n' >"$lab/uboot.in"
}

# sent FILE [WORDS]: tftpd says that a client has it to its last octet.
sent()
{
	lab_wait "$patience" grep -q "info: sent .* file=$1 .*${2:-}" \
	    "$lab/tftpd.log"
}

rm -rf "$lab"
mkdir -p "$lab"
fill >"$lab/fill.log" 2>&1 || lab_die 111 "$(cat "$lab/fill.log")"
lab_network
house_with_us
nsenter --net="/proc/$pixie/ns/net" -- "$build/tftpd/tftpd" -v -d "$boot" \
    2>"$lab/tftpd.log" &
lab_wait 20 grep -q 'info: ready' "$lab/tftpd.log" ||
    lab_die 111 "tftpd did not come up: $(cat "$lab/tftpd.log")"

power_on_uboot
tell_uboot &
lab_power_on bios 52:54:00:00:00:05 bios
lab_power_on uefi 52:54:00:00:00:06 uefi

patience=240
truth "iPXE's BIOS ROM fetches PXELINUX" sent pxelinux.0 "blksize=14"
truth "PXELINUX fetches its second half" sent ldlinux.c32 "blksize=1408"
truth "and its configuration" sent pxelinux.cfg/default "blksize=1408"
truth "and a network program" sent grub.0 "blksize=1408"
truth "GRUB on a BIOS fetches 3 MB" sent by-grub-pc "bytes=3000000"
truth "OVMF asks for a size first, and that is called a size probe" \
    lab_wait "$patience" grep -q "size probe client=.* file=ipxe.efi code=8" \
    "$lab/tftpd.log"
truth "OVMF fetches iPXE" sent ipxe.efi "blksize=1468"
truth "iPXE's EFI program fetches its script" sent script.ipxe "blksize=14"
truth "iPXE's EFI program fetches 3 MB" sent by-ipxe "bytes=3000000"
# By the firmware itself: below an iPXE that goes on using the card, GRUB
# loses packets, and sometimes finds no way to send one.
lab_power_on grub 52:54:00:00:00:08 uefi
truth "OVMF fetches GRUB" sent grubx64.efi "blksize=1468"
truth "GRUB on UEFI fetches 3 MB" sent by-grub-efi "blksize=1024"
truth "U-Boot fetches 3 MB" sent by-uboot "blksize=1468"
truth "U-Boot says that it has them all" lab_wait "$patience" \
    grep -aq 'Bytes transferred = 3000000' "$lab/uboot.console"
truth "nothing broke on the way" sh -c \
    "! grep 'info: broke' '$lab/tftpd.log'"
echo "1..$n"
