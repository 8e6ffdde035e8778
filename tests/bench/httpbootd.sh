#!/bin/sh
# SPDX-License-Identifier: ISC
# httpbootd beside nginx with sendfile: the same files, by wrk.
# Twice: over loopback, and on a processor each with a wire between them.  On
# loopback what is sent when an acknowledgement comes is sent in the client's
# time, the more the deeper a server's queue: there the server's CPU time says
# little, and that of both ends stands beside it.  On a processor each, what is
# received for the server is its processor's work too, as between two machines.
# Memory is that of the middle of each load, and at last the most of these.
# CONGESTION=reno: both send by that, whatever the system's choice.
[ "${1:-}" = inside ] || exec unshare -nm sh "$0" inside
. ./tests/bench/bench.sh

boot=$tmp/boot
seconds=${SECONDS_EACH:-2}
half=$(awk "BEGIN { print $seconds / 2 }")
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
head -c 235 /dev/zero >"$boot/pub/small"
head -c 1000000 /dev/urandom >"$boot/pub/megabyte"
head -c 100000000 /dev/urandom >"$boot/pub/hundred"
chmod 755 "$tmp"

# The client has a namespace of its own; each side's packets are received on
# that side's processor.
serve client unshare -nm sleep 86400
client=$server
wait_for "the client's namespace" sh -c \
    "[ \$(readlink /proc/$client/ns/net) != \$(readlink /proc/self/ns/net) ]"
at_client()
{
	nsenter -t "$client" -n -m "$@"
}

ip link set lo up
ip link add server type veth peer name client netns "/proc/$client/ns/net"
ip addr add 10.77.0.1/24 dev server
ip link set server up
at_client ip addr add 10.77.0.2/24 dev client
at_client ip link set client up
mount -t sysfs none /sys
at_client mount -t sysfs none /sys
echo 1 >/sys/class/net/server/queues/rx-0/rps_cpus
at_client sh -c 'echo 2 >/sys/class/net/client/queues/rx-0/rps_cpus'
control=/proc/sys/net/ipv4/tcp_congestion_control
[ -z "${CONGESTION:-}" ] || echo "$CONGESTION" >$control
echo "HTTP, by a system that sends by $(cat $control)" \
    "(httpbootd leaves bbr, where that is it, for cubic or reno):"

serve httpbootd "$build/httpbootd/httpbootd" -d "$boot" -p 18080
ours=$server
cat >"$tmp/nginx.conf" <<EOF2
daemon off; worker_processes 1; pid $tmp/nginx.pid; error_log $tmp/nginx.err;
events { worker_connections 2048; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
client_body_temp_path $tmp; proxy_temp_path $tmp; fastcgi_temp_path $tmp;
uwsgi_temp_path $tmp; scgi_temp_path $tmp;
server { listen 18081 backlog=2048; root $boot/pub; } }
EOF2
serve nginx nginx -c "$tmp/nginx.conf"
wait_for httpbootd curl -sf -o /dev/null http://127.0.0.1:18080/small
wait_for nginx curl -sf -o /dev/null http://127.0.0.1:18081/small
wait_for "the wire" at_client curl -sf -o /dev/null http://10.77.0.1:18081/small
peer=$(pgrep -P "$server")

cat >"$tmp/sum.lua" <<'EOF2'
done = function(sum)
	io.write(string.format("sum %d %d %d\n", sum.requests, sum.bytes,
	    sum.duration))
end
EOF2

on_loopback()
{
	host=127.0.0.1
	wrk=wrk
	on="on loopback"
	for process in "$ours" "$peer"; do
		taskset -acp "0-$(($(nproc) - 1))" "$process" >/dev/null
	done
}

on_a_processor_each()
{
	host=10.77.0.1
	wrk="at_client taskset -c 1 wrk"
	on="on a processor each"
	for process in "$ours" "$peer"; do
		taskset -acp 0 "$process" >/dev/null
	done
}

# load PORT FILE CONNECTIONS: "requests bytes microseconds".
load()
{
	$wrk -t1 "-c$3" "-d${seconds}s" -s "$tmp/sum.lua" \
	    "http://$host:$1/$2" | sed -n 's/^sum //p'
}

# Seconds that processors were busy, of proc(5): that of the server alone where
# the sides have one each, else all.
busy()
{
	awk -v hz="$(getconf CLK_TCK)" -v on="$on" '
		$1 == (on == "on loopback" ? "cpu" : "cpu0") {
			printf "%.2f\n", ($2 + $3 + $4 + $7 + $8) / hz }' /proc/stat
}

# What is the process's own, in MB, without the libraries' code.
own_memory_of()
{
	awk '/^RssAnon/ { printf "%.1f\n", $2 / 1024 }' "/proc/$1/status"
}

# once WHO PORT PROCESS FILE CONNECTIONS: a line in each of $tmp/WHO.*.
once()
{
	once_began="$(cpu_of "$3") $(busy)"
	(sleep "$half" && own_memory_of "$3" |
	    tee -a "$tmp/most.$1" >>"$tmp/$1.MB-memory") &
	load "$2" "$4" "$5" >"$tmp/load"
	wait $!
	echo "$(cat "$tmp/load") $once_began $(cpu_of "$3") $(busy)" |
	    awk -v to="$tmp/$1" '{
		print $1 / $3 * 1e6 >>(to ".requests,s")
		print $2 / $3 >>(to ".MB,s")
		print ($6 - $4) / $1 * 1e6 >>(to ".CPU-us,request")
		print ($6 - $4) / $2 * 1e9 >>(to ".CPU-s,GB")
		print ($7 - $5) / $2 * 1e9 >>(to ".busy-s,GB") }'
}

# figures WHAT FILE CONNECTIONS UNIT...
figures()
{
	rm -f "$tmp"/ours.* "$tmp"/peer.*
	for _ in $(seq "$rounds"); do
		once ours 18080 "$ours" "$2" "$3"
		once peer 18081 "$peer" "$2" "$3"
	done
	what="$1, $3 connections, $on"
	shift 3
	for unit in "$@"; do
		file=$(echo "$unit" | tr / ,)
		paste "$tmp/ours.$file" "$tmp/peer.$file" |
		    awk '{ print $1 / $2 }' >"$tmp/ratio"
		printf '%s: %s %s; nginx %s; ratio %s\n' "$what" \
		    "$(median <"$tmp/ours.$file")" "$unit" \
		    "$(median <"$tmp/peer.$file")" "$(median <"$tmp/ratio")"
	done
}

each_load()
{
	figures "HTTP, 235 octets" small "$1" requests/s CPU-us/request \
	    MB-memory
	figures "HTTP, 1 MB" megabyte "$1" MB/s CPU-s/GB busy-s/GB \
	    MB-memory
	figures "HTTP, 100 MB" hundred "$1" MB/s CPU-s/GB busy-s/GB \
	    MB-memory
}

arrangements=on_loopback
if [ "$(nproc)" -gt 1 ]; then
	arrangements="$arrangements on_a_processor_each"
else
	echo "HTTP: there is one processor: no figures on a processor each"
fi
for connections in 64 1000; do
	for arrangement in $arrangements; do
		$arrangement
		each_load "$connections"
	done
done
for who in ours peer; do
	sort -g "$tmp/most.$who" | tail -n 1 >"$tmp/most"
	echo "HTTP, the most memory of all loads, $who: $(cat "$tmp/most") MB"
done
