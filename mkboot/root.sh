#!/bin/sh
# SPDX-License-Identifier: ISC
# Makes a root tree that machines can share read-only over NFS: a small
# Debian with systemd, and a kernel in it.  Run as root.
#
#   root.sh [-k VERSION | -K | -g] [-p] [-s SUITE] DIR
#
# -k: this host's kernel VERSION and its modules (default: the running one).
# -K: the distribution's cloud kernel instead, for virtual machines.
# -g: the distribution's kernel for all hardware.
# -p: root may log in on the console without a password.
set -eu

version=$(uname -r)
kernel=
password=false
suite=bookworm
# What a console, a network and a login by either need; no more.
packages=systemd-sysv,udev,dbus,kmod,iproute2,iputils-ping,procps,less,vim-tiny
packages=$packages,openssh-server

die()
{
	status=$1
	shift
	echo "root.sh: fatal: $*" >&2
	exit "$status"
}

while getopts gk:Kps: flag; do
	case $flag in
	k) version=$OPTARG ;;
	K) kernel=linux-image-cloud- ;;
	g) kernel=linux-image- ;;
	p) password=true ;;
	s) suite=$OPTARG ;;
	*) die 100 "usage: root.sh [-k version | -K | -g] [-p] [-s suite] dir" ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || die 100 "usage: root.sh [-k version | -K | -g] [-p] [-s suite] dir"
[ "$(id -u)" -eq 0 ] || die 100 "root must run this: it makes a system's files"
target=$1
[ ! -e "$target" ] || die 100 "$target is there already"

if [ -z "$kernel" ] && ! { [ -e "/boot/vmlinuz-$version" ] &&
    [ -d "/lib/modules/$version" ]; }; then
	die 100 "no kernel $version here (/boot/vmlinuz-$version and" \
	    "/lib/modules/$version); there are:" \
	    "$(find /boot -name 'vmlinuz-*' 2>/dev/null | tr '\n' ' ')"
fi

# Built beside, and renamed when whole: half a tree is never served.
folder=$(cd "$(dirname "$target")" 2>/dev/null && pwd) ||
    die 100 "$(dirname "$target") is no folder; make it first"
new=$folder/.$(basename "$target").new
log=$new.log
cleanup()
{
	umount "$new/proc" "$new/sys" 2>/dev/null || true
	# Never into this host's own /dev or /sys, should one be left there.
	if grep -qF " $new/" /proc/self/mounts; then
		echo "root.sh: warn: still mounted below $new: left alone" >&2
		return 1
	fi
	rm -rf "$new"
}
cleanup || die 111 "an earlier run was cut off; umount it, then rm -r it"
trap 'cleanup || true' EXIT
trap 'exit 130' INT TERM HUP

if ! debootstrap --variant=minbase --include="$packages" "$suite" "$new" \
    >"$log" 2>&1; then
	tail -n 5 "$log" >&2
	die 111 "debootstrap failed; all it said: $log"
fi

# The newest of what a metapackage stands for, unpacked without its scripts:
# they would build an initrd that nobody here boots.
add_packaged_kernel()
{
	cp /etc/resolv.conf "$new/etc/resolv.conf" 2>/dev/null || true
	# shellcheck disable=SC2016
	chroot "$new" sh -euc '
		cd /var/cache/apt/archives
		meta=$1$(dpkg --print-architecture)
		apt-get -q update
		kernel=$(apt-cache depends --important "$meta" |
		    sed -n "s/.*Depends: \(linux-image-[0-9]\)/\1/p" | head -n 1)
		apt-get -q download "$kernel"
		# Not dpkg-deb -x: it would put a folder where /lib is a link.
		dpkg-deb --fsys-tarfile "$kernel"_*.deb |
		    tar -x --keep-directory-symlink -C /
		rm -f "$kernel"_*.deb
		for tree in /lib/modules/*; do depmod "${tree##*/}"; done
	' sh "$kernel"
}

add_host_kernel()
{
	cp "/boot/vmlinuz-$version" "$new/boot/"
	mkdir -p "$new/lib/modules"
	cp -a "/lib/modules/$version" "$new/lib/modules/"
	rm -f "$new/lib/modules/$version/build" \
	    "$new/lib/modules/$version/source"
}

if [ -n "$kernel" ]; then
	add_packaged_kernel >>"$log" 2>&1 ||
	    die 111 "fetching the kernel failed; all it said: $log"
else
	add_host_kernel
fi

# What must not be the same on every machine, or would fight the boot: names
# and ids come with the machine's files, / and the NIC are up already.
rm -rf "$new/etc/hostname" "$new/etc/resolv.conf" "$new"/etc/ssh/ssh_host_* \
    "$new/var/lib/dbus/machine-id" "$new"/var/lib/apt/lists/* \
    "$new"/var/cache/apt/*.bin "$new"/var/cache/apt/archives/*.deb
: >"$new/etc/machine-id"
echo '# / is mounted by the initrd.' >"$new/etc/fstab"
ln -sf /proc/self/mounts "$new/etc/mtab"
# A tree that is shared read-only is brought up to date on the server.
for unit in apt-daily.timer apt-daily-upgrade.timer; do
	ln -sf /dev/null "$new/etc/systemd/system/$unit"
done
# Who boots as nobody in particular has no host keys: then no server either,
# and no failure on the screen.
mkdir -p "$new/etc/systemd/system/ssh.service.d"
printf '[Unit]\nConditionPathExistsGlob=/etc/ssh/ssh_host_*_key\n' \
    >"$new/etc/systemd/system/ssh.service.d/keys.conf"
if $password; then
	chroot "$new" passwd -q -d root
fi
mv "$new" "$target"
rm -f "$log"
trap - EXIT
