#!/bin/sh
# SPDX-License-Identifier: ISC
# A UEFI machine's own PXE menu, built of a folder: somebody chooses from it,
# or nobody does; the boot server is found in each of the three ways that PXE
# 2.1 has; and what was chosen is fetched and runs.
set -u
LAB_NO_TREE=1
export LAB_NO_TREE
. tests/lab/lab.sh
lab_enter "$@"

n=0
boot=$lab/boot
patience=${PATIENCE:-300}	# seconds that one may take: it has a processor's part
chosen=52-54-00-00-02-01
group=52-54-00-00-02-02
broadcast=52-54-00-00-02-03

end_of_console()
{
	tr -d '\r' <"$lab/$1.console" | tail -n 12 | cut -c 1-200 |
	    sed 's/\x1b\[[0-9;]*[A-Za-z]//g'
}

truth()
{
	n=$((n + 1))
	truth_name=$1
	shift
	if "$@"; then
		echo "ok $n - $truth_name"
		return
	fi
	echo "not ok $n - $truth_name"
	{
		cat "$lab/asked"
		tail -n 30 "$lab/pixie.log"
		for machine in chosen group broadcast; do
			echo "$machine:"
			end_of_console $machine
		done
	} | sed 's/^/# /'
}

# menu_of MAC TIMEOUT: two entries, of which nobody has the first one.
menu_of()
{
	mkdir -p "$boot/machine/$1/menu"
	ln -s ../../image/none "$boot/machine/$1/image"
	ln -s ../../../pub/loader/first.efi "$boot/machine/$1/menu/1-First"
	ln -s ../../../pub/loader/second.efi "$boot/machine/$1/menu/2-Second"
	echo "$2" >"$boot/machine/$1/menu/timeout"
	echo 'Which one?' >"$boot/machine/$1/menu/prompt"
}

make_boot()
{
	mkdir -p "$boot/image/none" "$boot/seen" "$boot/pub/loader"
	chown nobody "$boot/seen"
	for program in first second; do
		cp "$(lab_firmware /usr/lib/ipxe/snponly.efi)" \
		    "$boot/pub/loader/$program.efi"
	done
	printf '#!ipxe\npoweroff\n' >"$boot/pub/boot.ipxe"
	menu_of $chosen 250
	menu_of $group 0
	echo 239.1.2.3 >"$boot/machine/$group/menu/multicast"
	menu_of $broadcast 0
	: >"$boot/machine/$broadcast/menu/broadcast"
	for mac in $chosen $group $broadcast; do
		: >"$boot/machine/$mac/advertise"
	done
	chmod -R a+rX "$boot"
}

# What machines with an address ask of DHCP or the proxy port: "MAC TO PORT".
watch()
{
	# shellcheck disable=SC2016	# perl's
	lab_in "$pixie" perl -e '
	use Socket;
	$| = 1;
	socket(my $s, 17, SOCK_DGRAM, unpack("S", pack("n", 0x800))) or die;
	for (;;) {
		recv($s, my $p, 2000, 0);
		next if length($p) < 264 || unpack("x9 C", $p) != 17;
		my ($to, $port) = unpack("x16 a4 x2 n", $p);
		next if $port != 67 && $port != 4011;
		my ($op, $address, $mac) = unpack("x28 C x11 a4 x12 H12", $p);
		next if $op != 1 || $address eq "\0\0\0\0";
		$mac =~ s/..\K(?=.)/-/g;
		print "$mac ", inet_ntoa($to), " $port\n";
	}' >"$lab/asked" &
}

daemons()
{
	for daemon in proxydhcpd tftpd httpbootd; do
		lab_in "$pixie" "$build/$daemon/$daemon" -v -u nobody \
		    -d "$boot" >>"$lab/pixie.log" 2>&1 &
	done
	lab_wait 20 are_ready ||
	    lab_die 111 "our daemons did not come up: $(cat "$lab/pixie.log")"
}

are_ready()
{
	[ "$(grep -c 'info: ready' "$lab/pixie.log")" -eq 3 ]
}

shows()
{
	grep -aqs "$2" "$lab/$1.console"
}

# Asked for by a key, the menu is shown; keys that come too early count for
# nothing, nor does going down where the last entry is.
calls_the_menu()
{
	printf m >"$lab/chosen.in"
	sleep 0.5
	shows chosen Second
}

takes_the_second()
{
	printf 'dd\r' >"$lab/chosen.in"
	sleep 0.5
	told $chosen second
}

told()
{
	grep -q "info: $1: ack: uefi loader/$2\.efi by machine/$1" \
	    "$lab/pixie.log"
}

asked()
{
	grep -q "^$1 $2 $3\$" "$lab/asked"
}

# Its program asks as iPXE, and is never shown a menu.
has_script()
{
	grep -q "info: $1: offer: ipxe http://10.77.0.2/boot.ipxe" \
	    "$lab/pixie.log" &&
	    [ "$(grep -c 'file=boot.ipxe' "$lab/pixie.log")" -ge "$2" ]
}

rm -rf "$lab"
mkdir -p "$lab"
make_boot
lab_network
# It hears who looks for a boot server by broadcast too, and EDK2 takes the
# first answer, be it of use or not (bootdir(7)): so it is silent then.  Such a
# request has option 43, which that firmware's others have not.
lab_house_more="--dhcp-match=set:bootserver,43 --dhcp-ignore=tag:bootserver"
lab_house
watch
daemons
for machine in chosen group broadcast; do
	eval "mac=\$$machine"
	lab_power_on $machine "$(echo "$mac" | tr - :)" uefi
done
truth "the prompt is shown" lab_wait "$patience" shows chosen 'Which one?'
truth "a key calls the menu" lab_wait 120 calls_the_menu
truth "somebody takes the second entry, and is told its program" \
    lab_wait 120 takes_the_second
truth "by unicast, of the listed server" asked $chosen 10.77.0.2 4011
truth "where nobody chooses, the first is taken at once" \
    lab_wait "$patience" told $group first
truth "its server is found in the menu's group" asked $group 239.1.2.3 4011
truth "or by broadcast" lab_wait "$patience" told $broadcast first
truth "to all, on the DHCP port" asked $broadcast 255.255.255.255 67
for program in first second; do
	truth "it is fetched by TFTP: $program" lab_wait "$patience" \
	    grep -q "info: sent.*file=loader/$program.efi" "$lab/pixie.log"
done
for machine in chosen group broadcast; do
	eval "mac=\$$machine"
	truth "what runs then has its script: $machine" \
	    lab_wait "$patience" has_script "$mac" 1
done
truth "each of the three has fetched it" \
    lab_wait "$patience" has_script $chosen 3
echo "1..$n"
