#!/bin/sh
# SPDX-License-Identifier: ISC
# Real firmware and loaders fetch their files from tftpd: OVMF, iPXE (its BIOS
# ROM and its EFI program), PXELINUX, GRUB (BIOS and EFI) and U-Boot.  Three
# machines, at once; somebody else's DHCP server sends them to us.
set -u
. tests/lab/lab.sh
lab_enter "$@"
. tests/lab/tftp.sh

# The loaders, and for each client a name of its own for the same octets.
fill()
{
	tftp_loaders
	head -c 3000000 /dev/urandom >"$pub/octets"
	for who in ipxe grub-pc grub-efi uboot; do
		ln -s octets "$pub/by-$who"
	done
	printf '#!ipxe\nimgfetch by-ipxe\nsleep 600\n' \
	    >"$pub/script.ipxe"
	speed by-grub-pc | tftp_grub i386-pc-pxe grub.0 biosdisk pxe testspeed
	speed by-grub-efi |
	    tftp_grub x86_64-efi grubx64.efi efinet testspeed
	chmod -R a+rX "$boot"
}

speed()
{
	printf 'net_bootp\ntestspeed (tftp,10.77.0.2)/%s\nhalt\n' "$1"
}

rm -rf "$lab"
mkdir -p "$lab"
fill >"$lab/fill.log" 2>&1 || lab_die 111 "$(cat "$lab/fill.log")"
lab_network
tftp_house
tftp_server

tftp_power_on_uboot
tftp_tell_uboot "setenv autoload no; dhcp; setenv serverip 10.77.0.2;\
 tftpboot 2000000 by-uboot" &
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
