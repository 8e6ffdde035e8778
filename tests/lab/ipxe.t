#!/bin/sh
# SPDX-License-Identifier: ISC
# iPXE as an HTTP client.  It boots from a disk by ranges, on one connection.
# In the middle of another boot the server is full: iPXE is told 503 and when
# to ask again, asks again, and the machine comes up.  BIOS.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
busy=52:54:00:00:00:51
disk=52:54:00:00:00:52

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 20 "$lab/http.log" "$lab/proxy.log" \
		    "$lab/one.console" | tr -d '\033\r' | sed 's/^/# /'
	fi
}

# An httpbootd with room for two connections: 128 descriptors are its own.
start_pixie()
{
	lab_in "$pixie" prlimit --nofile=130 "$build/httpbootd/httpbootd" -v \
	    -u nobody -d "$boot" >"$lab/http.log" 2>&1 &
	lab_in "$pixie" "$build/proxydhcpd/proxydhcpd" -i eth0 -d "$boot" \
	    -u nobody >"$lab/proxy.log" 2>&1 &
	lab_in "$pixie" "$build/nfsroot-helper/nfsroot-helper" -d "$boot" \
	    >"$lab/nfs.log" 2>&1 &
	for log in http proxy nfs; do
		lab_wait 20 grep -q 'info: ready' "$lab/$log.log" || return
	done
}

# One machine has a disk; of the other, iPXE waits for a key when it has the
# script.
write_first_script()
{
	cat >"$boot/pub/boot.ipxe" <<-'EOF2'
		#!ipxe
		iseq ${mac:hexhyp} 52-54-00-00-00-52 && sanboot disk.img ||
		imgfetch --name own machine/default/boot.ipxe
		prompt Press a key to go on.
		chain --replace --autofree own
	EOF2
}

# A boot sector that reads the 60 sectors after it and prints what is in the
# last: "booted by ranges".
make_disk()
{
	printf '%b' '\0061\0300\0216\0330\0216\0300\0276\0036\0174' \
	    '\0264\0102\0315\0023\0276\0000\0366\0254\0010\0300' \
	    '\0164\0006\0264\0016\0315\0020\0353\0365\0364\0353\0375' \
	    '\0020\0000\0074\0000\0000\0200\0000\0000' \
	    '\0001\0000\0000\0000\0000\0000\0000\0000' >"$boot/pub/disk.img"
	# iPXE counts in cylinders: of 8 MB, and there must be one.
	truncate -s 32M "$boot/pub/disk.img"
	printf '\125\252' |
	    dd of="$boot/pub/disk.img" bs=1 seek=510 conv=notrunc 2>/dev/null
	printf 'booted by ranges\r\n' |
	    dd of="$boot/pub/disk.img" bs=512 seek=60 conv=notrunc 2>/dev/null
}

# Two who read very slowly; the one that iPXE's idle connection keeps out
# tries until that has been hung up on.
crowd()
{
	truncate -s 1G "$boot/pub/big"
	crowd=
	for _ in 1 2; do
		# Not lab_in: $! is to be the shell itself.
		nsenter --net="/proc/$house/ns/net" -- sh -c 'until curl -sf --limit-rate 10k \
		    -o /dev/null http://10.77.0.2/big; do sleep 0.5; done' &
		crowd="$crowd $!"
	done
	lab_wait 60 is_full && sleep 3 && is_full
}

is_full()
{
	lab_in "$house" curl -s -m 5 -D "$lab/head" -o "$lab/body" \
	    http://10.77.0.2/boot.ipxe
	grep -q '^HTTP/1.1 503 ' "$lab/head" &&
	    grep -q '^Retry-After: 2' "$lab/head"
}

# answers EVENT FILE: those that the machine was given.
answers()
{
	grep -c " $1 client=10\.77\.0\.1.. file=$2 " "$lab/http.log"
}

# Fewer connections than requests.
is_kept()
{
	opened=$(grep -c 'connection opened: client=10\.77\.0\.1.. ' \
	    "$lab/http.log")
	asked=$(answers '[a-z]*' '[^ ]*')
	echo "# $asked requests on $opened connections"
	[ "$opened" -lt "$asked" ]
}

is_refused_again_and_again()
{
	[ "$(answers refused '.*')" -ge 3 ]
}

disperse()
{
	for shell in $crowd; do
		curl=$(pgrep -P "$shell")
		# The shell first, or it would start another one.
		kill "$shell" "$curl"
	done
}

rm -rf "$lab"
mkdir -p "$lab"
lab_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
write_first_script
make_disk
lab_network
lab_house
truth "our daemons start" start_pixie
lab_power_on disk "$disk" bios
truth "iPXE boots from a disk by HTTP" \
    lab_wait 180 grep -aqs 'booted by range' "$lab/disk.console"
truth "it asked for ranges" [ "$(answers part disk.img)" -ge 2 ]
truth "on a connection that was kept" is_kept
kill -KILL "$lab_qemu"
lab_power_on one "$busy" bios
truth "iPXE has the machine's script" \
    lab_wait 180 grep -aqs 'Press a key' "$lab/one.console"
truth "the server is full" crowd
printf ' ' >"$lab/one.in"
truth "the machine is refused, and asks again" \
    lab_wait 120 is_refused_again_and_again
truth "it has had nothing yet" [ "$(answers sent image/debian/kernel)" -eq 0 ]
disperse
truth "when there is room it boots" \
    lab_wait 400 grep -aqs 'login:' "$lab/one.console"
truth "from what this server gave it" \
    [ "$(answers sent image/debian/kernel)" -ge 1 ]
kill -KILL "$lab_qemu"
echo "1..$n"
