#!/bin/sh
# SPDX-License-Identifier: ISC
# initrd.t for each module of Debian's usual kernel, linux-image-amd64: it has
# ten times as many as the one for virtual machines, and older habits.
set -u
if ! command -v apt-get >/dev/null; then
	echo "1..0 # SKIP not Debian: its kernel cannot be fetched"
	exit 0
fi
sh tests/live/kernel.sh >&2 || exit
exec sh tests/live/initrd.t "$PWD/build/kernel/root"
