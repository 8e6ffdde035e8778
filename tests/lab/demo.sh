#!/bin/sh
# SPDX-License-Identifier: ISC
# The demonstration: two diskless machines, one BIOS and one UEFI, boot to a
# login prompt beside somebody else's DHCP server.  Exits 0 when both are up,
# else says at which stage each stopped.  `make demo' runs it, as root.
set -eu
. tests/lab/lab.sh
lab_enter "$@"

stages="offer loader script kernel initrd root up"
stage_bios=offer stage_uefi=offer
patience=${PATIENCE:-240}	# seconds that a machine may stay at one stage

# What shows that a machine has passed a stage: a line in seen/, which the
# daemons write for anybody, or what it printed on its console.
passed()
{
	log=$(lab_seen "$2")
	case $3 in
	offer) grep -q ' proxydhcpd offer ' "$log" ;;
	loader) [ "$1" = bios ] || grep -q ' tftpd sent file=loader/' "$log" ;;
	script) grep -q ' httpbootd sent file=machine/.*boot.ipxe ' "$log" ;;
	kernel) grep -q ' httpbootd sent file=image/debian/kernel ' "$log" ;;
	initrd) grep -q ' httpbootd sent file=image/debian/initrd ' "$log" ;;
	root) grep -q ' nfsroot-helper mounted ' "$log" ;;
	up) grep -aq "^$1 login:" "$lab/$1.console" ;;
	esac 2>/dev/null
}

words()
{
	case $1 in
	offer) echo "told where its loader is, by proxydhcpd" ;;
	loader)
		if [ "$2" = bios ]; then
			echo "iPXE, in the network card's ROM"
		else
			echo "iPXE, fetched from tftpd by the firmware"
		fi ;;
	script) echo "its boot.ipxe, from httpbootd" ;;
	kernel) echo "fetched from httpbootd" ;;
	initrd) echo "fetched from httpbootd" ;;
	root) echo "mounted from nfsroot-helper" ;;
	up) echo "login prompt of \"$2\"" ;;
	esac
}

# Moves a machine on by the stages that it has passed.
advance()
{
	eval "stage=\$stage_$1 began=\$began_$1"
	while [ "$stage" != end ] && passed "$1" "$2" "$stage"; do
		printf '%-5s %-7s %6s s  %s\n' "$1" "$stage" \
		    "$(lab_since "$began")" "$(words "$stage" "$1")"
		began=$(lab_now)
		stage=$(echo "$stages end" |
		    sed "s/.*$stage \([a-z]*\).*/\1/")
	done
	eval "stage_$1=$stage began_$1=$began"
}

stuck()
{
	eval "stage=\$stage_$1 began=\$began_$1"
	[ "$stage" != end ] &&
	    [ "$(lab_since "$began" | cut -d. -f1)" -ge "$patience" ]
}

fail()
{
	eval "stage=\$stage_$1"
	echo
	if [ "$stage" = end ]; then
		echo "$1 came up, but is not what it should be"
	else
		echo "$1 stopped before \"$stage\" ($(words "$stage" "$1"))"
	fi
	echo "--- what the daemons saw of it ($(lab_seen "$2")):"
	tail -n 5 "$(lab_seen "$2")" 2>/dev/null || echo "nothing"
	echo "--- the daemons ($lab/pixie.log):"
	tail -n 10 "$lab/pixie.log"
	echo "--- its console ($lab/$1.console):"
	tail -n 15 "$lab/$1.console" | tr -d '\033\r'
	exit 1
}

# At the prompt: who are you, and what is your root?
interview()
{
	printf 'root\n' >"$lab/$1.in"
	lab_wait 60 grep -aq "root@$1:" "$lab/$1.console" ||
	    { echo "$1 let nobody log in"; return 1; }
	# shellcheck disable=SC2016	# the machine's shell is to expand it
	{
		printf '%s' 'echo "I am $(hostname), my root is '
		printf '%s' '$(findmnt -n -o FSTYPE /) over '
		printf '%s\n' '$(grep -o "^[^ ]* /run/pixie/lower nfs" /proc/mounts)"'
	} >"$lab/$1.in"
	lab_wait 30 grep -aq "I am $1" "$lab/$1.console" ||
	    { echo "$1 does not answer"; return 1; }
	# Before the answer the shell sends a control sequence.
	tr -d '\r' <"$lab/$1.console" | sed -n "s/^.*\(I am $1\)/$1: \1/p"
	grep -aq "I am $1, my root is overlay over 10.77.0.2:/debian /run/pixie/lower nfs" \
	    "$lab/$1.console"
}

# The address that a machine has came from the house's DHCP server, and that
# alone gave any.
address_is_the_houses()
{
	given=$(awk -v mac="$1" '$2 == mac { print $3 }' "$lab/house.leases")
	used=$(cat "$boot/seen/$(echo "$1" | tr : -)/ip")
	echo "$2: address $used, leased by the house's dnsmasq"
	[ -n "$given" ] && [ "$given" = "$used" ] &&
	    grep -q "DHCPACK(eth0) $given $1" "$lab/house.log"
}

bios=52:54:00:00:00:01
uefi=52:54:00:00:00:02

rm -rf "$lab"
mkdir -p "$lab"
lab_boot
"$mkboot" machine -d "$boot" -i debian -h bios "$(echo $bios | tr : -)"
"$mkboot" machine -d "$boot" -i debian -h uefi "$(echo $uefi | tr : -)"
# No IPv6 router here, for which iPXE would wait: see proxydhcpd(8).
: >"$boot/machine/$(echo $bios | tr : -)/advertise"
: >"$boot/machine/$(echo $uefi | tr : -)/advertise"
lab_network
lab_house
lab_pixie
echo "two machines switched on; their consoles: $lab/bios.console" \
    "$lab/uefi.console"
for name in bios uefi; do
	eval "mac=\$$name stage_$name=offer began_$name=$(lab_now)"
	lab_power_on "$name" "$mac" "$name"
done
start=$(lab_now)
while [ "$stage_bios$stage_uefi" != endend ]; do
	for name in bios uefi; do
		eval "mac=\$$name"
		advance "$name" "$mac"
		if stuck "$name"; then
			fail "$name" "$mac"
		fi
	done
	sleep 0.2
done
echo "both are up after $(lab_since "$start") s"
for name in bios uefi; do
	eval "mac=\$$name"
	interview "$name" || fail "$name" "$mac"
	address_is_the_houses "$mac" "$name" ||
	    { echo "but $lab/house.log says otherwise"; exit 1; }
done
