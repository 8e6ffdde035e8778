#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's own initrd, of initramfs-tools, whose nfsmount is klibc's: it boots
# on nfsroot-helper, with the port mapper and, told NFS's port, without one:
# then it looks for MOUNT on port 627.
set -u
. tests/lab/lab.sh
if [ -x /sbin/apk ] && ! command -v mkinitramfs >/dev/null; then
	echo "1..0 # SKIP initramfs-tools are Debian's"
	exit 0
fi
lab_enter "$@"

n=0

truth()
{
	n=$((n + 1))
	what=$1
	shift
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		tail -n 20 "$lab"/*mapper.log "$lab"/*.console | sed 's/^/# /'
	fi
}

# The initrd with what the card, the machine's lab and NFS need.
make_initrd()
{
	mkdir -p "$lab/conf/scripts"
	printf '%s\n' MODULES=list BOOT=nfs COMPRESS=gzip \
	    >"$lab/conf/initramfs.conf"
	printf '%s\n' virtio_pci virtio_net af_packet nfs nfsv3 \
	    >"$lab/conf/modules"
	# Of the tree's kernel, not of this host's: ours is the mount namespace.
	# A host without a kernel of its own lacks the folder.
	lacking=
	[ -d /lib/modules ] || { mkdir /lib/modules && lacking=yes; }
	mount --bind "$boot/root/debian/usr/lib/modules" /lib/modules &&
	    mount --bind "$boot/root/debian/boot" /boot &&
	    mkinitramfs -d "$lab/conf" -o "$lab/initrd" "$lab_version"
	made_status=$?
	umount /boot /lib/modules
	[ -z "$lacking" ] || rmdir /lib/modules
	return "$made_status"
}

# serve NAME ADDRESS COMMAND...: the daemon on a host of its own.
serve()
{
	lab_host "$1" "$2"
	who=$1
	shift 2
	lab_in "$lab_holder" sysctl -q -w net.ipv4.ip_unprivileged_port_start=600
	nsenter --net="/proc/$lab_holder/ns/net" -- "$@" -d "$boot" \
	    >"$lab/$who.log" 2>&1 &
	lab_wait 20 grep -q 'info: ready' "$lab/$who.log" ||
	    lab_die 111 "$(cat "$lab/$who.log")"
}

# boot NAME MAC NFSROOT: the kernel from this host, as any loader gives it.
boot()
{
	cat >"$lab/$1.conf" <<-EOT
	[machine]
	  kernel = "$lab/kernel"
	  initrd = "$lab/initrd"
	  append = "console=ttyS0,115200 boot=nfs ip=dhcp nfsroot=$3"
	EOT
	lab_more="-readconfig $lab/$1.conf"
	lab_power_on "$1" "$2" bios
	qemus="$qemus $lab_qemu"
}

# says_so NAME WORD COMMAND TEXT: what a command in the machine prints is TEXT.
says_so()
{
	# A line of its own, as the shell may write to the terminal before it.
	printf '%s\n' "echo; echo \"$2=\"\$($3)" >"$lab/$1.in"
	lab_wait 150 grep -aq "^$2=" "$lab/$1.console" || return 1
	said=$(tr -d '\r' <"$lab/$1.console" | sed -n "s/^$2=//p" | tail -n 1)
	[ "$said" = "$4" ] || { echo "# want $4, got $said"; return 1; }
}

# runs NAME ADDRESS: the whole Debian is up, and its root is there.
runs()
{
	truth "$1: Debian boots to its prompt" \
	    lab_wait 600 grep -aqs "login:" "$lab/$1.console"
	printf 'root\n' >"$lab/$1.in"
	truth "it lets root in" \
	    lab_wait 60 grep -aq 'root@' "$lab/$1.console"
	truth "its root is the export, and nothing else" says_so "$1" a \
	    "sed -n 's, / nfs ro.*,,p' /proc/mounts" "$2:/debian"
}

rm -rf "$lab"
mkdir -p "$lab"
lab_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
make_initrd >>"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
cp "$boot/root/debian/boot/vmlinuz-$lab_version" "$lab/kernel"
lab_network
lab_house
qemus=
serve mapper 10.77.0.3 "$build/nfsroot-helper/nfsroot-helper"
# Nobody may have port 111, but 627.
serve nomapper 10.77.0.4 setpriv --reuid nobody --clear-groups \
    --inh-caps +dac_read_search --ambient-caps +dac_read_search \
    "$build/nfsroot-helper/nfsroot-helper"
boot mapped 52:54:00:00:00:0a 10.77.0.3:/debian
boot unmapped 52:54:00:00:00:0b 10.77.0.4:/debian,port=2049

runs mapped 10.77.0.3
runs unmapped 10.77.0.4
truth "where there was no port mapper" \
    grep -q 'no port mapper: port 111: Permission denied' "$lab/nomapper.log"
# shellcheck disable=SC2086	# a list
kill -KILL $qemus
echo "1..$n"
