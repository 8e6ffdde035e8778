# SPDX-License-Identifier: ISC
# What firmware and loaders need to fetch files from tftpd: somebody else's
# DHCP server that sends them to us, loaders, and a U-Boot to type at.
# Sourced behind lab.sh.
# shellcheck shell=sh disable=SC2154	# what it uses is lab.sh's

n=0
pub=$boot/pub

truth()
{
	n=$((n + 1))
	truth_name=$1
	shift
	if "$@"; then
		echo "ok $n - $truth_name"
	else
		echo "not ok $n - $truth_name"
		tail -n 20 "$lab/tftpd.log" | sed 's/^/# /'
		tail -qn 5 "$lab"/*.console | tr -cd '\n -~' | sed 's/^/# /'
	fi
}

# iPXE's EFI program, and PXELINUX with GRUB as what it boots.
tftp_loaders()
{
	mkdir -p "$pub/pxelinux.cfg" "$boot/seen"
	cp "$(lab_firmware /usr/lib/ipxe/snponly.efi \
	    /usr/share/ipxe/snponly.efi)" "$pub/ipxe.efi"
	cp "$(lab_firmware /usr/lib/PXELINUX/pxelinux.0 \
	    /usr/share/syslinux/pxelinux.0)" \
	    "$(lab_firmware /usr/lib/syslinux/modules/bios/ldlinux.c32 \
	    /usr/share/syslinux/ldlinux.c32)" "$pub"
	printf 'default grub\nlabel grub\n\tkernel grub.0\n' \
	    >"$pub/pxelinux.cfg/default"
}

# tftp_grub FORMAT FILE MODULE...: one that does what standard input says.
tftp_grub()
{
	grub_format=$1 grub_file=$2
	shift 2
	cat >"$lab/grub.cfg"
	grub-mkimage -O "$grub_format" -o "$pub/$grub_file" -p /grub \
	    -c "$lab/grub.cfg" "$@" net tftp halt
}

# A DHCP server that names us as the boot server; 52:54:00:00:00:08 gets GRUB.
tftp_house()
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

tftp_server()
{
	nsenter --net="/proc/$pixie/ns/net" -- "$build/tftpd/tftpd" -v \
	    -d "$boot" 2>"$lab/tftpd.log" &
	lab_wait 20 grep -q 'info: ready' "$lab/tftpd.log" ||
	    lab_die 111 "tftpd did not come up: $(cat "$lab/tftpd.log")"
}

# U-Boot for PCs, with a network card that it knows.
tftp_power_on_uboot()
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

# tftp_tell_uboot COMMANDS: a key a second, until it gives its prompt; then
# what it is to do, all on one line: what is typed while it works is lost.
tftp_tell_uboot()
{
	for _ in $(seq 250); do
		grep -aqs '=> ' "$lab/uboot.console" && break
		printf ' ' >"$lab/uboot.in"
		sleep 1
	done
	sleep 1
	printf '\003\n' >"$lab/uboot.in"
	sleep 1
	printf '%s\n' "$1" >"$lab/uboot.in"
}

# sent FILE [WORDS]: tftpd says that a client has it to its last octet.
sent()
{
	lab_wait "$patience" grep -q "info: sent .* file=$1 .*${2:-}" \
	    "$lab/tftpd.log"
}
