#!/bin/sh
# SPDX-License-Identifier: ISC
# Two servers of one boot directory, the second's a copy by cp; machines boot
# from the first, and it is killed while one fetches its kernel, one its
# image, and many others their files: all come up, by the other one.
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
. tests/lab/export.sh
lab_enter "$@"

many=150		# clients that only fetch
# A machine that had its kernel already when its server died looks for its root
# there for three minutes, and after one more boots anew, by the other one.
patience=${PATIENCE:-600}

# server NAME: our daemons on $pixie, for the boot directory /mnt/NAME.
server()
{
	log=$lab/$1.log
	for daemon in proxydhcpd tftpd httpbootd nfsroot-helper; do
		nsenter --net="/proc/$pixie/ns/net" -- \
		    "$build/$daemon/$daemon" -v -u games -d "/mnt/$1" \
		    >>"$log" 2>&1 &
		eval "pids_$1=\"\${pids_$1:-} $!\""
	done
	lab_wait 30 sh -c "[ \$(grep -c 'info: ready' '$log') -ge 4 ]" ||
	    lab_die 111 "the daemons did not come up: $(cat "$log")"
}

# The first has all to do while it is there: the other one answers who asks
# again: iPXE says at once that it has asked for 4 s, then for 8.
two_servers()
{
	network lan
	lab_house
	first=$pixie
	lab_host p-second 10.77.0.3
	pixie=$lab_holder
	cp -a "$boot" /mnt/second
	echo 6 >/mnt/second/offer/delay
	server second
	pixie=$first
	server boot
}

# An image that is fetched into memory, large enough that this takes a while,
# from whichever server is there.
ram_image()
{
	small_root ram
	head -c 24M /dev/urandom >"$boot/root/ram/ballast"
	"$mkboot" image add -w ram -d "$boot" -k "$version" -r "$debian" \
	    -F "$top/mkboot/feature" -I "$build/mkboot/init/init" \
	    -c "console=ttyS0,115200 server=10.77.0.2,10.77.0.3" ram
	"$mkboot" machine -d "$boot" -i ram 52-54-00-00-08-21
	"$mkboot" machine -d "$boot" -i ram 52-54-00-00-08-22
}

# A client that goes by the same rule as the scripts: in vain, then the other.
fetcher()
{
	for _ in $(seq 60); do
		for fetch_host in 10.77.0.2 10.77.0.3; do
			lab_in "$house" curl -sf --limit-rate 250k -m 120 "http://$fetch_host/$2" |
			    cksum >"$lab/fetched.$1"
			cmp -s "$lab/fetched.$1" "$lab/wanted" && return
		done
		sleep 1
	done
}

fetchers()
{
	cksum <"$boot/pub/image/small/initrd" >"$lab/wanted"
	for i in $(seq "$many"); do
		fetcher "$i" image/small/initrd &
	done
}

all_fetched()
{
	for all_i in $(seq "$many"); do
		cmp "$lab/fetched.$all_i" "$lab/wanted" || return
	done
}

# The first one's log has this.
has_sent()
{
	lab_wait "$patience" grep -Eq "httpbootd: [a-z]*: sent client=.* file=$1" \
	    "$lab/boot.log"
}

is_gone()
{
	! lab_in "$house" curl -sf -m 5 http://10.77.0.2/boot.ipxe
}

by_the_other()
{
	grep -Eq "httpbootd: [a-z]*: sent client=.* file=$1" "$lab/second.log"
}

rm -rf "$lab"
mkdir -p "$lab"
export_boot >"$lab/made.log" 2>&1 || lab_die 111 "$(cat "$lab/made.log")"
ram_image >>"$lab/made.log" 2>&1 || lab_die 111 "$(cat "$lab/made.log")"
ip link set lo up
two_servers
power_on one 21 bios
truth "a machine fetches from the first server" \
    has_sent 'image/ram[^/]*/initrd'
power_on two 22 bios
power_on three 23 bios
truth "others come behind it" has_sent 'machine/default/machine.cpio'
fetchers
sleep 2
# shellcheck disable=SC2086	# they are several
kill -KILL $pids_boot
truth "the first server is gone" \
    is_gone
truth "one that fetched its image comes up" is_up one
truth "one behind it comes up" is_up two
truth "one that fetched its kernel comes up" is_up three
truth "by the other server" by_the_other 'image/small[^/]*/kernel'
truth "$many others have the whole file" lab_wait 120 all_fetched
echo "1..$n"
