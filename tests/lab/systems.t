#!/bin/sh
# SPDX-License-Identifier: ISC
# Whole systems whose /init we are: Debian's systemd; OpenRC behind busybox's
# init, as Alpine has it; runit, as Void has it; and busybox's init alone.  The
# second and third are made of Debian's packages of OpenRC and of runit.
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
packages=$top/build/lab/packages
# Outside, where there still is a network to fetch them by; once.
[ -n "${LAB_INSIDE:-}" ] || [ -e "$packages/.done" ] || (
	mkdir -p "$packages" && cd "$packages" &&
	    { apt-get -q download openrc libeinfo1 librc1 runit runit-init ||
	    { apt-get -q update && apt-get -q download openrc libeinfo1 \
	    librc1 runit runit-init; }; } && : >.done
) >build/packages.log 2>&1 ||
    lab_die 111 "no packages: $(tail -n 3 build/packages.log)"
lab_enter "$@"
boot=$top/build/lab/systems

# package ROOT NAME...: what packages bring.
package()
{
	for file in "$packages/$2"_*.deb; do
		dpkg-deb --fsys-tarfile "$file" |
		    tar -x --keep-directory-symlink -C "$boot/root/$1"
	done
}

# library ROOT NAME...: of Debian's tree.
library()
{
	root=$1
	shift
	for name in "$@"; do
		for file in "$debian"/usr/lib/*-linux-gnu/"$name".so.*; do
			folder=$boot/root/$root/${file#"$debian/usr/"}
			mkdir -p "${folder%/*}"
			cp -L "$file" "$folder"
		done
	done
}

# A root of busybox with all that it can be called by.
busybox_root()
{
	root=$boot/root/$1
	for folder in bin sbin etc/init.d dev proc sys run tmp var lib64; do
		mkdir -p "$root/$folder"
	done
	cp "$(command -v busybox)" "$root/bin/busybox"
	for name in $(busybox --list | grep -vx busybox); do
		ln -s busybox "$root/bin/$name"
	done
	ln -s ../bin/busybox "$root/sbin/init"
	: >"$root/etc/machine-id"
	echo 'root:x:0:0::/:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
}

# with_loader ROOT: what programs of Debian start by.
with_loader()
{
	library "$1" libc
	cp -L "$debian"/lib64/ld-linux-*.so.* "$boot/root/$1/lib64/"
}

# executable FILE: from standard input.
executable()
{
	mkdir -p "${1%/*}"
	cat >"$1"
	chmod 755 "$1"
}

openrc_root()
{
	busybox_root openrc
	for name in openrc libeinfo1 librc1; do
		package openrc "$name"
	done
	with_loader openrc
	library openrc libaudit libpam libpam_misc libselinux libcap-ng \
	    libpcre2-8
	# insserv's file; nothing of it is wanted here.
	: >"$boot/root/openrc/etc/insserv.conf"
	cat >"$boot/root/openrc/etc/inittab" <<'INITTAB'
::sysinit:/sbin/openrc sysinit
::sysinit:/sbin/openrc boot
::wait:/sbin/openrc default
::wait:/bin/poweroff -f
INITTAB
	executable "$boot/root/openrc/etc/init.d/hello" <<'SERVICE'
#!/sbin/openrc-run
description="says that it runs"

start()
{
	ebegin "Starting hello"
	echo >/dev/console
	echo "SERVICE of $RC_SVCNAME in runlevel $(rc-status -r)," \
	    "process 1 is $(cat /proc/1/comm), root is" \
	    "$(awk '$2 == "/" { print $3 }' /proc/mounts)" >/dev/console
	eend 0
}
SERVICE
	ln -s /etc/init.d/hello "$boot/root/openrc/etc/runlevels/default/hello"
}

runit_root()
{
	busybox_root runit
	rm "$boot/root/runit/sbin/init"
	package runit runit
	package runit runit-init
	with_loader runit
	library runit libselinux libpcre2-8 libacl libattr
	cp "$debian/usr/bin/install" "$boot/root/runit/bin/"
	# Which service directory is current, its package's postinst says.
	ln -s default "$boot/root/runit/etc/runit/runsvdir/current"
	executable "$boot/root/runit/etc/rcS.d/S01first" <<'SCRIPT'
#!/bin/sh
echo "STAGE 1 runs rcS.d with $1" >/dev/console
SCRIPT
	executable "$boot/root/runit/etc/runit/runsvdir/default/hello/run" \
	    <<'SERVICE'
#!/bin/sh
echo "SERVICE of $(cat /proc/$PPID/comm) in $(pwd), process 1 is" \
    "$(cat /proc/1/comm), root is" \
    "$(awk '$2 == "/" { print $3 }' /proc/mounts)" >/dev/console
exec poweroff -f
SERVICE
}

bare_root()
{
	busybox_root bare
	executable "$boot/root/bare/etc/init.d/rcS" <<'SERVICE'
#!/bin/sh
echo "SERVICE of rcS, process 1 is $(cat /proc/1/comm), root is" \
    "$(awk '$2 == "/" { print $3 }' /proc/mounts)" >/dev/console
exec poweroff -f
SERVICE
}

no_failed_unit()
{
	! grep -a 'FAILED' "$lab/systemd.console"
}

# What makes Debian the machine "own", as mkboot render writes it.
own_initrd()
{
	mkdir -p "$lab/own/machine"
	echo own >"$lab/own/machine/hostname"
	(cd "$lab/own" && find machine | cpio -o -H newc --quiet) |
	    cat - "$lab/usual.initrd" >"$lab/own.initrd"
}

rm -rf "$lab" "$boot"
mkdir -p "$lab" "$boot"
"$mkboot" create -d "$boot" -u nobody >"$lab/boot.log" ||
    lab_die 111 "$(cat "$lab/boot.log")"
mkdir "$boot/root/debian"
mount --bind "$debian" "$boot/root/debian"
openrc_root
runit_root
bare_root
make_initrd usual
own_initrd
lab_network
lab_house
daemon nfsroot-helper
memory=512 initrd=own machine systemd "root=nfs:10.77.0.2:/debian" lan
machine openrc "root=nfs:10.77.0.2:/openrc" lan
machine runit "root=nfs:10.77.0.2:/runit" lan
root=', root is overlay$'
truth "busybox's init with OpenRC starts a service of a runlevel" says \
    openrc "^SERVICE of hello in runlevel default, process 1 is init$root"
truth "runit runs its first stage" \
    says runit '^STAGE 1 runs rcS\.d with start'
truth "runit starts a service" says runit \
    "^SERVICE of runsv in [^ ]*hello, process 1 is runit$root"
machine bare "root=nfs:10.77.0.2:/bare" lan
truth "busybox's init alone runs its script" \
    says bare "^SERVICE of rcS, process 1 is init$root"
truth "Debian's systemd boots to its prompt, as that machine" \
    lab_wait 240 grep -aqs '^own login:' "$lab/systemd.console"
truth "it has found nothing to complain of" no_failed_unit
stop "$machine_systemd"
echo "1..$n"
