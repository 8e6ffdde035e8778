#!/bin/sh
# SPDX-License-Identifier: ISC
# Real firmware and loaders fetch their files from tftpd over a bad line: 50 ms
# each way, and of 100 packets in either direction 2 are lost, 2 come twice,
# and 2 late.  iPXE (its BIOS ROM and its EFI program), PXELINUX, GRUB (BIOS
# and EFI), U-Boot and OVMF each have the whole file in the end: a program
# starts, and of other files each looks at the octets itself.
#
#   machines, DHCP server  --- bridge lan --- line.c --- bridge far ---  tftpd
#
# DHCP stays on the good side: what firmware does without it is its own affair.
set -u
# No machine here gets as far as a system of its own.
LAB_NO_TREE=1
export LAB_NO_TREE
. tests/lab/lab.sh
lab_enter "$@"
. tests/lab/tftp.sh

# The loaders, and for each client a name of its own for the same octets.
fill()
{
	tftp_loaders
	head -c 100000 /dev/urandom >"$pub/octets"
	for who in grub-pc grub-efi uboot; do
		ln -s octets "$pub/by-$who"
	done
	counting 4000 >"$pub/script.ipxe"
	echo whole >"$pub/whole"
	echo torn >"$pub/torn"
	summing by-grub-pc | tftp_grub i386-pc-pxe grub.0 biosdisk pxe \
	    hashsum gcry_sha256 serial terminal
	summing by-grub-efi | tftp_grub x86_64-efi grubx64.efi efinet \
	    hashsum gcry_sha256 serial terminal
	chmod -R a+rX "$boot"
	sum=$(sha256sum <"$pub/octets" | cut -d ' ' -f 1)
	# gzip closes with the CRC-32, lowest octet first.
	crc=$(gzip -c "$pub/octets" | tail -c 8 | od -An -tx1 -N4 |
	    awk '{ print $4 $3 $2 $1 }')
	[ ${#sum} -eq 64 ] && [ ${#crc} -eq 8 ]
}

# counting N: so many lines, in which iPXE sees whether each is at its place.
counting()
{
	printf '#!ipxe\nset n:int32 0\n'
	seq "$1" | sed "s/.*/inc n \&\& iseq \${n} & || goto torn/"
	printf 'imgfetch whole\nsleep 600\n:torn\nimgfetch torn\nsleep 600\n'
}

# summing FILE: GRUB prints its SHA-256.
summing()
{
	printf '%s\n' 'serial --unit=0 --speed=115200' \
	    'terminal_output serial' net_bootp \
	    "sha256sum (tftp,10.77.0.2)/$1" halt
}

# Two bridges, and the line between them.
bad_line()
{
	${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -o "$lab/line" \
	    tests/live/line.c || lab_die 111 "no line"
	ip link set lo up
	lab_bridge
	lab_host house 10.77.0.1
	house=$lab_holder
	lab_lan=far
	lab_bridge
	lab_host pixie 10.77.0.2
	pixie=$lab_holder
	lab_lan=lan
	"$lab/line" near0 far0 20 20 20 50 >"$lab/line.log" 2>&1 &
	lab_wait 20 grep -q ready "$lab/line.log" ||
	    lab_die 111 "the line did not come up: $(cat "$lab/line.log")"
	ip link set near0 master lan up
	ip link set far0 master far up
}

# said NAME WORDS: the machine's console, however it wraps and moves about.
said()
{
	lab_wait "$patience" on_console "$@"
}
on_console()
{
	tr -cd ' -~' <"$lab/$1.console" 2>/dev/null | grep -q "$2"
}

# All that was sent once more, of all files together.
resent()
{
	sed -n 's/.*info: sent .* resent=\([0-9]*\).*/\1/p' "$lab/tftpd.log" |
	    awk '{ sum += $1 } END { exit !(sum >= 10) }'
}

rm -rf "$lab"
mkdir -p "$lab"
fill >"$lab/fill.log" 2>&1 || lab_die 111 "$(cat "$lab/fill.log")"
bad_line
tftp_house
tftp_server

tftp_power_on_uboot
tftp_tell_uboot "setenv autoload no; dhcp; setenv serverip 10.77.0.2;\
 tftpboot 2000000 by-uboot; crc32 2000000 \${filesize}" &
lab_power_on bios 52:54:00:00:00:05 bios
lab_power_on uefi 52:54:00:00:00:06 uefi
uefi=$lab_qemu

patience=300
truth "iPXE's BIOS ROM fetches PXELINUX" sent pxelinux.0 "blksize=14"
truth "which starts, and fetches its second half" sent ldlinux.c32
truth "and its configuration" sent pxelinux.cfg/default
truth "and GRUB" sent grub.0
truth "which starts, and has all octets" said bios "$sum"
truth "OVMF fetches iPXE" sent ipxe.efi "blksize=1468"
truth "which starts, and fetches its script" sent script.ipxe "blksize=14"
truth "and finds each of its lines in place" sent whole
truth "U-Boot has all octets" said uboot "==> $crc"
kill "$uefi"
lab_power_on grub 52:54:00:00:00:08 uefi
truth "OVMF fetches GRUB" sent grubx64.efi "blksize=1468"
truth "which starts, and has all octets" said grub "$sum"
truth "what the line lost went once more" resent
echo "1..$n"
