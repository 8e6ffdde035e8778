#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot export: the named servers take what it prints, and hand out pub/ as
# ours do: the types that firmware wants, and nothing that is for one machine
# alone or just being written.  bootparamd names OpenBSD's root, and the
# rewriter answers as OpenBSD's tftpd asks (tftpd.c, rewrite_map()): that
# tftpd itself is in no package of Linux.  Whole boots are in tests/lab.
set -u
top=$PWD/${BUILD:-build/out}
mkboot=$top/mkboot/mkboot
export ASAN_OPTIONS=detect_leaks=0

if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "1..0 # SKIP it binds ports below 1024 and makes networks"
		exit 0
	fi
	exec unshare -mn sh "$0" inside
fi

tmp=$(mktemp -d)
boot=$tmp/boot
mac=52-54-00-12-34-56
n=0
servers=
finish()
{
	for pid in $servers; do
		kill "$pid" 2>/dev/null
	done
	for pid in $servers; do
		wait "$pid" 2>/dev/null
	done
	umount /etc/hosts /etc/bootparams /run 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT

# check NAME GOT WANTED
check()
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "want: $3" "got: $2" | head -n 60 | sed 's/^/# /'
	fi
}

# until_true COMMAND...: for a minute at most.
until_true()
{
	until=$(($(date +%s) + 60))
	while [ "$(date +%s)" -lt "$until" ]; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# start COMMAND...: a server until the end, or until stop.
start()
{
	"$@" >>"$tmp/log" 2>&1 &
	server=$!
	servers="$servers $server"
}

stop()
{
	kill "$server"
	wait "$server" 2>/dev/null
	servers=${servers% "$server"}
}

exported()
{
	"$mkboot" export -d "$boot" -l 10.0.0.1 "$1"
}

# A boot directory of user games, whose group no web server has.
fill()
{
	"$mkboot" create -d "$boot" -u games
	mkdir -p "$boot/pub/image/x" "$boot/pub/machine/$mac" \
	    "$boot/machine/$mac/bootparam" "$boot/root/bsd"
	head -c 300001 /dev/urandom >"$boot/pub/loader/snponly.efi"
	ln -s snponly.efi "$boot/pub/loader/16"
	echo kernel >"$boot/pub/image/x/kernel"
	echo half >"$boot/pub/image/x/.kernel"
	echo secret >"$boot/pub/machine/$mac/private.cpio"
	chgrp games "$boot/pub/machine/$mac/private.cpio"
	chmod 640 "$boot/pub/machine/$mac/private.cpio"
	echo own >"$boot/pub/machine/$mac/boot.conf"
	echo alpha >"$boot/machine/$mac/hostname"
	echo 10.0.0.5 >"$boot/machine/$mac/ip"
	echo /bsd >"$boot/machine/$mac/bootparam/root"
	head -c 300001 /dev/urandom >"$boot/root/bsd/bsd"
	ln -s "../$mac" "$boot/seen/ip/10.0.0.5"
	chown -Rh games "$boot/seen"
}

# web NAME: what firmware and iPXE see of a web server.
web()
{
	until_true curl -sf http://10.0.0.1/boot.ipxe
	check "$1 hands out a loader by its architecture" \
	    "$(curl -sf http://10.0.0.1/loader/16 | cksum)" \
	    "$(cksum <"$boot/pub/loader/snponly.efi")"
	check "$1 says the type that EDK2 wants, and the length" \
	    "$(curl -sI http://10.0.0.1/loader/16 | tr -d '\r' |
		grep -Ei '^(content-(type|length)|HTTP/)' | cut -d' ' -f2 |
		LC_ALL=C sort | tr '\n' ' ')" "200 300001 application/efi "
	check "$1 resumes" "$(curl -s -r 300000- -o /dev/null \
	    -w '%{http_code} %{size_download}' \
	    http://10.0.0.1/loader/snponly.efi)" "206 1"
	for path in "machine/$mac/private.cpio" image/x/.kernel; do
		curl -sf "http://10.0.0.1/$path" >"$tmp/got"
		check "$1 keeps $path to itself" "$? $(cat "$tmp/got")" "22 "
	done
	check "$1 is followed no way out" "$(curl -s --path-as-is -o /dev/null \
	    -w '%{http_code}' http://10.0.0.1/../machine/$mac/hostname |
	    grep -c '^40')" 1
}

fetch()
{
	rm -f "$tmp/got"
	timeout 20 tftp -m binary 10.0.0.1 -c get "$1" "$tmp/got" >"$tmp/said" 2>&1
	[ -s "$tmp/got" ]
}

# files NAME: the same of a TFTP server.
files()
{
	until_true fetch loader/16
	fetch loader/16
	check "$1 hands out a loader by its architecture" \
	    "$(cksum <"$tmp/got")" "$(cksum <"$boot/pub/loader/snponly.efi")"
	fetch //image/x/kernel
	check "$1 bears slashes in front" "$(cat "$tmp/got")" kernel
	for path in "machine/$mac/private.cpio" "../machine/$mac/hostname"; do
		fetch "$path"
		check "$1 keeps $path to itself" "$? $(cat "$tmp/got")" "1 "
	done
}

chmod 755 "$tmp"
: >"$tmp/log"
# A diskless machine, at the other end of a wire.
unshare -n sleep 600 &
holder=$!
servers="$servers $holder"
until_true sh -c "[ \"\$(readlink /proc/$holder/ns/net)\" != \
    \"\$(readlink /proc/$$/ns/net)\" ]"
ip link add lan type veth peer name eth0 address 52:54:00:12:34:56 \
    netns "$holder"
ip addr add 10.0.0.1/24 dev lan
ip link set lan up
nsenter -t "$holder" -n ip link set eth0 up
ip link set lo up
fill >"$tmp/log" 2>&1

{
	echo "user www-data; daemon off; pid $tmp/nginx.pid;"
	echo "error_log $tmp/nginx.log; events { } http { access_log off;"
	exported nginx
	echo '}'
} >"$tmp/nginx.conf"
start nginx -c "$tmp/nginx.conf"
web nginx
check "nginx bears a machine's report" "$(curl -s -o /dev/null \
    -w '%{http_code}' 'http://10.0.0.1/report?stage=root&state=ok')" 204
stop

# The cache of pixie-growing(7), as it stands there; behind it, our httpbootd.
{
	echo "user root; daemon off; pid $tmp/nginx.pid;"
	echo "error_log $tmp/nginx.log; events { } http { access_log off;"
	sed -n '/^proxy_cache_path/,/^}/p' mkboot/pixie-growing.7 |
	    sed "s,/var/cache/pixie,$tmp/cache,; s,192.0.2.1,10.0.0.1:8080,"
	echo '}'
} >"$tmp/cache.conf"
start "$top/httpbootd/httpbootd" -u games -d "$boot" -p 8080
behind=$server
start nginx -c "$tmp/cache.conf"
until_true curl -sf http://10.0.0.1/boot.ipxe
check "a cache in front hands out an image" \
    "$(curl -sf http://10.0.0.1/image/x/kernel)" kernel
check "but no private file" "$(curl -s -o /dev/null -w '%{http_code}' \
    "http://10.0.0.1/machine/$mac/private.cpio" | cut -c1-2)" 40
kill "$behind"
wait "$behind" 2>/dev/null
check "and the image while the server is away" \
    "$(curl -sf http://10.0.0.1/image/x/kernel)" kernel
stop

exported lighttpd >"$tmp/lighttpd.conf"
start lighttpd -D -f "$tmp/lighttpd.conf"
web lighttpd
stop

exported tftpd-hpa >"$tmp/tftpd.map"
start in.tftpd --foreground --address 10.0.0.1:69 --user tftp --secure \
    --map-file "$tmp/tftpd.map" "$boot/pub"
files tftpd-hpa
fetch '\image\x\kernel'
check "tftpd-hpa bears backslashes" "$(cat "$tmp/got")" kernel
fetch image/x/.kernel
check "tftpd-hpa keeps what is being written to itself" "$?" 1
stop

exported dnsmasq >"$tmp/dnsmasq.conf"
start dnsmasq --keep-in-foreground --conf-file="$tmp/dnsmasq.conf" \
    --user=root
files dnsmasq
stop
check "who could hand out private files is warned of" \
    "$(chgrp nogroup "$boot/seen"; exported dnsmasq 2>&1 >/dev/null |
	cut -d' ' -f3-10; chgrp games "$boot/seen")" \
    "the user dnsmasq is in the group nogroup,"

exported openbsd-tftpd >"$tmp/rewrite"
start perl "$tmp/rewrite" "$tmp/socket"
until_true test -S "$tmp/socket"
check "the rewriter answers each line as tftpd -r asks, in order" \
    "$(perl -MIO::Socket::UNIX -e '
	my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die;
	$s->syswrite("10.0.0.5 read boot.conf\n10.0.0.6 read boot.conf\n" .
	    "10.0.0.5 read \\\\image\\\\x\\\\kernel\\377\n10.0.0.5 re");
	select undef, undef, undef, 0.2;
	$s->syswrite("ad /loader//16\n10.0.0.5 read image/x/.kernel\n" .
	    "10.0.0.5 write boot.conf\n" .
	    "10.0.0.5 read ../machine/x\nnonsense\n");
	for (1 .. 8) { my $line = <$s>; print $line }' "$tmp/socket")" \
    "machine/$mac/boot.conf
boot.conf
image/x/kernel
loader/16
.none
.none
.none
.none"
stop

# RARP and NFS are ours.
by_bootparamd()
{
	mount -t tmpfs none /run
	mkdir /run/rpcbind
	"$mkboot" export -d "$boot" -l 10.0.0.1 bootparamd >"$tmp/bootparams"
	{
		echo 127.0.0.1 localhost
		sed -n 's/^#hosts //p' "$tmp/bootparams"
	} >"$tmp/hosts"
	mount --bind "$tmp/hosts" /etc/hosts
	start rpcbind -f -r
	until_true rpcinfo -T tcp 127.0.0.1 portmapper
	start "$top/nfsroot-helper/nfsroot-helper" -u games -d "$boot"
	until_true rpcinfo -T udp 127.0.0.1 nfs 3
	ours=$(rpcinfo -p | awk '$1 == 100026 { print $4 }')
	start rpc.bootparamd -d -f "$tmp/bootparams"
	until_true sh -c "[ \"\$(rpcinfo -p | awk '\$1 == 100026 && \$3 == \"udp\" \
	    { print \$4 }')\" != '$ours' ]"
	"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -I. -o "$tmp/diskless-client" \
	    tests/live/diskless-client.c common/wire.c nfsroot-helper/xdr.c \
	    nfsroot-helper/rarp.c || echo "Bail out! no client"
	timeout 90 nsenter -t "$holder" -n "$tmp/diskless-client" eth0 \
	    255.255.255.255 bsd 3>"$tmp/file" >"$tmp/said" 2>&1
	check "a machine that boots as OpenBSD does is named, and has its root" \
	    "$(grep -E '^(name|root) ' "$tmp/said")" "name alpha
root 10.0.0.1:/bsd"
	check "it was named by bootparamd" \
	    "$(grep -c 'whoami got question for 10.0.0.5' "$tmp/log")" 1
	check "and has its kernel" "$(cksum <"$tmp/file")" \
	    "$(cksum <"$boot/root/bsd/bsd")"
}

# Alpine has none.
if command -v rpc.bootparamd >/dev/null; then
	by_bootparamd
else
	n=$((n + 1))
	echo "ok $n # SKIP no bootparamd on this system"
fi
echo "1..$n"
