#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot image: what it makes of folders, tarballs, ISOs and single files, the
# revisions of an image, and what it says of what is none.  As root: a
# system's files have owners.
set -u
mkboot=$PWD/${BUILD:-build/out}/mkboot/mkboot
if [ "$(id -u)" -ne 0 ]; then
	echo "1..0 # SKIP only root can give files their owners"
	exit 0
fi
tmp=$(mktemp -d)
boot=$tmp/boot
mac=52-54-00-12-34-56
version=6.1.0-1-test
n=0
PATH=$PATH:/usr/sbin:/sbin
cd "$tmp" || exit 1

finish()
{
	umount "$tmp/full" 2>/dev/null
	cd / && rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

result()
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		cat out err 2>/dev/null | sed 's/^/# /'
	fi
}

# check WHAT COMMAND...: the command must succeed.
check()
{
	what=$1
	shift
	"$@" >out 2>err
	result $? "$what"
}

# What there is, but for the lists of modules that depmod makes.
state()
{
	find "$boot" -printf '%P %y %s %l\n' | sort
}

# fails STATUS WHAT PATTERN COMMAND...: with one line that says PATTERN, and
# nothing new in the boot directory.
fails()
{
	wanted=$1
	what=$2
	pattern=$3
	shift 3
	state >before
	"$@" >out 2>err
	status=$?
	state >after
	[ "$status" -eq "$wanted" ] && [ "$(wc -l <err)" -eq 1 ] &&
	    grep -q -e "$pattern" err && diff before after >out
	result $? "$what"
}

add()
{
	"$mkboot" image add -d "$boot" -F "$tmp/feature" -f none \
	    -I "$tmp/init" "$@"
}

image()
{
	job=$1
	shift
	"$mkboot" image "$job" -d "$boot" "$@"
}

# The beginning of an x86 kernel of this version.
kernel()
{
	head -c 514 /dev/zero
	printf 'HdrS'
	head -c 8 /dev/zero
	printf '\000\002'
	head -c 496 /dev/zero
	printf '%s (a@b) #1\000' "$1"
	head -c 4096 /dev/zero
}

# system DIR: a small system as it is on somebody's disk.
system()
{
	mkdir -p "$1/boot" "$1/lib/modules/$version" "$1/bin" "$1/etc/ssh" \
	    "$1/etc/network/interfaces.d" "$1/etc/systemd/network" \
	    "$1/etc/NetworkManager/conf.d" "$1/sbin"
	kernel "$version" >"$1/boot/vmlinuz-$version"
	for list in order builtin builtin.modinfo; do
		: >"$1/lib/modules/$version/modules.$list"
	done
	depmod -b "$1" "$version"
	cp "$(command -v busybox)" "$1/bin/busybox"
	ln -s busybox "$1/bin/sh"
	echo root:x:0:0::/:/bin/sh >"$1/etc/passwd"
	echo 0123456789abcdef0123456789abcdef >"$1/etc/machine-id"
	echo one >"$1/etc/hostname"
	echo secret >"$1/etc/ssh/ssh_host_ed25519_key"
	echo Port 22 >"$1/etc/ssh/sshd_config"
	printf '%s\n' 'UUID=1-2 / ext4 defaults 0 1' \
	    'tmpfs /tmp tmpfs defaults 0 0' >"$1/etc/fstab"
	printf 'auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet dhcp\n' \
	    >"$1/etc/network/interfaces"
	echo 'allow-hotplug eth1' >"$1/etc/network/interfaces.d/eth1"
	echo hers >"$1/etc/owned"
	chown 1234:567 "$1/etc/owned"
	chmod 4750 "$1/bin/busybox"
}

mkdir feature
echo '# nothing but /init' >feature/none
cp "$(command -v busybox)" init
"$mkboot" create -d "$boot" >/dev/null

##### a system

system tree
tar -C tree -czf tree.tar.gz .
check "a tarball of a system becomes an image" add sys tree.tar.gz
root=$boot/root/sys
check "its tree is a revision, owners and modes kept" sh -c "
    [ \"\$(readlink '$root')\" = sys@1 ] &&
    [ \"\$(readlink '$boot/pub/image/sys')\" = sys@1 ] &&
    [ \"\$(stat -c %u:%g '$root/etc/owned')\" = 1234:567 ] &&
    [ \"\$(stat -c %a '$root/bin/busybox')\" = 4750 ] &&
    cmp tree/boot/vmlinuz-$version '$boot/pub/image/sys/kernel' &&
    [ -s '$boot/pub/image/sys/initrd' ] &&
    [ \"\$(cat '$boot/image/sys/kind')\" = nfs ]"
check "no disk is left in its fstab" sh -c "
    ! grep -v '^#' '$root/etc/fstab' | grep UUID &&
    grep -q ^tmpfs '$root/etc/fstab'"
check "nobody takes the card down that booted" sh -c "
    ! grep -E '^(auto|allow).*eth' '$root/etc/network/interfaces' \
	'$root/etc/network/interfaces.d/eth1' &&
    grep -qx 'auto lo' '$root/etc/network/interfaces' &&
    grep -qx 'no-auto-default=\*' '$root'/etc/NetworkManager/conf.d/* &&
    grep -qx 'Unmanaged=yes' '$root'/etc/systemd/network/*"
check "it is nobody in particular: no name, id or key" sh -c "
    [ -e '$root/etc/machine-id' ] && [ ! -s '$root/etc/machine-id' ] &&
    [ ! -e '$root/etc/hostname' ] && [ -e '$root/etc/ssh/sshd_config' ] &&
    [ ! -e '$root/etc/ssh/ssh_host_ed25519_key' ]"
check "the places to mount at are there" test -d "$root/proc" -a -d "$root/dev"
"$mkboot" machine -d "$boot" -i sys $mac >/dev/null
script=$boot/pub/machine/$mac/boot.ipxe
check "machines boot by the revision's own name" sh -c "
    grep -q '/image/sys@1/kernel .* root=nfs:\${server}:/sys@1 ' '$script'"

##### revisions

echo second >tree/etc/second
exec 3<"$root/etc/passwd"
check "another one from a folder is the next revision" add sys tree
check "all machines boot it from now on" sh -c "
    grep -q 'root=nfs:\${server}:/sys@2 ' '$script' &&
    [ -e '$root/etc/second' ] && [ -e '$boot/root/sys@1/etc/passwd' ]"
check "switch goes back, and forth" sh -c "
    '$mkboot' image switch -d '$boot' sys 1 && [ ! -e '$root/etc/second' ] &&
    grep -q '/image/sys@1/kernel .* root=nfs:\${server}:/sys@1 ' '$script' &&
    [ \"\$(readlink -f '$boot/image/sys/root')\" = \"\$(readlink -f '$boot/root/sys@1')\" ] &&
    '$mkboot' image switch -d '$boot' sys 2 && [ -e '$root/etc/second' ]"
fails 100 "a revision that is not there is refused" "no revision 7" \
    image switch sys 7
fails 100 "the revision that is booted is not removed" "2 is booted" \
    image rm sys 2
check "list says kind, machines and revisions" sh -c "
    '$mkboot' image list -d '$boot' | tee /dev/stderr |
    tr '\n' ' ' | grep -Eq '^sys nfs, 1 machine +1 .* +2 booted '"
check "another revision is removed" image rm sys 1
check "and is gone" test ! -e "$boot/root/sys@1" -a ! -e "$boot/pub/image/sys@1"
fails 100 "an image that a machine boots is not removed" "$mac" image rm sys

# An image from before there were revisions.
mkdir -p "$boot/root/old"
cp -a tree/. "$boot/root/old"
add old >/dev/null 2>&1
check "a folder of one's own stays, its image is the first revision" sh -c "
    [ ! -L '$boot/pub/image/old' ] &&
    '$mkboot' image add -d '$boot' -F feature -f none -I init old tree &&
    [ \"\$(readlink '$boot/pub/image/old')\" = old@2 ] &&
    [ ! -L '$boot/root/old' ] && [ -d '$boot/root/old@2' ] &&
    '$mkboot' image switch -d '$boot' old 1 &&
    [ \"\$(readlink '$boot/image/old/root')\" = ../../root/old ]"

##### in memory

check "a system becomes a squashfs" add -w ram mem tree.tar.gz
files=$boot/pub/image/mem
check "with its SHA-256, which machines are told" sh -c "
    cd '$files' && sha256sum -c rootfs.squashfs.sha256 &&
    '$mkboot' machine -d '$boot' -i mem 52-54-00-00-00-02 >/dev/null &&
    grep -q \"rootfs.squashfs sha256=\$(cut -c1-64 rootfs.squashfs.sha256) \" \
	'$boot/pub/machine/52-54-00-00-00-02/boot.ipxe'"
check "the same system gives the same octets" sh -c "sleep 1.1
    '$mkboot' image add -d '$boot' -F feature -f none -I init mem tree.tar.gz &&
    cmp '$boot/pub/image/mem@1/rootfs.squashfs' '$files/rootfs.squashfs' &&
    cmp '$boot/pub/image/mem@1/initrd' '$files/initrd'"
check "its kernel is not in it twice" sh -c "
    ! unsquashfs -l '$files/rootfs.squashfs' | grep vmlinuz"
fails 100 "an image keeps its kind" "name of its own" add -w nfs mem tree

##### what others made

mkdir -p net/debian-installer/amd64
kernel 6.1.0-di >net/debian-installer/amd64/linux
echo initrd | gzip >net/debian-installer/amd64/initrd.gz
tar -C net -czf netboot.tar.gz ./debian-installer
# told WHAT NAME KIND FILE... -- SOURCE...: is made, with just these files.
told()
{
	what=$1 name=$2 kind=$3
	shift 3
	: >wanted
	while [ "$1" != -- ]; do
		echo "$1" >>wanted
		shift
	done
	shift
	add "$name" "$@" >out 2>err &&
	    (cd "$boot/pub/image/$name" && printf '%s\n' *) |
	    diff - wanted >>err &&
	    [ "$(cat "$boot/image/$name/kind")" = "$kind" ] &&
	    image check "$name" >checked
	# There are no loaders here: the one thing that is missing.
	result $? "$what" 2>/dev/null
}
for loader in 0 7; do
	echo loader >"$boot/pub/loader/$loader"
done
told "Debian's installer is told in a folder" di any initrd kernel -- net
told "and in a tarball" di2 any initrd kernel -- netboot.tar.gz
check "with its command line" grep -qx 'vga=788 --- quiet' \
    "$boot/image/di2/cmdline"
mkdir -p alpine/boot iso/boot iso/apks/x86_64
kernel 6.6.1-0-lts >alpine/boot/vmlinuz-lts
echo i | gzip >alpine/boot/initramfs-lts
echo m >alpine/boot/modloop-lts
tar -C alpine -czf alpine-netboot-3.20.3-x86_64.tar.gz boot
told "Alpine's netboot files are told" alp alpine initrd kernel modloop -- \
    alpine-netboot-3.20.3-x86_64.tar.gz
check "with the packages of its own branch" grep -q \
    'alpine_repo=http://dl-cdn.alpinelinux.org/alpine/v3.20/main' \
    "$boot/image/alp/cmdline"
cp alpine/boot/* iso/boot/
: >iso/apks/.boot_repository
echo index >iso/apks/x86_64/APKINDEX.tar.gz
xorriso -as mkisofs -quiet -R -V ALPINE -o alpine.iso iso 2>/dev/null
told "and its ISO, packages and all" alpiso alpine apks initrd kernel \
    modloop -- alpine.iso
check "which machines are told of" sh -c "
    '$mkboot' machine -d '$boot' -i alpiso 52-54-00-00-00-03 >/dev/null &&
    grep -q 'alpine_repo=http://\${server}/image/alpiso@1/apks apkovl=http' \
	'$boot/pub/machine/52-54-00-00-00-03/boot.ipxe' &&
    [ -e '$boot/pub/image/alpiso/apks/x86_64/APKINDEX.tar.gz' ]"
cp alpine/boot/vmlinuz-lts alpine/boot/vmlinuz-virt
cp alpine/boot/initramfs-lts alpine/boot/initramfs-virt
cp alpine/boot/modloop-lts alpine/boot/modloop-virt
fails 100 "of two kernels a flag says which" "lts virt; -k" \
    add two ./alpine
told "and that one is taken" two alpine initrd kernel modloop -- \
    -k virt ./alpine
echo pxeboot >pxeboot
echo bsd.rd >bsd.rd
told "OpenBSD's loader and kernel are told" bsd any bsd.rd pxeboot -- \
    openbsd pxeboot bsd.rd
told "a kernel and its initrd are, in any order" pair any initrd kernel -- \
    net/debian-installer/amd64/initrd.gz net/debian-installer/amd64/linux
kernel Memtest86+ >memtest.bin
told "Memtest86+ needs no initrd" mt any kernel -- memtest.bin
mkdir iso2
echo hello >iso2/hello
xorriso -as mkisofs -quiet -R -V OTHER -o other.iso iso2 2>/dev/null
told "another ISO is served whole" cd any image.iso -- other.iso
{
	printf MZ
	head -c 58 /dev/zero
	printf '\100\0\0\0PE\0\0'
	head -c 100 /dev/zero
} >shell.efi
told "an EFI program is told" efi any program.efi -- shell.efi

##### made from packages, by programs that stand in for the real ones

mkdir bin
cat >debian.sh <<'END'
for root; do :; done
echo "$*" >"$RECORD"
cp -a "$TREE" "$root"
END
cat >bin/apk <<'END'
#!/bin/sh
echo "$*" >"$RECORD"
[ "$1" = --root ] || exit 0
cp -a "$TREE/." "$2"
mkdir -p "$2/etc/runlevels/sysinit" "$2/etc/runlevels/boot" \
    "$2/etc/runlevels/shutdown"
END
chmod +x bin/apk
export RECORD="$tmp/record" TREE="$tmp/tree"
check "Debian is asked for by its suite, with its own kernel" sh -c "
    '$mkboot' image add -d '$boot' -F feature -f none -I init \
	-B '$tmp/debian.sh' deb debian:trixie &&
    grep -q '^-s trixie -g .*/root/.deb.new\$' '$RECORD' &&
    [ -e '$boot/root/deb@1/etc/passwd' ] &&
    cmp tree/boot/vmlinuz-$version '$boot/pub/image/deb/kernel'"
check "and with one for virtual machines, in memory" sh -c "
    '$mkboot' image add -d '$boot' -F feature -f none -I init -w ram \
	-B '$tmp/debian.sh' -k cloud cloud debian &&
    grep -q '^-s bookworm -K ' '$RECORD' &&
    [ -s '$boot/pub/image/cloud/rootfs.squashfs' ]"
check "Alpine is asked for by its branch, with its kernel and services" \
    sh -c "PATH='$tmp/bin':\$PATH
    '$mkboot' image add -d '$boot' -F feature -f none -I init edge \
	alpine:edge &&
    grep -q 'alpine/edge/main --no-cache add alpine-base linux-lts' \
	'$RECORD' &&
    [ \"\$(readlink '$boot/root/edge/etc/runlevels/boot/hostname')\" = \
	/etc/init.d/hostname ]"
echo 'echo E: no such suite >&2; exit 1' >bad.sh
fails 111 "what fails is told by its last words" 'sh: E: no such suite' \
    add -B "$tmp/bad.sh" x debian:none

##### what is none

size=$(stat -c %s tree.tar.gz)
head -c $((size / 2)) tree.tar.gz >half.tar.gz
fails 100 "half a tarball is refused" "half.tar.gz: " add half half.tar.gz
tar -C tree -cf tree.tar .
head -c $(($(stat -c %b tree.tar) * 256)) tree.tar >half.tar
fails 100 "half a plain one too" "half.tar: " add half half.tar
fails 100 "an ISO that is none is refused" "no ISO" \
    sh -c "echo text >none.iso && '$mkboot' image add -d '$boot' x none.iso"
head -c 40000 other.iso >cut.iso
fails 100 "a part of an ISO is refused" "cut" add half cut.iso
fails 100 "a text is refused, with what would do" "what mkboot knows" \
    add text "$tmp/feature/none"
rm -r tree/lib/modules
fails 100 "a kernel without its modules is refused" "with its modules" \
    add nomod tree
fails 100 "a kernel without its initrd is asked for it" "initrd; give that" \
    add lone net/debian-installer/amd64/linux
fails 100 "a folder of nothing is asked for its kernel" "by name" \
    add nothing iso2
fails 100 "a source that is not there is named" "gone.tar: No such" \
    add x gone.tar
fails 100 "openbsd alone asks for its files" "pxeboot and bsd.rd" \
    add x openbsd
fails 100 "a kind that this cannot be is refused" "booted as .any" \
    add -w ram x netboot.tar.gz

mkdir full
mount -t tmpfs -o size=2m tmpfs full
boot=$tmp/full
"$mkboot" create -d "$boot" >/dev/null
fails 111 "a full disk is told, and nothing is left on it" "No space" \
    add sys tree.tar.gz
rm -r tree
system tree
head -c 3000000 /dev/urandom >tree/etc/big
fails 111 "also while a folder is copied" "No space" add sys tree
fails 111 "and while a single file is" "No space" \
    add cd -w any "$tmp/tree/etc/big"
boot=$tmp/boot

# Killed in the middle of it: a source that does not end.
mkfifo endless.tar
(sleep 60 >endless.tar) &
writer=$!
"$mkboot" image add -d "$boot" stopped endless.tar >out 2>err &
maker=$!
tries=0
until [ -d "$boot/pub/image/.stopped.new" ] || [ $tries -gt 400 ]; do
	tries=$((tries + 1))
	sleep 0.05
done
fails 100 "of two at once one is refused" "another mkboot" add stopped tree
kill -TERM $maker
wait $maker
check "one that is ended leaves nothing behind" test $? -ne 0 -a \
    ! -e "$boot/pub/image/.stopped.new" -a ! -e "$boot/root/.stopped.new"
kill $writer 2>/dev/null

##### the end of an image

check "an image that nobody boots is removed" image rm di
check "with all that was made for it" sh -c "
    ! find '$boot' -name 'di' -o -name 'di@*' | grep ."
rm "$boot/pub/image/pair/initrd"
: >"$boot/pub/image/cd@1/image.iso"
cp "$boot/pub/image/mem/kernel" "$boot/pub/image/mem/rootfs.squashfs"
image check >faults 2>err
check "check says what is empty, and what was altered" sh -c "
    grep -q 'image cd: .*image.iso is empty' faults &&
    grep -q 'image mem: .*not what its .sha256 says' faults"
echo "1..$n"
