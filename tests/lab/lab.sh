#!/bin/sh
# SPDX-License-Identifier: ISC
# A private network on this one machine, with real firmware in it:
#
#   house     somebody else's DHCP server (dnsmasq), knowing nothing of PXE
#   pixie     our four daemons, by the same serve.sh as on a real LAN
#   machines  QEMU, on a bridge to which the two others are plugged
#
# Each has a network namespace of its own.  All of it lives in one process
# namespace: when that ends, for whatever reason, the kernel ends every
# process in it, and the namespaces and mounts go with them.
#
# Sourced by the scripts beside it, from the top of the source.
# shellcheck disable=SC2034	# what it sets is for them

top=$(pwd)
build=${BUILD:-$top/build/out}		# the programs
boot=$top/build/lab/boot		# the boot directory
lab=$top/build/lab/${0##*/}.logs	# what was said: logs and consoles
mkboot=$build/mkboot/mkboot
lab_lan=lan		# the bridge that hosts and machines are plugged into

# The script itself again, inside the namespaces; outside it only waits, so
# that Ctrl-C or a kill leaves nothing behind.
lab_enter()
{
	[ -z "${LAB_INSIDE:-}" ] || return 0
	[ "$(id -u)" -eq 0 ] || lab_die 100 "root must run this: it makes" \
	    "network namespaces"
	# One at a time: they share build/lab.
	mkdir -p build/lab
	exec 9>build/lab/.lock
	flock -n 9 || lab_die 100 "another one is running; wait for its end"
	# Here, where there still is a network to fetch it by.
	[ -n "${LAB_NO_TREE:-}" ] || sh "$top/tests/lab/tree.sh" || exit
	LAB_INSIDE=1 setpriv --pdeathsig KILL unshare --mount --pid --net \
	    --fork --kill-child --mount-proc -- sh "$0" "$@" &
	lab_child=$!
	trap 'kill -KILL $lab_child 2>/dev/null; wait $lab_child || true
	    exit 130' INT TERM HUP
	lab_status=0
	wait "$lab_child" || lab_status=$?
	exit "$lab_status"
}

lab_die()
{
	lab_die_status=$1
	shift
	echo "${0##*/}: fatal: $*" >&2
	exit "$lab_die_status"
}

# Seconds since the epoch, with hundredths.
lab_now()
{
	date +%s.%2N
}

lab_since()
{
	echo "$1 $(lab_now)" | awk '{ printf "%.1f", $2 - $1 }'
}

# A namespace plugged into the bridge with address $2; sets lab_holder to the
# process that keeps it.
lab_host()
{
	unshare --net sleep infinity &
	lab_holder=$!
	# The holder is in its namespace once it is no longer in ours.
	until [ "$(readlink "/proc/$lab_holder/ns/net")" != \
	    "$(readlink /proc/self/ns/net)" ] &&
	    [ -n "$(readlink "/proc/$lab_holder/ns/net")" ]; do
		sleep 0.05
	done
	ip link add "$1" type veth peer name eth0 netns "$lab_holder"
	ip link set "$1" master "$lab_lan" up
	lab_in "$lab_holder" ip link set lo up
	lab_in "$lab_holder" ip link set eth0 up
	lab_in "$lab_holder" ip addr add "$2/24" dev eth0
}

lab_bridge()
{
	ip link add "$lab_lan" type bridge forward_delay 0
	ip link set dev "$lab_lan" up
}

lab_in()
{
	lab_pid=$1
	shift
	nsenter --net="/proc/$lab_pid/ns/net" -- "$@"
}

lab_network()
{
	ip link set lo up
	lab_bridge
	lab_host house 10.77.0.1
	house=$lab_holder
	lab_host pixie 10.77.0.2
	pixie=$lab_holder
	# Which namespaces are ours, for who looks whether they are gone.
	readlink /proc/self/ns/mnt /proc/self/ns/pid /proc/self/ns/net \
	    "/proc/$house/ns/net" "/proc/$pixie/ns/net" >"$lab/namespaces"
}

# Somebody else's DHCP server: addresses, and no word of booting.
# lab_house_more may have further flags for dnsmasq.
lab_house()
{
	# --user=root: in a namespace of ours nobody else's rights matter.
	# shellcheck disable=SC2086	# several words
	lab_in "$house" dnsmasq --keep-in-foreground --conf-file=/dev/null \
	    --user=root --port=0 --interface=eth0 --bind-interfaces \
	    --dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h \
	    --dhcp-authoritative --no-ping --log-dhcp --log-facility=- \
	    --dhcp-leasefile="$lab/house.leases" ${lab_house_more:-} \
	    >"$lab/house.log" 2>&1 &
}

lab_pixie()
{
	# Not lab_in: $! is to be serve.sh itself, which nsenter becomes.  When
	# all is killed at once, it cannot tidy up: hence the TMPDIR.
	TMPDIR=$lab nsenter --net="/proc/$pixie/ns/net" -- sh "$top/mkboot/serve.sh" \
	    -i eth0 -b "$build" -d "$boot" >"$lab/pixie.log" 2>&1 &
	lab_serve=$!
	lab_wait 20 lab_all_ready ||
	    lab_die 111 "the daemons did not come up: $(cat "$lab/pixie.log")"
}

lab_all_ready()
{
	[ "$(grep -c 'info: ready' "$lab/pixie.log" 2>/dev/null)" -ge 4 ]
}

# Waits up to $1 seconds for a command to be true.
lab_wait()
{
	lab_until=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$lab_until" ] || return 1
		sleep 0.1
	done
}

# The boot directory: a root tree, an image, and the machines by name.
lab_boot()
{
	rm -rf "$boot/seen" "$boot/machine" "$boot/pub" "$boot/image"
	"$mkboot" create -d "$boot" -u nobody
	"$mkboot" loader -d "$boot" >"$lab/loader.log"
	lab_version=$(basename "$(find "$boot/root/debian/lib/modules" \
	    -mindepth 1 -maxdepth 1 | sort | tail -n 1)")
	"$mkboot" image add -d "$boot" -k "$lab_version" \
	    -F "$top/mkboot/feature" \
	    -I "$build/mkboot/init/init" -c "console=ttyS0,115200" debian
	"$mkboot" machine -d "$boot" -i debian default
}

lab_firmware()
{
	for lab_file in "$@"; do
		[ ! -e "$lab_file" ] || { echo "$lab_file"; return; }
	done
	lab_die 100 "no firmware here: $*"
}

# UEFI from read-only code and variables of its own.
lab_flash()
{
	cp "$2" "$lab/$name.vars"
	printf '%s\n' -drive "if=pflash,format=raw,readonly=on,file=$1" \
	    -drive "if=pflash,format=raw,file=$lab/$name.vars"
}

# OVMF without a part of it: its PXE, or that for one of the two families.
lab_without()
{
	for lab_part in "$@"; do
		printf '%s\n' -fw_cfg \
		    "name=opt/org.tianocore/${lab_part}PXESupport,string=n"
	done
}

# Arguments of QEMU for a machine of this kind, one a line; the program first.
lab_machine()
{
	case $1 in
	bios)
		printf '%s\n' qemu-system-x86_64 -machine pc,graphics=off \
		    -boot n -device "virtio-net-pci,netdev=lan,mac=$mac"
		return ;;
	uefi*) printf '%s\n' qemu-system-x86_64 -machine q35
		lab_flash "$(lab_firmware /usr/share/OVMF/OVMF_CODE_4M.fd \
		    /usr/share/OVMF/OVMF_CODE.fd)" \
		    "$(lab_firmware /usr/share/OVMF/OVMF_VARS_4M.fd \
		    /usr/share/OVMF/OVMF_VARS.fd)" ;;
	secure) printf '%s\n' qemu-system-x86_64 -machine q35,smm=on \
		    -global driver=cfi.pflash01,property=secure,value=on
		lab_flash "$(lab_firmware \
		    /usr/share/OVMF/OVMF_CODE_4M.secboot.fd)" \
		    "$(lab_firmware /usr/share/OVMF/OVMF_VARS_4M.ms.fd)" ;;
	arm64) printf '%s\n' qemu-system-aarch64 -machine virt
		lab_flash "$(lab_firmware /usr/share/AAVMF/AAVMF_CODE.fd)" \
		    "$(lab_firmware /usr/share/AAVMF/AAVMF_VARS.fd)" ;;
	uboot) printf '%s\n' qemu-system-aarch64 -machine virt -bios \
		    "$(lab_firmware /usr/lib/u-boot/qemu_arm64/u-boot.bin)" ;;
	esac
	case $1 in
	uefi-v6) lab_without IPv4 ;;
	uefi-http) lab_without IPv4 IPv6 ;;
	esac
	# Its own PXE stack: romfile= takes QEMU's iPXE ROM away.
	printf '%s\n' -device "virtio-net-pci,netdev=lan,mac=$mac,romfile="
}

# lab_power_on NAME MAC KIND: sets lab_qemu.  KIND: bios (with iPXE as the
# card's ROM), uefi, uefi-v6, uefi-http, secure (UEFI with Microsoft's keys and
# Secure Boot on), arm64, uboot.  What the machine prints
# is $lab/NAME.console; what is written to $lab/NAME.in is typed there.  lab_more
# may have further flags for QEMU.
lab_power_on()
{
	name=$1 mac=$2 kind=$3
	ip link show dev "$name" >/dev/null 2>&1 ||
	    ip tuntap add dev "$name" mode tap
	ip link set dev "$name" master "$lab_lan" up
	rm -f "$lab/$name.in" "$lab/$name.out"
	mkfifo "$lab/$name.in" "$lab/$name.out"
	cat "$lab/$name.out" >/dev/null &
	ln -sf "$name.in" "$lab/$name.pipe.in"
	ln -sf "$name.out" "$lab/$name.pipe.out"
	lab_arguments=$(lab_machine "$kind")
	# Its arguments have no blanks: paths of this build, and QEMU's words.
	# shellcheck disable=SC2086
	set -- $lab_arguments ${lab_more:-}
	"$@" -accel tcg -cpu max -m 512 -display none -no-user-config \
	    -nodefaults -device virtio-rng-pci \
	    -chardev "pipe,id=console,path=$lab/$name.pipe,logfile=$lab/$name.console" \
	    -serial chardev:console \
	    -netdev "tap,id=lan,ifname=$name,script=no,downscript=no" \
	    >"$lab/$name.qemu" 2>&1 &
	lab_qemu=$!
}

# The machine's folder in seen/.
lab_seen()
{
	echo "$boot/seen/$(echo "$1" | tr : -)/log"
}
