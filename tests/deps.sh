#!/bin/sh
# SPDX-License-Identifier: ISC
# Installs what a goal of the makefile lacks, saying what, when we are root;
# else says the one command that would.   deps.sh build|demo|serve|check|bench
set -eu

# goal  how to see that it is there  Debian's packages  Alpine's packages
# cmd: a command; pc: a pkg-config module; file: a file, any of the matches.
# -: Alpine's name is Debian's.
table()
{
	cat <<'EOF'
build cmd:cc gcc,libc6-dev build-base
build file:/usr/include/stdio.h libc6-dev musl-dev
build file:/usr/include/linux/landlock.h linux-libc-dev linux-headers
build cmd:pkg-config pkg-config pkgconf
build pc:libbsd-overlay libbsd-dev libbsd-dev
build file:/usr/lib/*/libbsd.a|/usr/lib/libbsd.a libbsd-dev libbsd-static
build file:/usr/lib/*/libmd.a|/usr/lib/libmd.a libmd-dev libmd-dev
build pc:libmicrohttpd libmicrohttpd-dev libmicrohttpd-dev
build pc:libtirpc libtirpc-dev libtirpc-dev
build pc:libkmod libkmod-dev kmod-dev
build pc:libarchive libarchive-dev libarchive-dev
build pc:libmd libmd-dev libmd-dev
build pc:libzstd libzstd-dev zstd-dev
build pc:zlib zlib1g-dev zlib-dev
build pc:liblzma liblzma-dev xz-dev
build pc:liblz4 liblz4-dev lz4-dev
serve cmd:runsvdir runit runit
serve cmd:debootstrap debootstrap debootstrap
serve cmd:ssh-keygen openssh-client openssh-keygen
serve cmd:ip iproute2 iproute2
serve file:/usr/*/ipxe/undionly.kpxe ipxe ipxe
serve file:/usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring -
demo cmd:qemu-system-x86_64 qemu-system-x86 qemu-system-x86_64
demo file:/usr/*/ipxe/qemu/pxe-virtio.rom|/usr/share/qemu/pxe-virtio.rom ipxe-qemu qemu
demo file:/usr/share/OVMF/OVMF_CODE_4M.fd|/usr/share/OVMF/OVMF_CODE.fd ovmf ovmf
demo file:/usr/share/seabios/bios-256k.bin|/usr/share/qemu/bios-256k.bin seabios seabios
demo cmd:dnsmasq dnsmasq-base dnsmasq
demo cmd:unshare util-linux util-linux
demo cmd:setpriv util-linux setpriv
check cmd:gcc gcc build-base
check cmd:clang clang clang
check file:/usr/lib/*/lib/clang/*/lib/*/libclang_rt.fuzzer* libclang-rt-14-dev compiler-rt
check pc:cmocka libcmocka-dev cmocka-dev
check cmd:prove perl perl-utils
check cmd:shellcheck shellcheck shellcheck
check cmd:clang-tidy clang-tidy clang-extra-tools
check cmd:mandoc mandoc mandoc
check cmd:curl curl curl
check cmd:wget wget wget
check cmd:busybox busybox-static busybox
check cmd:tftp tftp-hpa tftp-hpa
check cmd:atftp atftp atftp
check cmd:nfs-ls libnfs-utils libnfs
check cmd:showmount nfs-common nfs-utils
check cmd:exportfs nfs-kernel-server nfs-utils
check cmd:rpcbind rpcbind rpcbind
check cmd:rpcinfo rpcbind rpcbind
check file:/usr/lib/klibc/bin/nfsmount klibc-utils -
check cmd:ganesha.nfsd nfs-ganesha,nfs-ganesha-vfs -
check cmd:openssl openssl openssl
check cmd:grub-mkrescue grub-common grub
check file:/usr/lib/grub/x86_64-efi/http.mod grub-efi-amd64-bin grub-efi
check cmd:xorriso xorriso xorriso
check cmd:mformat mtools mtools
check file:/usr/lib/klibc/bin/nfsmount|/sbin/apk klibc-utils -
check file:/usr/sbin/mkinitramfs|/sbin/apk initramfs-tools-core -
check file:/usr/bin/ganesha.nfsd|/sbin/apk nfs-ganesha,nfs-ganesha-vfs -
check cmd:nginx nginx-light nginx
check cmd:lighttpd lighttpd lighttpd
check cmd:in.tftpd tftpd-hpa tftp-hpa
check file:/usr/sbin/rpc.bootparamd|/sbin/apk bootparamd -
check cmd:mksquashfs squashfs-tools squashfs-tools
check cmd:ss iproute2 iproute2
check cmd:cpio cpio cpio
check file:/usr/lib/debian-installer/images/12|/sbin/apk debian-installer-12-netboot-amd64 -
check cmd:zstd zstd zstd
check cmd:lz4 lz4 lz4
check cmd:xz xz-utils xz
check cmd:modprobe kmod kmod
check cmd:xxd xxd xxd
check cmd:strace strace strace
check cmd:pgrep procps procps
check cmd:git git git
check cmd:dhcpd isc-dhcp-server dhcp-server-vanilla
check cmd:kea-dhcp4 kea-dhcp4-server kea-dhcp4
check cmd:kea-dhcp6 kea-dhcp6-server kea-dhcp6
check cmd:nsenter util-linux util-linux
check file:/usr/lib/PXELINUX/pxelinux.0|/usr/share/syslinux/pxelinux.0 pxelinux syslinux
check file:/usr/*/syslinux/*/*/ldlinux.c32|/usr/*/syslinux/ldlinux.c32 syslinux-common syslinux
check cmd:grub-mkimage grub-common grub
check file:/usr/lib/grub/i386-pc/kernel.img grub-pc-bin grub-bios
check file:/usr/lib/grub/x86_64-efi/kernel.img grub-efi-amd64-bin grub-efi
check file:/usr/lib/u-boot/qemu-x86/u-boot.rom u-boot-qemu u-boot-qemu
check file:/usr/lib/shim/shimx64.efi.signed|/sbin/apk shim-signed -
check file:/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed|/sbin/apk grub-efi-amd64-signed -
check file:/usr/include/lzma.h liblzma-dev xz-dev
check cmd:make make make
check cmd:qemu-system-aarch64 qemu-system-arm qemu-system-aarch64
check file:/usr/share/AAVMF/AAVMF_CODE.fd qemu-efi-aarch64 aavmf
check file:/usr/lib/u-boot/qemu_arm64/u-boot.bin u-boot-qemu u-boot-qemu
check cmd:ld.lld lld lld
bench cmd:wrk wrk wrk
bench file:/usr/include/nfsc/libnfs.h libnfs-dev libnfs-dev
bench cmd:ganesha.nfsd nfs-ganesha,nfs-ganesha-vfs -
bench cmd:rpcbind rpcbind rpcbind
check cmd:nsenter util-linux util-linux
bench file:/usr/lib/*/libwrap.so.0|/lib/*/libwrap.so.0 libwrap0 tcp-wrappers-libs
bench cmd:mkinitramfs initramfs-tools-core mkinitfs
bench cmd:dracut dracut-core dracut
bench file:/usr/lib/dracut/modules.d/*network dracut-network dracut-network
bench cmd:mount.nfs nfs-common nfs-utils
bench cmd:dhclient isc-dhcp-client dhclient
bench cmd:arping iputils-arping iputils
EOF
}

# What a goal stands on.
goals()
{
	case $1 in
	build) echo build ;;
	serve) echo build serve ;;
	demo) echo build serve demo ;;
	check | lint | fuzz) echo build serve demo check ;;
	bench) echo build serve demo check bench ;;
	*) echo "usage: deps.sh build|serve|demo|check|lint|fuzz|bench" >&2
		exit 100 ;;
	esac
}

has_file()
{
	for has_glob in $(echo "$1" | tr '|' ' '); do
		# Word splitting of the pattern is the point.
		# shellcheck disable=SC2086
		for has_match in $has_glob; do
			[ -e "$has_match" ] && return 0
		done
	done
	return 1
}

# On Debian a user's PATH lacks sbin, where dnsmasq and debootstrap are.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

has()
{
	case $1 in
	cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
	pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
	file:*) has_file "${1#file:}" ;;
	esac
}

lacking()
{
	for goal in $(goals "$1"); do
		table | while read -r what see debian alpine; do
			[ "$what" = "$goal" ] || continue
			has "$see" && continue
			case $2 in
			apt-get) echo "$debian" ;;
			apk) [ "$alpine" = - ] && alpine=$debian
				echo "$alpine" ;;
			esac
		done
	done | tr ',' '\n' | sort -u | tr '\n' ' '
}

# The units that systemd starts with this host.
enabled()
{
	[ ! -d /run/systemd/system ] || systemctl list-unit-files \
	    --state=enabled --no-legend | cut -d' ' -f1 | sort
}

# Servers are installed for tests to start in networks of their own: here
# none of them is started, now (policy-rc.d) or with the next boot.
install_quietly()
{
	policy=/usr/sbin/policy-rc.d
	enabled >build/deps.before
	if [ -e "$policy" ]; then
		policy=
	else
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
	status=0
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
	    --no-install-recommends $1 || status=$?
	[ -z "$policy" ] || rm -f "$policy"
	for unit in $(enabled | comm -13 build/deps.before -); do
		systemctl disable "$unit"
	done
	return "$status"
}

install_with()
{
	case $1 in
	apt-get)
		apt-get -q update
		install_quietly "$2"
		;;
	apk)
		# shellcheck disable=SC2086
		apk add $2
		;;
	esac
}

if command -v apt-get >/dev/null 2>&1; then
	tool=apt-get
elif command -v apk >/dev/null 2>&1; then
	tool=apk
else
	exit 0		# no package tool that we know: the compiler will tell
fi

goal=${1:-build}
packages=$(lacking "$goal" "$tool")
[ -n "$packages" ] || exit 0
case $tool in
apt-get) command="apt-get install --no-install-recommends $packages" ;;
apk) command="apk add $packages" ;;
esac
# Who only builds is told; demo, serve and the tests help themselves.
if [ "$(id -u)" -ne 0 ] || [ "$goal" = build ]; then
	echo "make: $goal needs packages that are missing here. As root:" >&2
	echo "    $command" >&2
	exit 100
fi
mkdir -p build
echo "make $goal: installing $packages"
if ! install_with "$tool" "$packages" >build/deps.log 2>&1; then
	tail -n 20 build/deps.log >&2
	echo "make $goal: \`$command' failed; all it said: build/deps.log" >&2
	exit 111
fi
left=$(lacking "$goal" "$tool")
if [ -n "$left" ]; then
	echo "make $goal: installed, and yet missing: $left" >&2
	exit 111
fi
