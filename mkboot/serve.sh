#!/bin/sh
# SPDX-License-Identifier: ISC
# Serves a boot directory on one interface: the four daemons and `mkboot
# watch' under runsvdir, in the foreground, the log on the terminal.  Where
# there is no boot directory yet it makes one from this machine's own kernel,
# so that whatever PXE machine is switched on boots.  Run as root; it changes
# no DHCP server and no configuration of this host.
#
#   serve.sh -i IFACE [-b BUILD] [-d BOOT] [-k VERSION] [-u USER]
set -eu

interface=
build=build/out
boot=/srv/boot
version=$(uname -r)
user=nobody
here=$(dirname "$0")

die()
{
	status=$1
	shift
	echo "serve: fatal: $*" >&2
	exit "$status"
}

usage()
{
	die 100 "usage: serve.sh -i iface [-b build] [-d boot] [-k version]" \
	    "[-u user]; by make: sudo make serve IFACE=eth0"
}

while getopts b:d:i:k:u: flag; do
	case $flag in
	b) build=$OPTARG ;;
	d) boot=$OPTARG ;;
	i) interface=$OPTARG ;;
	k) version=$OPTARG ;;
	u) user=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
if [ $# -ne 0 ] || [ -z "$interface" ]; then
	usage
fi
build=$(cd "$build" && pwd)
mkboot="$build/mkboot/mkboot"
feature=$(cd "$here" && pwd)/feature

# What a user can mend is said before anything is made.
check_host()
{
	[ "$(id -u)" -eq 0 ] ||
	    die 100 "root must run this: ports below 1024 are to be served"
	ip link show dev "$interface" >/dev/null 2>&1 ||
	    die 100 "no interface $interface here; IFACE= takes one of:" \
	    "$(ip -br link | cut -d' ' -f1 | tr '\n' ' ')"
	[ -n "$(ip -4 -br addr show dev "$interface" scope global |
	    tr -s ' ' | cut -d' ' -f3)" ] ||
	    die 100 "$interface has no IPv4 address: bring it up first"
	id "$user" >/dev/null 2>&1 ||
	    die 100 "no user $user here; DAEMON_USER= names another"
}

# A small Debian with this host's kernel.
make_root()
{
	[ -e "/boot/vmlinuz-$version" ] ||
	    die 100 "no kernel /boot/vmlinuz-$version; KVER= takes one of:" \
	    "$(find /boot -name 'vmlinuz-*' 2>/dev/null |
	    sed 's/.*vmlinuz-//' | tr '\n' ' ')"
	echo "serve: making a small Debian with kernel $version (a minute)" >&2
	sh "$here/root.sh" -k "$version" "$boot/root/debian"
	echo "serve: nobody can log in there yet; from another terminal:" \
	    "chroot $boot/root/debian passwd" >&2
}

# From nothing to a directory that boots: skeleton, loaders, a root tree
# (unless there is one), an image of it, and that for every machine.
make_boot()
{
	echo "serve: making $boot" >&2
	mkdir -p "$boot"
	"$mkboot" create -d "$boot" -u "$user"
	"$mkboot" loader -d "$boot"
	[ -e "$boot/root/debian" ] || make_root
	"$mkboot" image add -d "$boot" -F "$feature" \
	    -I "$build/mkboot/init/init" \
	    -c "console=ttyS0,115200 console=tty0" debian
	"$mkboot" machine -d "$boot" -i debian default
}

# One service folder, as runsv wants it.
service()
{
	name=$1
	shift
	mkdir -p "$services/$name"
	{
		echo '#!/bin/sh'
		printf 'exec'
		printf " '%s'" "$@"
		echo
	} >"$services/$name/run"
	chmod +x "$services/$name/run"
}

# HUP makes runsvdir tell each runsv to end its daemon, which lets transfers
# under way finish; runsv holds its lock until then.
finish()
{
	trap '' INT TERM HUP
	[ -z "$supervisor" ] || kill -HUP "$supervisor" 2>/dev/null || true
	wait || true
	for held in "$services"/*/supervise/lock; do
		[ ! -e "$held" ] || chpst -l "$held" true
	done
	rm -rf "$services"
}

check_host
if [ ! -d "$boot/pub" ] || [ ! -e "$boot/machine/default" ]; then
	make_boot
fi
"$mkboot" render -d "$boot"
services=$(mktemp -d "${TMPDIR:-/tmp}/pixie.XXXXXX")
supervisor=
trap finish EXIT
trap 'exit 0' INT TERM HUP
daemon_flags="-d $boot -i $interface -u $user"
# shellcheck disable=SC2086
for daemon in proxydhcpd tftpd httpbootd nfsroot-helper; do
	service "$daemon" "$build/$daemon/$daemon" $daemon_flags
done
service mkboot-watch "$mkboot" watch -d "$boot"
echo "serve: $boot on $interface; switch a machine on. Ctrl-C ends it." >&2
if [ ! -e "$boot/machine/default/advertise" ]; then
	echo "serve: if no IPv6 router is here, iPXE waits 15 s for one;" \
	    "this ends it: touch $boot/machine/default/advertise" >&2
fi
runsvdir -P "$services" &
supervisor=$!
wait "$supervisor" || true
