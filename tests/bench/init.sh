#!/bin/sh
# SPDX-License-Identifier: ISC
# Seconds from the kernel's start to the root's first program: our /init, and
# the initrds of mkinitramfs and of dracut, with the same kernel (Debian's
# linux-image-amd64), the same modules, the same machine (QEMU, no KVM) and
# the same NFS root, in turn.  ROUNDS (3) of them.
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
boot=$top/build/lab/bench
made=$top/build/bench/boots	# the three initrds and their kernel
rounds=${ROUNDS:-3}

# Outside, where there still is a network to fetch the kernel by.
[ -n "${LAB_INSIDE:-}" ] || [ "$(id -u)" -ne 0 ] ||
    sh tests/bench/mkboot.sh -o "$made" || exit

# boot NAME WORDS: one boot; its seconds go to $lab/NAME.seconds.
boot()
{
	memory=512 initrd=$1 kernel=$made/kernel machine "$1" "$2" lan
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

lab_enter "$@"
rm -rf "$lab" "$boot"
mkdir -p "$lab"
"$mkboot" create -d "$boot" -u nobody >"$lab/boot.log"
small_root small
for name in ours mkinitramfs dracut; do
	cp "$made/$name" "$lab/$name.initrd"
done
lab_network
lab_house
daemon nfsroot-helper
for _ in $(seq "$rounds"); do
	boot ours "root=nfs:10.77.0.2:/small ip=dhcp overlay=none"
	boot mkinitramfs "root=/dev/nfs nfsroot=10.77.0.2:/small,tcp ip=dhcp"
	boot dracut "ip=dhcp rd.neednet=1 root=nfs:10.77.0.2:/small:$(
	    )ro,vers=3,nolock,port=2049,mountport=2049,mountproto=tcp"
done
ours=$(median ours)
echo "kernel start to the root's init: ours $ours s"
for peer in mkinitramfs dracut; do
	echo "$peer $(median $peer) s; ratio $(median $peer |
	    awk -v ours="$ours" '{ printf "%.2f", ours / $1 }');" \
	    "size $(wc -c <"$lab/$peer.initrd"), ours" \
	    "$(wc -c <"$lab/ours.initrd") octets"
done
