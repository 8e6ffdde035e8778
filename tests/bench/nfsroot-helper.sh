#!/bin/sh
# SPDX-License-Identifier: ISC
# nfsroot-helper beside nfs-ganesha (VFS, read-only, version 3): the same tree
# by the same libnfs client.
# It needs a port mapper, and is given one in a namespace of our own.
# CONGESTION=reno: both send by that, whatever the system's choice.
[ "${1:-}" = inside ] || exec unshare -nm sh "$0" inside
. ./tests/bench/bench.sh

mount -t tmpfs none /run
mkdir /run/rpcbind
ip link set lo up
control=${CONGESTION:-$(cat /proc/sys/net/ipv4/tcp_congestion_control)}
[ -z "${CONGESTION:-}" ] || ip route change table local local 127.0.0.1 \
    dev lo src 127.0.0.1 congctl "$CONGESTION"
echo "NFS, where the system sends by $control:"

boot=$tmp/boot
tree=$boot/root/tree
"$build/mkboot/mkboot" create -d "$boot" >/dev/null
mkdir -p "$tree"
head -c 268435456 /dev/urandom >"$tree/big"
seq -f "$tree/small%g" 0 999 | xargs touch
chmod 755 "$tmp"

serve nfsroot-helper "$build/nfsroot-helper/nfsroot-helper" -d "$boot" \
    -l 127.0.0.1 -p 12049
ours=$server
cat >"$tmp/ganesha.conf" <<EOT
NFS_CORE_PARAM { NFS_Port = 12050; MNT_Port = 12051; Protocols = 3;
    Enable_NLM = false; Enable_RQUOTA = false; }
EXPORT { Export_Id = 1; Path = $tree; Pseudo = /tree; Tag = tree;
    Access_Type = RO; Squash = No_Root_Squash; Protocols = 3;
    SecType = sys, none; FSAL { Name = VFS; } }
LOG { Default_Log_Level = WARN; }
EOT
serve rpcbind rpcbind -f
wait_for rpcbind rpcinfo -T tcp 127.0.0.1 100000 2
serve ganesha ganesha.nfsd -F -f "$tmp/ganesha.conf" -L "$tmp/ganesha.said" \
    -p "$tmp/ganesha.pid"
peer=$server
our_url="nfs://127.0.0.1/tree?version=3&nfsport=12049&mountport=12049"
peer_url="nfs://127.0.0.1$tree?version=3&nfsport=12050&mountport=12051"
wait_for nfsroot-helper nfs-ls "$our_url"
wait_for ganesha nfs-ls "$peer_url"

# load WHAT CONNECTIONS CALLS: both in turn; rates and CPU in $tmp.
load()
{
	rm -f "$tmp/ours" "$tmp/peer"
	for _ in $(seq "$rounds"); do
		"$build/tests/bench/nfs-load" "$1" 12049 12049 /tree \
		    "$2" "$3" 2 "$ours" >>"$tmp/ours"
		"$build/tests/bench/nfs-load" "$1" 12050 12051 "$tree" \
		    "$2" "$3" 2 "$peer" >>"$tmp/peer"
	done
}

# column N UNIT: what load() measured, beside the peer, and the ratio.
column()
{
	printf '  %s %s; ganesha %s; ratio %s\n' \
	    "$(cut -d' ' -f"$1" "$tmp/ours" | median)" "$2" \
	    "$(cut -d' ' -f"$1" "$tmp/peer" | median)" \
	    "$(paste -d' ' "$tmp/ours" "$tmp/peer" |
		awk -v n="$1" '{ print $n / $(n + 2) }' | median)"
}

for n in 1 8; do
	echo "NFS, READ of 1 MiB, $n connections, 4 calls under way on each:"
	load read "$n" 4
	column 1 MB/s
	column 2 "CPU s/GB"
	echo "NFS, LOOKUP and GETATTR in turn, $n connections:"
	load look "$n" 1
	column 1 pairs/s
	column 2 "CPU s/100,000 pairs"
done
echo "NFS, resident memory: $(memory_of "$ours") MB;" \
    "ganesha $(memory_of "$peer") MB"
