#!/bin/sh
# SPDX-License-Identifier: ISC
# mkboot in a boot directory of its own, as any user: a root tree with the
# least that makes a kernel's modules, and everything that can go wrong.
set -u
mkboot=$PWD/${BUILD:-build/out}/mkboot/mkboot
tmp=$(mktemp -d)
boot=$tmp/boot
mac=52-54-00-12-34-56
version=6.1.0-1-test
n=0
pid=
PATH=$PATH:/usr/sbin:/sbin
cd "$tmp" || exit 1
umask 077

finish()
{
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	cd / && rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

result()
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		cat out err 2>/dev/null | sed 's/^/# /'
	fi
}

# check WHAT COMMAND...: the command must succeed.
check()
{
	what=$1
	shift
	"$@" >out 2>err
	result $? "$what"
}

# refused WHAT PATTERN COMMAND...: exit 100 and one line that says PATTERN.
refused()
{
	what=$1
	pattern=$2
	shift 2
	"$@" >out 2>err
	status=$?
	[ "$status" -eq 100 ] && [ "$(wc -l <err)" -eq 1 ] &&
	    grep -q -e "$pattern" err
	result $? "$what"
}

not()
{
	! "$@"
}

# is MODE FILE: its permissions.
is_mode()
{
	[ "$(stat -c %a "$2")" = "$1" ]
}

# All names, inodes, times and sizes below a folder.
state()
{
	find "$@" -printf '%p %i %T@ %C@ %s %m %l\n' | sort
}

# unchanged COMMAND...: it succeeds and touches nothing in the boot directory.
unchanged()
{
	state "$boot" >before
	"$@" >out 2>err || return 1
	state "$boot" >after
	diff before after
}

# within SECONDS COMMAND...: becomes true in time.
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

# The beginning of an x86 kernel of this version.
kernel()
{
	head -c 514 /dev/zero
	printf 'HdrS'
	head -c 8 /dev/zero
	printf '\000\002'
	head -c 496 /dev/zero
	printf '%s (a@b) #1\000' "$1"
	head -c 4096 /dev/zero
}

# root_tree DIR VERSION: a kernel and its modules, of which there are none.
root_tree()
{
	mkdir -p "$1/boot" "$1/lib/modules/$2"
	kernel "$2" >"$1/boot/vmlinuz-$2"
	for list in order builtin builtin.modinfo; do
		: >"$1/lib/modules/$2/modules.$list"
	done
	depmod -b "$1" "$2"
}

image()
{
	"$mkboot" image add -d "$boot" -F "$tmp/feature" -f none -I "$tmp/init" "$@"
}

machine()
{
	"$mkboot" machine -d "$boot" "$@"
}

render()
{
	"$mkboot" render -d "$boot"
}

# unpack MACHINE: its machine.cpio, into unpacked/.
unpack()
{
	rm -rf unpacked
	mkdir unpacked
	(cd unpacked && cpio -idm --quiet) \
	    <"$boot/pub/machine/$1/machine.cpio"
}

##### create

check "create makes a boot directory" "$mkboot" create -d "$boot"
check "create makes all that the daemons need, whatever the umask" \
    sh -c "cd '$boot' && for d in pub/loader pub/image pub/machine image \
	root machine seen/ip; do [ \"\$(stat -c %a \$d)\" = 755 ] || exit 1; \
	done; [ \"\$(stat -c %a pub/boot.ipxe)\" = 644 ]"
check "create once more touches nothing" unchanged "$mkboot" create -d "$boot"
echo '#!ipxe' >"$boot/pub/boot.ipxe"
check "create leaves a boot.ipxe that somebody altered" \
    unchanged "$mkboot" create -d "$boot"
rm "$boot/pub/boot.ipxe"
check "create makes again what is missing" "$mkboot" create -d "$boot"
refused "create refuses a user who is not there" "no user" \
    "$mkboot" create -d "$boot" -u nobody-of-this-name
check "create for a user makes seen/ that user's" sh -c \
    "'$mkboot' create -d '$tmp/other' -u '$(id -un)' &&
	[ \"\$(stat -c %U '$tmp/other/seen/ip')\" = '$(id -un)' ]"
refused "another command in no boot directory says how to make one" \
    "mkboot create" "$mkboot" render -d "$tmp/none"

##### loader

mkdir -p ipxe/bin-arm64-efi empty
for loader in undionly.kpxe snponly.efi ipxe.efi bin-arm64-efi/snponly.efi; do
	echo "$loader" >"ipxe/$loader"
done
refused "a source without iPXE is named" "no iPXE in $tmp/empty" \
    "$mkboot" loader -d "$boot" -s "$tmp/empty"
ln -s ipxe.efi "$boot/pub/loader/9"
check "loader brings what the source has" \
    "$mkboot" loader -d "$boot" -s "$tmp/ipxe"
cp out loaders
check "BIOS, x64 and arm64 get theirs" sh -c "cd '$boot/pub/loader' &&
	[ \"\$(cat 0)\" = undionly.kpxe ] && [ \"\$(cat 7)\" = snponly.efi ] &&
	[ \"\$(cat 16)\" = snponly.efi ] &&
	[ \"\$(readlink 11)\" = snponly-arm64.efi ] &&
	[ \"\$(cat 11)\" = bin-arm64-efi/snponly.efi ]"
check "what an architecture lacks is said" grep -q '^6 .*none' loaders
check "a link that somebody made is left alone, and said" sh -c \
    "grep -q '^9 .*ipxe.efi.*left alone' loaders &&
	[ \"\$(readlink '$boot/pub/loader/9')\" = ipxe.efi ]"
check "loaders are world-readable" is_mode 644 \
    "$boot/pub/loader/undionly.kpxe"
check "loader once more touches no file" sh -c \
    "cd '$boot/pub/loader' && stat -c '%n %i %Y' * >'$tmp/before' &&
	'$mkboot' loader -d '$boot' -s '$tmp/ipxe' >/dev/null &&
	stat -c '%n %i %Y' * | diff '$tmp/before' -"
echo "newer" >ipxe/undionly.kpxe
check "a newer loader replaces the old one" sh -c \
    "'$mkboot' loader -d '$boot' -s '$tmp/ipxe' >/dev/null &&
	[ \"\$(cat '$boot/pub/loader/0')\" = newer ]"

##### image: what is missing

mkdir feature
echo '# nothing but /init' >feature/none
cp "$(command -v busybox)" init
made_nothing()
{
	[ -z "$(ls -A "$boot/image")" ] && [ -z "$(ls -A "$boot/pub/image")" ]
}
refused "an image without a root tree is refused" "root/tiny is missing" \
    image tiny
mkdir "$boot/root/tiny"
mkdir -p no-modules/boot
kernel 9.9.9-none >no-modules/boot/vmlinuz-9.9.9-none
refused "a kernel without modules is refused" "modules" \
    image tiny -r "$tmp/no-modules"
mkdir no-kernel
refused "a root without a kernel is refused" "no kernel" \
    image tiny -r "$tmp/no-kernel"
root_tree "$boot/root/tiny" "$version"
refused "a version that is not there is refused, with those that are" \
    "$version" image tiny -k 9.9.9-none
refused "a name that is no file's is refused" "a name has" image ../x
refused "a command line that iPXE would take apart is refused" "iPXE" \
    image tiny -c 'a || b'
kernel 6.6.6 >"$boot/root/tiny/boot/vmlinuz-$version"
refused "a kernel that says it is another version is refused" "6.6.6" \
    image tiny
kernel "$version" >"$boot/root/tiny/boot/vmlinuz-$version"
check "an initrd that cannot be made is no image" not \
    "$mkboot" image add -d "$boot" -F "$tmp/feature" -f none -I "$tmp/no-init" \
    tiny
check "nothing half-made is left of all that" made_nothing

##### image

check "an image is made of a root tree" image tiny -c console=ttyS0
check "its files are there, and world-readable" sh -c "cd '$boot' &&
	[ \"\$(stat -c %a pub/image/tiny/kernel)\" = 644 ] &&
	[ \"\$(stat -c %a pub/image/tiny/initrd)\" = 644 ] &&
	cmp pub/image/tiny/kernel root/tiny/boot/vmlinuz-$version &&
	[ \"\$(cat image/tiny/kind)\" = nfs ] &&
	[ \"\$(cat image/tiny/cmdline)\" = console=ttyS0 ] &&
	[ \"\$(readlink image/tiny/root)\" = ../../root/tiny ]"
check "its folder has no temporary left" sh -c \
    "[ \"\$(ls -A '$boot/pub/image/tiny')\" = \"\$(printf 'initrd\ninitrd.manifest\nkernel')\" ]"
check "the same image again keeps its kernel and its command line" sh -c \
    "inode=\$(stat -c %i '$boot/pub/image/tiny/kernel') &&
	'$mkboot' image add -d '$boot' -F feature -f none -I init tiny &&
	[ \"\$(stat -c %i '$boot/pub/image/tiny/kernel')\" = \"\$inode\" ] &&
	[ \"\$(cat '$boot/image/tiny/cmdline')\" = console=ttyS0 ]"

##### machine

refused "a machine without such an image is refused" "no image none" \
    machine -i none "$mac"
refused "a host name that is none is refused" "RFC 1123" \
    machine -h bad_name "$mac"
refused "a name that is no MAC is refused" "neither a MAC" \
    machine -i tiny 52-54-00
refused "a machine that is not there is not shown" "no such machine" \
    machine "$mac"
check "nothing is left of all that" sh -c "[ -z \"\$(ls '$boot/machine')\" ]"
check "a machine is made, in whatever spelling" \
    machine -i tiny -h alpha -c quiet 52:54:00:12:34:56
check "the machine is the files that bootdir(7) says" sh -c \
    "cd '$boot/machine/$mac' && [ \"\$(cat hostname)\" = alpha ] &&
	[ \"\$(cat cmdline)\" = quiet ] &&
	[ \"\$(readlink image)\" = ../../image/tiny ]"
check "it is rendered at once" sh -c \
    "cd '$boot/pub/machine/$mac' && grep -q ' console=ttyS0 quiet ' boot.ipxe &&
	[ \"\$(stat -c %a boot.ipxe machine.cpio)\" = \"\$(printf '644\n644')\" ]"
check "the default is a machine too" machine default -i tiny
check "all are listed" sh -c "'$mkboot' machine -d '$boot' >list &&
	grep -q '^$mac  *tiny  *alpha  *quiet' list &&
	grep -q '^default  *tiny  *-  *-' list"
check "an empty value takes the file away" sh -c \
    "'$mkboot' machine -d '$boot' -c '' '$mac' &&
	[ ! -e '$boot/machine/$mac/cmdline' ] &&
	! grep -q quiet '$boot/pub/machine/$mac/boot.ipxe'"
check "a machine that is left alone is not rendered" sh -c \
    "'$mkboot' machine -d '$boot' -x '$mac' &&
	[ ! -e '$boot/pub/machine/$mac' ] && [ -d '$boot/machine/$mac' ]"
check "and comes back" machine -i tiny "$mac"

##### render

files=$boot/machine/$mac/files
mkdir -p "$files/etc/deep" "$files/root/.ssh"
chmod 755 "$files" "$files/etc" "$files/etc/deep" "$files/root" \
    "$files/root/.ssh"
echo 'welcome' >"$files/etc/motd"
echo 'key' >"$files/root/.ssh/authorized_keys"
chmod 644 "$files/etc/motd" "$files/root/.ssh/authorized_keys"
echo '#!/bin/sh' >"$files/etc/deep/run"
chmod 4755 "$files/etc/deep/run"
ln -s /etc/motd "$files/etc/issue"
check "render takes a machine's files" "$mkboot" render -d "$boot" "$mac"
listing()
{
	cpio -itv --quiet -n <"$boot/pub/machine/$mac/machine.cpio" >listing
}
check "machine.cpio is a cpio" listing
check "all belongs to root, modes and links stay" sh -c \
    "! awk '\$3 != 0 || \$4 != 0' listing | grep . &&
	grep -q '^-rwsr-xr-x.* machine/files/etc/deep/run\$' listing &&
	grep -q ' machine/files/etc/issue -> /etc/motd\$' listing &&
	grep -q ' machine/files/root/.ssh/authorized_keys\$' listing"
# shellcheck disable=SC2016	# fields of awk
check "every folder comes before what is in it" awk '
	{ name = $9; dir = name
	  while (sub("/[^/]*$", "", dir)) if (!(dir in seen)) exit 1
	  seen[name] = 1 }' listing
check "it unpacks to the files and the host name" sh -c \
    "rm -rf unpacked && mkdir unpacked && cd unpacked &&
	cpio -id --quiet <'$boot/pub/machine/$mac/machine.cpio' &&
	[ \"\$(cat machine/hostname)\" = alpha ] &&
	[ \"\$(cat machine/files/etc/motd)\" = welcome ]"
check "rendered twice, nothing is rewritten" unchanged render
check "times are no part of it" sh -c \
    "cp '$boot/pub/machine/$mac/machine.cpio' first &&
	find '$boot/machine' -exec touch -h -d '2001-01-01' {} + &&
	'$mkboot' render -d '$boot' &&
	cmp first '$boot/pub/machine/$mac/machine.cpio'"
cp -Rp "$boot/machine" "$boot/image" "$tmp/other/"
cp -Rp "$boot/root/tiny" "$tmp/other/root/tiny"
check "the same facts elsewhere give the same octets" sh -c \
    "'$mkboot' render -d '$tmp/other' &&
	diff -r '$boot/pub/machine' '$tmp/other/pub/machine'"

chmod 600 "$files/root/.ssh/authorized_keys"
# in_archive ARCHIVE NAME
in_archive()
{
	cpio -it --quiet <"$boot/pub/machine/$mac/$1" | grep -q "$2"
}
private_apart()
{
	render && in_archive private.cpio authorized_keys &&
	    ! in_archive machine.cpio authorized_keys &&
	    [ "$(stat -c %a "$boot/pub/machine/$mac/private.cpio")" = 640 ] &&
	    [ "$(stat -c %a "$boot/pub/machine/$mac/machine.cpio")" = 644 ] &&
	    [ "$(stat -c %g "$boot/pub/machine/$mac/private.cpio")" = \
		"$(stat -c %g "$boot/seen")" ]
}
check "a private file goes into an archive for the machine alone" private_apart
chmod 644 "$files/root/.ssh/authorized_keys"
chmod 700 "$files/root/.ssh"
check "so does what is in a private folder" private_apart
chmod 755 "$files/root/.ssh"
check "and it is for everybody again when everybody may read it" sh -c \
    "'$mkboot' render -d '$boot' &&
	cpio -it --quiet <'$boot/pub/machine/$mac/machine.cpio' |
	grep -q authorized_keys"

echo 'a ; b' >"$boot/machine/$mac/cmdline"
echo 'loglevel=3' >"$boot/machine/default/cmdline"
cp "$boot/pub/machine/$mac/boot.ipxe" first
refused "a machine that cannot be rendered is named" "$mac/cmdline" render
check "its old files stay, and the others are rendered" sh -c \
    "cmp first '$boot/pub/machine/$mac/boot.ipxe' &&
	grep -q loglevel=3 '$boot/pub/machine/default/boot.ipxe'"
rm "$boot/machine/$mac/cmdline"

ln -s "$mac" "$boot/machine/52-54-00-12-34-57"
check "a machine may be a link to another" sh -c \
    "'$mkboot' render -d '$boot' &&
	cmp '$boot/pub/machine/52-54-00-12-34-57/machine.cpio' \
	    '$boot/pub/machine/$mac/machine.cpio'"
rm "$boot/machine/52-54-00-12-34-57"
check "what belongs to no machine is removed" sh -c \
    "'$mkboot' render -d '$boot' &&
	[ ! -e '$boot/pub/machine/52-54-00-12-34-57' ]"
mkdir "$boot/pub/machine/52-54-00-12-34-58"
echo mine >"$boot/pub/machine/52-54-00-12-34-58/mine"
refused "what mkboot did not make it does not remove" "did not make" render
check "and it is still there" \
    test -s "$boot/pub/machine/52-54-00-12-34-58/mine"
rm -r "$boot/pub/machine/52-54-00-12-34-58"
mkdir "$tmp/outside"
ln -s "$tmp/outside" "$boot/pub/machine/52-54-00-12-34-59"
mkdir "$boot/machine/52-54-00-12-34-59"
ln -s ../../image/tiny "$boot/machine/52-54-00-12-34-59/image"
refused "no link leads a rendering out of the boot directory" \
    "cross-device" render
check "and nothing is written there" sh -c "[ -z \"\$(ls -A outside)\" ]"
rm -r "$boot/pub/machine/52-54-00-12-34-59" \
    "$boot/machine/52-54-00-12-34-59"

##### killed in the middle

head -c 8000000 /dev/urandom >"$files/etc/large"
chmod 644 "$files/etc/large"
one=$(head -c 8000000 /dev/urandom | tee large.1 | sha256sum)
two=$(head -c 8000000 /dev/urandom | tee large.2 | sha256sum)
cp large.1 "$files/etc/large"
render >out 2>err
# Half of the renderings are killed at a moment that wanders through them.
killed_renderings()
{
	interrupted=0
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		cat "large.$((i % 2 + 1))" >"$files/etc/large"
		"$mkboot" render -d "$boot" >/dev/null 2>&1 &
		child=$!
		sleep "0.0$((i / 10))$((i % 10))"
		kill -KILL "$child" 2>/dev/null
		wait "$child" 2>/dev/null
		[ $? -ne 137 ] || interrupted=$((interrupted + 1))
		unpack "$mac" || return 1
		case $(sha256sum <unpacked/machine/files/etc/large) in
		"$one" | "$two") ;;
		*) return 1 ;;
		esac
		grep -q '^exit 1$' "$boot/pub/machine/$mac/boot.ipxe" ||
			return 1
	done
	echo "$interrupted were killed"
	[ "$interrupted" -gt 0 ]
}
check "killed in the middle, a rendering leaves the old files or the new" \
    killed_renderings
check "the next one takes away what was left" sh -c \
    "echo x >'$boot/machine/$mac/files/etc/large' &&
	'$mkboot' render -d '$boot' &&
	[ \"\$(ls -A '$boot/pub/machine/$mac' | tr '\n' ' ')\" = \
	    '.rendered boot.ipxe grub.cfg machine.cpio private.cpio pxelinux.cfg ' ]"
rm "$files/etc/large"

##### watch

mkfifo ready
script=$boot/pub/machine/$mac/boot.ipxe
"$mkboot" watch -d "$boot" -D 9 9>ready </dev/null >log 2>&1 &
pid=$!
check "watch says when it is ready" read -r _ <ready
check "and what it watches" grep -q 'info: watching machine/ (2 there)' log
check "what was out of date is rendered at its start" sh -c \
    "! cpio -it --quiet <'$boot/pub/machine/$mac/machine.cpio' | grep large"
echo 'changed=1' >"$boot/machine/$mac/cmdline"
check "a file that changes is rendered" within 2 grep -q changed=1 "$script"
machine -h beta "$mac" >out 2>err
check "so is what mkboot machine changes" within 2 sh -c \
    "grep -q beta '$boot/pub/machine/$mac/machine.cpio'"
mkdir -p "$files/srv/new/deep"
echo 'fresh' >"$files/srv/new/deep/file"
check "so is a file in a new folder below files/" within 2 \
    sh -c "cat '$boot/pub/machine/$mac/'*.cpio | grep -q fresh"
echo 'again' >"$files/srv/new/deep/file"
check "and it is watched from then on" within 2 \
    sh -c "cat '$boot/pub/machine/$mac/'*.cpio | grep -q again"
mkdir "$boot/machine/52-54-00-00-00-01"
ln -s ../../image/tiny "$boot/machine/52-54-00-00-00-01/image"
check "a new machine is rendered" within 2 \
    test -s "$boot/pub/machine/52-54-00-00-00-01/boot.ipxe"
echo 'all=1' >"$boot/image/tiny/.new"
mv "$boot/image/tiny/.new" "$boot/image/tiny/cmdline"
check "an image that changes renders all its machines" within 2 sh -c \
    "[ \"\$(grep -l ' all=1 ' '$boot'/pub/machine/*/boot.ipxe | wc -l)\" = 3 ]"
rm -r "$boot/machine/52-54-00-00-00-01"
check "a machine that goes is removed" within 2 \
    test ! -e "$boot/pub/machine/52-54-00-00-00-01"
for i in $(seq 10 99); do
	mkdir "$boot/machine/52-54-00-00-00-$i"
	ln -s ../../image/tiny "$boot/machine/52-54-00-00-00-$i/image"
	echo "node-$i" >"$boot/machine/52-54-00-00-00-$i/hostname"
done
burst()
{
	for i in $(seq 10 99); do
		grep -q "node-$i" \
		    "$boot/pub/machine/52-54-00-00-00-$i/machine.cpio" \
		    2>/dev/null || return 1
	done
}
# Each is given ssh keys of its own: that takes a while.
check "of a burst of ninety machines none is missed" within 120 burst
# Queues of inotify hold 16384 events by default; the same one twice in a row
# counts once.
kill -STOP "$pid"
most=$(cat /proc/sys/fs/inotify/max_queued_events)
i=0
while [ "$i" -le "$((most / 2))" ]; do
	: >"$boot/machine/$mac/one"
	: >"$boot/machine/$mac/two"
	i=$((i + 1))
done
echo 'late=1' >"$boot/machine/default/cmdline"
kill -CONT "$pid"
check "a queue that ran over leads to a whole rendering" within 60 \
    grep -q ' late=1 ' "$boot/pub/machine/default/boot.ipxe"
check "and is said" grep -q 'faster than they could be read' log
rm "$boot/machine/$mac/one" "$boot/machine/$mac/two"
switches()
{
	awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$pid/status"
}
settled()
{
	first=$(switches)
	sleep 1
	[ "$(switches)" = "$first" ]
}
check "while nothing happens it sleeps" within 5 settled
kill -TERM "$pid"
wait "$pid"
check "SIGTERM ends it with 0" test $? -eq 0
pid=
check "it wrote nothing in machine/ or image/" sh -c \
    "[ -z \"\$(find '$boot/machine' '$boot/image' -name '.*.tmp')\" ]"
rm -r "$boot"/machine/52-54-00-00-00-*
render >out 2>err

##### check

sound()
{
	[ "$("$mkboot" check -d "$boot" -u "$(id -un)")" = ok ]
}
check "check finds nothing in a sound boot directory" sound
check "check writes nothing" unchanged "$mkboot" check -d "$boot"

# fault WHAT PATTERN BREAK MEND: check says PATTERN, exit 100, then ok again.
fault()
{
	(cd "$boot" && eval "$3")
	"$mkboot" check -d "$boot" -u "$(id -un)" >out 2>err
	status=$?
	[ "$status" -eq 100 ] && grep -q -e "$2" out && [ ! -s err ]
	status=$?
	(cd "$boot" && eval "$4")
	if [ "$status" -eq 0 ] && ! sound; then
		status=1
		echo "not mended" >>out
	fi
	result "$status" "check finds $1"
}

fault "a folder that is missing" '^seen/ip is missing' \
    'rmdir seen/ip' 'mkdir -m 755 seen/ip'
fault "that there is no first script" '^pub/boot.ipxe is missing' \
    'mv pub/boot.ipxe pub/.b' 'mv pub/.b pub/boot.ipxe'
fault "that BIOS has no loader" '^pub/loader/0 is missing' \
    'rm pub/loader/0' 'ln -s undionly.kpxe pub/loader/0'
fault "a loader's link that dangles" '^pub/loader/7: .* nowhere' \
    'mv pub/loader/snponly.efi pub/loader/.s' \
    'mv pub/loader/.s pub/loader/snponly.efi'
fault "an image without a kernel" 'image tiny: .*kernel: No such' \
    'mv pub/image/tiny/kernel k' 'mv k pub/image/tiny/kernel'
fault "an image with an empty initrd" 'image tiny: .*initrd is empty' \
    'mv pub/image/tiny/initrd i; : >pub/image/tiny/initrd
	chmod 644 pub/image/tiny/initrd' 'mv i pub/image/tiny/initrd'
fault "an image without a root tree" 'image tiny: .*no root tree' \
    'mv root/tiny root/away' 'mv root/away root/tiny'
fault "a root tree without its kernel's modules" "$version is missing" \
    "mv root/tiny/lib/modules/$version m" \
    "mv m root/tiny/lib/modules/$version"
fault "an image of no known kind" 'image tiny: .*no kind' \
    'echo floppy >image/tiny/kind' 'echo nfs >image/tiny/kind'
fault "a machine whose image is missing" "machine $mac: .*no such image" \
    "ln -sfn ../../image/gone machine/$mac/image" \
    "ln -sfn ../../image/tiny machine/$mac/image"
fault "a host name that is none" "machine $mac: .*no host name" \
    "cp machine/$mac/hostname h; echo a_b >machine/$mac/hostname" \
    "mv h machine/$mac/hostname"
fault "a MAC in upper case" 'mv 52-54-00-AB-00-00 52-54-00-ab-00-00' \
    'mkdir machine/52-54-00-AB-00-00' 'rmdir machine/52-54-00-AB-00-00'
fault "a name that is no MAC" '^machine/alpha: neither' \
    'mkdir machine/alpha' 'rmdir machine/alpha'
fault "a rendering that is out of date" "^pub/machine/$mac is out of date" \
    "echo welcome back >machine/$mac/files/etc/motd" \
    "echo welcome >machine/$mac/files/etc/motd"
fault "a rendering that is missing" "^pub/machine/default is out of date" \
    'mv pub/machine/default .d' 'mv .d pub/machine/default'
fault "a rendering of no machine" 'no such machine any more' \
    'mkdir -m 755 pub/machine/52-54-00-00-00-09' \
    'rmdir pub/machine/52-54-00-00-00-09'
fault "a private file in pub/" '^pub/image/tiny/kernel: not world-readable' \
    'chmod 640 pub/image/tiny/kernel' 'chmod 644 pub/image/tiny/kernel'
fault "a closed folder in pub/" '^pub/image/tiny: .*chmod o+x' \
    'chmod 750 pub/image/tiny' 'chmod 755 pub/image/tiny'
fault "a link that leads out of pub/" '^pub/shadow: .*leads out' \
    'ln -s ../root/tiny/boot pub/shadow' 'rm pub/shadow'
fault "a FIFO in pub/" '^pub/fifo: neither' 'mkfifo pub/fifo' 'rm pub/fifo'

# Root may write anywhere, so another user is asked about.
other=nobody
[ "$(id -un)" != nobody ] || other=daemon
check "check finds a seen/ that the daemons cannot write" sh -c \
    "'$mkboot' check -d '$boot' -u $other | grep -q '^seen: $other may not'"

echo "1..$n"
