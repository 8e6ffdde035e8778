#!/bin/sh
# SPDX-License-Identifier: ISC
# serve.sh from an empty boot directory, as on a real LAN: what it refuses,
# what it makes, that a stranger boots from it, and that it ends cleanly.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
mac=52:54:00:00:00:05
tree=$boot/root/debian
boot=$lab/boot

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 20 "$lab/said" "$lab/pixie.log" "$lab/one.console" \
		    2>/dev/null | tr -d '\033\r' | sed 's/^/# /'
	fi
}

# refuses STATUS WORDS FLAG...: one line that says what, and what to do.
refuses()
{
	wanted=$1 words=$2
	shift 2
	sh mkboot/serve.sh -b "$build" "$@" >"$lab/said" 2>&1
	[ $? -eq "$wanted" ] && [ "$(wc -l <"$lab/said")" -eq 1 ] &&
	    grep -q "$words" "$lab/said"
}

ended()
{
	! kill -0 "$lab_serve" 2>/dev/null
}

# So that nothing_runs() is known to see them.
something_runs()
{
	for program in runsvdir runsv mkboot proxydhcpd tftpd httpbootd \
	    nfsroot-helper; do
		pgrep -r D,R,S -x "$program" >"$lab/said" || return 1
	done
}

nothing_runs()
{
	# D, R, S: not those that are dead and that nobody has asked about.
	for program in runsvdir runsv mkboot proxydhcpd tftpd httpbootd \
	    nfsroot-helper; do
		! pgrep -r D,R,S -x "$program" || return 1
	done
}

check_is_content()
{
	"$mkboot" check -d "$boot" >"$lab/said" 2>&1
}

# A port that somebody else has: dnsmasq as TFTP server, beside ours.
port_in_use()
{
	lab_in "$pixie" "$build/tftpd/tftpd" -d "$boot" >"$lab/said" 2>&1
	[ $? -eq 111 ] && [ "$(wc -l <"$lab/said")" -eq 1 ] &&
	    grep -q 'port 69.*in use.*another server' "$lab/said"
}

rm -rf "$lab"
mkdir -p "$boot/root"
lab_network
lab_house

truth "no interface given: the usage" refuses 100 'usage: serve.sh -i iface'
truth "an interface that is missing: those that there are" \
    refuses 100 'no interface eth7 here.*lo' -i eth7
truth "an interface without an address" \
    refuses 100 'lan has no IPv4 address' -i lan
truth "no kernel: those that there are" lab_in "$pixie" \
    sh -c "! sh mkboot/serve.sh -b '$build' -i eth0 -d '$lab/none' \
    -k 0.0-none >'$lab/said' 2>&1 && grep -q 'no kernel /boot/vmlinuz-0.0-none' '$lab/said'"
truth "no such user" lab_in "$pixie" \
    sh -c "! sh mkboot/serve.sh -b '$build' -i eth0 -d '$boot' \
    -u nobody-at-all >'$lab/said' 2>&1 && grep -q 'no user nobody-at-all' '$lab/said'"

# The tree of the other boots, as its making takes a minute: by hard links.
cp -al "$tree" "$boot/root/debian"
lab_pixie
truth "four daemons run, and mkboot watch" something_runs
truth "mkboot check finds nothing wrong with what it made" \
    check_is_content
truth "a port in use is one line and 111" port_in_use
lab_power_on one "$mac" uefi
truth "whatever machine is switched on boots" \
    lab_wait 300 grep -aqs '^pixie-52-54-00-00-00-05 login:' "$lab/one.console"
kill -KILL "$lab_qemu"
kill -TERM "$lab_serve"
truth "it ends when it is told" lab_wait 60 ended
truth "and leaves no daemon running" lab_wait 5 nothing_runs
rm -rf "$boot"
echo "1..$n"
