#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot initrd beside mkinitramfs and dracut: the same kernel, Debian's
# linux-image-amd64, that is unpacked and not installed, and the same modules.
# As root: the peers look for a kernel in /boot and /lib/modules, so it is
# mounted there, for them alone.
#   mkboot.sh           time and size, in turn, ROUNDS (3) times
#   mkboot.sh -o DIR    only make DIR/ours, DIR/mkinitramfs, DIR/dracut, with
#                       a virtual machine's modules, and DIR/kernel
: "${ROUNDS:=3}"
. ./tests/bench/bench.sh
PATH=$PATH:/usr/sbin:/sbin
top=$PWD
cache=$top/build/kernel

if [ "$(id -u)" -ne 0 ]; then
	echo "bench: mkboot: not root, so that nothing is compared" >&2
	exit 100
fi

# with_kernel COMMAND...: it sees the kernel where it would be installed.
with_kernel()
{
	mkdir -p "$tmp/lib"
	# shellcheck disable=SC2016	# they are that shell's
	unshare -m sh -c 'tmp=$1 root=$2 version=$3; shift 3
	    mount --bind "$root/boot" /boot
	    mount -t tmpfs none "$tmp/lib"
	    mkdir "$tmp/lib/$version"
	    mount --bind "$root/lib/modules/$version" "$tmp/lib/$version"
	    mount --rbind "$tmp/lib" /lib/modules
	    exec "$@"' sh "$tmp" "$cache/root" "$version" "$@" >>"$tmp/peers.log" 2>&1
}

ours()
{
	file=$1
	shift
	"$build/mkboot/mkboot" initrd -d "$tmp" -F mkboot/feature \
	    -I build/out/mkboot/init/init -r "$cache/root" -k "$version" \
	    -o "$file" "$@"
}

# What initramfs-tools is told: most modules, or those of a list alone.
mkinitramfs_conf()
{
	rm -rf "$tmp/conf"
	cp -a /etc/initramfs-tools "$tmp/conf"
	echo BOOT=nfs >>"$tmp/conf/initramfs.conf"
	[ -n "$1" ] || return 0
	echo MODULES=list >>"$tmp/conf/initramfs.conf"
	cp "$1" "$tmp/conf/modules"
}
mkinitramfs_peer()
{
	mkinitramfs_conf "$2"
	with_kernel mkinitramfs -d "$tmp/conf" -o "$1" "$version"
}
dracut_peer()
{
	with_kernel dracut -q --force --no-hostonly --zstd \
	    -m "base udev-rules nfs network network-legacy" --kver "$version" --drivers \
	    "$(tr '\n' ' ' <"$2")" "$1"
}

# The names of the modules in an initrd of ours.
modules_of()
{
	cut -f 6 "$1.manifest" | sed -n 's,.*/\([^/]*\)\.ko$,\1,p'
}
# How many modules anybody's has.
count()
{
	{ "$build/mkboot/mkboot" initrd --diff "$1" "$tmp/empty" || true; } |
	    grep -c '\.ko\(\.xz\)\?$'
}

# seconds COMMAND...
seconds()
{
	from=$(date +%s.%N)
	"$@"
	date +%s.%N | awk -v from="$from" '{ printf "%.3f\n", $1 - from }'
}

# What a round takes, by whom; how large it was, and how many modules.
report()
{
	size=$(stat -c %s "$tmp/$2")
	own=$(stat -c %s "$tmp/ours")
	echo "$1: $2 $(median <"$tmp/$2.s") s, $((size / 1024)) KiB," \
	    "$(count "$tmp/$2") modules; mkboot is" \
	    "$(paste "$tmp/$2.s" "$tmp/ours.s" | awk '{ print $1 / $2 }' | median)" \
	    "times faster, $(echo "$own $size" | awk '{ printf "%.2f", $1 / $2 }') of the size"
}

# turn WHAT PEER,... LIST FLAG...: rounds of ours and of each peer.
turn()
{
	what=$1
	peers=$2
	list=$3
	shift 3
	rm -f "$tmp"/*.s
	for _ in $(seq "$rounds"); do
		seconds ours "$tmp/ours" "$@" >>"$tmp/ours.s"
		for peer in $peers; do
			seconds "${peer}_peer" "$tmp/$peer" "$list" >>"$tmp/$peer.s"
		done
	done
	echo "$what: mkboot $(median <"$tmp/ours.s") s," \
	    "$(($(stat -c %s "$tmp/ours") / 1024)) KiB," \
	    "$(modules_of "$tmp/ours" | wc -l) modules"
	for peer in $peers; do
		report "$what" "$peer"
	done
}

sh tests/live/kernel.sh
version=$(ls "$cache/root/lib/modules")
: | cpio -o -H newc --quiet >"$tmp/empty"
ours "$tmp/usual"
modules_of "$tmp/usual" >"$tmp/usual.list"

# A virtual machine's hardware.
cat >"$tmp/machine" <<EOF
pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00
virtio:d00000001v00001AF4
EOF
ours "$tmp/one" --for "$tmp/machine"
modules_of "$tmp/one" >"$tmp/one.list"

if [ "${1:-}" = -o ]; then
	mkdir -p "$2"
	out=$(cd "$2" && pwd)
	cp "$tmp/one" "$out/ours"
	mkinitramfs_peer "$out/mkinitramfs" "$tmp/one.list"
	dracut_peer "$out/dracut" "$tmp/one.list"
	cp "$cache/root/boot/vmlinuz-$version" "$out/kernel"
	exit 0
fi

turn "initrd as it comes" mkinitramfs ""
turn "initrd, the same modules" "mkinitramfs dracut" "$tmp/usual.list"
turn "initrd, one machine's modules" "mkinitramfs dracut" "$tmp/one.list" \
    --for "$tmp/machine"
