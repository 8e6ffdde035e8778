#!/bin/sh
# SPDX-License-Identifier: ISC
# httpbootd over HTTPS and IPv6, with curl, on the loopback interface.
# Run from the root of the tree; as root it gives its privileges up too.
set -u
. tests/live/httpbootd.sh
mac=52-54-00-12-34-56

fill()
{
	mkdir -p "$boot/pub/machine/$mac" "$boot/seen/$mac" "$boot/seen/ip"
	echo '#!ipxe' >"$boot/pub/boot.ipxe"
	head -c 20000000 /dev/urandom >"$boot/pub/initrd"
	echo secret >"$boot/pub/machine/$mac/key"
	chmod 640 "$boot/pub/machine/$mac/key"
	for name in boot other; do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		    -nodes -days 2 -subj /CN=localhost -addext \
		    'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' \
		    -keyout "$tmp/$name.key" -out "$tmp/$name.pem" || return
	done
	chmod 600 "$tmp/boot.key"
}

# As root: another user, who could not read the key.
start_https()
{
	set -- -c "$tmp/boot.pem" -k "$tmp/boot.key"
	if [ "$(id -u)" -eq 0 ]; then
		chmod 755 "$tmp"
		chown -R nobody "$boot/seen"
		chgrp -R "$(id -gn nobody)" "$boot/pub/machine"
		set -- "$@" -u nobody
	fi
	start "$@" || return
	url=https://127.0.0.1:$port
}

status()
{
	curl -s -m 10 --cacert "$tmp/boot.pem" -o "$tmp/body" \
	    -w '%{http_code}' --path-as-is -g "$@"
}

# gets VERSION: of TLS.
gets()
{
	equal 200 "$(status "--tlsv$1" --tls-max "$1" "$url/initrd")" &&
	    cmp "$tmp/body" "$boot/pub/initrd"
}

one_connection_serves_head_get_and_range()
{
	curl -sf --cacert "$tmp/boot.pem" -I "$url/initrd" \
	    -w '%{num_connects}\n' --next -sf --cacert "$tmp/boot.pem" \
	    -r 100-199 -o "$tmp/body" -w '%{num_connects}\n' \
	    "$url/initrd" >"$tmp/head" || return
	equal 20000000 "$(header Content-Length <"$tmp/head")" || return
	equal '1 0' "$(tail -n 2 "$tmp/head" | xargs | sed 's/.* \(. .\)$/\1/')" ||
	    return
	tail -c +101 "$boot/pub/initrd" | head -c 100 | cmp - "$tmp/body"
}

refusals_have_words()
{
	refused 'no such file' 404 "$url/missing" &&
	    refused "\`..'" 404 "$url/%2e%2e/seen/$mac/log"
}

another_certificate_is_not_trusted()
{
	curl -s --cacert "$tmp/other.pem" -o /dev/null "$url/boot.ipxe"
	equal 60 $?
}

plain_http_gets_nothing_and_harms_nothing()
{
	talk "$port" 'GET /boot.ipxe HTTP/1.1\r\nHost: x\r\n\r\n' >"$tmp/said2"
	! grep -aq ipxe "$tmp/said2" && equal 200 "$(status "$url/boot.ipxe")"
}

the_user_is_another()
{
	equal "$(id -u nobody)" "$(awk '/^Uid/ { print $3 }' \
	    "/proc/$server/status")"
}

a_file_made_shorter_ends_its_connection_only()
{
	rm -f "$tmp/got"
	truncate -s 200000000 "$boot/pub/shrinks"
	curl -s -m 60 --cacert "$tmp/boot.pem" --limit-rate 20M \
	    -o "$tmp/got" "$url/shrinks" &
	curl=$!
	eventually test -s "$tmp/got"
	truncate -s 100 "$boot/pub/shrinks"
	wait "$curl" && return 1
	eventually grep 'warn: pub/shrinks: it has become shorter' "$log" ||
	    return
	equal 200 "$(status "$url/boot.ipxe")"
}

# private_file_is_for ADDRESS URL
private_file_is_for()
{
	rm -f "$boot/seen/ip/"*
	refused 'not world-readable' 404 "$2/machine/$mac/key" || return
	ln -s "../$mac" "$boot/seen/ip/$1"
	equal 200 "$(status "$2/machine/$mac/key")" || return
	equal secret "$(cat "$tmp/body")" || return
	equal 200 "$(status -X POST "$2/report?stage=up&state=ok")" || return
	rm "$boot/seen/ip/$1"
	refused 'not world-readable' 404 "$2/machine/$mac/key"
}

ends()
{
	kill "$server"
	wait "$server"
	equal 0 $?
}

# dies WORDS FLAG...: one line, and 100.
dies()
{
	words=$1
	shift
	"$program" -d "$boot" -l 127.0.0.1 -p "$port" "$@"  2>"$tmp/line"
	equal 100 $? || return
	cat "$tmp/line"
	grep -q "$words" "$tmp/line" && equal 1 "$(wc -l <"$tmp/line")"
}

truth "keys are made" fill
truth "HTTPS starts, with a key that only its first user may read" start_https
[ "$(id -u)" -ne 0 ] || truth "it serves as another user" the_user_is_another
truth "TLS 1.2 gives the file" gets 1.2
truth "TLS 1.3 gives the file" gets 1.3
truth "HEAD and a range on one connection" \
    one_connection_serves_head_get_and_range
truth "refusals have words" refusals_have_words
truth "another certificate is not trusted" another_certificate_is_not_trusted
truth "plain HTTP gets nothing and harms nothing" \
    plain_http_gets_nothing_and_harms_nothing
truth "a file made shorter ends its connection only" \
    a_file_made_shorter_ends_its_connection_only
truth "a private file is for its machine, by HTTPS" \
    private_file_is_for 127.0.0.1 "$url"
truth "and by HTTPS over IPv6" private_file_is_for ::1 "https://[::1]:$port"
truth "it ends when told" ends
truth "-c without -k is the usage" dies '^usage: ' -c "$tmp/boot.pem"
truth "a key of another certificate is told" dies 'belong together' \
    -c "$tmp/boot.pem" -k "$tmp/other.key"
truth "a file that is no PEM is told" dies 'not a PEM file' \
    -c "$boot/pub/boot.ipxe" -k "$tmp/boot.key"
truth "a file that is not there is told" dies 'No such file' \
    -c "$tmp/none" -k "$tmp/boot.key"
truth "HTTP starts" start
truth "IPv6 and IPv4 on one socket" sh -c "
    curl -gsf 'http://[::1]:$port/initrd' | cmp - '$boot/pub/initrd' &&
    curl -gsf 'http://127.0.0.1:$port/initrd' | cmp - '$boot/pub/initrd'"
truth "a private file is for its machine, over IPv6" \
    private_file_is_for ::1 "http://[::1]:$port"
truth "and over IPv4 by the same socket" \
    private_file_is_for 127.0.0.1 "http://127.0.0.1:$port"
truth "it ends when told" ends
truth "IPv6 alone starts" start -l ::1
truth "and is served at" sh -c "curl -gsf 'http://[::1]:$port/boot.ipxe' |
    cmp - '$boot/pub/boot.ipxe'"
truth "it ends when told" ends
echo "1..$n"
