#!/bin/sh
# SPDX-License-Identifier: ISC
# What `mkboot image add' makes of systems of all kinds boots: a Debian made
# by debootstrap in memory, Debian's own installer, netboot files as Alpine's
# are, an ISO by UEFI's HTTP boot; and a machine keeps its root over NFS while
# the image becomes another.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
debian=$boot/root/debian
boot=$lab/boot
installer=/usr/lib/debian-installer/images/12/amd64/text
macs=52:54:00:00:08

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$lab/said" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 15 "$lab"/said "$lab"/pixie.log "$lab"/*.console \
		    2>/dev/null | tr -d '\033\r' | sed 's/^/# /'
	fi
}

add()
{
	"$mkboot" image add -d "$boot" -F "$top/mkboot/feature" \
	    -I "$build/mkboot/init/init" "$@"
}

# give NUMBER IMAGE [HOSTNAME]: what the machine with this MAC boots.
give()
{
	folder=$(echo "$macs:$1" | tr : -)
	"$mkboot" machine -d "$boot" -i "$2" -h "${3:-$2}" "$folder"
	# No IPv6 router here, for which iPXE would wait.
	: >"$boot/machine/$folder/advertise"
}

# power_on NAME NUMBER KIND; its process is in $machine_NAME.
power_on()
{
	lab_power_on "$1" "$macs:$2" "$3"
	eval "machine_$1=$lab_qemu"
}

power_off()
{
	eval "kill -KILL \$machine_$1; wait \$machine_$1" 2>/dev/null
}

# shows NAME PATTERN: on its console, in time.
shows()
{
	lab_wait 400 grep -aqs "$2" "$lab/$1.console"
}

# fetched NUMBER FILE...: the machine was sent each of these whole.
fetched()
{
	log=$boot/seen/$(echo "$macs:$1" | tr : -)/log
	shift
	for file in "$@"; do
		lab_wait 20 grep -q "httpbootd sent file=$file " "$log" ||
		    return
	done
}

# on NAME LINE: typed at its console.
on()
{
	printf '%s\n' "$2" >"$lab/$1.in"
}

##### what they boot

# A root of busybox, whose files tell the revision; its init reads files that
# it has not read before, whenever it is asked to.
small_tree()
{
	rm -rf "$lab/small"
	for folder in bin sbin etc dev proc sys run tmp new; do
		mkdir -p "$lab/small/$folder"
	done
	cp "$(command -v busybox)" "$lab/small/bin/busybox"
	ln -s busybox "$lab/small/bin/sh"
	echo root:x:0:0::/:/bin/sh >"$lab/small/etc/passwd"
	for i in one two; do
		echo "file $i of revision $1" >"$lab/small/new/$i"
	done
	cat >"$lab/small/sbin/init" <<'INIT'
#!/bin/sh
exec </dev/console >/dev/console 2>&1
/bin/busybox cat /new/one
while read -r file; do
	/bin/busybox cat "/new/$file"
done
INIT
	chmod +x "$lab/small/sbin/init"
}

# The words that Alpine's initramfs-init and OpenRC's modloop read, and what
# they do with them: ip=, BOOTIF=, alpine_repo=, apkovl=, modloop=.
alpine_init()
{
	cat <<'INIT'
#!/bin/busybox sh
b=/bin/busybox
$b mkdir -p /proc /sys /dev /etc /sysroot /.modloop /lib /tmp
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs dev /dev
exec >/dev/console 2>&1
while read -r module; do
	$b insmod "$module"
done </modules
for word in $($b cat /proc/cmdline); do
	case $word in
	*=*) eval "KOPT_${word%%=*}=\${word#*=}" 2>/dev/null ;;
	esac
done
mac=$(echo "${KOPT_BOOTIF#01-}" | $b tr - :)
card=$($b grep -l "$mac" /sys/class/net/*/address | $b cut -d/ -f5)
echo "ip=$KOPT_ip card=$card"
$b ip link set "$card" up
$b udhcpc -i "$card" -f -q -s /udhcpc.script
$b wget -q -O /tmp/index "$KOPT_alpine_repo/$($b uname -m)/APKINDEX.tar.gz" &&
    echo "repository: $($b cat /tmp/index)"
$b wget -q -O /tmp/apkovl "$(echo "$KOPT_apkovl" |
    $b sed "s/{MAC}/$mac/")" && $b tar -C /sysroot -xzf /tmp/apkovl &&
    echo "overlay: $($b cat /sysroot/etc/hostname)"
[ ! -f /sysroot/etc/.default_boot_services ] || echo "services: the usual"
$b wget -q -O /lib/modloop "$KOPT_modloop" &&
    $b mount -o loop,ro -t squashfs /lib/modloop /.modloop &&
    $b insmod "/.modloop/modules/$($b uname -r)/dummy.ko" &&
    echo "modloop: dummy is there"
echo "ALPINE-SHAPED UP"
while :; do $b sleep 60; done
INIT
}

# One initramfs: busybox, that init, and the modules that it needs itself.
alpine_initramfs()
{
	rm -rf "$lab/initramfs"
	mkdir -p "$lab/initramfs/bin" "$lab/initramfs/dev"
	cp "$(command -v busybox)" "$lab/initramfs/bin/busybox"
	alpine_init >"$lab/initramfs/init"
	cat >"$lab/initramfs/udhcpc.script" <<'SCRIPT'
#!/bin/busybox sh
[ "$1" != bound ] || /bin/busybox ip addr add "$ip/$mask" dev "$interface"
SCRIPT
	chmod +x "$lab/initramfs/init" "$lab/initramfs/udhcpc.script"
	for module in virtio_pci virtio_net squashfs loop; do
		modprobe -d "$debian" -S "$version" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
	while read -r file; do
		cp "$file" "$lab/initramfs/"
		echo "/${file##*/}"
	done >"$lab/initramfs/modules"
	(cd "$lab/initramfs" && find . | cpio -o -H newc --quiet | gzip)
}

# Named and laid out as Alpine's netboot files and its ISO's packages are.
alpine_tree()
{
	rm -rf "$lab/alpine"
	mkdir -p "$lab/alpine/boot" "$lab/alpine/apks/x86_64" \
	    "$lab/modloop/modules/$version"
	cp "$debian/boot/vmlinuz-$version" "$lab/alpine/boot/vmlinuz-virt"
	alpine_initramfs >"$lab/alpine/boot/initramfs-virt"
	cp "$debian/lib/modules/$version/kernel/drivers/net/dummy.ko" \
	    "$lab/modloop/modules/$version/"
	mksquashfs "$lab/modloop" "$lab/alpine/boot/modloop-virt" -noappend \
	    -no-progress -quiet >/dev/null || return
	: >"$lab/alpine/apks/.boot_repository"
	echo 'an index' >"$lab/alpine/apks/x86_64/APKINDEX.tar.gz"
}

iso()
{
	mkdir -p "$lab/iso/boot/grub"
	printf '%s\n' 'terminal_output console' 'echo "GRUB runs from the ISO"' \
	    'sleep 3600' >"$lab/iso/boot/grub/grub.cfg"
	grub-mkrescue -d /usr/lib/grub/x86_64-efi --fonts= --locales= \
	    --themes= --install-modules="normal echo sleep terminal configfile
	    part_gpt part_msdos fat iso9660 search search_fs_file" \
	    -o "$lab/live.iso" "$lab/iso"
}

start()
{
	version=$(basename "$(find "$debian/lib/modules" -mindepth 1 \
	    -maxdepth 1 | sort | tail -n 1)")
	"$mkboot" create -d "$boot" -u nobody
	"$mkboot" loader -d "$boot"
	mkdir "$boot/machine/default"
	: >"$boot/machine/default/advertise"
	lab_network
	lab_house
	lab_pixie
}

##### the boots

rm -rf "$lab"
mkdir -p "$lab"
truth "the daemons start" start
version=$(basename "$(find "$debian/lib/modules" -mindepth 1 -maxdepth 1 |
    sort | tail -n 1)")

iso >"$lab/iso.log" 2>&1
truth "an ISO becomes an image" add live "$lab/live.iso"
truth "Debian's installer becomes an image" \
    add -c 'vga=off console=ttyS0,115200 ---' installer "$installer"
give 01 live >/dev/null
give 02 installer >/dev/null
ln -s ../../pub/image/live/image.iso "$boot/machine/$(echo "$macs:01" |
    tr : -)/loader"
power_on live 01 uefi-http
power_on installer 02 bios

truth "Debian becomes an image in memory" \
    add -w ram -c console=ttyS0,115200 memory "$debian"
give 03 memory >/dev/null
power_on memory 03 bios
truth "OVMF boots the ISO by HTTP, as a RAM disk" \
    shows live 'GRUB runs from the ISO'
power_off live
# With 512 MiB it says first that this is little.
truth "Debian's installer comes to its first screen" \
    shows installer 'Select a language\|Entering low memory mode'
power_off installer

truth "netboot files as Alpine's are told" alpine_tree
truth "and become an image" add -k virt alpine "$lab/alpine"
on_line='modules=loop,squashfs console=ttyS0,115200'
echo "$on_line" >"$boot/image/alpine/cmdline"
give 04 alpine overlaid >/dev/null
power_on alpine 04 bios
small_tree 1
truth "a small system becomes an image" \
    add -r "$debian" -c console=ttyS0,115200 small "$lab/small"
give 05 small >/dev/null
power_on small 05 bios

truth "Debian comes up in memory, its SHA-256 compared" \
    shows memory '^memory login:'
truth "it said so" grep -aq 'as sha256= says' "$lab/memory.console"
power_off memory

truth "the small system runs its first revision" \
    shows small 'file one of revision 1'
small_tree 2
truth "another revision is switched to" \
    add -r "$debian" small "$lab/small"
on small two
truth "a machine that runs keeps its root" shows small \
    'file two of revision 1'
power_off small
power_on small 05 bios
truth "it boots the next revision" shows small 'file one of revision 2'
power_off small

truth "Alpine's words bring its parts: packages" \
    shows alpine 'repository: an index'
truth "the machine's own files" shows alpine 'overlay: overlaid'
truth "with the usual services" shows alpine 'services: the usual'
truth "its modules" shows alpine 'modloop: dummy is there'
truth "it had them from us by HTTP" fetched 04 image/alpine@1/modloop \
    "machine/$(echo "$macs:04" | tr : -)/apkovl.tar.gz" \
    image/alpine@1/apks/x86_64/APKINDEX.tar.gz
power_off alpine

rm -rf "$boot" "$lab/small" "$lab/initramfs" "$lab/alpine" "$lab/modloop"
echo "1..$n"
