#!/bin/sh
# SPDX-License-Identifier: ISC
# One image, and each machine somebody: names, ids and ssh keys that last, a
# stranger who is enrolled as it boots, and one that is installed once.  BIOS.
set -u
. tests/lab/lab.sh
lab_enter "$@"

n=0
first=52-54-00-00-00-01
second=52-54-00-00-00-02
third=52-54-00-00-00-03
once=52-54-00-00-00-04

truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		tail -n 12 "$lab/pixie.log" "$lab"/*.console "$lab/ssh.err" |
		    sed 's/^/# /'
	fi
}

power_on()
{
	lab_power_on "$1" "$(echo "$2" | tr - :)" bios
}

power_off()
{
	kill -KILL "$1"
	wait "$1" 2>/dev/null
}

at_prompt()
{
	lab_wait 400 grep -aqs "^$2 login:" "$lab/$1.console"
}

both_at_prompt()
{
	at_prompt one first && at_prompt two second
}

# by_ssh NAME COMMAND: as somebody who never says yes to an unknown key.
by_ssh()
{
	address=$(awk -v name="$1" '$2 == name { print $1 }' "$boot/hosts")
	[ -n "$address" ] || return 1
	lab_in "$house" ssh -F none -i "$lab/key" -o BatchMode=yes \
	    -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/dev/null \
	    -o "GlobalKnownHostsFile=$boot/known_hosts" \
	    -o "HostKeyAlias=$1" -o ConnectTimeout=20 "root@$address" "$2" \
	    2>"$lab/ssh.err" </dev/null
}

# who NAME: what tells it apart, as it says itself.
who()
{
	lab_wait 120 by_ssh "$1" true &&
	    by_ssh "$1" 'hostname; cat /etc/machine-id;
		cat /etc/ssh/ssh_host_*.pub; od -An -tx4 /etc/hostid'
}

is_itself()
{
	who "$2" >"$lab/$1.who" &&
	    [ "$(sed -n 1p "$lab/$1.who")" = "$2" ] &&
	    [ "$(sed -n 2p "$lab/$1.who")" = \
		"$(cat "$boot/machine/$3/identity/machine-id")" ]
}

different()
{
	for line in 1 2 3 4 5 6; do
		[ "$(sed -n ${line}p "$lab/one.who" | cut -d' ' -f1,2)" != \
		    "$(sed -n ${line}p "$lab/two.who" | cut -d' ' -f1,2)" ] ||
			return 1
	done
}

same_again()
{
	who first >"$lab/again.who" && diff "$lab/one.who" "$lab/again.who"
}

# What an installer is here: it writes a disk that boots, and starts anew.
make_setup()
{
	cp -R "$boot/image/debian" "$boot/image/setup"
	rm -r "$boot/image/setup/template"
	cp -R "$boot/pub/image/debian" "$boot/pub/image/setup"
	ln -sfn debian "$boot/root/setup"
	echo 'console=ttyS0,115200 init=/usr/local/sbin/setup' \
	    >"$boot/image/setup/cmdline"
	mkdir -p "$boot/image/setup/template/usr/local/sbin"
	# A boot sector that prints what follows it.
	printf '%b' '\0061\0300\0216\0330\0276\0026\0174\0254\0010\0300' \
	    '\0164\0006\0264\0016\0315\0020\0353\0365\0364\0353\0375' \
	    '\0220' 'booted from the disk of @HOSTNAME@\r\n\0000' >"$lab/sector"
	sector_size=$(wc -c <"$lab/sector")
	head -c $((510 - sector_size)) /dev/zero >>"$lab/sector"
	printf '\125\252' >>"$lab/sector"
	cp "$lab/sector" "$boot/image/setup/template/usr/local/sbin/sector"
	cat >"$boot/image/setup/template/usr/local/sbin/setup" <<'EOF'
#!/bin/sh
# Installs @HOSTNAME@.
mount -t proc proc /proc
mount -t devtmpfs dev /dev 2>/dev/null
modprobe virtio_blk
sleep 1
dd if=/usr/local/sbin/sector of=/dev/vda conv=fsync 2>/dev/null &&
    echo "installed @HOSTNAME@" >/dev/console
sync
echo b >/proc/sysrq-trigger
EOF
	chmod 755 "$boot/image/setup/template/usr/local/sbin/setup"
}

rm -rf "$lab"
mkdir -p "$lab"
lab_boot >"$lab/boot.log" 2>&1 || lab_die 111 "$(cat "$lab/boot.log")"
rm -rf "$boot/known_hosts" "$boot/hosts" "$boot/ethers"
ssh-keygen -q -t ed25519 -N '' -f "$lab/key"
mkdir -p "$boot/image/debian/template/root/.ssh"
cp "$lab/key.pub" "$boot/image/debian/template/root/.ssh/authorized_keys"
chmod 700 "$boot/image/debian/template/root/.ssh"
echo 'node-@N@' >"$boot/machine/default/hostname"
echo >"$boot/machine/default/enrol"
"$mkboot" machine -d "$boot" -i debian -h first $first >>"$lab/boot.log"
"$mkboot" machine -d "$boot" -i debian -h second $second >>"$lab/boot.log"
lab_network
lab_house
lab_pixie

power_on one $first
one=$lab_qemu
power_on two $second
two=$lab_qemu
truth "two machines of one image boot by their names" both_at_prompt
truth "ssh knows the first one without a question, and it is itself" \
    is_itself one first $first
truth "and the second" is_itself two second $second
truth "their names, machine-ids, ssh keys and hostids differ" different
power_off "$two"
power_off "$one"
rm -f "$lab/one.console"
power_on one $first
one=$lab_qemu
truth "off and on again, the first boots" at_prompt one first
truth "and is the same as before" same_again
power_off "$one"

power_on three $third
three=$lab_qemu
truth "a stranger has a name of its own on its first boot" \
    at_prompt three node-3
truth "and an identity that ssh knows" is_itself three node-3 $third
power_off "$three"

make_setup
mkdir -p "$boot/machine/$once"
echo once >"$boot/machine/$once/hostname"
"$mkboot" machine -d "$boot" -n setup $once >>"$lab/boot.log"
head -c 1048576 /dev/zero >"$lab/disk"
lab_more="-drive file=$lab/disk,format=raw,if=virtio"
power_on four $once
truth "a machine without an image is installed once" \
    lab_wait 300 grep -aqs 'installed once' "$lab/four.console"
truth "and then boots from its disk" \
    lab_wait 300 grep -aqs 'booted from the disk' "$lab/four.console"
truth "what was to be booted once is taken away" \
    [ ! -L "$boot/machine/$once/next" ]
power_off "$lab_qemu"
echo "1..$n"
