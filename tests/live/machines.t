#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot's machines: who they are, what each is given, and strangers.
set -u
mkboot=$PWD/${BUILD:-build/out}/mkboot/mkboot
export LC_ALL=C TZ=UTC
umask 022
tmp=$(mktemp -d)
boot=$tmp/boot
mac=52-54-00-12-34-56
other=52-54-00-12-34-57
n=0
pid=
finish()
{
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	cd / && rm -rf "$tmp"
}
trap finish EXIT
cd "$tmp" || exit 111

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

machine()
{
	"$mkboot" machine -d "$boot" "$@"
}

render()
{
	"$mkboot" render -d "$boot" >"$tmp/rendered"
}

# unpack MACHINE: both of its archives, into unpacked/.
unpack()
{
	rm -rf unpacked
	mkdir unpacked
	for archive in machine private; do
		(cd unpacked && cpio -idmu --quiet) \
		    <"$boot/pub/machine/$1/$archive.cpio" || return 1
	done
}

# An image that is nothing but facts: what it boots is no matter here.
image()
{
	mkdir -p "$boot/image/$1"
	echo nfs >"$boot/image/$1/kind"
}

"$mkboot" create -d "$boot" >/dev/null
image tiny
image setup

##### identity

check "a machine is made" machine -i tiny -h alpha "$mac"
id=$boot/machine/$mac/identity
minted()
{
	grep -qE '^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$' \
	    "$id/machine-id" &&
	    grep -qE '^[0-9a-f]{8}$' "$id/hostid" &&
	    grep -qE '^00:04(:[0-9a-f]{2}){16}$' "$id/duid" &&
	    grep -qE '^[0-9a-f]{64}$' "$id/random-seed"
}
check "it has a machine-id, a hostid, a DUID and a seed" minted
keys()
{
	for type in ed25519 ecdsa rsa; do
		ssh-keygen -y -f "$id/ssh_host_${type}_key" >public || return 1
		is "$(cut -d' ' -f1,2 public)" \
		    "$(cut -d' ' -f1,2 "$id/ssh_host_${type}_key.pub")" ||
		    return 1
	done
}
check "and ssh host keys, whose halves belong together" keys
check "nobody else may read them" \
    is "$(stat -c %a "$id" "$id/ssh_host_rsa_key" | tr '\n' ' ')" "700 600 "
cp -Rp "$id" kept
check "they are never made again" sh -c \
    "'$mkboot' render -d '$boot' && diff -r '$id' kept"
rm "$id/ssh_host_ecdsa_key"
check "but for one that somebody removed" sh -c "'$mkboot' render -d '$boot' &&
	ssh-keygen -y -f '$id/ssh_host_ecdsa_key' &&
	cmp '$id/ssh_host_rsa_key' kept/ssh_host_rsa_key"
check "another machine has others" sh -c "'$mkboot' machine -d '$boot' \
	-i tiny -h beta $other && for f in machine-id hostid duid random-seed \
	ssh_host_ed25519_key; do ! cmp -s '$id'/\$f \
	'$boot/machine/$other/identity'/\$f || exit 1; done"
laid()
{
	unpack "$mac" && cd unpacked/machine/files &&
	    cmp etc/machine-id "$id/machine-id" &&
	    cmp etc/ssh/ssh_host_rsa_key "$id/ssh_host_rsa_key" &&
	    cmp etc/ssh/ssh_host_rsa_key.pub "$id/ssh_host_rsa_key.pub" &&
	    is "$(stat -c %a etc/ssh/ssh_host_rsa_key)" 600 &&
	    is "$(od -An -tx4 etc/hostid | tr -d ' ')" "$(cat "$id/hostid")"
	laid_status=$?
	cd "$tmp" || return 1
	return "$laid_status"
}
check "it is laid over the machine's root" laid
check "and its secrets are in no file that everybody may read" sh -c \
    "! grep -rl 'PRIVATE KEY' '$boot/pub' | while read -r f; do
	[ \$(stat -c %a \$f) = 640 ] || echo \$f; done | grep ."
check "machine/default has none" sh -c "'$mkboot' machine -d '$boot' -i tiny \
	default && [ ! -e '$boot/machine/default/identity' ]"
PATH=/nowhere "$mkboot" machine -d "$boot" -i tiny 52-54-00-00-00-99 \
    >out 2>err
check "without ssh-keygen there is the rest, and a line" sh -c \
    "grep -q 'warn: .*no ssh host keys: ssh-keygen is not installed' err &&
	[ -s '$boot/machine/52-54-00-00-00-99/identity/machine-id' ]"
rm -r "$boot/machine/52-54-00-00-00-99"

##### templates

template=$boot/image/tiny/template
mkdir -p "$template/etc" "$boot/image/tiny/var" "$boot/machine/$mac/var"
echo 'I am @HOSTNAME@ @MAC@ @MACCOLONS@ @MAC4@ @IMAGE@ @MACHINEID@ @COLOUR@' \
    >"$template/etc/motd"
echo blue >"$boot/image/tiny/var/COLOUR"
echo red >"$boot/machine/$mac/var/COLOUR"
printf 'binary\000@HOSTNAME@' >"$template/etc/binary"
chmod 755 "$template/etc/binary"
motd()
{
	unpack "$1" && is "$(cat unpacked/machine/files/etc/motd)" "$2"
}
check "templates are rendered" render
check "a template's names become the machine's values" motd "$mac" \
    "I am alpha $mac 52:54:00:12:34:56 3456 tiny $(cat "$id/machine-id") red"
check "or the image's, where the machine has none" motd "$other" \
    "I am beta $other 52:54:00:12:34:57 3457 tiny $(cat \
    "$boot/machine/$other/identity/machine-id") blue"
check "a binary file is copied as it is" sh -c \
    "cmp unpacked/machine/files/etc/binary '$template/etc/binary' &&
	[ -x unpacked/machine/files/etc/binary ]"
mkdir -p "$boot/group/lab/etc" "$boot/machine/$mac/files/etc"
ln -s ../../group/lab "$boot/machine/$mac/group"
echo 'group of @HOSTNAME@' >"$boot/group/lab/etc/motd"
echo 'group' >"$boot/group/lab/etc/issue"
check "its group's files come over the image's" sh -c \
    "'$mkboot' render -d '$boot'"
check "with its values in them" motd "$mac" "group of alpha"
echo 'own @HOSTNAME@' >"$boot/machine/$mac/files/etc/motd"
check "where nobody in particular boots they are empty" sh -c \
    "cpio -i --quiet --to-stdout machine/files/etc/motd \
	<'$boot/pub/machine/default/machine.cpio' | grep -qx 'I am     tiny  blue'"
check "its own files come last" sh -c "'$mkboot' render -d '$boot'"
check "and are no templates" motd "$mac" "own @HOSTNAME@"
check "what only the group has is there too" \
    is "$(cat unpacked/machine/files/etc/issue)" group
root_is()
{
	grep -qF " root=nfs:\${server}:/$1 " "$boot/pub/machine/$mac/boot.ipxe"
}

check "its root is the image's" root_is tiny
: >"$boot/machine/$mac/view"
check "with a view" sh -c "'$mkboot' render -d '$boot'"
# shellcheck disable=SC2016	# iPXE's own
check "its root is that" root_is 'machine/${netX/mac:hexhyp}'
check "which has its files, so that they come with nothing else" sh -c \
    "! cpio -it --quiet <'$boot/pub/machine/$mac/machine.cpio' |
	grep -x machine/files/etc/motd"
check "what only the group has still comes" sh -c \
    "cpio -it --quiet <'$boot/pub/machine/$mac/machine.cpio' |
	grep -qx machine/files/etc/issue"
rm "$boot/machine/$mac/view"
: >"$boot/image/tiny/view"
check "an image can have views for all its machines" sh -c \
    "'$mkboot' render -d '$boot' &&
	grep -qF ':/machine/' '$boot/pub/machine/$other/boot.ipxe'"
rm "$boot/image/tiny/view"
"$mkboot" render -d "$boot" >rendered
cp "$boot/pub/machine/$other/machine.cpio" before
printf 'fine\n@NOTHING@\n' >"$template/etc/hosts"
# A template below a folder that nobody else needs.
check "an unknown name is an error with file and line" sh -c \
    "! '$mkboot' render -d '$boot' 2>err &&
	grep -q 'tiny/template/etc/hosts: line 2: no value for @NOTHING@' err"
check "and the old rendering stays" \
    cmp before "$boot/pub/machine/$other/machine.cpio"
rm "$template/etc/hosts"

##### other carriers

mkdir -p "$boot/image/tiny/pub/nocloud"
echo 'System hostname = @HOSTNAME@' >"$boot/image/tiny/pub/install.conf"
echo '#cloud-config' >"$boot/image/tiny/pub/nocloud/user-data"
: >"$boot/image/tiny/apkovl"
check "an image's pub/ is rendered for each machine" sh -c \
    "'$mkboot' render -d '$boot' &&
	[ \"\$(cat '$boot/pub/machine/$mac/install.conf')\" = 'System hostname = alpha' ]"
check "a meta-data is made beside a user-data" is \
    "$(cat "$boot/pub/machine/$mac/nocloud/meta-data")" \
    "$(printf 'instance-id: %s\nlocal-hostname: alpha' "$mac")"
apkovl()
{
	tar tzf "$boot/pub/machine/$mac/apkovl.tar.gz" >list &&
	    grep -qx etc/.default_boot_services list &&
	    grep -qx etc/ssh/ssh_host_rsa_key list &&
	    is "$(tar xzOf "$boot/pub/machine/$mac/apkovl.tar.gz" \
	    etc/hostname)" alpha &&
	    is "$(stat -c %a "$boot/pub/machine/$mac/apkovl.tar.gz")" 640
}
check "an apkovl has the files, the host name, and Alpine's services" apkovl
check "Alpine finds it by its MAC with colons" \
    cmp "$boot/pub/machine/52:54:00:12:34:56/apkovl.tar.gz" \
    "$boot/pub/machine/$mac/apkovl.tar.gz"
mkdir -p "$boot/seen/$mac"
echo 12345678-aaaa-bbbb-cccc-123456789abc >"$boot/seen/$mac/uuid"
render
check "and by its UUID, if that was seen" \
    cmp "$boot/pub/machine/12345678-aaaa-bbbb-cccc-123456789abc/apkovl.tar.gz" \
    "$boot/pub/machine/$mac/apkovl.tar.gz"
cp -Rp "$boot/pub/machine" pub.before
rm -r "$boot/pub/machine"
mkdir "$boot/pub/machine"
check "the same facts give the same octets" sh -c \
    "'$mkboot' render -d '$boot' && diff -r '$boot/pub/machine' pub.before"
rm -r "$boot/image/tiny/pub" "$boot/image/tiny/apkovl"
check "what an image has no more goes" sh -c "'$mkboot' render -d '$boot' &&
	[ \"\$(ls '$boot/pub/machine/$mac' | tr '\n' ' ')\" = \
	    'boot.ipxe grub.cfg machine.cpio private.cpio pxelinux.cfg ' ]"
check "and so do its other names" sh -c \
    "! ls '$boot/pub/machine' | grep -e : -e aaaa"
rm "$boot/seen/$mac/uuid"
check "check finds nothing stale" sh -c \
    "! '$mkboot' check -d '$boot' | grep 'out of date'"

##### known_hosts

mkdir -p "$boot/seen/$mac"
echo 192.0.2.7 >"$boot/seen/$mac/ip"
render
check "known_hosts has each key by name and address" sh -c \
    "ssh-keygen -F alpha -f '$boot/known_hosts' | grep -c '^alpha,192.0.2.7 ssh-ed25519' &&
	[ \"\$(ssh-keygen -F 192.0.2.7 -f '$boot/known_hosts' | grep -vc '^#')\" = 3 ]"
check "hosts has who has an address" \
    is "$(grep -v '^#' "$boot/hosts")" "$(printf '192.0.2.7\talpha')"
check "ethers has all by name" is "$(grep -v '^#' "$boot/ethers")" \
    "$(printf '52:54:00:12:34:56\talpha\n52:54:00:12:34:57\tbeta')"

##### boot once

check "mkboot machine -n says what to boot once" machine -n setup "$mac"
script=$boot/pub/machine/$mac/boot.ipxe
check "its script boots that" grep -q image/setup/kernel "$script"
render
check "and again, while nothing shows that it did" \
    grep -q image/setup/kernel "$script"
now()
{
	date +%s.%N | cut -c1-17
}
echo "$(now) httpbootd sent file=image/setup/kernel bytes=1 ms=1" \
    >>"$boot/seen/$mac/log"
render >out 2>err
check "its kernel fetched whole, it goes home" sh -c \
    "grep -q image/tiny/kernel '$script' && [ ! -L '$boot/machine/$mac/next' ] &&
	grep -q 'has booted what it was to boot once' err"
echo up >"$boot/image/setup/done"
sleep 0.01
ln -s ../../image/setup "$boot/machine/$mac/next"
echo "$(now) httpbootd sent file=image/setup/kernel bytes=1 ms=1" \
    >>"$boot/seen/$mac/log"
render
check "where the image says so, its report is waited for" \
    grep -q image/setup/kernel "$script"
echo "$(now) httpbootd report stage=up state=ok" >>"$boot/seen/$mac/log"
render 2>/dev/null
check "and then it goes home" grep -q image/tiny/kernel "$script"
check "an empty -n takes it back" sh -c "'$mkboot' machine -d '$boot' -n setup $mac &&
	'$mkboot' machine -d '$boot' -n '' $mac && grep -q image/tiny/kernel '$script'"
rm "$boot/machine/$other/image"
machine -n setup "$other" >out 2>err
check "one without an image boots it and goes back to its disk" sh -c \
    "[ -s '$boot/pub/machine/$other/boot.ipxe' ] &&
	mkdir -p '$boot/seen/$other' &&
	echo \"\$(date +%s.%N | cut -c1-17) tftpd sent\" \
	    file=image/setup/kernel b=1 >>'$boot/seen/$other/log' &&
	echo >'$boot/image/setup/done' && '$mkboot' render -d '$boot' &&
	[ ! -e '$boot/pub/machine/$other' ]"
ln -s ../../image/tiny "$boot/machine/$other/image"

##### strangers

stranger=52-54-00-aa-00-01
mkdir "$boot/seen/$stranger"
check "a stranger is not enrolled where nobody said so" sh -c \
    "'$mkboot' render -d '$boot' && [ ! -e '$boot/machine/$stranger' ]"
# shellcheck disable=SC3045
mkfifo ready
"$mkboot" watch -d "$boot" -D 9 9>ready </dev/null >log 2>&1 &
pid=$!
read -r _ <ready
echo quiet >"$boot/machine/default/cmdline"
echo 'node-@N@-@MAC4@' >"$boot/machine/default/hostname"
echo >"$boot/machine/default/enrol"
check "an echo lets it in" within 30 \
    test -s "$boot/pub/machine/$stranger/boot.ipxe"
check "with a name by the pattern" \
    is "$(cat "$boot/machine/$stranger/hostname")" node-4-0001
check "what the default has, and an identity" sh -c \
    "[ \"\$(readlink '$boot/machine/$stranger/image')\" = ../../image/tiny ] &&
	grep -q ' quiet' '$boot/pub/machine/$stranger/boot.ipxe' &&
	[ -s '$boot/machine/$stranger/identity/machine-id' ]"
mkdir "$boot/seen/52-54-00-aa-00-02"
check "the next one is let in as it is seen" within 30 \
    test -s "$boot/pub/machine/52-54-00-aa-00-02/private.cpio"
check "and known_hosts knows it" within 30 \
    grep -q '^node-5-0002 ' "$boot/known_hosts"
# shellcheck disable=SC2016	# the dollars are the hook's
printf '#!/bin/sh\n[ "$1" != 52-54-00-aa-00-03 ]\n' \
    >"$boot/machine/default/enrol.hook"
chmod +x "$boot/machine/default/enrol.hook"
mkdir "$boot/seen/52-54-00-aa-00-03" "$boot/seen/52-54-00-aa-00-04"
check "a hook lets in whom it wants" within 30 \
    test -s "$boot/pub/machine/52-54-00-aa-00-04/boot.ipxe"
check "and nobody else, which is said" sh -c \
    "[ ! -e '$boot/machine/52-54-00-aa-00-03' ] &&
	grep -q '52-54-00-aa-00-03 not enrolled: .*enrol.hook says no' log"
rm "$boot/machine/default/enrol.hook"
printf 'red\ngreen\n' >"$boot/machine/default/hostnames"
mkdir "$boot/seen/52-54-00-aa-00-05"
check "names are taken from a list" within 30 \
    grep -qx red "$boot/machine/52-54-00-aa-00-05/hostname"
echo 6 >"$boot/machine/default/enrol"
sleep 1
mkdir "$boot/seen/52-54-00-aa-00-06"
check "there is a limit" within 30 \
    grep -q '52-54-00-aa-00-06 not enrolled: there are 6 machines' log
uuid=12345678-1234-4321-8765-123456789abc
ln -s "$mac" "$boot/machine/$uuid"
mkdir "$boot/seen/.new"
echo "$uuid" >"$boot/seen/.new/uuid"
mv "$boot/seen/.new" "$boot/seen/52-54-00-bb-00-01"
check "a new card of a machine known by its UUID is that machine" within 30 \
    test -s "$boot/pub/machine/52-54-00-bb-00-01/private.cpio"
check "with its identity" sh -c \
    "cmp '$boot/machine/52-54-00-bb-00-01/identity/machine-id' '$id/machine-id'"
check "which is no fault" sh -c "'$mkboot' machine -d '$boot' >out 2>err; ! grep '$uuid' err"
mv "$boot/machine/$other" "$boot/machine/52-54-00-bb-00-02"
check "a machine whose card was changed is itself by one mv" within 30 sh -c \
    "[ ! -e '$boot/pub/machine/$other' ] &&
	cpio -i --quiet --to-stdout machine/files/etc/machine-id \
	    <'$boot/pub/machine/52-54-00-bb-00-02/machine.cpio' |
	cmp - '$boot/machine/52-54-00-bb-00-02/identity/machine-id'"
mv "$boot/machine/52-54-00-bb-00-02" "$boot/machine/$other"
check "and back" within 30 test -s "$boot/pub/machine/$other/boot.ipxe"
echo "$(now) x" >>"$boot/seen/$mac/log"
ln -s ../../image/setup "$boot/machine/$mac/next"
check "watch renders what is to be booted once" within 30 \
    grep -q image/setup/kernel "$script"
echo "$(now) tftpd sent file=image/setup/kernel bytes=1" \
    >>"$boot/seen/$mac/log"
check "and sees in the log that it was" within 30 \
    grep -q image/tiny/kernel "$script"
echo 'new @HOSTNAME@' >"$template/etc/motd"
check "it renders a template that changes" within 30 sh -c \
    "grep -q 'new beta' '$boot/pub/machine/$other/machine.cpio'"
kill "$pid"
wait "$pid"
pid=

##### killed at each call that writes

# Every state that a killed mkboot leaves is one from which the next one makes
# what an undisturbed one makes; and no machine is ever half of one.
sound()
{
	for made in "$boot/machine"/52-54-00-cc-*; do
		[ ! -e "$made" ] || [ -e "$made/image" ] || return 1
	done
	for made in "$boot/pub/machine"/52-54-00-cc-*; do
		[ ! -e "$made/boot.ipxe" ] || {
			[ -s "$made/machine.cpio" ] &&
			    cpio -it --quiet <"$made/machine.cpio" >/dev/null &&
			    cpio -it --quiet <"$made/private.cpio" >/dev/null
		} || return 1
	done
}
# Keys are none of its writing, and take long to be found: these are all alike.
mkdir bin
cat >bin/ssh-keygen <<EOF
#!/bin/sh
for file; do :; done
cp '$tmp/kept/ssh_host_ed25519_key' "\$file" &&
    cp '$tmp/kept/ssh_host_ed25519_key.pub' "\$file.pub"
EOF
chmod +x bin/ssh-keygen
killed()
{
	PATH=$tmp/bin:$PATH
	rm "$boot/machine/default/hostnames"
	echo >"$boot/machine/default/enrol"
	interrupted=0
	call=1
	while [ "$call" -le 400 ]; do
		victim=$(printf '52-54-00-cc-%02x-%02x' $((call / 256)) \
		    $((call % 256)))
		mkdir -p "$boot/seen/$victim"
		strace -qq -f -o trace -e trace="$writing" \
		    -e inject="$writing:signal=KILL:when=$call" \
		    "$mkboot" render -d "$boot" >/dev/null 2>&1
		status=$?
		sound || { echo "call $call left half a machine"; return 1; }
		[ "$status" -ne 0 ] || break
		interrupted=$((interrupted + 1))
		render >/dev/null 2>err || { cat err; return 1; }
		[ -s "$boot/pub/machine/$victim/boot.ipxe" ] ||
		    { echo "call $call: $victim is lost"; return 1; }
		rm -r "$boot/seen/$victim" "$boot/machine/$victim"
		call=$((call + 1))
	done
	echo "killed $interrupted times"
	[ "$interrupted" -gt 20 ] && [ "$status" -eq 0 ]
}
writing=mkdir,mkdirat,write,rename,renameat,renameat2,fsync,unlinkat,fchmod,symlinkat,syncfs
check "killed at any call that writes, it leaves what was or what is to be" \
    killed

##### Wake-on-LAN

check "a MAC that is none is not woken" sh -c \
    "'$mkboot' machine wake nonsense; [ \$? = 100 ]"
woken()
{
	as_root=-r
	[ "$(id -u)" -ne 0 ] || as_root=
	# shellcheck disable=SC2086	# a flag or none
	unshare -n $as_root sh -c "ip link set lo up &&
	    ip link add w0 type veth peer name w1 && ip link set w1 up &&
	    ip addr add 10.93.0.1/24 brd 10.93.0.255 dev w0 &&
	    ip link set w0 up &&
	    perl -MSocket -e '
		socket(S, PF_INET, SOCK_DGRAM, 0) or die;
		setsockopt(S, SOL_SOCKET, SO_BROADCAST, 1);
		bind(S, sockaddr_in(9, INADDR_ANY)) or die;
		system(\"$mkboot\", \"machine\", \"wake\", \"$mac\") == 0 or die;
		alarm 10; recv(S, my \$p, 2000, 0);
		print unpack(\"H*\", \$p), \"\\n\"'" >out 2>err || { cat err; return 1; }
	want=ffffffffffff
	for _ in $(seq 16); do
		want=${want}525400123456
	done
	is "$(tail -n 1 out)" "$want"
}
check "the magic packet goes out by broadcast" woken
echo "1..$n"
