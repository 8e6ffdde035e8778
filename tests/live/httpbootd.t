#!/bin/sh
# SPDX-License-Identifier: ISC
# httpbootd beside curl, wget, busybox and nginx, on the loopback interface.
# Run from the root of the tree; no root needed.
set -u
. tests/live/httpbootd.sh
mac=52-54-00-12-34-56

# super WAY PORT COMMAND...: what inetd (nowait, wait) and systemd (fds) do, to
# be run in the background: the shell becomes the command.
super()
{
	exec perl -MIO::Socket::INET -MPOSIX=dup2 -e '
		$^F = 20;	# descriptors that survive exec
		my ($way, $port) = (shift, shift);
		my $s = IO::Socket::INET->new(Listen => 5, ReuseAddr => 1,
		    LocalAddr => "127.0.0.1", LocalPort => $port) or die;
		if ($way eq "fds") {
			dup2(fileno($s), 3);
			$ENV{LISTEN_FDS} = 1;
			$ENV{LISTEN_PID} = $$;
		} else {
			$s = $s->accept if $way eq "nowait";
			dup2(fileno($s), $_) for 0, 1;
		}
		exec @ARGV or die' "$@"
}

fill()
{
	mkdir -p "$boot/pub/loader" "$boot/pub/image/a b" "$boot/root" \
	    "$boot/pub/machine/$mac" "$boot/seen/ip" "$boot/seen/$mac"
	printf '#!ipxe\necho here\n' >"$boot/pub/boot.ipxe"
	head -c 300000 /dev/urandom >"$boot/pub/loader/snponly.efi"
	ln -s snponly.efi "$boot/pub/loader/16"
	head -c 40000000 /dev/urandom >"$boot/pub/image/a b/initrd"
	: >"$boot/pub/empty.cfg"
	echo disk >"$boot/pub/disk.img"
	truncate -s 5368709120 "$boot/pub/big.iso"
	printf 'the end' >>"$boot/pub/big.iso"
	echo 'root:x' >"$boot/root/shadow"
	ln -s ../root/shadow "$boot/pub/leaves"
	ln -s gone "$boot/pub/dangling"
	mkfifo "$boot/pub/fifo"
	perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Listen => 1,
	    Local => $ARGV[0]) or die' "$boot/pub/socket"
	echo half >"$boot/pub/.boot.ipxe.new"
	echo secret >"$boot/pub/machine/$mac/key"
	chmod 640 "$boot/pub/machine/$mac/key"
	chmod 644 "$boot/pub/boot.ipxe" "$boot/pub/loader/snponly.efi"
}

start_nginx()
{
	other_port=$(free_port)
	cat >"$tmp/nginx.conf" <<-EOF
		daemon off;
		worker_processes 1;
		pid $tmp/nginx.pid;
		error_log $tmp/nginx.log;
		events { worker_connections 64; }
		http {
			access_log off;
			default_type application/octet-stream;
			types {
				application/efi efi;
				application/vnd.efi-iso iso;
				application/vnd.efi-img img;
				text/plain ipxe cfg conf txt;
			}
			client_body_temp_path $tmp;
			proxy_temp_path $tmp;
			fastcgi_temp_path $tmp;
			uwsgi_temp_path $tmp;
			scgi_temp_path $tmp;
			server {
				listen 127.0.0.1:$other_port;
				root $boot/pub;
			}
		}
	EOF
	chmod 755 "$tmp" "$boot"
	nginx -p "$tmp" -e "$tmp/nginx.log" -c "$tmp/nginx.conf" &
	children="$children $!"
	eventually curl -sf -o /dev/null "http://127.0.0.1:$other_port/boot.ipxe"
}

gets_the_file()
{
	curl -sf "$url/image/a%20b/initrd" | cmp - "$boot/pub/image/a b/initrd"
}

head_is_get_without_body()
{
	for path in boot.ipxe loader/16 empty.cfg missing %2e%2e/x; do
		curl -s -D "$tmp/get" -o "$tmp/body" "$url/$path"
		curl -s -I "$url/$path" >"$tmp/head"
		grep -v '^Date' "$tmp/get" >"$tmp/get.rest"
		grep -v '^Date' "$tmp/head" >"$tmp/head.rest"
		diff "$tmp/get.rest" "$tmp/head.rest" || return
		equal "$(wc -c <"$tmp/body")" \
		    "$(header Content-Length <"$tmp/head")" || return
	done
}

# As EDK2 does it: HEAD, GET, and RST when the body has come.
firmware_is_served_on_one_connection()
{
	before=$(wc -l <"$log")
	as="Host: 127.0.0.1\\r\\nAccept: */*\\r\\nUser-Agent: UefiHttpBoot/1.0\\r\\n"
	for method in HEAD GET; do
		printf "%s" "$method /loader/snponly.efi HTTP/1.1\\r\\n$as\\r\\n"
	done >"$tmp/request"
	talk "$port" "$(cat "$tmp/request")" >"$tmp/answer"
	equal 2 "$(grep -ac '^HTTP/1.1 200 OK' "$tmp/answer")" || return
	grep -qai '^connection: close' "$tmp/answer" && return 1
	tail -c 300000 "$tmp/answer" | cmp - "$boot/pub/loader/snponly.efi" ||
	    return
	sed "1,${before}d" "$log"
	equal 1 "$(sed "1,${before}d" "$log" | grep -c ' head client=')" || return
	sed "1,${before}d" "$log" | grep -q \
	    'sent client=127.0.0.1 file=loader/snponly.efi status=200 bytes=300000 ms='
}

keeps_the_connection()
{
	equal 100 "$(curl -s -o "$tmp/a" -o "$tmp/b" -o "$tmp/c" \
	    -w '%{num_connects}' "$url/boot.ipxe" "$url/missing" \
	    "$url/loader/16")"
}

http_1_0_is_closed_after_the_answer()
{
	talk "$port" 'GET /boot.ipxe HTTP/1.0\r\n\r\n' >"$tmp/answer"
	cat "$tmp/answer"
	grep -q '^Connection: close' "$tmp/answer" &&
	    grep -q '^Content-Length: 17' "$tmp/answer" &&
	    tail -c 17 "$tmp/answer" | cmp - "$boot/pub/boot.ipxe"
}

http_1_0_keeps_on_demand()
{
	talk "$port" 'GET /boot.ipxe HTTP/1.0\r\nConnection: keep-alive\r\n\r\n' \
	    >"$tmp/answer"
	cat "$tmp/answer"
	grep -q '^Connection: Keep-Alive' "$tmp/answer"
}

a_range_is_those_octets()
{
	equal 206 "$(status -r 100-199 "$url/loader/16")" || return
	tail -c +101 "$boot/pub/loader/snponly.efi" | head -c 100 |
	    cmp - "$tmp/body" || return
	equal 206 "$(status -r -7 "$url/loader/16")" || return
	tail -c 7 "$boot/pub/loader/snponly.efi" | cmp - "$tmp/body"
}

a_range_past_the_end_is_416()
{
	curl -s -D "$tmp/head" -o "$tmp/body" -r 300000- "$url/loader/16"
	equal 'bytes */300000' "$(header Content-Range <"$tmp/head")" &&
	    grep -q '^HTTP/1.1 416 ' "$tmp/head"
}

several_ranges_come_whole()
{
	equal 200 "$(status -r 0-1,5-6 "$url/loader/16")" &&
	    cmp "$tmp/body" "$boot/pub/loader/snponly.efi"
}

wget_resumes()
{
	(
		cd "$tmp" || exit
		head -c 100000 "$boot/pub/loader/snponly.efi" >snponly.efi
		wget -q -c "$url/loader/snponly.efi"
	)
	cmp "$tmp/snponly.efi" "$boot/pub/loader/snponly.efi"
}

wget_and_busybox_get_the_file()
{
	wget -q -O "$tmp/a" "$url/image/a%20b/initrd" &&
	    busybox wget -q -O "$tmp/b" "$url/image/a%20b/initrd" &&
	    cmp "$tmp/a" "$boot/pub/image/a b/initrd" &&
	    cmp "$tmp/b" "$tmp/a"
}

the_current_copy_is_not_sent_again()
{
	curl -s -I "$url/boot.ipxe" >"$tmp/head"
	etag=$(header ETag <"$tmp/head")
	date=$(header Last-Modified <"$tmp/head")
	equal 304 "$(status -H "If-None-Match: $etag" "$url/boot.ipxe")" &&
	    equal 304 "$(status -H "If-Modified-Since: $date" \
	    "$url/boot.ipxe")" &&
	    equal 200 "$(status -H 'If-None-Match: "x"' "$url/boot.ipxe")" &&
	    equal 412 "$(status -H 'If-Match: "x"' "$url/boot.ipxe")" &&
	    equal 206 "$(status -r 1-2 -H "If-Range: $etag" \
	    "$url/boot.ipxe")" &&
	    equal 200 "$(status -r 1-2 -H 'If-Range: "x"' "$url/boot.ipxe")"
}

not_modified_leaves_the_connection_in_step()
{
	get="GET /boot.ipxe HTTP/1.1\\r\\n"
	talk "$port" "${get}If-None-Match: *\\r\\n\\r\\n$get\\r\\n" \
	    >"$tmp/answer"
	cat "$tmp/answer"
	equal 1 "$(grep -c '^HTTP/1.1 304 ' "$tmp/answer")" &&
	    equal 1 "$(grep -c '^HTTP/1.1 200 ' "$tmp/answer")" &&
	    equal 1 "$(grep -c '^echo here' "$tmp/answer")"
}

type_of()
{
	curl -s -I "$url/$1" | header Content-Type
}

types_have_no_parameters()
{
	equal application/efi "$(type_of loader/snponly.efi)" &&
	    equal application/efi "$(type_of loader/16)" &&
	    equal application/vnd.efi-iso "$(type_of big.iso)" &&
	    equal application/vnd.efi-img "$(type_of disk.img)" &&
	    equal text/plain "$(type_of boot.ipxe)" &&
	    equal application/octet-stream "$(type_of image/a%20b/initrd)"
}

other_methods_are_refused()
{
	for method in POST PUT DELETE OPTIONS; do
		refused 'only GET and HEAD' 405 -X "$method" -d x \
		    "$url/boot.ipxe" || return
	done
	curl -s -o "$tmp/body" -D - -X DELETE "$url/boot.ipxe" |
	    grep '^Allow: GET, HEAD'
}

a_whole_url_is_a_target()
{
	# -x: curl takes the server for a proxy, and sends it the whole URL.
	curl -sf -x "$url" http://boot.example//boot.ipxe |
	    cmp - "$boot/pub/boot.ipxe"
}

the_host_is_ignored()
{
	curl -sf -H 'Host: elsewhere:81' "$url/boot.ipxe" |
	    cmp - "$boot/pub/boot.ipxe" &&
	    curl -sf -H 'Host:' "$url/boot.ipxe" |
	    cmp - "$boot/pub/boot.ipxe"
}

slashes_are_squashed_without_redirect()
{
	equal 200 "$(status "$url//loader///16?a=b.c")" &&
	    cmp "$tmp/body" "$boot/pub/loader/snponly.efi"
}

an_overlong_head_is_refused()
{
	long=$(head -c 20000 /dev/zero | tr '\0' a)
	refused 'too long' 414 "$url/$(head -c 1100 /dev/zero | tr '\0' a)" &&
	    equal 414 "$(status "$url/$long")" &&
	    equal 431 "$(status -H "X: $long" "$url/boot.ipxe")" &&
	    equal 200 "$(status "$url/boot.ipxe")"
}

more_than_4_gib()
{
	equal 5368709127 "$(curl -s -I "$url/big.iso" |
	    header Content-Length)" || return
	equal 5368709127 "$(curl -s -o /dev/null -w '%{size_download}' \
	    "$url/big.iso")" || return
	equal 'the end' "$(curl -s -r -7 "$url/big.iso")" || return
	equal 'the' "$(curl -s -r 5368709120-5368709122 "$url/big.iso")"
}

# gives WORDS: the file that changes has them now.
gives()
{
	equal 200 "$(status "$url/changes")" && equal "$1" "$(cat "$tmp/body")"
}

# Each request comes long before what was open for the last one is closed.
a_change_counts_at_the_next_request()
{
	file=$boot/pub/changes
	echo one >"$file"
	gives one && gives one || return
	echo two >"$file"
	gives two || return
	echo three >>"$file"
	gives "two
three" || return
	chmod 640 "$file"
	refused 'not world-readable' 404 "$url/changes" || return
	chmod 644 "$file"
	gives "two
three" || return
	echo four >"$boot/pub/.new"
	mv "$boot/pub/.new" "$file"
	gives four || return
	rm "$file"
	refused 'no such file' 404 "$url/changes" || return
	ln -s boot.ipxe "$file"
	gives "$(cat "$boot/pub/boot.ipxe")" || return
	ln -sfn disk.img "$file"
	gives disk || return
	ln -sfn ../root/shadow "$file"
	refused 'leads out' 404 "$url/changes" || return
	rm "$file"
}

holds_a_file()
{
	find "/proc/$server/fd" -lname '*/pub/*' | grep -q .
}

nothing_stays_open_for_long()
{
	status "$url/boot.ipxe" || return
	for _ in $(seq 100); do
		holds_a_file || return 0
		sleep 0.1
	done
	return 1
}

a_replaced_file_comes_as_it_was_opened()
{
	rm -f "$tmp/got"
	file="$boot/pub/image/a b/initrd"
	cp "$file" "$tmp/old"
	sent=$(grep -c "sent: .*initrd" "$log")
	curl -s --limit-rate 15M -o "$tmp/got" "$url/image/a%20b/initrd" &
	curl=$!
	eventually test -s "$tmp/got"
	head -c 40000000 /dev/urandom >"$boot/pub/.new"
	mv "$boot/pub/.new" "$file"
	equal "$sent" "$(grep -c "sent: .*initrd" "$log")" || return
	wait "$curl" || return
	cmp "$tmp/got" "$tmp/old" || return
	curl -sf "$url/image/a%20b/initrd" | cmp - "$file"
}

a_file_made_shorter_ends_its_connection_only()
{
	rm -f "$tmp/got"
	truncate -s 200000000 "$boot/pub/shrinks"
	curl -s -m 20 --limit-rate 20M -o "$tmp/got" "$url/shrinks" &
	curl=$!
	eventually test -s "$tmp/got"
	truncate -s 100 "$boot/pub/shrinks"
	wait "$curl"
	equal 18 $? || return	# curl: closed with octets outstanding
	grep 'warn: pub/shrinks: it has become shorter' "$log" &&
	    grep 'broke client=127.0.0.1 file=shrinks' "$log" || return
	equal 200 "$(status "$url/boot.ipxe")"
}

reports_of_strangers_are_refused()
{
	refused 'nobody knows' 404 "$url/report?stage=root&state=ok" &&
	    refused 'a word' 400 "$url/report?stage=root"
}

private_files_are_for_their_machine()
{
	refused 'not world-readable' 404 "$url/machine/$mac/key" || return
	ln -s "../$mac" "$boot/seen/ip/127.0.0.1"
	equal 200 "$(status "$url/machine/$mac/key")" || return
	equal secret "$(cat "$tmp/body")"
}

# From here on the machine is known.
seen_says()
{
	grep -Eq "^[0-9]+\.[0-9]{6} httpbootd $1\$" "$boot/seen/$mac/log"
}

seen_has_whole_parts_and_refusals()
{
	status "$url/boot.ipxe" "$url/missing%20one"
	status -r 0-3 "$url/boot.ipxe"
	eventually seen_says 'sent file=boot.ipxe bytes=17 ms=[0-9]+' &&
	    eventually seen_says \
	    'part file=boot.ipxe bytes=4 of=17 ms=[0-9]+' &&
	    eventually seen_says 'refused file=missing.x20one status=404 why=not-found'
}

reports_are_noted()
{
	equal 200 "$(status "$url/report?stage=root&state=failed&why=no%20such%0aexport")" &&
	    equal noted "$(cat "$tmp/body")" &&
	    eventually seen_says \
	    'report stage=root state=failed why=no.x20such.x0aexport' &&
	    eventually grep -qx 'root failed no such?export' \
	    "$boot/seen/$mac/stage" || return
	head -c 60000 /dev/zero >"$tmp/post"
	equal 200 "$(status --data-binary "@$tmp/post" \
	    "$url/report?stage=up&state=ok")" &&
	    eventually grep -qx 'up ok' "$boot/seen/$mac/stage" || return
	head -c 1000000 /dev/zero >"$tmp/post"
	equal 000 "$(status -H Expect: --data-binary "@$tmp/post" \
	    "$url/report?stage=never&state=ok")" &&
	    equal 405 "$(status -X PUT "$url/report?stage=x&state=ok")" &&
	    equal 404 "$(status "$url/report")"
}

hardware_is_kept_as_modaliases()
{
	printf 'pci:v1\nusb:two words\n\033[2J\nvirtio:d1\n' >"$tmp/post"
	equal 200 "$(status --data-binary "@$tmp/post" \
	    "$url/report?stage=hardware&state=ok")" &&
	    eventually test -s "$boot/seen/$mac/modalias" &&
	    equal "pci:v1 virtio:d1" "$(xargs <"$boot/seen/$mac/modalias")" ||
	    return
	# Another card instead; then nothing that is of use, or too much.
	equal 200 "$(status --data-binary 'pci:v2
' "$url/report?stage=hardware&state=ok")" &&
	    eventually grep -qx pci:v2 "$boot/seen/$mac/modalias" || return
	equal 200 "$(status --data-binary ' ' \
	    "$url/report?stage=hardware&state=ok")"
	yes pci:v3 | head -c 60000 >"$tmp/post"
	equal 200 "$(status --data-binary "@$tmp/post" \
	    "$url/report?stage=hardware&state=ok")" &&
	    equal 200 "$(status "$url/report?stage=after&state=ok")" &&
	    eventually grep -qx 'after ok' "$boot/seen/$mac/stage" &&
	    equal pci:v2 "$(cat "$boot/seen/$mac/modalias")"
}

too_many_reports_are_refused_for_a_while()
{
	for _ in $(seq 40); do
		echo "url = $url/report?stage=loop&state=begun"
		echo "output = $tmp/body"
	done >"$tmp/urls"
	curl -s -K "$tmp/urls" -w '%{http_code}\n' >"$tmp/codes"
	sort "$tmp/codes" | uniq -c
	grep -q '^503' "$tmp/codes" && grep -q '^200' "$tmp/codes" &&
	    equal 200 "$(status "$url/boot.ipxe")"
}

an_aborted_transfer_broke()
{
	curl -s -m 1 --limit-rate 1M -o "$tmp/got" "$url/big.iso"
	equal 28 $? || return	# curl: time is up
	eventually seen_says \
	    'broke file=big.iso bytes=[1-9][0-9]* of=5368709127 ms=[0-9]+'
}

the_log_escapes_what_clients_send()
{
	status "$url/%1b%5b31m%0ax" >/dev/null
	grep -F 'file=\x1b[31m\x0ax status=404 why=not-found' "$log"
}

explains()
{
	printf 'HEAD /loader/16 HTTP/1.1\r\n\r\n' |
	    "$program" -e -d "$boot" >"$tmp/text" &&
	    grep '^which is: pub/loader/snponly.efi$' "$tmp/text" &&
	    grep '^status: 200 OK$' "$tmp/text" || return
	printf 'GET /machine/%s/key HTTP/1.1\r\n\r\n' "$mac" >"$tmp/request"
	"$program" -e -d "$boot" <"$tmp/request" | grep '^why: private' &&
	    "$program" -e -m "$mac" -d "$boot" <"$tmp/request" |
	    grep '^status: 200 OK$'
}

checks_the_boot_directory()
{
	"$program" -n -d "$boot" || return
	"$program" -n -d "$boot/root"
	equal 100 $? || return
	"$program" -n -d "$boot/missing"
	equal 100 $?
}

as_nginx()
{
	while read -r path; do
		for from in "$url" "http://127.0.0.1:$other_port"; do
			curl -s -D "$tmp/get" -o "$tmp/body" "$from/$path" ||
			    return
			curl -s -I "$from/$path" >"$tmp/head" || return
			{
				header Content-Length <"$tmp/get"
				header Content-Length <"$tmp/head"
				# nginx does not look where a link leads.
				[ "$path" = loader/16 ] ||
				    header Content-Type <"$tmp/get"
				cksum <"$tmp/body"
				head -n 1 "$tmp/get"
			} >>"$tmp/from"
		done
		echo "$path"
		cat "$tmp/from"
		lines=$(($(wc -l <"$tmp/from") / 2))
		equal "$(head -n "$lines" "$tmp/from")" \
		    "$(tail -n "$lines" "$tmp/from")" || return
		rm "$tmp/from"
	done <<-EOF
		boot.ipxe
		loader/snponly.efi
		loader/16
		image/a%20b/initrd
		//image//a%20b/initrd
		empty.cfg
		disk.img
	EOF
}

inetd_nowait_serves_one_connection()
{
	port2=$(free_port)
	super nowait "$port2" "$program" -d "$boot" &
	pid=$!
	children="$children $pid"
	eventually curl -s -o "$tmp/a" -o "$tmp/b" -w '%{num_connects}\n' \
	    "http://127.0.0.1:$port2/image/a%20b/initrd" \
	    "http://127.0.0.1:$port2/boot.ipxe" >"$tmp/connects" || return
	equal '1 0' "$(tail -n 2 "$tmp/connects" | xargs)" || return
	cmp "$tmp/a" "$boot/pub/image/a b/initrd" || return
	cmp "$tmp/b" "$boot/pub/boot.ipxe" || return
	wait "$pid"
	equal 0 $?
}

# inherits WAY: serves two connections, and ends with 0 on SIGTERM.
inherits()
{
	port2=$(free_port)
	super "$1" "$port2" "$program" -d "$boot" 2>"$tmp/log2" &
	pid=$!
	children="$children $pid"
	for get in first second; do
		echo "$get"
		eventually curl -s -o "$tmp/a" \
		    "http://127.0.0.1:$port2/boot.ipxe" || return
		cmp "$tmp/a" "$boot/pub/boot.ipxe" || return
	done
	kill "$pid"
	wait "$pid"
	equal 0 $?
}

sigterm_lets_transfers_finish()
{
	# A connection that only idles does not count.
	perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(
	    PeerAddr => "127.0.0.1", PeerPort => $ARGV[0]); sleep 60' "$port" &
	idler=$!
	children="$children $idler"
	curl -s --limit-rate 15M -o "$tmp/last" "$url/image/a%20b/initrd" &
	curl=$!
	eventually test -s "$tmp/last"
	kill "$server"
	eventually grep -q 'stopping: 1 transfers' "$log" || return
	curl -s -m 2 -o /dev/null "$url/boot.ipxe"
	equal 7 $? || return	# curl: connection refused
	wait "$curl"
	equal 0 $? || return
	wait "$server"
	equal 0 $? || return
	kill "$idler"
	cmp "$tmp/last" "$boot/pub/image/a b/initrd"
}

fill
truth "it starts on a port of its own" start -l 127.0.0.1
truth "GET gives the file" gets_the_file
truth "HEAD is GET without its body, for refusals too" head_is_get_without_body
truth "firmware's HEAD, GET and RST on one connection" \
    firmware_is_served_on_one_connection
truth "the connection is kept, after a refusal too" keeps_the_connection
truth "HTTP/1.0 is closed after the answer" http_1_0_is_closed_after_the_answer
truth "HTTP/1.0 is kept open when it asks" http_1_0_keeps_on_demand
truth "a range is those octets" a_range_is_those_octets
truth "a range past the end is 416 with the size" a_range_past_the_end_is_416
truth "several ranges come as the whole file" several_ranges_come_whole
truth "wget resumes" wget_resumes
truth "wget and busybox get the file" wget_and_busybox_get_the_file
truth "the current copy is not sent again" the_current_copy_is_not_sent_again
truth "304 has no body, whatever its length says" \
    not_modified_leaves_the_connection_in_step
truth "types are firmware's and have no parameters" types_have_no_parameters
truth "other methods are refused with Allow" other_methods_are_refused
truth "a whole URL is a target" a_whole_url_is_a_target
truth "the Host is ignored" the_host_is_ignored
truth "doubled slashes are squashed without redirect" \
    slashes_are_squashed_without_redirect
truth "a missing file is 404" refused 'x: no such file' 404 "$url/x"
truth "a folder is not listed" refused 'not listed' 404 "$url/loader/"
truth "a folder without slash is 404, no redirect" \
    refused 'not a regular file' 404 "$url/loader"
truth ".. leads nowhere" refused "\`..'" 404 "$url/../root/shadow"
truth "%2e%2e leads nowhere" refused "\`..'" 404 "$url/%2e%2e/root/shadow"
truth "..%2f leads nowhere" refused "\`..'" 404 "$url/loader/..%2f..%2fx"
truth "%00 is refused" refused 'a NUL' 400 "$url/boot.ipxe%00.txt"
truth "a bad escape is refused" refused 'percent' 400 "$url/%zz"
truth "a link that leaves is 404" refused 'leads out' 404 "$url/leaves"
truth "a dangling link is 404" refused 'no such file' 404 "$url/dangling"
truth "a FIFO is 404 at once" refused 'not a regular' 404 "$url/fifo"
truth "a socket is 404" refused 'not a regular' 404 "$url/socket"
if [ "$(id -u)" -eq 0 ]; then
	mknod "$boot/pub/zero" c 1 5
	truth "a device is 404 at once" refused 'not a regular' 404 "$url/zero"
fi
truth "a temporary name is 404" refused 'a dot' 404 "$url/.boot.ipxe.new"
truth "an overlong name or head is refused" an_overlong_head_is_refused
truth "a file above 4 GiB: its length, all of it, its last octets" more_than_4_gib
truth "a change counts at the next request: contents, mode, name, link" \
    a_change_counts_at_the_next_request
truth "no file stays open that nobody asks for" nothing_stays_open_for_long
truth "a file replaced mid-transfer comes as it was opened" \
    a_replaced_file_comes_as_it_was_opened
truth "a file made shorter ends its connection only" \
    a_file_made_shorter_ends_its_connection_only
truth "a report of a stranger is refused" reports_of_strangers_are_refused
truth "a private file is for its machine" private_files_are_for_their_machine
truth "seen/ has whole files, parts and refusals" \
    seen_has_whole_parts_and_refusals
truth "a report is in seen/, GET or POST" reports_are_noted
truth "what hardware it has is in seen/ too" hardware_is_kept_as_modaliases
truth "a machine that reports too often is told to wait" \
    too_many_reports_are_refused_for_a_while
truth "an aborted transfer broke, with its octets" an_aborted_transfer_broke
truth "the log escapes what clients send" the_log_escapes_what_clients_send
truth "-e explains" explains
truth "-n checks the boot directory" checks_the_boot_directory
truth "nginx starts beside it" start_nginx
truth "nginx gives the same octets, lengths and types" as_nginx
truth "inetd nowait: one connection, then 0" inetd_nowait_serves_one_connection
truth "inetd wait: a listening socket on descriptor 0" inherits wait
truth "systemd: LISTEN_FDS" inherits fds
truth "SIGTERM: no new connection, the transfer finishes, 0" \
    sigterm_lets_transfers_finish
truth "a port that is taken is told, with 111" \
    sh -c "'$program' -d '$boot' -l 127.0.0.1 -p $other_port; [ \$? -eq 111 ]"
echo "1..$n"
