#!/bin/sh
# SPDX-License-Identifier: ISC
# What mkboot initrd writes, unpacked by the kernel itself: one boot for each
# kind of compression, with microcode in front.  No network.  As root, as only
# root makes the tree with a kernel.
set -u
sh tests/lab/tree.sh >&2 || exit
build=${BUILD:-build/out}
tree=$PWD/build/lab/boot/root/debian
version=$(ls "$tree/lib/modules")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Runs as the first process, and holds what it finds against the manifest.
mkdir -p "$tmp/probe/bin" "$tmp/probe/proc" "$tmp/boot/feature"
cp "$(command -v busybox)" "$tmp/probe/bin/"
ln -s busybox "$tmp/probe/bin/sh"
cat >"$tmp/probe/probe" <<'EOF'
#!/bin/sh
busybox mount -t proc none /proc
busybox sha256sum -c /sums >/probed 2>&1 && sums=ok || sums=bad
link=$(busybox readlink /sbin/modprobe)
node=$(busybox stat -c '%F %t %T %a' /dev/kmsg)
read -r line </early/kernel/x86/microcode/test.bin
echo "unpacked: $sums, $(busybox wc -l </sums) files, $link, $node, $line"
busybox tail -n 3 /probed
busybox poweroff -f
EOF
chmod 755 "$tmp/probe/probe"
# A front of our own, since this tree has no microcode; the kernel unpacks it.
echo "early it is" >"$tmp/front"
cat >"$tmp/boot/feature/front" <<EOF
=early/kernel/x86/microcode/test.bin /usr/share/pixie-test/front*
EOF
mkdir -p "$tmp/root/usr/share/pixie-test" "$tmp/root/boot"
cp "$tmp/front" "$tmp/root/usr/share/pixie-test/front"
cp "$tree/boot/config-$version" "$tmp/root/boot/"
mkdir -p "$tmp/root/usr/lib"
cp -al "$tree/usr/lib/modules" "$tmp/root/usr/lib/" 2>/dev/null ||
    cp -a "$tree/usr/lib/modules" "$tmp/root/usr/lib/"
ln -s usr/lib "$tmp/root/lib"

machine()
{
	kind=$1
	"$build/mkboot/mkboot" initrd -d "$tmp/boot" -F mkboot/feature \
	    -I build/out/mkboot/init/init -r "$tmp/root" -k "$version" \
	    -f net,nfs,front -z "$kind" -o "$tmp/$kind" || return
	sed -n 's/^f\t[^\t]*\t[^\t]*\t[^\t]*\t\([^\t]*\)\t/\1  \//p' \
	    "$tmp/$kind.manifest" >"$tmp/probe/sums"
	wc -l <"$tmp/probe/sums" >"$tmp/$kind.files"
	(cd "$tmp/probe" && find . | LC_ALL=C sort |
	    cpio -o -H newc --quiet) >"$tmp/$kind.boot"
	cat "$tmp/$kind" >>"$tmp/$kind.boot"
	timeout 180 qemu-system-x86_64 -accel tcg -cpu max -m 768 \
	    -nodefaults -display none -serial stdio -no-reboot -net none \
	    -kernel "$tree/boot/vmlinuz-$version" -initrd "$tmp/$kind.boot" \
	    -append "console=ttyS0 rdinit=/probe panic=-1" \
	    </dev/null >"$tmp/$kind.console" 2>&1 &
}

# Two at a time.
for pair in "zstd gzip" "xz lz4" none; do
	for kind in $pair; do
		machine "$kind"
	done
	wait
done

n=0
for kind in zstd gzip xz lz4 none; do
	n=$((n + 1))
	wanted="unpacked: ok, $(cat "$tmp/$kind.files") files, ../init, \
character special file 1 b 600, early it is"
	if grep -qF "$wanted" "$tmp/$kind.console"; then
		echo "ok $n - the kernel unpacks $kind, with a front before it"
	else
		echo "not ok $n - the kernel unpacks $kind, with a front before it"
		tail -n 12 "$tmp/$kind.console" | sed 's/^/# /'
	fi
done
echo "1..$n"
