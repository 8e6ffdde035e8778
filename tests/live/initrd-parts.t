#!/bin/sh
# SPDX-License-Identifier: ISC
# The parts of mkboot initrd besides the modules of a usual one: binaries of
# this system and of made-up roots, features, one machine's drivers, firmware,
# microcode, compressions, manifests.  Run from the root of the tree.
. tests/live/initrd.sh

# unpack FILE FOLDER: what is compressed in it, and that alone.
unpack()
{
	rm -rf "$2"
	mkdir "$2"
	(cd "$2" && zstd -dcq "$1" | cpio -id --quiet --no-absolute-filenames)
}

# All programs of this system, and what ld.so(8) itself would load for each.
programs()
{
	find -L /usr/bin /usr/sbin -maxdepth 1 -type f -perm -100 2>/dev/null |
	while read -r file; do
		[ "$(head -c 4 "$file" | tail -c 3)" != ELF ] || echo "$file"
	done | sort
}

by_ldd()
{
	while read -r file; do
		# Of a link, ldd takes the link's folder for $ORIGIN.
		ldd "$(readlink -f "$file")" 2>/dev/null | sed -n -E \
		    's/.*=> (\/[^ ]*) .*/\1/p; s/^[[:space:]]*(\/[^ ]*) \(.*/\1/p' |
		    xargs -r readlink -f | sed "s,^,$file ,"
	done
}

as_ldd()
{
	programs >"$tmp/programs"
	[ "$(wc -l <"$tmp/programs")" -gt 100 ] || return 1
	xargs "$program" initrd --needs <"$tmp/programs" >"$tmp/needs" ||
	    return 1
	awk '/:$/ { file = substr($0, 1, length($0) - 1); next }
	    { print file " /" $0 }' "$tmp/needs" | sort -u >"$tmp/ours"
	# ldd does not name the program itself.
	while read -r file; do
		echo "$file $(readlink -f "$file")"
	done <"$tmp/programs" | sort | comm -13 - "$tmp/ours" >"$tmp/others"
	by_ldd <"$tmp/programs" | sort -u >"$tmp/ldd"
	[ "$(wc -l <"$tmp/ldd")" -gt 300 ] && diff "$tmp/ldd" "$tmp/others"
}
truth "all programs of /usr/bin need what ldd says that they do" as_ldd

# A root of its own kind: /lib leads to an absolute /usr/lib; a program with
# a RUNPATH by \$ORIGIN; a library that only ld.so.conf leads to; one that
# only .note.dlopen names; one found by the RPATH of who needs it.
root=$tmp/root
lib=$(dirname "$(ldd /bin/sh | sed -n -E 's/.*libc\.so\.6 => ([^ ]*).*/\1/p')")
loader=$(readelf -l /bin/sh | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
shared()
{
	file=$1
	soname=$2
	code=$3
	shift 3
	echo "$code" | gcc -shared -fPIC -o "$file" "-Wl,-soname,$soname" \
	    -x c - -x none "$@"
}
make_root()
{
	mkdir -p "$root/usr/lib" "$root/etc/ld.so.conf.d" "$root/opt/app/bin" \
	    "$root/opt/app/lib" "$root/opt/far" "$root/opt/old" \
	    "$root/usr/bin" || return 1
	ln -s /usr/lib "$root/lib"
	[ "$loader" = "${loader#/lib64/}" ] || ln -s /usr/lib "$root/lib64"
	real=$(readlink -f "$loader")
	real=/usr/${real#/usr/}
	mkdir -p "$root${real%/*}" "$root/usr/${lib#/}"
	cp "$loader" "$root$real"
	[ "$loader" != "/lib64/${loader##*/}" ] ||
	    ln -sf "$real" "$root/usr/lib/${loader##*/}"
	cp "$lib/libc.so.6" "$root/usr/${lib#/}/"
	echo 'include ld.so.conf.d/*.conf' >"$root/etc/ld.so.conf"
	echo 'include /etc/ld.so.conf.d/*.conf' >>"$root/etc/ld.so.conf"
	echo '/opt/far # far away' >"$root/etc/ld.so.conf.d/far.conf"
	cd "$tmp" || return 1
	shared "$root/opt/far/libfar.so.1.5" libfar.so.1 \
	    'int far(void) { return 30; }'
	ln -s libfar.so.1.5 "$root/opt/far/libfar.so.1"
	shared "$root/opt/old/libold.so.1" libold.so.1 \
	    'int old(void) { return 9; }'
	shared "$root/usr/lib/libnoted.so.2" libnoted.so.2 \
	    'int noted(void) { return 3; }'
	shared "$root/opt/app/lib/libnear.so.1" libnear.so.1 \
	    'int far(void); int old(void);
	    int near(void) { return far() + old(); }' \
	    "$root/opt/far/libfar.so.1" "$root/opt/old/libold.so.1" \
	    -Wl,-rpath,/opt/old -Wl,--disable-new-dtags
	cat >prog.c <<-'EOF'
	#include <dlfcn.h>
	#include <stdio.h>
	int near(void);
	int main(void)
	{
		void *h = dlopen("libnoted.so.2", RTLD_NOW);
		int (*noted)(void) = h ? (int (*)(void))dlsym(h, "noted") : 0;
		printf("%d\n", near() + (noted ? noted() : 0));
		return 0;
	}
	EOF
	note '[{"feature":"x","priority":"required",' \
	    '"soname":["libnone.so.7","libnoted.so.2"]},' \
	    '{"priority":"suggested","soname":["libnone.so.8"]}]'
	gcc -o "$root/opt/app/bin/prog" prog.c note.s \
	    "$root/opt/app/lib/libnear.so.1" -Wl,-rpath,"\$ORIGIN/../lib" \
	    -Wl,--enable-new-dtags -Wl,--unresolved-symbols=ignore-all
	ln -s /opt/app/bin/prog "$root/usr/bin/prog"
	printf '#!/usr/bin/prog -x\n' >"$root/usr/bin/script"
	chmod 755 "$root/usr/bin/script"
	mkdir -p "$root/usr/lib/modules/9.9-own/kernel"
	cd "$OLDPWD" || return 1
}
# The assembler's words for a note in .note.dlopen.
note()
{
	cat >note.s <<-EOF
	.section .note.dlopen, "a"
	.balign 4
	.long 4, 2f - 1f, 0x407c0c0a
	.asciz "FDO"
	1: .asciz "$(echo "$*" | sed 's/"/\\"/g')"
	2: .balign 4
	.section .note.GNU-stack, ""
	EOF
}

# Kernel modules that never ran anywhere, with what modinfo(8) shows.
module()
{
	path=$root/usr/lib/modules/9.9-own/kernel/$1.ko
	shift
	for info in "$@"; do
		printf '.asciz "%s"\n' "$info"
	done | (echo '.section .modinfo, "a"'; cat) >"$tmp/module.s"
	gcc -c -o "$path" "$tmp/module.s"
}
make_modules()
{
	module plain license=GPL &&
	module soft license=GPL softdep='pre: plain' alias='pci:v*' &&
	module weak license=GPL 'weakdep=soft' firmware=w/link.bin \
	    'firmware=w/many-*.bin' firmware=w/none.bin &&
	module shunned license=GPL 'alias=pci:v*' &&
	echo kernel/inside.ko >"$root/usr/lib/modules/9.9-own/modules.builtin"
	printf 'inside.firmware=w/inside.bin\0inside.license=GPL\0' \
	    >"$root/usr/lib/modules/9.9-own/modules.builtin.modinfo"
	: >"$root/usr/lib/modules/9.9-own/modules.order"
	mkdir -p "$root/etc/modprobe.d" "$root/usr/lib/firmware/w" \
	    "$root/usr/lib/firmware/updates"
	echo 'blacklist shunned' >"$root/etc/modprobe.d/x.conf"
	for file in real.bin many-1.bin many-2.bin inside.bin; do
		echo "$file" >"$root/usr/lib/firmware/w/$file"
	done
	zstd -q --rm "$root/usr/lib/firmware/w/many-2.bin"
	ln -s real.bin "$root/usr/lib/firmware/w/link.bin"
	# For depmod, /lib would lead to this system's.
	depmod -b "$root/usr" 9.9-own
}
own()
{
	tree=$root initrd -f none "$@"
}
echo '# nothing' >"$tmp/boot/feature/none"
truth "a root of another kind is made" make_root
truth "and modules that have all there is" make_modules

needed()
{
	"$program" initrd -r "$root" --needs /usr/bin/script >"$tmp/needs" ||
	    return 1
	cat "$tmp/needs"
	for wanted in usr/bin/script opt/app/bin/prog opt/app/lib/libnear.so.1 \
	    opt/far/libfar.so.1.5 opt/old/libold.so.1 usr/lib/libnoted.so.2; do
		grep -qx "$wanted" "$tmp/needs" || return 1
	done
	! grep -q libnone "$tmp/needs"
}
truth "RUNPATH, RPATH, ld.so.conf, .note.dlopen and #! are followed" needed

# inside FOLDER COMMAND...: with that as the root, and a /proc ($ORIGIN is by
# /proc/self/exe).
inside()
{
	as_root=-r
	[ "$(id -u)" -ne 0 ] || as_root=
	# shellcheck disable=SC2016,SC2086	# they are that shell's; or none
	unshare -m $as_root sh -c 'mount --rbind /proc "$1/proc" &&
	    exec chroot "$@"' sh "$@"
}

runs()
{
	own -b /usr/bin/script -o "$tmp/own" || return 1
	grep -F .. "$tmp/own.manifest" | cut -f 6 | grep -F .. && return 1
	unpack "$tmp/own" "$tmp/x" &&
	    [ "$(inside "$tmp/x" /usr/bin/prog)" = 42 ] &&
	    [ "$(inside "$tmp/x" /usr/bin/script)" = 42 ]
}
truth "and in the initrd the program runs, script and all" runs

required()
{
	mkdir "$tmp/gone"
	mv "$root/opt/far/"* "$tmp/gone"
	tree=$root fails 100 'libnear.so.1 needs libfar.so.1' -f none \
	    -b /usr/bin/prog
	result=$?
	mv "$tmp/gone/"* "$root/opt/far"
	return "$result"
}
truth "a library that is missing is an error that says whose" required
no_binary()
{
	tree=$root fails 100 '/bin/none: No such' -f none -b /bin/none
}
truth "so is a binary" no_binary

carried()
{
	own -m weak -o "$tmp/own" && unpack "$tmp/own" "$tmp/x" || return 1
	cat "$tmp/x/lib/modules/pixie.index"
	(cd "$tmp/x/lib/modules/9.9-own/kernel" && ls plain.ko soft.ko \
	    weak.ko) && awk '$1 == "m" { name = $2 }
	    $1 == "i" { print name }' "$tmp/x/lib/modules/pixie.index" |
	    grep -qx weak
}
truth "a weak dependency is carried, with its soft ones" carried

firmware()
{
	cd "$tmp/x/lib/firmware/w" || return 1
	ls -l
	[ "$(readlink link.bin)" = real.bin ] && [ "$(cat link.bin many-1.bin many-2.bin)" = \
	    "$(printf 'real.bin\nmany-1.bin\nmany-2.bin')" ]
	result=$?
	cd "$OLDPWD" || return 1
	return "$result"
}
truth "firmware comes by links, patterns and decoded" firmware

builtin_firmware()
{
	own -m inside -z none | cpio -t --quiet | grep -qx \
	    lib/firmware/w/inside.bin
}
truth "a driver that is built in has its firmware too" builtin_firmware

blacklisted()
{
	own -m shunned -m soft -z none | cpio -i --quiet --to-stdout \
	    lib/modules/pixie.index >"$tmp/index"
	cat "$tmp/index"
	grep -q '^m shunned ' "$tmp/index" &&
	    [ "$(grep -c '^a ' "$tmp/index")" -eq 1 ]
}
truth "what modprobe.d blacklists answers to no alias" blacklisted

elsewhere()
{
	own -b /usr/bin/prog -m weak -o "$tmp/own" || return 1
	mkdir "$tmp/copy"
	# In another order, under another name, by who has other habits.
	tar -C "$root" -cf - . | tar -C "$tmp/copy" -xf -
	(umask 077 && cd / && export TZ=Asia/Tokyo LC_ALL=C.UTF-8 &&
	    taskset -c 0 "$program" initrd -d "$tmp/boot" -F "$features" \
	    -I "$init" -r "$tmp/copy" -f none -b /usr/bin/prog -m weak \
	    -o "$tmp/own2") || return 1
	cmp "$tmp/own" "$tmp/own2" &&
	    cmp "$tmp/own.manifest" "$tmp/own2.manifest"
}
truth "the same things elsewhere give the same octets" elsewhere

rescue()
{
	mkdir -p "$root/bin"
	cp "$(command -v busybox)" "$root/bin/"
	own -f rescue -o "$tmp/own" && unpack "$tmp/own" "$tmp/x" &&
	    [ "$(inside "$tmp/x" /bin/sh -c 'ls /sbin/reboot')" = \
	    /sbin/reboot ]
}
truth "rescue brings a shell that runs" rescue

no_busybox()
{
	rm "$root/bin/busybox"
	tree=$root fails 100 '/bin/busybox (feature rescue): not in' -f rescue
}
truth "without a busybox, rescue says what to do" no_busybox

# One machine's hardware, as it reports it.
mac=52-54-00-12-34-56
mkdir -p "$tmp/boot/seen/$mac"
cat >"$tmp/boot/seen/$mac/modalias" <<EOF
pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00
virtio:d00000001v00001AF4
cpu:type:x86,ven0000fam0006mod0055:feature:,0000
EOF
for_one()
{
	initrd -k "$version" --for 52:54:00:12:34:56 -o "$tmp/one" || return 1
	initrd -k "$version" -o "$tmp/any" || return 1
	cut -f 6 "$tmp/one.manifest" | grep '/drivers/net/' | tee "$tmp/drivers"
	# Built in or not, no other card's driver is there; bonding is no card.
	! grep '\.ko$' "$tmp/drivers" |
	    grep -Ev '/(virtio_net|net_failover|bonding|macvlan|tap)\.ko$' &&
	    cut -f 6 "$tmp/one.manifest" | grep -q '/nfsv3\.ko$' &&
	    [ "$(stat -c %s "$tmp/one")" -lt "$(stat -c %s "$tmp/any")" ]
}
truth "--for takes the drivers of one machine" for_one

all_net()
{
	initrd -k "$version" -f all-net,nfs -o "$tmp/a" &&
	    initrd -k "$version" -f all-net,nfs --for "$mac" -o "$tmp/b" &&
	    cmp "$tmp/a" "$tmp/b"
}
truth "all-net takes all cards, whatever the machine has" all_net
truth "a machine that has said nothing is an error" \
    fails 100 'has not said' -k "$version" --for 52-54-00-00-00-99
truth "--for who knows whom is an error" \
    fails 100 'neither a MAC' -k "$version" --for alpha

# Processors' microcode, in front and as it is.
mkdir -p "$root/usr/lib/firmware/intel-ucode" "$root/usr/lib/firmware/amd-ucode"
printf 'five-five' >"$root/usr/lib/firmware/intel-ucode/06-55-04"
printf 'five-six' >"$root/usr/lib/firmware/intel-ucode/06-56-04"
printf 'amd' >"$root/usr/lib/firmware/amd-ucode/microcode_amd_fam17h.bin"
in_front()
{
	own -f microcode "$@" -o "$tmp/own" || return 1
	mkdir -p "$tmp/front" && rm -rf "$tmp/front/"*
	(cd "$tmp/front" && cpio -id --quiet <"$tmp/own" 2>/dev/null)
	cat "$tmp/front/kernel/x86/microcode/"*
}
microcode()
{
	[ "$(in_front)" = amdfive-fivefive-six ] &&
	    [ "$(in_front --for "$mac")" = five-five ] &&
	    "$program" initrd --diff "$tmp/own" "$tmp/own" &&
	    ! "$program" initrd --diff "$tmp/own" "$tmp/one" >"$tmp/diff" &&
	    grep -q '^- kernel/x86/microcode/GenuineIntel.bin$' "$tmp/diff"
}
truth "microcode goes in front, all of it or the machine's" microcode

kinds()
{
	initrd -k "$version" -f nfs -z none >"$tmp/none"
	initrd -k "$version" -f nfs -z xz >"$tmp/xz"
	initrd -k "$version" -f nfs -z lz4 >"$tmp/lz4"
	xz -dc <"$tmp/xz" | cmp - "$tmp/none" &&
	    lz4 -dc <"$tmp/lz4" | cmp - "$tmp/none" &&
	    xz --robot -l "$tmp/xz" | grep -q CRC32 &&
	    [ "$(od -An -tx1 -N4 "$tmp/lz4" | tr -d ' ')" = 02214c18 ]
}
truth "xz and lz4 are of the form that the kernel reads" kinds

threads()
{
	taskset -c 0 "$program" initrd -d "$tmp/boot" -F "$features" \
	    -I "$init" -k "$version" -r "${tree:-/}" -f nfs -z xz |
	    cmp - "$tmp/xz"
}
truth "xz is the same on one processor" threads

decodes()
{
	mkdir -p "$root/boot"
	echo CONFIG_RD_GZIP=y >"$root/boot/config-9.9-own"
	own >"$tmp/by-config" && gzip -t <"$tmp/by-config" &&
	    tree=$root fails 100 'cannot decode it, its config says' \
	    -f none -z zstd
}
truth "what the kernel's config cannot decode is not made" decodes

manifest()
{
	unpack "$tmp/any" "$tmp/x"
	sed -n 's/^f\t[^\t]*\t[^\t]*\t[^\t]*\t//p' "$tmp/any.manifest" |
	    sed 's/\t/  /' >"$tmp/sums"
	[ "$(wc -l <"$tmp/sums")" -gt 10 ] &&
	    (cd "$tmp/x" && sha256sum -c --quiet "$tmp/sums") &&
	    zstd -dcq "$tmp/any" | cpio -t --quiet | LC_ALL=C sort >"$tmp/l" &&
	    grep -v '^#' "$tmp/any.manifest" | cut -f 6 | cmp - "$tmp/l"
}
truth "the manifest is what is in it, by sha256sum and cpio" manifest

differ()
{
	initrd -k "$version" -f nfs -o "$tmp/a"
	initrd -k "$version" -f nfs -m loop -z gzip -o "$tmp/b"
	"$program" initrd --diff "$tmp/a" "$tmp/b" >"$tmp/diff"
	[ $? -eq 1 ] || return 1
	cat "$tmp/diff"
	grep -q '^~ lib/modules/pixie.index: ' "$tmp/diff" &&
	    ! grep -q '^-' "$tmp/diff" &&
	    { grep -q '/loop\.ko$' "$tmp/diff" ||
	    grep -q '/loop\.ko$' "$modules/modules.builtin"; }
}
truth "--diff says what two have and have not" differ
no_initrd()
{
	"$program" initrd --diff "$program" "$tmp/a" 2>"$tmp/line"
	[ $? -eq 100 ] && grep -q 'not an initrd' "$tmp/line"
}
truth "--diff of another file is an error" no_initrd

bad_line()
{
	printf 'nfs\nnfs nfsv3\n' >"$tmp/boot/feature/bad"
	fails 100 'feature bad, line 2: ' -k "$version" -f bad
}
truth "a line that says nothing sensible is an error" bad_line

each()
{
	for feature in mkboot/feature/*; do
		feature=${feature##*/}
		case $feature in
		rescue) continue ;;
		esac
		initrd -k "$version" -f "$feature" >"$tmp/feature" || {
			echo "$feature"
			return 1
		}
	done
}
truth "each feature that comes along suits this kernel" each

echo "1..$n"
