#!/bin/sh
# SPDX-License-Identifier: ISC
# Seconds from the kernel's start to the root's first program: our /init, and
# the initrds of mkinitramfs and of dracut, with the same kernel, the same
# machine (QEMU, no KVM) and the same NFS root, in turn.  ROUNDS (3) of them.
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
boot=$top/build/lab/bench
tools=$top/build/lab/tools	# a root tree with both tools in it
rounds=${ROUNDS:-3}

# Where there still is a network: made once, kept until `make clean'.
make_tools()
{
	[ ! -e "$tools/.made" ] || return 0
	sh tests/lab/tree.sh || exit
	echo "init: making a root tree with mkinitramfs and dracut (once)"
	rm -rf "$tools"
	cp -a --reflink=auto "$debian" "$tools"
	cp /etc/resolv.conf "$tools/etc/resolv.conf"
	cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d "$tools/etc/apt/"
	cp -r /usr/share/keyrings "$tools/usr/share/"
	unshare --mount -- chroot "$tools" sh -c 'apt-get -q update &&
	    DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
	    --no-install-recommends initramfs-tools-core dracut-core \
	    dracut-network nfs-common klibc-utils busybox kmod zstd \
	    isc-dhcp-client iputils-arping curl' >"$tools.log" 2>&1 ||
	    lab_die 111 "no tools: $(tail -n 5 "$tools.log")"
	: >"$tools/.made"
}

# in_tools COMMAND: there, with devices and processes.
in_tools()
{
	unshare --mount -- sh -c "mount -t proc proc '$tools/proc' &&
	    mount --rbind /dev '$tools/dev' && exec chroot '$tools' $1" \
	    >>"$lab/tools.log" 2>&1 || lab_die 111 "$(tail "$lab/tools.log")"
}

others()
{
	sed -i 's/^BOOT=.*/BOOT=nfs/' \
	    "$tools/etc/initramfs-tools/initramfs.conf"
	in_tools "mkinitramfs -o /tmp/mkinitramfs.initrd $version"
	in_tools "dracut --force --no-hostonly --no-hostonly-cmdline \
	    --add 'nfs network-legacy' \
	    --omit 'systemd-networkd network-manager' \
	    --add-drivers 'virtio_net virtio_pci nfs nfsv3 overlay' \
	    /tmp/dracut.initrd $version"
	mv "$tools/tmp/mkinitramfs.initrd" "$tools/tmp/dracut.initrd" "$lab/"
}

# boot NAME WORDS: one boot; its seconds go to $lab/NAME.seconds.
boot()
{
	memory=512 initrd=$1 machine "$1" "$2" lan
	eval "process=\$machine_$1"
	lab_wait 240 ended "$process" || kill "$process"
	ip link del "${1}0"
	if ! grep -aq '^UPTIME' "$lab/$1.console"; then
		tail -n 20 "$lab/$1.console"
		lab_die 111 "$1 did not boot: $lab/$1.console"
	fi
	tr -d '\r' <"$lab/$1.console" | sed -n 's/^UPTIME //p' \
	    >>"$lab/$1.seconds"
}

# median NAME
median()
{
	sort -g "$lab/$1.seconds" | awk '{ v[NR] = $1 }
	    END { printf "%.2f", v[int((NR + 1) / 2)] }'
}

[ -n "${LAB_INSIDE:-}" ] || [ "$(id -u)" -ne 0 ] || make_tools
lab_enter "$@"
rm -rf "$lab" "$boot"
mkdir -p "$lab"
"$mkboot" create -d "$boot" -u nobody >"$lab/boot.log"
small_root small
make_initrd usual
others
lab_network
lab_house
daemon nfsroot-helper
for _ in $(seq "$rounds"); do
	boot usual "root=nfs:10.77.0.2:/small ip=dhcp overlay=none"
	boot mkinitramfs "root=/dev/nfs nfsroot=10.77.0.2:/small,tcp ip=dhcp"
	boot dracut "ip=dhcp rd.neednet=1 root=nfs:10.77.0.2:/small:$(
	    )ro,vers=3,nolock,port=2049,mountport=2049,mountproto=tcp"
done
ours=$(median usual)
echo "kernel start to the root's init: ours $ours s"
for peer in mkinitramfs dracut; do
	echo "$peer $(median $peer) s; ratio $(median $peer |
	    awk -v ours="$ours" '{ printf "%.2f", ours / $1 }');" \
	    "size $(wc -c <"$lab/$peer.initrd"), ours" \
	    "$(wc -c <"$lab/usual.initrd") octets"
done
