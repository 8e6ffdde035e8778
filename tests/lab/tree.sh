#!/bin/sh
# SPDX-License-Identifier: ISC
# The root tree of the virtual machines, a small Debian: made once, as it takes
# a minute, and kept below build/ until `make clean'.  Run as root.
set -eu
tree=build/lab/boot/root/debian
# One that an earlier version made may lack what machines are now tested by.
[ ! -e "$tree/etc/systemd/system/ssh.service.d" ] || exit 0
rm -rf "$tree"
mkdir -p "${tree%/*}"
echo "making a root tree, a small Debian (once, about a minute)"
exec sh mkboot/root.sh -K -p "$tree"
