#!/bin/sh
# SPDX-License-Identifier: ISC
# What happens in a house: a machine is switched off in the middle of its boot
# and on again; daemons die, between two boots and under a running machine;
# a stranger comes.  One machine, BIOS.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
mac=52:54:00:00:00:03
folder=$boot/seen/52-54-00-00-00-03

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 20 "$lab/pixie.log" "$lab/one.console" | sed 's/^/# /'
	fi
}

power_off()
{
	kill -KILL "$lab_qemu"
	wait "$lab_qemu" 2>/dev/null
}

at_prompt()
{
	lab_wait 240 grep -aqs "^$1 login:" "$lab/one.console"
}

# The machine reads its whole root, and the daemons die while it does.
reads_on_while_they_die()
{
	# shellcheck disable=SC2016	# the machine's shell is to expand it
	printf '%s\n' 'echo begun; find /usr/lib /usr/share -type f -exec' \
	    ' cat {} + >/dev/null; echo "read: $?"' | tr -d '\n' >"$lab/one.in"
	printf '\n' >"$lab/one.in"
	lab_wait 20 grep -aq '^.*begun.$' "$lab/one.console" || return 1
	sleep 2
	kill_daemons
	lab_wait 120 grep -aq '^read: 0' "$lab/one.console"
}

kill_daemons()
{
	for daemon in proxydhcpd tftpd httpbootd nfsroot-helper; do
		pkill -KILL -x "$(echo "$daemon" | cut -c1-15)" ||
		    echo "# $daemon was not running"
	done
}

ready_times()
{
	[ "$(grep -c 'info: ready' "$lab/pixie.log")" -ge "$1" ]
}

rm -rf "$lab"
mkdir -p "$lab"
lab_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
"$mkboot" machine -d "$boot" -i debian -h one "$(echo $mac | tr : -)" \
    >>"$lab/boot.log"
lab_network
lab_house
lab_pixie

lab_power_on one "$mac" bios
truth "the machine fetches its kernel" \
    lab_wait 120 grep -qs 'sent file=image/debian/kernel' "$folder/log"
power_off
rm -f "$lab/one.console"
lab_power_on one "$mac" bios
truth "switched off mid-boot and on again, it boots" at_prompt one

printf 'root\n' >"$lab/one.in"
truth "it lets root in" lab_wait 60 grep -aq 'root@one:' "$lab/one.console"
truth "a running machine outlives a killed nfsroot-helper" \
    reads_on_while_they_die
truth "killed daemons are back under runit" lab_wait 20 ready_times 8
power_off
rm -f "$lab/one.console"
lab_power_on one "$mac" bios
truth "after all daemons were killed and restarted, it boots" at_prompt one
power_off

# A machine that nobody has listed boots as machine/default says.
rm -f "$lab/one.console"
lab_power_on one 52:54:00:00:00:44 bios
truth "a stranger boots as machine/default, named by its MAC" \
    at_prompt pixie-52-54-00-00-00-44
power_off
echo "1..$n"
