#!/bin/sh
# SPDX-License-Identifier: ISC
# Figures, never asserted: the same work by us and by a peer in turn, several
# rounds (ROUNDS, 5), the median of each and of the ratio, with the spread.
set -eu

build=${BUILD:-build/out}
rounds=${ROUNDS:-5}
tmp=$(mktemp -d)
servers=
stop()
{
	# shellcheck disable=SC2086
	[ -z "$servers" ] || kill $servers 2>/dev/null || true
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 130' INT TERM

# Median, least and most of the numbers on standard input.
median()
{
	sort -g | awk '{ v[NR] = $1 }
		END { printf "%.2f (%.2f to %.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

# compare WHAT UNIT PEER OURS_COMMAND PEER_COMMAND: each prints one number.
compare()
{
	: >"$tmp/ours"
	: >"$tmp/peer"
	for _ in $(seq "$rounds"); do
		sh -c "$4" >>"$tmp/ours"
		sh -c "$5" >>"$tmp/peer"
	done
	printf '%s: %s %s; %s %s; ratio %s\n' "$1" \
	    "$(median <"$tmp/ours")" "$2" "$3" "$(median <"$tmp/peer")" \
	    "$(paste "$tmp/ours" "$tmp/peer" | awk '{ print $1 / $2 }' | median)"
}

background()
{
	"$@" >/dev/null 2>"$tmp/err.$1.log" &
	servers="$servers $!"
}

wait_port()
{
	for _ in $(seq 100); do
		curl -s -o /dev/null "http://127.0.0.1:$1/small" && return
		sleep 0.1
	done
	echo "bench: nothing answers on port $1" >&2
	exit 111
}

boot=$tmp/boot
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
head -c 235 /dev/zero >"$boot/pub/small"
head -c 1000000 /dev/urandom >"$boot/pub/megabyte"
mkdir -p "$boot/root/tree"
head -c 268435456 /dev/zero >"$boot/root/tree/big"
chmod 755 "$tmp"

"$build/httpbootd/httpbootd" -d "$boot" -l 127.0.0.1 -p 18080 2>/dev/null &
servers="$servers $!"
cat >"$tmp/nginx.conf" <<EOF
daemon off; worker_processes 1; pid $tmp/nginx.pid; error_log $tmp/nginx.log;
events { worker_connections 2048; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
client_body_temp_path $tmp; proxy_temp_path $tmp; fastcgi_temp_path $tmp;
uwsgi_temp_path $tmp; scgi_temp_path $tmp;
server { listen 127.0.0.1:18081; root $boot/pub; } }
EOF
nginx -c "$tmp/nginx.conf" 2>/dev/null &
servers="$servers $!"
wait_port 18080
wait_port 18081
rate()
{
	echo "wrk -t1 -c64 -d2s http://127.0.0.1:$1/$2 | awk '/Requests\\/sec/ { print \$2 }'"
}
compare "HTTP, 235 octets, 64 connections" "requests/s" nginx \
    "$(rate 18080 small)" "$(rate 18081 small)"
compare "HTTP, 1 MB, 64 connections" "requests/s" nginx \
    "$(rate 18080 megabyte)" "$(rate 18081 megabyte)"

"$build/tftpd/tftpd" -d "$boot" -l 127.0.0.1 -p 16969 2>/dev/null &
servers="$servers $!"
dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root \
    --enable-tftp --tftp-root="$boot/pub" --listen-address=127.0.0.2 \
    --bind-interfaces --tftp-max=300 --tftp-port-range=20000,29999 2>/dev/null &
servers="$servers $!"
sleep 0.5
load()
{
	echo "build/out/tests/bench/tftp-clients $1 $2 megabyte $3 1468 $4 | cut -d' ' -f1"
}
compare "TFTP, 100 clients, 1 MB, block 1468" MB/s dnsmasq \
    "$(load 127.0.0.1 16969 100 1)" "$(load 127.0.0.2 69 100 1)"

"$build/nfsroot-helper/nfsroot-helper" -d "$boot" -l 127.0.0.1 -p 12049 \
    2>/dev/null &
servers="$servers $!"
sleep 0.5
url="nfs://127.0.0.1/tree/big?version=3&nfsport=12049&mountport=12049"
for _ in $(seq "$rounds"); do
	began=$(date +%s.%N)
	nfs-cat "$url" >/dev/null
	echo "$began $(date +%s.%N)" | awk '{ print 268.435456 / ($2 - $1) }'
done >"$tmp/nfs"
echo "NFS, nfs-cat of 256 MiB: $(median <"$tmp/nfs") MB/s"
