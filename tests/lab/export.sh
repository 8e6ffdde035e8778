# SPDX-License-Identifier: ISC
# Networks on which a server that others wrote is in place of one of ours, by
# what mkboot export prints.  Sourced behind lab.sh and small.sh.
# shellcheck shell=sh disable=SC2154,SC2034	# what it uses is lab.sh's

n=0
patience=${PATIENCE:-300}	# seconds that one machine may take

truth()
{
	n=$((n + 1))
	truth_name=$1
	shift
	if "$@" >"$lab/said" 2>&1; then
		echo "ok $n - $truth_name"
	else
		echo "not ok $n - $truth_name"
		tail -n 12 "$lab/said" "$lab"/*.log "$lab/$1.console" \
		    2>/dev/null | tr -d '\033\r' | cut -c 1-200 | sed 's/^/# /'
	fi
}

# A boot directory that any user can reach, as /srv/boot is, with a root of
# one program that switches the machine off.  Its daemons run as a user whose
# group no foreign server has.
export_boot()
{
	mount -t tmpfs none /mnt
	boot=/mnt/boot
	"$mkboot" create -d "$boot" -u games
	"$mkboot" loader -d "$boot"
	# Where no router is, iPXE would wait for one: see proxydhcpd(8).
	mkdir "$boot/offer"
	: >"$boot/offer/advertise"
	small_root small
	"$mkboot" image add -d "$boot" -k "$version" -r "$debian" \
	    -F "$top/mkboot/feature" -I "$build/mkboot/init/init" \
	    -c "console=ttyS0,115200" small
	"$mkboot" machine -d "$boot" -i small default
}

# secret MAC: a file that is for this machine alone.
secret()
{
	mkdir -p "$boot/machine/$1/files/etc"
	echo secret >"$boot/machine/$1/files/etc/secret"
	chmod 600 "$boot/machine/$1/files/etc/secret"
	"$mkboot" machine -d "$boot" -i small "$1"
}

# network NAME: a bridge with our host, $pixie, and another's, $house.
network()
{
	lab_lan=$1
	lab_bridge
	lab_host "p-$1" 10.77.0.2
	pixie=$lab_holder
	lab_host "h-$1" 10.77.0.1
	house=$lab_holder
}

# ours NETWORK PROGRAM...: our daemons, on our host.
ours()
{
	log=$lab/$1.log
	shift
	for daemon in "$@"; do
		lab_in "$pixie" "$build/$daemon/$daemon" -v -u games \
		    -d "$boot" >>"$log" 2>&1 &
	done
	lab_wait 30 sh -c "[ \$(grep -c 'info: ready' '$log') -ge $# ]" ||
	    lab_die 111 "our daemons did not come up: $(cat "$log")"
}

# theirs NAME COMMAND...: somebody else's, on our host.
theirs()
{
	log=$lab/$1.log
	shift
	lab_in "$pixie" "$@" >"$log" 2>&1 &
}

exported()
{
	"$mkboot" export -d "$boot" -l 10.77.0.2 "$1"
}

# power_on NAME NUMBER KIND: on the present network.
power_on()
{
	lab_power_on "$1" "52:54:00:00:08:$2" "$3"
	eval "qemu_$(echo "$1" | tr - _)=$lab_qemu"
}

# is_up NAME: it has run its root's program, and is switched off.
is_up()
{
	up_status=0
	lab_wait "$patience" grep -aqs '^END' "$lab/$1.console" || up_status=1
	eval "up_qemu=\$qemu_$(echo "$1" | tr - _)"
	kill -KILL "$up_qemu" 2>/dev/null
	tr -d '\r' <"$lab/$1.console" | grep -a '^UP'
	return "$up_status"
}

# Who was asked for a file, by another's log.
served()
{
	lab_wait 10 grep -Eq "$2" "$lab/$1.log"
}
