#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot render: ten thousand machines of one image with a template, all new;
# again with nothing changed; and with the template changed.  Their identities
# are there already: each is made once, and its figure is its own.
. ./tests/bench/bench.sh

count=${MACHINES:-10000}
mkboot=$build/mkboot/mkboot
boot=$tmp/boot
"$mkboot" create -d "$boot" >/dev/null
mkdir -p "$boot/image/debian/template/etc"
echo nfs >"$boot/image/debian/kind"
echo 'This is @HOSTNAME@, @MAC@.' >"$boot/image/debian/template/etc/motd"

seconds()
{
	began=$(date +%s.%N)
	"$@" >"$tmp/said"
	echo "$began $(date +%s.%N)" | awk '{ printf "%.2f\n", $2 - $1 }'
}

for i in $(seq 8); do
	seconds "$mkboot" machine -d "$boot" -i debian -h "first-$i" \
	    "52-54-01-00-00-0$i"
done >"$tmp/minted"
echo "a new machine, its keys found, one at a time: $(median <"$tmp/minted") s"

# The others have the identity of the first one: its size is what counts.
perl -e '
	my ($boot, $count, $like) = @ARGV;
	for my $i (0 .. $count - 9) {
		my $mac = sprintf "52-54-00-00-%02x-%02x", $i >> 8, $i & 255;
		mkdir "$boot/machine/$mac";
		symlink "../../image/debian", "$boot/machine/$mac/image";
		open my $f, ">", "$boot/machine/$mac/hostname";
		print $f "node-$i\n";
		system "cp", "-R", $like, "$boot/machine/$mac/identity";
	}' "$boot" "$count" "$boot/machine/52-54-01-00-00-01/identity"

for _ in $(seq "$rounds"); do
	rm -rf "$boot/pub/machine"
	mkdir "$boot/pub/machine"
	sync
	seconds "$mkboot" render -d "$boot" >>"$tmp/new"
	seconds "$mkboot" render -d "$boot" >>"$tmp/same"
	date +%N >>"$boot/image/debian/template/etc/motd"
	seconds "$mkboot" render -d "$boot" >>"$tmp/changed"
done
echo "$count machines rendered: $(median <"$tmp/new") s;" \
    "$(du -sm "$boot/pub/machine" | cut -f1) MB on disk"
echo "$count machines, nothing changed: $(median <"$tmp/same") s"
echo "$count machines, their template changed: $(median <"$tmp/changed") s"
