# SPDX-License-Identifier: ISC
# What the tests of mkboot initrd share: sourced from the top of the source.
# shellcheck shell=sh
# shellcheck disable=SC2034	# what it sets is for them
set -u
PATH=$PATH:/usr/sbin:/sbin
build=${BUILD:-build/out}
program=$PWD/$build/mkboot/mkboot
features=$PWD/mkboot/feature
init=$PWD/build/out/mkboot/init/init
tmp=$(mktemp -d)
n=0
trap 'rm -rf "$tmp"' EXIT

# truth NAME COMMAND...: a test.
truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed -n '1,20s/^/# /p' "$tmp/said"
	fi
}

initrd()
{
	"$program" initrd -d "$tmp/boot" -F "$features" -I "$init" \
	    -r "${tree:-/}" "$@"
}

# fails STATUS WORDS ARGUMENT...: initrd ends so, with one line that says so.
fails()
{
	wanted=$1
	words=$2
	shift 2
	initrd "$@" -o "$tmp/never" 2>"$tmp/line"
	status=$?
	cat "$tmp/line"
	[ "$status" -eq "$wanted" ] && [ "$(wc -l <"$tmp/line")" -eq 1 ] &&
	    grep -q "$words" "$tmp/line" && [ ! -e "$tmp/never" ]
}

# A kernel with modules: of the root tree that is named, or whichever is here:
# this system's, or that of the tree that the virtual machines boot, which root
# can make.
version=
[ -n "${1:-}" ] || [ "$(id -u)" -ne 0 ] || sh tests/lab/tree.sh >&2
for tree in "${1:-}" "$PWD/build/lab/boot/root/debian"; do
	for folder in "$tree"/lib/modules/*; do
		[ -e "$folder/modules.dep.bin" ] && version=${folder##*/}
	done
	[ -z "$version" ] || break
done
if [ -z "$version" ]; then
	echo "1..0 # SKIP no kernel with modules here, and only root makes one"
	exit 0
fi
modules=$tree/lib/modules/$version
mkdir -p "$tmp/boot/feature"
