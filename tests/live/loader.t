#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot loader: what it brings of several kinds of loaders, what it links.
set -u
mkboot=$PWD/${BUILD:-build/out}/mkboot/mkboot
umask 022
tmp=$(mktemp -d)
pid=
finish()
{
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	cd / && rm -rf "$tmp"
}
trap finish EXIT
cd "$tmp" || exit 111
boot=$tmp/boot
loader=$boot/pub/loader
mac=52-54-00-12-34-56
n=0

# check NAME COMMAND...: the truth that NAME says.
check()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# /' "$tmp/said"
	fi
}

# within SECONDS COMMAND: polls until it is true.
within()
{
	tries=$(($1 * 20))
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.05
	done
}

is()
{
	[ "$1" = "$2" ] || { echo "want $2"; echo "got  $1"; return 1; }
}

leads()
{
	is "$(readlink "$loader/$1")" "$2"
}

# bring FLAG...: what it says is in $tmp/out.
bring()
{
	"$mkboot" loader -d "$boot" -s "$tmp/source" "$@" >"$tmp/out" 2>&1
}

says()
{
	grep -Eq "$1" "$tmp/out" || { cat "$tmp/out"; return 1; }
}

# Of every kind one, by the names in its package.
mkdir -p source/x86_64-efi-signed source/x86_64-efi/monolithic
for file in undionly.kpxe snponly.efi pxelinux.0 shimx64.efi.signed \
    mmx64.efi.signed x86_64-efi-signed/grubnetx64.efi.signed \
    x86_64-efi/monolithic/grubnetx64.efi; do
	echo "$file" >"source/$file"
done
"$mkboot" create -d "$boot" >/dev/null

check "loaders of every kind are brought" bring
check "iPXE is the usual one" sh -c "
	[ \"\$(readlink '$loader/0')\" = undionly.kpxe ] &&
	[ \"\$(readlink '$loader/7')\" = snponly.efi ] &&
	[ \"\$(readlink '$loader/16')\" = snponly.efi ]"
check "and which kind it is, is said" says '^7 .* snponly.efi, iPXE$'
check "what Secure Boot takes is said" says 'loader -l signed.*GRUB'
check "what would bring a loader is said" \
    says '^11 .* none: .*grub-efi-arm64-signed would bring one$'
check "the signed second stage has the name that shim asks for" \
    is "$(cat "$loader/grubx64.efi")" x86_64-efi-signed/grubnetx64.efi.signed
check "PXELINUX without its second half is not linked" sh -c "
	'$mkboot' loader -d '$boot' -s '$tmp/source' -l pxelinux >/dev/null &&
	[ \"\$(readlink '$loader/0')\" = undionly.kpxe ]"
echo ldlinux >source/ldlinux.c32
check "with it, it is, where it is asked for" bring -l pxelinux
check "instead of the link that was there" leads 0 pxelinux.0
check "and the others keep theirs" leads 7 snponly.efi
check "signed links shim, for HTTP boot too" bring -l signed
check "on x64" sh -c "[ \"\$(readlink '$loader/7')\" = shimx64.efi ] &&
	[ \"\$(readlink '$loader/16')\" = shimx64.efi ]"
check "and says so" says '^7 .* shimx64.efi, shim and GRUB, signed$'
check "a later run leaves it alone" bring
check "which it says" says '^7 .* shimx64.efi \(left alone'
check "another kind is refused" sh -c "
	'$mkboot' loader -d '$boot' -l lilo 2>&1 | grep -q 'pxelinux'"

##### pages

mkdir -p "$boot/image/small" "$boot/pub/image/small" "$boot/root/small"
echo nfs >"$boot/image/small/kind"
echo 'console=ttyS0 "a b"' >"$boot/image/small/cmdline"
ln -s ../../root/small "$boot/image/small/root"
echo kernel >"$boot/pub/image/small/kernel"
echo initrd >"$boot/pub/image/small/initrd"
check "a machine has a page for each loader" sh -c "
	'$mkboot' machine -d '$boot' -i small $mac &&
	'$mkboot' machine -d '$boot' -i small default &&
	cd '$boot/pub/machine/$mac' && ls grub.cfg pxelinux.cfg boot.ipxe"
check "PXELINUX finds it by the card's address" grep -q \
    "^	KERNEL ::image/small/kernel" "$loader/pxelinux.cfg/01-$mac"
check "and the default one by its own name" grep -q \
    "^# Machine default" "$loader/pxelinux.cfg/default"
check "GRUB's first page leads to it" sh -c "
	grep -q 'source /machine/.pixie_mac/grub.cfg' '$boot/pub/grub/grub.cfg' &&
	grep -q 'linux /image/small/kernel' '$boot/pub/machine/$mac/grub.cfg'"
check "GRUB finds no fault in either" sh -c "
	grub-script-check '$boot/pub/grub/grub.cfg' &&
	grub-script-check '$boot/pub/machine/$mac/grub.cfg' &&
	grub-script-check '$boot/pub/machine/default/grub.cfg'"
echo '# mine' >"$boot/pub/grub/grub.cfg"
check "a first page that somebody altered is kept" sh -c "
	'$mkboot' loader -d '$boot' -s '$tmp/source' >/dev/null &&
	[ \"\$(cat '$boot/pub/grub/grub.cfg')\" = '# mine' ]"
check "a machine that goes takes its link along" sh -c "
	rm -r '$boot/machine/$mac' && '$mkboot' render -d '$boot' &&
	! [ -L '$loader/pxelinux.cfg/01-$mac' ]"
check "OpenBSD's pxeboot gets its boot.conf" sh -c "
	mkdir -p '$boot/image/bsd' '$boot/pub/image/bsd' &&
	echo any >'$boot/image/bsd/kind' && cd '$boot/pub/image/bsd' &&
	echo 1 >pxeboot && echo 2 >bsd.rd &&
	'$mkboot' machine -d '$boot' -i bsd $mac &&
	grep -q '^boot tftp:/image/bsd/bsd.rd' \
	    '$boot/pub/machine/$mac/etc/boot.conf'"
##### build: a tree with iPXE's names, whose make links nothing

mkdir -p tree/src/core unpacked
echo 'int main(void) { return 0; }' >tree/src/core/main.c
cat >tree/src/Makefile <<'EOF'
bin/%:
	@mkdir -p bin
	@echo "  [BUILD] bin/main.o"
	@$(CROSS_COMPILE)gcc -E -include lzma.h core/main.c >/dev/null
	@{ echo "$@ $(NO_WERROR)"; cat $(EMBED); } >$@
bin-x86_64-efi/%:
	@echo "  [BUILD] bin-x86_64-efi/main.o"
	@echo "core/main.c:7:1: error: 'x' undeclared" >&2; exit 1
EOF
tar -czf tree.tgz tree
head -c 300 tree.tgz >half.tgz

# build FLAG...: what it says is in $tmp/out.
build()
{
	TMPDIR=$tmp/unpacked "$mkboot" loader -d "$boot" --build "$@" \
	    >"$tmp/out" 2>&1
}

fails()
{
	! build "$@"
}

rm "$loader/0"
check "iPXE is built of a tree" build tree --target bin/undionly.kpxe
check "and is what a BIOS gets then" leads 0 undionly.kpxe
check "our script is in it, which asks the proxy's server first" sh -c "
	grep -n 'proxydhcp/next-server' '$loader/undionly.kpxe' | head -n 1 &&
	awk '/proxydhcp.next-server/ { p = NR } /net0.next-server/ { n = NR }
	    END { exit !(p && p < n) }' '$loader/undionly.kpxe'"
check "what make said is kept" grep -q BUILD "$boot/loader.log"
echo '#!ipxe own' >own.ipxe
check "of a tarball, with a script of one's own" \
    build tree.tgz --embed own.ipxe --target bin/undionly.kpxe bin/ipxe.pxe
check "which is in it" grep -qx '#!ipxe own' "$loader/undionly.kpxe"
check "and another target has its own name" grep -q '^bin/ipxe.pxe 1' \
    "$loader/ipxe.pxe"
check "nothing is left of what was unpacked" sh -c \
    "[ -d '$tmp/unpacked' ] && [ -z \"\$(ls '$tmp/unpacked')\" ]"
check "half a tarball is refused" fails half.tgz
check "in so many words" says 'half.tgz: tar cannot unpack it whole'
check "a tree of something else is refused" fails source
check "and named" says 'source: no source of iPXE'
check "make's first error is told" fails tree -t bin-x86_64-efi/snponly.efi
check "with where the rest is" \
    says "snponly.efi: make failed: core/main.c:7:1: error: .*loader.log"
check "a target that is none is refused" fails tree -t ../../etc/passwd
check "and named" says 'etc/passwd: no target'
mkdir tools
for tool in make gcc ld tar rm sh; do
	ln -s "$(command -v $tool)" tools
done
check "a program that is missing is named, and its package" sh -c "
	! PATH='$tmp/tools' '$mkboot' loader -d '$boot' -b tree 2>'$tmp/out' &&
	grep 'perl is missing: the package perl brings it' '$tmp/out'"
ln -s "$(command -v perl)" tools
check "so is a compiler for another processor" sh -c "
	! PATH='$tmp/tools' '$mkboot' loader -d '$boot' -b tree \
	    -t bin-arm32-efi/snponly.efi 2>'$tmp/out' &&
	grep 'gcc is missing: the package gcc-arm-linux-gnueabihf' '$tmp/out'"
printf '#!/bin/sh\ncase " $* " in *lzma*) exit 1 ;; esac\n' >gcc
chmod +x gcc && ln -sf ../gcc tools/gcc
check "and a library" sh -c "
	! PATH='$tmp/tools' '$mkboot' loader -d '$boot' -b tree 2>'$tmp/out' &&
	grep 'lzma.h is missing: the package liblzma-dev' '$tmp/out'"

##### menu

mkdir -p "$boot/machine/default/menu"
echo 7 >"$boot/machine/default/menu/timeout"
echo 'Which?' >"$boot/machine/default/menu/prompt"
machines=$boot/pub/machine
check "with a menu, the default script asks" sh -c "
	'$mkboot' render -d '$boot' &&
	grep -q '^menu Which?' '$machines/default/boot.ipxe' &&
	grep -q '^item bsd bsd' '$machines/default/boot.ipxe' &&
	grep -q 'timeout 7000 --default small ' '$machines/default/boot.ipxe'"
check "each image has what it leads to" sh -c "
	grep -q 'image/small/kernel' '$machines/default.small/boot.ipxe' &&
	grep -q 'image/bsd/pxeboot' '$machines/default.bsd/boot.ipxe' &&
	[ -s '$machines/default.small/machine.cpio' ]"
check "a second time nothing is rendered" sh -c \
    "[ -z \"\$('$mkboot' render -d '$boot')\" ]"
: >"$tmp/ready"
"$mkboot" watch -d "$boot" -D 3 3>"$tmp/ready" 2>"$tmp/watch" &
pid=$!
within 60 [ -s "$tmp/ready" ]
echo 8 >"$boot/machine/default/menu/timeout"
check "watch renders a menu that changes" within 60 grep -q 'timeout 8000 ' \
    "$machines/default/boot.ipxe"
kill "$pid" && wait "$pid"
pid=
echo 300 >"$boot/machine/default/menu/timeout"
check "a timeout that is none is said" sh -c "
	! '$mkboot' render -d '$boot' 2>'$tmp/err' &&
	grep -q 'menu/timeout: too large' '$tmp/err'"
rm -r "$boot/machine/default/menu"
check "without a menu they go" sh -c "'$mkboot' render -d '$boot' &&
	! grep -q '^menu' '$machines/default/boot.ipxe' &&
	! ls '$machines' | grep -F default."
echo "1..$n"
