#!/bin/sh
# SPDX-License-Identifier: ISC
# tftpd beside dnsmasq: a room full of machines that fetch one file.
. ./tests/bench/bench.sh

boot=$tmp/boot
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
head -c 1000000 /dev/urandom >"$boot/pub/megabyte"
chmod 755 "$tmp"

serve tftpd "$build/tftpd/tftpd" -d "$boot" -l 127.0.0.1 -p 16969
serve dnsmasq dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 \
    --user=root --enable-tftp --tftp-root="$boot/pub" \
    --listen-address=127.0.0.2 --bind-interfaces --tftp-max=300 \
    --tftp-port-range=20000,29999
wait_for tftpd curl -sf -o /dev/null tftp://127.0.0.1:16969/megabyte
wait_for dnsmasq curl -sf -o /dev/null tftp://127.0.0.2/megabyte

load()
{
	echo "build/out/tests/bench/tftp-clients $1 $2 megabyte $3 1468 $4 | cut -d' ' -f1"
}
compare "TFTP, 100 clients, 1 MB, block 1468" MB/s dnsmasq \
    "$(load 127.0.0.1 16969 100 1)" "$(load 127.0.0.2 69 100 1)"
