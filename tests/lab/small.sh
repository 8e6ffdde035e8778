# SPDX-License-Identifier: ISC
# Machines whose kernel QEMU starts by itself, and root trees of one program:
# what is quick where firmware and distributions are not the point.  Sourced
# behind lab.sh, with $boot set.
# shellcheck shell=sh disable=SC2154	# what it uses is lab.sh's

debian=$top/build/lab/boot/root/debian
version=$(basename "$(find "$debian/lib/modules" -mindepth 1 -maxdepth 1 \
    2>/dev/null | sort | tail -n 1)")

# small_program FILE ROOT PATH: a program, and the libraries that it names.
small_program()
{
	mkdir -p "$2/$(dirname "$3")"
	cp -L "$1" "$2/$3"
	for file in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*'); do
		mkdir -p "$2$(dirname "$file")"
		cp -L "$file" "$2$file"
	done
}

# A root of one program: it says that it is up, with what a test asks of it,
# and switches the machine off.
small_root()
{
	rm -rf "$boot/root/$1"
	for folder in bin sbin etc dev proc sys run tmp; do
		mkdir -p "$boot/root/$1/$folder"
	done
	small_program "$(command -v busybox)" "$boot/root/$1" bin/busybox
	ln -s busybox "$boot/root/$1/bin/sh"
	: >"$boot/root/$1/etc/machine-id"
	echo 'nobody:x:65534:65534::/:/bin/sh' >"$boot/root/$1/etc/passwd"
	# Without it dracut takes the tree for no root.
	echo 'ID=small' >"$boot/root/$1/etc/os-release"
	cat >"$boot/root/$1/sbin/init" <<'INIT'
#!/bin/sh
b=/bin/busybox
$b mount -t proc proc /proc 2>/dev/null
exec >/dev/console 2>&1
echo "UPTIME $($b cut -d' ' -f1 /proc/uptime)"
echo "UP $($b hostname) root=$($b awk '$2 == "/" { print $3 }' /proc/mounts |
    $b tail -n 1) id=$($b cat /etc/machine-id)"
$b sed 's/^/lease: /' /run/pixie/lease
$b ls -l /etc/secret 2>/dev/null
[ ! -e /bin/grep ] || $b start-stop-daemon -S -c 65534 -x /bin/grep -- \
    CapEff /proc/self/status
$b cat /etc/resolv.conf 2>/dev/null
$b sync
echo "END"
$b poweroff -f
INIT
	chmod +x "$boot/root/$1/sbin/init"
}

# make_initrd NAME ARGUMENT...
make_initrd()
{
	name=$1
	shift
	"$mkboot" initrd -d "$boot" -k "$version" -r "$debian" \
	    -F "$top/mkboot/feature" -I "$build/mkboot/init/init" \
	    -o "$lab/$name.initrd" -f net -f nfs -m loop -m squashfs \
	    -m 8021q -m bonding "$@"
}

# daemon NAME: starts one of ours; its process is in $daemon_NAME.
daemon()
{
	rm -f "$lab/$1.ready"
	# Not lab_in: $! is to be the daemon itself, which nsenter becomes.
	nsenter --net="/proc/$pixie/ns/net" -- "$build/$1/$1" \
	    -v -d "$boot" -u nobody -D 3 \
	    3>"$lab/$1.ready" >>"$lab/$1.log" 2>&1 &
	eval "daemon_$(echo "$1" | tr -d -)=$!"
	lab_wait 20 test -s "$lab/$1.ready" || lab_die 111 \
	    "$1 did not come up: $(cat "$lab/$1.log")"
}

# card WIRE[,MAC] NAME NUMBER: QEMU's words for a card.  5/WIRE is VLAN 5 of a
# switch that hands it out tagged, WIRE+5/WIRE2 one with an untagged port too.
card()
{
	mac=52:54:00:00:$(printf %02x "$machines"):0$3
	[ "$1" = "${1%,*}" ] || mac=${1#*,}
	case $1 in
	*/*)
		tag_ports "${1%,*}" "$2$3"
		echo "-netdev dgram,id=n$3,local.type=unix," \
		    "local.path=$lab/$2$3.card,remote.type=unix," \
		    "remote.path=$lab/$2$3.switch" | sed 's/, /,/g'
		;;
	*)
		tap "$2$3" "${1%,*}"
		echo "-netdev tap,id=n$3,ifname=$2$3,script=no,downscript=no" ;;
	esac
	echo "-device virtio-net-pci,netdev=n$3,mac=$mac,romfile="
}

tap()
{
	ip tuntap add dev "$1" mode tap
	ip link set "$1" master "$2" up
}

# tag_ports [ID/]WIRE+[ID/]WIRE... NAME: such a switch, built as $lab/tagger.
tag_ports()
{
	tag_list=''
	for tag_port in $(echo "$1" | tr + ' '); do
		case $tag_port in
		*/*) tag_id=${tag_port%/*} ;;
		*) tag_id=0 ;;
		esac
		tap "$2.$tag_id" "${tag_port#*/}"
		tag_list="$tag_list $2.$tag_id=$tag_id"
	done
	# shellcheck disable=SC2086	# a list
	"$lab/tagger" "$lab/$2.switch" "$lab/$2.card" $tag_list &
}

# machine NAME WORDS WIRE[,MAC]...: a machine with these words for its kernel;
# its process is in $machine_NAME, its console in $lab/NAME.console.  initrd=,
# kernel= and memory= before it are for this one alone.
machines=0
machine()
{
	name=$1
	words=$2
	shift 2
	machines=$((machines + 1))
	cards='' i=0
	for wire in "$@"; do
		card "$wire" "$name" "$i" >"$lab/card"
		cards="$cards $(cat "$lab/card")"
		i=$((i + 1))
	done
	initrd=$lab/${initrd:-usual}.initrd
	# shellcheck disable=SC2086	# $cards is several words
	qemu-system-x86_64 -accel tcg -cpu max -m "${memory:-256}" \
	    -display none -no-user-config -nodefaults -no-reboot \
	    -device virtio-rng-pci -serial "file:$lab/$name.console" \
	    -kernel "${kernel:-$debian/boot/vmlinuz-$version}" -initrd "$initrd" \
	    -append "console=ttyS0,115200 panic=1 $words" $cards \
	    >"$lab/$name.qemu" 2>&1 &
	eval "machine_$name=$!"
	initrd='' memory='' kernel=''
}

ended()
{
	! kill -0 "$1" 2>/dev/null
}

stop()
{
	kill -KILL "$1"
	wait "$1" 2>/dev/null
}

# truth NAME COMMAND...: a test.
n=0
truth()
{
	n=$((n + 1))
	truth_name=$1
	shift
	if "$@" >"$lab/said" 2>&1; then
		echo "ok $n - $truth_name"
	else
		echo "not ok $n - $truth_name"
		sed 's/^/# /' "$lab/said"
	fi
}

# says NAME WORDS: once the machine has ended, its console has the words.
says()
{
	eval "process=\$machine_$1"
	if ! lab_wait "${patience:-240}" ended "$process"; then
		kill "$process"
		echo "$1 did not end"
	fi
	tr -d '\r' <"$lab/$1.console" >"$lab/$1.text"
	grep -Eq "$2" "$lab/$1.text" && return
	grep -E 'pixie:|UP|lease:|anic' "$lab/$1.text" | tail -n 40
	cat "$lab/$1.qemu"
	return 1
}

# And not so.
says_not()
{
	says "$1" . && ! grep -E "$2" "$lab/$1.text"
}
