#!/bin/sh
# SPDX-License-Identifier: ISC
# tftpd hands out a file of more than 4 GiB, all of it but the end a hole: in
# blocks of 65464 octets, so that their numbers roll over to 0 on the way.
# In build/, as a hole that is read takes room where /tmp is a tmpfs.
mkdir -p build
TMPDIR=$PWD/build
export TMPDIR
. tests/live/tftpd.sh
cd "$tmp" || exit 1

octets=$((4 * 1024 * 1024 * 1024 + 12345))
truncate -s $((octets - 12345)) "$pub/huge"
head -c 12345 /dev/urandom >end
cat end >>"$pub/huge"
chmod -R a+rX "$tmp"
check "starts" start 127.0.0.1

# curl has it from the OACK, and is told to go no further.
says_its_size()
{
	curl -sv -m 60 "tftp://127.0.0.1:$port/huge" 2>said |
		head -c 1 >/dev/null
	grep -F "tsize parsed from OACK ($octets)" said
}
check "the size is told in full" says_its_size

# What atftp writes is counted, and its end compared; it is not kept.
arrives()
{
	rm -f pipe
	mkfifo pipe
	wc -c <pipe >counted &
	counter=$!
	timeout 300 atftp --option "blksize 65464" --option "windowsize 4" \
	    -g -r huge -l /dev/stdout 127.0.0.1 "$port" | tee pipe |
		tail -c 12345 >got
	wait "$counter"
	cat counted
	[ "$(cat counted)" -eq "$octets" ] && cmp got end
}
check "every octet of more than 4 GiB arrives" arrives
check "blocks had the size that was asked" \
	grep "bytes=$octets .*blksize=65464" log
check "SIGTERM ends the server with 0" stop
echo "1..$n"
