#!/bin/sh
# SPDX-License-Identifier: ISC
# tftpd on the loopback, asked by the clients that people have: tftp-hpa,
# atftp, busybox and curl.  A client that is missing is a failure.
. tests/live/tftpd.sh
machine=52-54-00-12-34-56
cd "$tmp" || exit 1

# same FILE: what was fetched, to got, is FILE.
same()
{
	cmp got "$pub/$1"
}

with_curl()
{
	rm -f got
	name=$1
	shift
	curl -sS -m 60 -o got "$@" "tftp://127.0.0.1:$port/$name" &&
		same "$name"
}

# curl 7.88 calls the true tsize of an empty file invalid (lib/tftp.c): so it
# does not ask for it here.  It makes no file when no octet comes.
with_curl_empty()
{
	curl -sS -m 60 --tftp-no-options "tftp://127.0.0.1:$port/$1" >got &&
		same "$1"
}

with_tftp()
{
	rm -f got
	tftp -m binary 127.0.0.1 "$port" -c get "$1" got && same "$1"
}

with_busybox()
{
	rm -f got
	name=$1
	shift
	busybox tftp -g -r "$name" -l got "$@" 127.0.0.1 "$port" &&
		same "$name"
}

with_atftp()
{
	rm -f got
	name=$1
	shift
	atftp "$@" -g -r "$name" -l got 127.0.0.1 "$port" && same "$name"
}

# says WORDS COMMAND...: the command must say these words.
says()
{
	words=$1
	shift
	"$@" >said 2>&1
	cat said
	grep -qF -- "$words" said
}

logged()
{
	grep -F -- "$1" log
}

mkdir -p "$pub/sub" "$pub/machine/$machine" "$boot/seen/ip"
for size in 0 511 512 513 1048576; do
	head -c "$size" /dev/urandom >"$pub/f$size"
done
# 65625 blocks of 8 octets, and 65700 of 512, so that the numbers roll over.
head -c 525000 /dev/urandom >"$pub/roll8"
head -c 33638400 /dev/urandom >"$pub/roll512"
echo common >"$pub/sub/script"
{ seq 2000; printf 'a\rb\r\nc\n\n'; } >"$pub/text"
ln -s sub/script "$pub/link"
ln -s /etc/hostname "$pub/out"
echo secret >"$pub/secret"
chmod -R a+rX "$tmp"
chmod 600 "$pub/secret"
as=
if [ "$(id -u)" -eq 0 ]; then
	as="-u nobody"
	chown -R nobody "$boot/seen"
fi

# shellcheck disable=SC2086
check "starts and says so" start 127.0.0.1 -v $as
for size in 511 512 513 1048576; do
	check "$size octets to curl" with_curl "f$size"
done
check "0 octets to curl" with_curl_empty f0
for size in 0 511 512 513 1048576; do
	check "$size octets to tftp-hpa" with_tftp "f$size"
	check "$size octets to busybox" with_busybox "f$size"
	check "$size octets to busybox in blocks of 1468" \
		with_busybox "f$size" -b 1468
	check "$size octets to atftp" with_atftp "f$size"
	check "$size octets to atftp in windows of 16" with_atftp "f$size" \
		--option "blksize 1468" --option "windowsize 16"
done
check "a windowsize is agreed" logged "blksize=1468 windowsize=16 resent=0"
check "block numbers roll over, blocks of 8" \
	with_curl roll8 --tftp-blksize 8
check "block numbers roll over, blocks of 512" with_tftp roll512
check "block numbers roll over in windows" with_atftp roll8 \
	--option "blksize 8" --option "windowsize 16"
check "the timeout that a client asks is agreed" with_atftp f1048576 \
	--option "timeout 3"
check "a slash in front and doubled ones are borne" \
	with_atftp //sub//script
check "a link within pub/ is followed" with_curl link

check "a missing file is said to be missing" \
	says "none: no such file" tftp -m binary 127.0.0.1 "$port" -c get none
check "a link out of pub/ is refused" \
	says "leads out of pub/" tftp -m binary 127.0.0.1 "$port" -c get out
check "a private file is refused" says "not world-readable" \
	tftp -m binary 127.0.0.1 "$port" -c get secret
check "a folder is refused" says "not a regular file" \
	tftp -m binary 127.0.0.1 "$port" -c get sub
# What tftp-hpa makes of netascii is the text as it was.
as_text()
{
	rm -f got
	tftp -m netascii 127.0.0.1 "$port" -c get text got && same text
}
check "a text in netascii" as_text
check "netascii of what is too large is refused with words" \
	says "ask in octet (binary) mode" \
	tftp -m netascii 127.0.0.1 "$port" -c get roll512
check "a write is refused with words" says "only hands files out" \
	tftp -m binary 127.0.0.1 "$port" -c put "$pub/f513" new
check "curl learns of a missing file by its number" \
	says "68" sh -c "curl -sS tftp://127.0.0.1:$port/none; echo \$?"

# Four clients at once, each of another kind.
at_once()
{
	curl -sS -m 60 -o a "tftp://127.0.0.1:$port/roll512" &
	one=$!
	atftp --option "windowsize 16" -g -r roll512 -l b 127.0.0.1 "$port" &
	two=$!
	tftp -m binary 127.0.0.1 "$port" -c get f1048576 c &
	three=$!
	busybox tftp -g -r roll512 -l d -b 1468 127.0.0.1 "$port" &
	wait "$one" "$two" "$three" $!
	cmp a "$pub/roll512" && cmp b "$pub/roll512" &&
		cmp c "$pub/f1048576" && cmp d "$pub/roll512"
}
check "four clients at once" at_once

# Replaced while it is on its way: the old file to its end.
replaced()
{
	cp "$pub/roll8" old
	curl -sS -m 60 -o got --tftp-blksize 8 \
		"tftp://127.0.0.1:$port/roll8" &
	client=$!
	sleep 0.2
	cp "$pub/f513" "$pub/.roll8.new"
	mv "$pub/.roll8.new" "$pub/roll8"
	kill -0 "$client" || { echo "ended too soon to tell"; return 1; }
	wait "$client" && cmp got old
}
check "a file replaced on its way arrives as it was" replaced

ln -s "../$machine" "$boot/seen/ip/127.0.0.1"
echo "its own" >"$pub/machine/$machine/mine"
# A thread of its own writes seen/: within seconds.
recorded()
{
	tries=0
	until grep -qs "tftpd $1" "$boot/seen/$machine/log"; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || return 1
		sleep 0.05
	done
}
own()
{
	rm -f got
	busybox tftp -g -r mine -l got 127.0.0.1 "$port" &&
		same "machine/$machine/mine" &&
		recorded "sent file=machine/$machine/mine bytes=8 ms="
}
check "a known machine gets its own file, and seen/ has it" own
tftp -m binary 127.0.0.1 "$port" -c get nothing >out 2>&1
check "a refusal is in seen/ too" recorded \
	"refused file=nothing why=not-found"

# A transfer that is under way at SIGTERM goes on to its end.
finishes()
{
	curl -sS -m 60 -o got "tftp://127.0.0.1:$port/roll512" &
	client=$!
	sleep 0.2
	kill -0 "$client" || { echo "ended too soon to tell"; return 1; }
	stop && wait "$client" && same roll512
}
check "at SIGTERM transfers finish first, the exit is 0" finishes

# A client whose kernel lets nothing through but what comes from the port that
# it asked, as NAT does.
cat >strict.pl <<'EOF'
use strict;
use IO::Socket::INET;
my ($port, $name) = @ARGV;
my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "127.0.0.1",
    PeerPort => $port) or die;
my ($data, $block, $all) = ("", 1, "");
$s->send(pack("n", 1) . "$name\0octet\0");
for (;;) {
	defined $s->recv($data, 600) or die "recv: $!";
	my ($op, $n) = unpack("n n", $data);
	die "opcode $op" if $op != 3;
	next if $n != ($block & 0xffff);
	$all .= substr($data, 4);
	$s->send(pack("n n", 4, $block++));
	last if length($data) < 516;
}
print $all;
EOF
with_strict()
{
	timeout 30 perl strict.pl "$port" "$1" >got && same "$1"
}
check "starts with one port for all, names in any case" \
	start 127.0.0.1 -1 -c
check "a client that hears this port alone gets 1 MB" with_strict f1048576
check "and others, at once, too" at_once
shouted()
{
	rm -f got
	curl -sS -m 60 -o got "tftp://127.0.0.1:$port/SUB/Script" &&
		same sub/script
}
check "a shouted name is found" shouted
check "at SIGTERM it finishes on that port, the exit is 0" finishes

check "starts on IPv6" start ::1
with_curl_6()
{
	rm -f got
	curl -g -sS -m 60 -o got "tftp://[::1]:$port/f1048576" &&
		same f1048576
}
check "1 MB over IPv6" with_curl_6
check "SIGTERM ends it with 0" stop

# A socket handed over: as inetd does (`wait'), and as systemd does.
cat >hand.pl <<'EOF'
use strict;
use Fcntl;
use IO::Socket::INET;
use POSIX;
$^F = 9;	# what is opened up to here stays open in the program
my ($how, @command) = @ARGV;
my $socket = IO::Socket::INET->new(Proto => "udp",
    LocalAddr => "127.0.0.1", LocalPort => 0) or die;
open(my $file, ">", "port") or die;
print $file $socket->sockport;
close($file);
POSIX::dup2(fileno($socket), $how eq "inetd" ? 0 : 3);
if ($how eq "systemd") {
	$ENV{LISTEN_PID} = $$;
	$ENV{LISTEN_FDS} = 1;
}
exec(@command) or die;
EOF
hand()
{
	rm -f port
	: >readiness
	perl hand.pl "$1" "$program" -D 9 -d "$boot" \
		</dev/null 2>log 9>readiness &
	pid=$!
	tries=0
	until [ -s readiness ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] && kill -0 "$pid" || return 1
		sleep 0.05
	done
	port=$(cat port)
}
for how in inetd systemd; do
	check "takes the socket from $how" hand "$how"
	check "and serves from it" with_tftp f1048576
	check "and ends with 0" stop
done

expect_status()
{
	want=$1
	shift
	"$@" </dev/null
	status=$?
	echo "status $status"
	[ "$status" -eq "$want" ]
}
check "-n is content with a boot directory" \
	expect_status 0 "$program" -n -d "$boot"
check "-n ends with 100 where there is none" \
	expect_status 100 "$program" -n -d "$tmp/nowhere"
check "a wrong flag ends with 100" expect_status 100 "$program" -Z
echo "1..$n"
