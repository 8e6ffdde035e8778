#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's usual kernel, linux-image-amd64, unpacked and not installed: below
# build/kernel/root, once, until `make clean'.  Needs apt-get and no root.
set -eu
PATH=$PATH:/usr/sbin:/sbin
cache=build/kernel
[ ! -e "$cache/done" ] || exit 0
rm -rf "$cache"
mkdir -p "$cache/deb" "$cache/root"
package=$(apt-cache depends linux-image-amd64 |
    sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
(cd "$cache/deb" && apt-get -q download "$package") >"$cache/log" 2>&1 || {
	echo "kernel.sh: $package: $(tail -n 1 "$cache/log")" >&2
	exit 111
}
dpkg -x "$cache"/deb/*.deb "$cache/root"
rm -r "$cache/deb"
depmod -b "$cache/root" "$(ls "$cache/root/lib/modules")"
: >"$cache/done"
