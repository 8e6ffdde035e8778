#!/bin/sh
# SPDX-License-Identifier: ISC
# httpbootd beside nginx with sendfile: the same files, by wrk.  The client and
# the server share this machine: what is sent when an acknowledgement comes is
# sent in the client's time (with nginx up to a third of wrk's).  So what
# the server's process was charged says little: beside it stand the CPU time of
# both ends, and that of the server with its sending in wrk's time (by perf).
. ./tests/bench/bench.sh

boot=$tmp/boot
seconds=${SECONDS_EACH:-2}
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
head -c 235 /dev/zero >"$boot/pub/small"
head -c 1000000 /dev/urandom >"$boot/pub/megabyte"
head -c 100000000 /dev/urandom >"$boot/pub/hundred"
chmod 755 "$tmp"

serve httpbootd "$build/httpbootd/httpbootd" -d "$boot" -l 127.0.0.1 -p 18080
ours=$server
cat >"$tmp/nginx.conf" <<EOF2
daemon off; worker_processes 1; pid $tmp/nginx.pid; error_log $tmp/nginx.err;
events { worker_connections 2048; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
client_body_temp_path $tmp; proxy_temp_path $tmp; fastcgi_temp_path $tmp;
uwsgi_temp_path $tmp; scgi_temp_path $tmp;
server { listen 127.0.0.1:18081 backlog=2048; root $boot/pub; } }
EOF2
serve nginx nginx -c "$tmp/nginx.conf"
wait_for httpbootd curl -sf -o /dev/null http://127.0.0.1:18080/small
wait_for nginx curl -sf -o /dev/null http://127.0.0.1:18081/small
peer=$(pgrep -P "$server")

cat >"$tmp/sum.lua" <<'EOF2'
done = function(sum)
	io.write(string.format("sum %d %d %d\n", sum.requests, sum.bytes,
	    sum.duration))
end
EOF2

# load PORT FILE CONNECTIONS [COMMAND]: "requests bytes microseconds client's-CPU".
# COMMAND: what wrk runs under.
load()
{
	# shellcheck disable=SC2016,SC2086	# perl's variables; words
	perl -e '$_ = qx(@ARGV); my @t = times;
	    print "$1 ", $t[2] + $t[3], "\n" if /^sum (.*)/m' \
	    ${4-} wrk -t1 "-c$3" "-d${seconds}s" -s "$tmp/sum.lua" \
	    "http://127.0.0.1:$1/$2"
}

# Of all samples of wrk, the part in which the kernel sends what the server
# wrote before: TCP's output, called by its input.
sent_in_its_time()
{
	perf script -i "$tmp/perf.data" --comm wrk -F comm,ip,sym \
	    2>/dev/null | awk -v RS= '
		{ out = index($0, "tcp_write_xmit"); called = index($0, "tcp_v4_rcv") }
		out && (out < called || /tcp_tsq_|tcp_tasklet/) { n++ }
		END { print n / NR }'
}

# cost WHO PORT PROCESS FILE CONNECTIONS: CPU seconds per GB, with all sending.
cost()
{
	cost_began=$(cpu_of "$3")
	load "$2" "$4" "$5" "perf record -q -F 499 -g -o $tmp/perf.data" \
	    >"$tmp/load"
	echo "$(cat "$tmp/load") $cost_began $(cpu_of "$3")" \
	    "$(sent_in_its_time)" | awk -v to="$tmp/$1" '{
		print ($6 - $5 + $4 * $7) / $2 * 1e9 >>(to ".CPU-s,GB-with-all-sending")
		print $7 * 100 >>(to ".%-of-wrk") }'
}

# once WHO PORT PROCESS FILE CONNECTIONS: a line in each of $tmp/WHO.*.
once()
{
	once_began=$(cpu_of "$3")
	load "$2" "$4" "$5" >"$tmp/load"
	echo "$(cat "$tmp/load") $once_began $(cpu_of "$3")" |
	    awk -v to="$tmp/$1" '{
		print $1 / $3 * 1e6 >>(to ".requests,s")
		print $2 / $3 >>(to ".MB,s")
		print ($6 - $5) / $2 * 1e9 >>(to ".CPU-s,GB")
		print ($6 - $5 + $4) / $2 * 1e9 >>(to ".CPU-s,GB-both-ends")
		print ($6 - $5) / $1 * 1e6 >>(to ".CPU-us,request") }'
}

# figures MEASURE WHAT FILE CONNECTIONS UNIT...: by `once' or `cost'.
figures()
{
	rm -f "$tmp"/ours.* "$tmp"/peer.*
	for _ in $(seq "$rounds"); do
		"$1" ours 18080 "$ours" "$3" "$4"
		"$1" peer 18081 "$peer" "$3" "$4"
	done
	what="$2, $4 connections"
	shift 4
	for unit in "$@"; do
		file=$(echo "$unit" | tr / ,)
		paste "$tmp/ours.$file" "$tmp/peer.$file" |
		    awk '{ print $1 / $2 }' >"$tmp/ratio"
		printf '%s: %s %s; nginx %s; ratio %s\n' "$what" \
		    "$(median <"$tmp/ours.$file")" "$unit" \
		    "$(median <"$tmp/peer.$file")" "$(median <"$tmp/ratio")"
	done
}

# What is the process's own, not the page cache that files are mapped from.
own_memory_of()
{
	awk '/^RssAnon/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"
}

say_memory()
{
	echo "HTTP, memory after $1: $(own_memory_of "$ours") MB;" \
	    "nginx $(own_memory_of "$peer") MB"
}

# What the kernel does is not everybody's to sample, nor are its names to see.
can_sample()
{
	perf record -q -g -o "$tmp/perf.data" dd if=/dev/zero of=/dev/null \
	    count=200000 >/dev/null 2>&1 &&
	    perf script -i "$tmp/perf.data" -F ip,sym 2>/dev/null |
	    grep vfs_read >/dev/null
}

can_sample && samples=yes || samples=
[ -n "$samples" ] ||
    echo "HTTP: perf(1) is refused: nothing on who sends in whose time"
for connections in 64 1000; do
	figures once "HTTP, 235 octets" small "$connections" requests/s \
	    CPU-us/request
	for size in "1 MB:megabyte" "100 MB:hundred"; do
		figures once "HTTP, ${size%:*}" "${size#*:}" "$connections" \
		    MB/s CPU-s/GB CPU-s/GB-both-ends
		[ -z "$samples" ] || figures cost "HTTP, ${size%:*}" \
		    "${size#*:}" "$connections" CPU-s/GB-with-all-sending \
		    %-of-wrk
	done
	say_memory "$connections connections"
done
