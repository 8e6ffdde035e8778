#!/bin/sh
# SPDX-License-Identifier: ISC
# httpbootd beside nginx with sendfile: the same files, by wrk.
. ./tests/bench/bench.sh

boot=$tmp/boot
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
head -c 235 /dev/zero >"$boot/pub/small"
head -c 1000000 /dev/urandom >"$boot/pub/megabyte"
chmod 755 "$tmp"

serve httpbootd "$build/httpbootd/httpbootd" -d "$boot" -l 127.0.0.1 -p 18080
cat >"$tmp/nginx.conf" <<EOF
daemon off; worker_processes 1; pid $tmp/nginx.pid; error_log $tmp/nginx.err;
events { worker_connections 2048; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
client_body_temp_path $tmp; proxy_temp_path $tmp; fastcgi_temp_path $tmp;
uwsgi_temp_path $tmp; scgi_temp_path $tmp;
server { listen 127.0.0.1:18081; root $boot/pub; } }
EOF
serve nginx nginx -c "$tmp/nginx.conf"
wait_for httpbootd curl -sf -o /dev/null http://127.0.0.1:18080/small
wait_for nginx curl -sf -o /dev/null http://127.0.0.1:18081/small

rate()
{
	echo "wrk -t1 -c64 -d2s http://127.0.0.1:$1/$2 | awk '/Requests\\/sec/ { print \$2 }'"
}
compare "HTTP, 235 octets, 64 connections" "requests/s" nginx \
    "$(rate 18080 small)" "$(rate 18081 small)"
compare "HTTP, 1 MB, 64 connections" "requests/s" nginx \
    "$(rate 18080 megabyte)" "$(rate 18081 megabyte)"
