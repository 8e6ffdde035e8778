#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot initrd for the kernels that are installed here, or in the root tree
# that is named, beside cpio, zstd and modprobe.  Run from the root of the
# tree; no root needed.
#   initrd.t [ROOT]
. tests/live/initrd.sh

made()
{
	initrd -k "$version" -o "$tmp/usual" && [ -s "$tmp/usual" ]
}
truth "an initrd is made without being root" made

zstd -dcq "$tmp/usual" >"$tmp/usual.cpio"
cpio -t --quiet <"$tmp/usual.cpio" >"$tmp/list" 2>"$tmp/cpio.error"

listed()
{
	[ ! -s "$tmp/cpio.error" ] || return 1
	for path in init dev dev/console proc sys run newroot sbin/modprobe \
	    lib/modules/pixie.index; do
		grep -qx "$path" "$tmp/list" || { echo "no $path"; return 1; }
	done
}
truth "cpio lists what /init needs" listed

# A folder stands before the first that is in it, where its path would with a
# slash behind it: mdio, mdio.ko's younger sister, is "mdio/".
sorted()
{
	awk 'NR > 1 { print last (index($0, last "/") == 1 ? "/" : "") }
	    { last = $0 } END { print last }' "$tmp/list" >"$tmp/slashed"
	LC_ALL=C sort -c "$tmp/slashed" && [ -z "$(uniq -d "$tmp/list")" ]
}
truth "members are sorted, and none is there twice" sorted

parents()
{
	awk '{ there[$0] = 1 } { folder = $0 }
	    sub(/\/[^\/]*$/, "", folder) && !(folder in there) { print }' \
	    "$tmp/list" >"$tmp/orphans"
	cat "$tmp/orphans"
	[ ! -s "$tmp/orphans" ]
}
truth "a member's folder stands before it" parents

again()
{
	(cd / && initrd -k "$version") >"$tmp/again"
	cmp "$tmp/usual" "$tmp/again"
}
truth "a second one is the same, octet for octet" again

one_processor()
{
	taskset -c 0 "$program" initrd -d "$tmp/boot" -F "$features" \
	    -I "$init" -k "$version" -r "${tree:-/}" >"$tmp/again"
	cmp "$tmp/usual" "$tmp/again"
}
truth "on one processor too" one_processor

epoch()
{
	SOURCE_DATE_EPOCH=1000000000 initrd -k "$version" -z none |
	    LC_ALL=C TZ=UTC cpio -tv --quiet | awk '$0 !~ /Sep +9 +2001/'
}
dated()
{
	[ -z "$(epoch)" ]
}
truth "SOURCE_DATE_EPOCH is everything's time" dated

gzipped()
{
	initrd -k "$version" -z gzip | gzip -dc | cmp - "$tmp/usual.cpio"
}
truth "gzip holds the same archive" gzipped

# Every module that the kernel has, by a list of one's own.
echo '*/*' >"$tmp/boot/feature/all"
initrd -k "$version" -f all -z none -o "$tmp/all"
cpio -t --quiet <"$tmp/all" | sort >"$tmp/all.list"
mkdir "$tmp/x"
(cd "$tmp/x" && cpio -id --quiet --no-absolute-filenames 'lib/*' <"$tmp/all")

# The files that modprobe would insert for a module, in its order; by the
# tree's own rules, as -d alone takes those of this system.
depends()
{
	modprobe ${tree:+-C "$tree/etc/modprobe.d" -C "$tree/lib/modprobe.d"} \
	    -d "${tree:-/}" -S "$version" --show-depends "$1" |
	    sed -n -E 's/^insmod ([^ ]*).*/\1/p; ' |
	    sed -E 's/\.(xz|gz|zst)$//; s,.*/lib/modules/,lib/modules/,'
}

# The same by the index, which has all that goes before on a module's line.
indexed()
{
	awk -v version="$version" '
	$1 == "m" { path[$2] = "lib/modules/" version "/" $3
	    before[$2] = ""; for (i = 4; i <= NF; i++)
		before[$2] = before[$2] " " $i
	    names[++n] = $2 }
	function show(m,  list, k, i) {
		if (m in shown) return
		shown[m] = 1
		k = split(before[m], list, " ")
		for (i = 1; i <= k; i++) show(list[i])
		line = line " " path[m]
	}
	END { for (j = 1; j <= n; j++) {
		split("", shown); line = ""; show(names[j])
		print names[j] line } }' "$tmp/x/lib/modules/pixie.index"
}

# What is inserted after a module (softdep post) is no part of its line.
posts()
{
	sed -n 's/^p //p' "$tmp/x/lib/modules/pixie.index" | tr ' ' '\n' |
	    sort -u
}

all_there()
{
	cut -d: -f1 "$modules/modules.dep" | sed -E 's/\.(xz|gz|zst)$//' |
	    sed "s,^,lib/modules/$version/," | sort >"$tmp/expected"
	comm -23 "$tmp/expected" "$tmp/all.list" >"$tmp/missing"
	cat "$tmp/missing"
	[ -s "$tmp/expected" ] && [ ! -s "$tmp/missing" ]
}
truth "a pattern can take all modules of the kernel" all_there

# The words of $1 that are not loaded because something else was, each once.
without_posts()
{
	echo "$1" | tr ' ' '\n' | awk -v posts="$(tr '\n' ' ' <"$tmp/posts")" '
	BEGIN { k = split(posts, p, " "); for (i = 1; i <= k; i++) post[p[i]] }
	{ base = $0; sub(/.*\//, "", base); sub(/\.ko$/, "", base)
	  gsub(/-/, "_", base) }
	!(base in post) && !seen[$0]++'
}

same_order()
{
	posts >"$tmp/posts"
	indexed | while read -r module paths; do
		want=$(depends "$module" | tr '\n' ' ' | sed 's/ $//')
		[ "$paths" = "$want" ] && continue
		# modprobe shows what comes after as well: the rest must agree.
		[ "$(without_posts "$paths")" = "$(without_posts "$want")" ] ||
		    printf '%s:\n%s\nbut modprobe:\n%s\n' "$module" "$paths" \
		    "$want"
	done >"$tmp/differ"
	cat "$tmp/differ"
	[ "$(indexed | wc -l)" -eq "$(wc -l <"$modules/modules.dep")" ] &&
	    [ ! -s "$tmp/differ" ]
}
truth "all modules have what modprobe --show-depends gives" same_order

usual_closed()
{
	sed -n "s,^lib/modules/$version/.*/\([^/]*\)\.ko$,\1,p" "$tmp/list" |
	while read -r name; do
		depends "$name"
	done | sort -u >"$tmp/want"
	LC_ALL=C sort "$tmp/list" | LC_ALL=C comm -23 "$tmp/want" - \
	    >"$tmp/missing"
	cat "$tmp/missing"
	[ -s "$tmp/want" ] && [ ! -s "$tmp/missing" ]
}
truth "the usual initrd has every dependency of what it carries" usual_closed

for_nfs()
{
	for wanted in nfs nfsv3 overlay; do
		grep -q "/$wanted\.ko$" "$tmp/list" ||
		    grep -q "/$wanted\.ko$" "$modules/modules.builtin" ||
		    { echo "no $wanted"; return 1; }
	done
	grep -q '/virtio_net\.ko$' "$tmp/list" ||
	    grep -q '/virtio_net\.ko$' "$modules/modules.builtin"
}
truth "the usual initrd has what an NFS root needs" for_nfs

same_octets()
{
	checked=0
	for file in $(find "$modules/kernel" -name '*.ko' | sed -n '1~20p'); do
		cmp "$file" "$tmp/x${file#"$tree"}" || return 1
		checked=$((checked + 1))
	done
	[ "$checked" -gt 0 ] || ! find "$modules" -name '*.ko' | grep -q .
}
truth "modules are stored as they are on disk" same_octets

inserted()
{
	awk '$1 == "m" { name = $2 } $1 == "i" { print name }' \
	    "$tmp/x/lib/modules/pixie.index" >"$tmp/by-name"
	grep -q '^m ' "$tmp/x/lib/modules/pixie.index" || return 1
	[ ! -s "$tmp/by-name" ] || return 1
	initrd -k "$version" -f nfs -m overlay -z none |
	    cpio -i --quiet --to-stdout lib/modules/pixie.index |
	    awk '$1 == "m" { name = $2 } $1 == "i" { print name }' |
	    tr '\n' ' ' >"$tmp/by-name"
	cat "$tmp/by-name"
	[ "$(cat "$tmp/by-name")" = "nfs nfsv3 overlay " ]
}
truth "what is named is inserted at boot, what is matched is not" inserted

# A root of another kind: its modules compressed, with firmware.
root=$tmp/root
one=$(sed -n 's/^kernel\/.*\/\([^/]*\)\.ko:.*/\1/p' "$modules/modules.dep" |
    head -1)
file=$(modinfo -b "${tree:-/}" -k "$version" -n "$one")
other()
{
	suffix=$1
	shift
	rm -rf "$root"
	mkdir -p "$root/lib/modules/9.9-test/kernel"
	"$@" <"$file" >"$root/lib/modules/9.9-test/kernel/$one.ko$suffix"
	: >"$root/lib/modules/9.9-test/modules.order"
	: >"$root/lib/modules/9.9-test/modules.builtin"
	depmod -b "$root" 9.9-test 2>/dev/null
	initrd -r "$root" -f all -z none |
	    cpio -i --quiet --to-stdout \
	    "lib/modules/9.9-test/kernel/$one.ko" | cmp - "$file"
}
truth "modules compressed with xz are stored plain" \
    other .xz xz -c --check=crc32
truth "modules compressed with zstd are stored plain" other .zst zstd -cq

other_root()
{
	initrd -r "$root" -f all -z none | cpio -t --quiet >"$tmp/other"
	grep -c "lib/modules/.*\.ko$" "$tmp/other" | grep -qx 1
}
truth "another root's only kernel is chosen by itself" other_root

with_firmware()
{
	with=$(find "$modules/kernel" -name '*.ko*' | while read -r ko; do
		modinfo -F firmware "$ko" | sed -n "s,^,$ko ,p"
	done | head -1)
	if [ -z "$with" ]; then
		echo "no module of this kernel names firmware"
		return 0
	fi
	ko=${with% *}
	fw=${with##* }
	base=${ko##*/}
	cp "$ko" "$root/lib/modules/9.9-test/kernel/"
	depmod -b "$root" 9.9-test 2>/dev/null
	mkdir -p "$root/lib/firmware/$(dirname "$fw")"
	echo "firmware for $base" | xz -c --check=crc32 \
	    >"$root/lib/firmware/$fw.xz"
	initrd -r "$root" -f all -z none |
	    cpio -i --quiet --to-stdout "lib/firmware/$fw" |
	    grep -qx "firmware for $base"
}
truth "firmware that a module names is there, plain" with_firmware

truth "a module that does not exist is an error" \
    fails 100 'no-such-module (-m)' -k "$version" -m no-such-module
truth "a kernel that does not exist is an error that lists the others" \
    fails 100 "there are:.* $version" -k 0.0-none
truth "a feature that does not exist is an error that lists the others" \
    fails 100 'there are: .* net .*nfs' -k "$version" -f nothing
truth "a root without modules is an error" fails 100 'no kernel' -r "$tmp/boot"
truth "a missing /init is an error" \
    fails 111 'say where' -k "$version" -I "$tmp/nowhere"

kept()
{
	echo old >"$tmp/kept"
	! initrd -k "$version" -m no-such-module -o "$tmp/kept" 2>/dev/null &&
	    [ "$(cat "$tmp/kept")" = old ]
}
truth "what fails leaves the old file as it was" kept

builtin()
{
	in_kernel=$(sed -n 's/.*\/\([^/]*\)\.ko.*/\1/p' \
	    "$modules/modules.builtin" | head -1)
	initrd -k "$version" -m "$in_kernel" >"$tmp/builtin"
}
truth "a module that is built in is no error" builtin

static()
{
	initrd -k "$version" -z none | cpio -i --quiet --to-stdout init \
	    >"$tmp/init"
	cmp "$tmp/init" "$init" && ! readelf -l "$tmp/init" | grep -q INTERP
}
truth "/init is static" static

by_hand()
{
	"$init" 2>"$tmp/line"
	[ $? -eq 100 ] && grep -q 'not to be run by hand' "$tmp/line"
}
truth "/init does nothing when it is not the first process" by_hand

echo "1..$n"
