#!/bin/sh
# SPDX-License-Identifier: ISC
# What mkboot export prints, in whole boots: nginx and lighttpd in place of our
# httpbootd, tftpd-hpa of tftpd, nfs-ganesha and the kernel's nfsd of
# nfsroot-helper.  The kernel's runs in a machine of its own, as it serves one
# network of a kernel.  (DHCP servers: export-dhcp.t.)
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
. tests/lab/export.sh
lab_enter "$@"

nfsd_root=$lab/nfsd
nfsd_programs='rpcbind rpc.mountd rpc.nfsd exportfs'

# A system that serves /mnt/boot/root by the kernel: its init, and modules in
# the order in which they go in.
nfsd_tree()
{
	mkdir -p "$nfsd_root/bin" "$nfsd_root/sbin" "$nfsd_root/etc" \
	    "$nfsd_root/lib/modules" "$nfsd_root/copy"
	for folder in dev proc sys run tmp mnt var/lib/nfs; do
		mkdir -p "$nfsd_root/$folder"
	done
	small_program "$(command -v busybox)" "$nfsd_root" bin/busybox
	ln -s busybox "$nfsd_root/bin/sh"
	for program in $nfsd_programs; do
		small_program "$(command -v "$program")" "$nfsd_root" \
		    "sbin/$program"
	done
	cp /etc/netconfig "$nfsd_root/etc/"
	printf '%s\n' 'sunrpc 111/tcp portmapper rpcbind' \
	    'sunrpc 111/udp portmapper rpcbind' 'nfs 2049/tcp' \
	    'nfs 2049/udp' >"$nfsd_root/etc/services"
	printf '%s: files\n' passwd group hosts services \
	    >"$nfsd_root/etc/nsswitch.conf"
	printf 'root:x:0:0::/:/bin/sh\n_rpc:x:1:1::/:/bin/sh\n' \
	    >"$nfsd_root/etc/passwd"
	modprobe -d "$debian" -S "$version" --show-depends nfsd |
	    sed -n 's/^insmod \([^ ]*\).*/\1/p' >"$lab/modules"
	i=100
	while read -r module; do
		i=$((i + 1))
		cp "$module" "$nfsd_root/lib/modules/$i.ko"
	done <"$lab/modules"
	exported nfsd >"$nfsd_root/etc/exports"
	sed -n 's/^#   //p' "$nfsd_root/etc/exports" >"$nfsd_root/etc/nfs.conf"
	cp -a "$boot/root/small" "$nfsd_root/copy/"
	cat >"$nfsd_root/sbin/init" <<'INIT'
#!/bin/sh
b=/bin/busybox
exec >/dev/console 2>&1
$b mount -t proc proc /proc 2>/dev/null
for module in /lib/modules/*.ko; do
	$b insmod "$module"
done
$b mount -t nfsd nfsd /proc/fs/nfsd
# Not an overlay, which the kernel does not export.
$b mount -t tmpfs none /mnt
$b mount -t tmpfs none /run
$b mount -t tmpfs none /var/lib/nfs
$b mkdir -p /mnt/boot/root /run/rpcbind /var/lib/nfs/v4recovery
$b touch /var/lib/nfs/etab /var/lib/nfs/rmtab
$b cp -a /copy/small /mnt/boot/root/
$b ip link set lo up
/sbin/rpcbind
/sbin/exportfs -ra
/sbin/rpc.nfsd -N 4 4
/sbin/rpc.mountd
/sbin/exportfs
echo "NFSD UP"
exec $b sleep 3600
INIT
	chmod +x "$nfsd_root/sbin/init"
	mkdir -p "$boot/pub/image/nfsd"
	mksquashfs "$nfsd_root" "$boot/pub/image/nfsd/rootfs.squashfs" \
	    -comp lz4 -noappend -all-root -quiet -no-progress
}

serve_ganesha()
{
	mount -t tmpfs none /run
	mount -t tmpfs none /var/lib/nfs
	mkdir /run/rpcbind
	# ganesha asks the table of mounts, which a small system has not.
	if [ ! -e /etc/mtab ]; then
		cp -a /etc "$lab/etc"
		ln -s /proc/self/mounts "$lab/etc/mtab"
		mount --bind "$lab/etc" /etc
	fi
	exported ganesha >"$lab/ganesha.conf"
	theirs rpcbind rpcbind -w -f
	lab_wait 20 lab_in "$pixie" rpcinfo -T tcp 127.0.0.1 portmapper \
	    >"$lab/rpcinfo.said" 2>&1
	theirs ganesha ganesha.nfsd -F -f "$lab/ganesha.conf" \
	    -L "$lab/ganesha.said" -p "$lab/ganesha.pid"
}

# files NETWORK PROGRAM...: what we still do ourselves on a network.
files()
{
	network "$1"
	lab_house
	ours "$1-ours" "$2" "$3" "$4"
}

# roots MAC SERVER: the machine has its root from that server.
roots()
{
	"$mkboot" machine -d "$boot" -i small \
	    -c "root=nfs:$2:/small,mountport=20048" "$1"
}

nobodys_secret()
{
	grep -aq 'Its private files are not given to us' "$lab/$1.console"
}

rm -rf "$lab"
mkdir -p "$lab"
export_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
make_initrd usual
ip link set lo up
{
	secret 52-54-00-00-08-11
	secret 52-54-00-00-08-12
	# shellcheck disable=SC2016	# iPXE is to expand it
	roots 52-54-00-00-08-14 '${server}'
	roots 52-54-00-00-08-15 10.77.0.9
	nfsd_tree
} >>"$lab/boot.log" 2>&1

files nfsd proxydhcpd tftpd httpbootd
memory=512
machine server "root=http://10.77.0.2/image/nfsd/rootfs.squashfs \
    ip=10.77.0.9:10.77.0.2::255.255.255.0::eth0:none" nfsd

files nginx proxydhcpd tftpd nfsroot-helper
{
	echo "user www-data; daemon off; pid $lab/nginx.pid;"
	echo "error_log $lab/nginx.log; events { } http {"
	echo "access_log $lab/nginx.access;"
	exported nginx
	echo '}'
} >"$lab/nginx.conf"
theirs nginx-said nginx -c "$lab/nginx.conf"
power_on by-nginx 11 bios

files lighttpd proxydhcpd tftpd nfsroot-helper
exported lighttpd >"$lab/lighttpd.conf"
theirs lighttpd lighttpd -D -f "$lab/lighttpd.conf"
power_on by-lighttpd 12 bios

truth "with nginx in place of httpbootd a machine boots" is_up by-nginx
truth "which fetched its kernel there" \
    grep -q 'GET /image/small[^/]*/kernel .* 200 ' "$lab/nginx.access"
truth "it is not given its private files, says so, and goes on" \
    nobodys_secret by-nginx

files tftp proxydhcpd httpbootd nfsroot-helper
exported tftpd-hpa >"$lab/tftpd.map"
theirs tftpd-hpa in.tftpd --foreground --address 10.77.0.2:69 --user tftp \
    --secure --map-file "$lab/tftpd.map" "$boot/pub"
power_on by-tftpd-hpa 13 uefi

truth "with lighttpd too" is_up by-lighttpd
truth "and without private files" nobodys_secret by-lighttpd

files ganesha proxydhcpd tftpd httpbootd
serve_ganesha
power_on by-ganesha 14 bios

truth "nfsd runs by exports(5) as it was printed" \
    lab_wait "$patience" grep -aqs '^NFSD UP' "$lab/server.console"
lab_lan=nfsd
power_on by-nfsd 15 bios
truth "with tftpd-hpa UEFI has its loader, and boots" is_up by-tftpd-hpa
truth "with ganesha a machine has its root" is_up by-ganesha
truth "with the kernel's nfsd a machine has its root" is_up by-nfsd
stop "$machine_server"
echo "1..$n"
