#!/bin/sh
# SPDX-License-Identifier: ISC
# nfsroot-helper by libnfs' own client.
. ./tests/bench/bench.sh

boot=$tmp/boot
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
mkdir -p "$boot/root/tree"
head -c 268435456 /dev/zero >"$boot/root/tree/big"
chmod 755 "$tmp"

serve nfsroot-helper "$build/nfsroot-helper/nfsroot-helper" -d "$boot" \
    -l 127.0.0.1 -p 12049
url="nfs://127.0.0.1/tree?version=3&nfsport=12049&mountport=12049"
wait_for nfsroot-helper nfs-ls "$url"
for _ in $(seq "$rounds"); do
	began=$(date +%s.%N)
	nfs-cat "$(echo "$url" | sed 's,tree,tree/big,')" >/dev/null
	echo "$began $(date +%s.%N)" | awk '{ print 268.435456 / ($2 - $1) }'
done >"$tmp/nfs"
echo "NFS, nfs-cat of 256 MiB: $(median <"$tmp/nfs") MB/s"
