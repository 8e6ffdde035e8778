#!/bin/sh
# SPDX-License-Identifier: ISC
# nfsroot-helper on the loopback, with libnfs's clients and one of our own.
set -u
program=$PWD/${BUILD:-build/out}/nfsroot-helper/nfsroot-helper
# The sanitizer cannot look for leaks from within the confinement.
export ASAN_OPTIONS=detect_leaks=0

# Mounts are made in a namespace of our own, as root there or not.
if [ "${1:-}" != inside ]; then
	if [ "$(id -u)" -eq 0 ]; then
		exec unshare -m sh "$0" inside
	fi
	exec unshare -rm sh "$0" inside
fi

tmp=$(mktemp -d)
boot=$tmp/boot
src=$boot/root/demo
machine=52-54-00-12-34-56
n=0
daemon=
helpers=
finish()
{
	for pid in $daemon $helpers; do
		kill "$pid" 2>/dev/null
	done
	# A mount in a namespace that ends goes with it.
	umount "$src/proc" "$src/etc/hosts" 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT

# check NAME GOT WANTED
check()
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "want: $3" "got: $2" | head -n 40 | sed 's/^/# /'
	fi
}

# pass NAME COMMAND...
pass()
{
	name=$1
	shift
	if "$@" >"$tmp/said" 2>&1; then
		check "$name" yes yes
	else
		check "$name" "no: $(head -c 1000 "$tmp/said")" yes
	fi
}

client()
{
	"$tmp/nfs-client" "$port" "$@"
}

url()
{
	echo "nfs://127.0.0.1$1?version=3&nfsport=$port&mountport=$port"
}

# Starts the daemon and waits until it is ready.
start()
{
	mkfifo "$tmp/ready"
	# shellcheck disable=SC2086
	"$program" -d "$boot" -l 127.0.0.1 -p "$port" -D 9 ${as:-} \
	    >/dev/null 2>>"$tmp/log" 9>"$tmp/ready" &
	daemon=$!
	read -r _ <"$tmp/ready"
	rm "$tmp/ready"
}

# start_helper COMMAND...: the client's command, until its input ends.
start_helper()
{
	rm -f "$tmp/hold" "$tmp/helper"
	mkfifo "$tmp/hold"
	"$tmp/nfs-client" "$port" "$@" <"$tmp/hold" >"$tmp/helper" 2>&1 &
	helper=$!
	helpers="$helpers $helper"
	exec 8>"$tmp/hold"
	for _ in $(seq 100); do
		grep -q ready "$tmp/helper" && return
		sleep 0.1
	done
}

end_helper()
{
	exec 8>&-
	wait "$helper"
}

# Clock ticks that the daemon has used, and its memory in KiB.
ticks()
{
	awk '{ print $14 + $15 }' "/proc/$daemon/stat"
}

memory()
{
	awk '/^VmRSS/ { print $2 }' "/proc/$daemon/status"
}

sums()
{
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0 md5sum)
}

# The tree: deep folders, links of both kinds, odd names, all types of file.
mkdir -p "$src/etc" "$src/proc" "$src/many" "$boot/seen/$machine" \
    "$boot/seen/ip" "$boot/outside"
ln -s "../$machine" "$boot/seen/ip/127.0.0.1"
deep=$src
for i in $(seq 40); do
	deep=$deep/level$i
	mkdir "$deep"
	echo "$i" >"$deep/file"
done
mkdir -p "$src/tree/a/b/c" "$src/tree/d"
touch "$src/tree/a/b/c/file" "$src/tree/d/file" "$src/tree/file"
echo 127.0.0.1 localhost >"$src/etc/hosts"
echo root:secret >"$src/etc/shadow"
chmod 600 "$src/etc/shadow"
mkdir -m 700 "$src/private"
echo x >"$src/private/file"
chmod 4755 "$src/private/file"
ln "$src/etc/hosts" "$src/etc/hosts.link"
ln -s hosts "$src/etc/link"
ln -s "$(printf 'a%.0s' $(seq 1000))" "$src/etc/long-link"
ln -s /nowhere "$src/dangling"
mkfifo "$src/fifo"
mknod "$src/null" c 1 3 2>/dev/null
: >"$src/empty"
for name in 'two words' '-dash' 'quo"te' 'back\slash' 'star*' '...' \
    "$(printf 'new\nline')" "$(printf '\303\244\377')" \
    "$(printf 'n%.0s' $(seq 255))"; do
	echo "$name" >"$src/$name"
done
(cd "$src/many" && seq -f 'file%g' 3000 | xargs touch)
head -c 100000001 /dev/urandom >"$src/big"
head -c 3000000 /dev/urandom >"$src/medium"
touch -d '2001-02-03 04:05:06.789012345' "$src/empty"
touch -h -d '1999-09-09' "$src/dangling"
chmod 755 "$tmp"

# With a user to become, it becomes one, who owns seen/.
as=
if chown -R nobody "$boot/seen" 2>/dev/null; then
	as="-u nobody"
fi

pass "the test's own client is built" "${CC:-cc}" -std=c11 -D_GNU_SOURCE \
    -O2 -I. -o "$tmp/nfs-client" tests/live/nfs-client.c common/wire.c \
    nfsroot-helper/xdr.c
pass "libnfs's clients are here" sh -c \
    'command -v nfs-ls && command -v nfs-cat && command -v nfs-cp'
pass "-n finds the boot directory in order" "$program" -n -d "$boot"
# A port that nobody listens on.
port=$((20000 + $$ % 20000))
while grep -qi "$(printf ':%04X ' "$port")" /proc/net/tcp; do
	port=$((port + 1))
done
start
# The log line comes after the newline on the descriptor.
for _ in $(seq 50); do
	grep -q ready "$tmp/log" && break
	sleep 0.1
done
check "it says ready" "$(grep -c ": info: ready: TCP and UDP port $port" \
    "$tmp/log")" 1

# libnfs reads it.
check "nfs-cat reads a file" "$(nfs-cat "$(url /demo/etc/hosts)")" \
    "127.0.0.1 localhost"
check "nfs-cat reads a file of mode 0600" \
    "$(nfs-cat "$(url /demo/etc/shadow)")" "root:secret"
check "nfs-cat reads a big file" "$(nfs-cat "$(url /demo/big)" | md5sum)" \
    "$(md5sum <"$src/big")"
nfs-cp "$(url /demo/big)" "$tmp/big" >"$tmp/said" 2>&1
check "nfs-cp copies a big file" "$(md5sum <"$tmp/big")" \
    "$(md5sum <"$src/big")"
rm -f "$tmp/big"
check "nfs-ls lists 3,000 files" \
    "$(nfs-ls "$(url /demo/many)" | awk '{ print $6 }' | sort)" \
    "$(find "$src/many" -type f -printf '%f\n' | sort)"
check "nfs-ls shows modes, links, owners and sizes" \
    "$(nfs-ls "$(url /demo/etc)" | sed 's/  */ /g' | sort)" \
    "$(find "$src/etc" -mindepth 1 -printf '%M %n %U %G %s %f\n' | sort)"
# It gives up by itself on a tree that is deeper than 16 folders.
check "nfs-ls lists a tree" \
    "$(nfs-ls -R "$(url /demo/tree)" | awk '{ print $6 }' | sort)" \
    "$(find "$src/tree" -mindepth 1 -printf '%P\n' | sort)"

# The whole tree is what it is on the server.
root=$(client mount /demo)
client list "$root" | sort -z | tr '\0' '\n' >"$tmp/theirs"
find "$src" -mindepth 1 -printf '%y %m %n %U %G %s %T@ %i %l %P\0' |
    sort -z | tr '\0' '\n' >"$tmp/ours"
pass "the whole tree is listed with all attributes" cmp "$tmp/ours" \
    "$tmp/theirs"
mkdir "$tmp/copy"
pass "the whole tree is fetched" client fetch "$root" "$tmp/copy"
sums "$src" >"$tmp/ours"
sums "$tmp/copy" >"$tmp/theirs"
pass "the whole tree has the same checksums" cmp "$tmp/ours" "$tmp/theirs"
rm -rf "$tmp/copy"

# Handles.
etc=$(client lookup "$root" etc)
hosts=$(client lookup "$etc" hosts)
medium=$(client lookup "$root" medium)
was=$(client getattr "$hosts")
check "a call in fragments of one octet is answered" \
    "$(client drip "$hosts")" "$was"
client read "$medium" 0 1234567 >"$tmp/first"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
start
client read "$medium" 1234567 99999999 >"$tmp/second"
check "after kill -9 a read goes on with the same handle" \
    "$(cat "$tmp/first" "$tmp/second" | md5sum)" "$(md5sum <"$src/medium")"
check "a handle survives kill -9" "$(client getattr "$hosts")" "$was"
mv "$src/etc" "$src/etc.new"
check "a handle survives the rename of its folder" \
    "$(client getattr "$hosts")" "$was"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
start
check "and a restart after that" "$(client getattr "$hosts")" "$was"
mv "$src/etc.new" "$src/level1/level2/etc"
mv "$src/level1/level2/etc/hosts" "$src/private/hosts"
rm "$src/level1/level2/etc/hosts.link"
check "a handle survives a move to another folder" \
    "$(client getattr "$hosts" | cut -d' ' -f1,2)" \
    "$(echo "$was" | cut -d' ' -f1,2)"
rm "$src/private/hosts"
check "the handle of a removed file is stale" "$(client getattr "$hosts")" \
    "status 70"
mv "$src/level1/level2/etc" "$src/etc"
echo again >"$src/etc/hosts"
check "and stays stale when another takes its name" \
    "$(client getattr "$hosts")" "status 70"

# A reader in the middle of a file while the server is replaced.
mkfifo "$tmp/pipe"
nfs-cat "$(url /demo/big)" >"$tmp/pipe" 2>"$tmp/said" &
exec 7<"$tmp/pipe"
head -c 20000000 <&7 >"$tmp/first"
kill -9 "$daemon"
wait "$daemon" 2>/dev/null
sleep 1
start
cat <&7 >"$tmp/second"
exec 7<&-
check "nfs-cat goes on over kill -9 and a new start" \
    "$(cat "$tmp/first" "$tmp/second" | md5sum)" "$(md5sum <"$src/big")"
rm "$tmp/first" "$tmp/second"

# Nothing outside an export.
ln -s ../outside "$boot/root/out"
echo never >"$boot/outside/secret"
check "an export that leads out of root/ is refused" \
    "$(client mount /out)" "status 13"
check "an export that is not there is refused" \
    "$(client mount /nothing)" "status 2"
check "a path that climbs is refused" "$(client mount /demo/../..)" \
    "status 13"
check "the log says why" "$(grep -c 'warn: 127.0.0.1: mount of /nothing refus'\
'ed: MNT3ERR_NOENT: there is no root/NAME' "$tmp/log")" 1
check "a file that left the export is stale" "$(
	moved=$(client lookup "$root" empty)
	mv "$src/empty" "$boot/outside/empty"
	client getattr "$moved"
)" "status 70"

# Mounts below an export are not crossed.
mount -t tmpfs none "$src/proc"
echo hidden >"$src/proc/hidden"
mount --bind "$boot/outside/secret" "$src/etc/hosts"
proc=$(client lookup "$root" proc)
check "a folder under a mount is empty" "$(client list "$proc")" ""
check "and has a place of its own in the tree" \
    "$(client getattr "$proc" | cut -d' ' -f1,2)" "2 0"
check "a file under a mount is empty" \
    "$(nfs-cat "$(url /demo/etc/hosts)" 2>&1)" ""
umount "$src/proc" "$src/etc/hosts"
check "when it is unmounted the same handle is the folder" \
    "$(client getattr "$proc" | cut -d' ' -f3)" "$(stat -c %i "$src/proc")"

# Peers that do harm.
start_helper stall 1
check "a peer that sends ten octets and stalls delays nobody" \
    "$(timeout 2 "$tmp/nfs-client" "$port" getattr "$medium" |
	cut -d' ' -f2)" 3000000
end_helper
start_helper idle 3000
before=$(ticks)
check "beside 3,000 idle connections others are served" \
    "$(timeout 5 nfs-cat "$(url /demo/big)" | md5sum)" \
    "$(md5sum <"$src/big")"
sleep 1
now=$(ticks)
sleep 1
check "idle connections cost no time" "$(($(ticks) - now < 5))" 1
check "and little memory" "$(($(memory) < 44032))" 1
end_helper
big=$(client lookup "$root" big)
start_helper greedy "$big" 400
check "a peer that takes no replies delays nobody" \
    "$(timeout 2 "$tmp/nfs-client" "$port" getattr "$medium" |
	cut -d' ' -f2)" 3000000
check "and little is held for it" "$(($(memory) < 44032))" 1
end_helper
# 95 READs of a MiB, one of what is left, 304 beyond the end; 128 octets of
# head each, and padding behind the odd last.
check "it gets all of them in the end" "$(tail -n 1 "$tmp/helper")" \
    $((100000001 + 3 + 400 * 132))
cp "$src/big" "$src/cut"
cut=$(client lookup "$root" cut)
start_helper greedy "$cut" 90
: >"$src/cut"
end_helper
check "a file that is cut short ends the connection, not the daemon" \
    "$(($(tail -n 1 "$tmp/helper") < 90000000)) $(client getattr "$cut" |
	cut -d' ' -f1,2)" "1 1 0"

# A file that is replaced or removed while it is read.
cp "$src/medium" "$src/victim"
victim=$(client lookup "$root" victim)
client read "$victim" 0 1000000 >"$tmp/first"
head -c 3000000 /dev/zero >"$src/.new"
mv "$src/.new" "$src/victim"
check "of a file that is replaced while it is read nothing is mixed" \
    "$(client read "$victim" 1000000 1000000 | head -c 100)" "status 70"
check "and by its name there is the new one" \
    "$(client read "$(client lookup "$root" victim)" 0 3000000 | md5sum)" \
    "$(md5sum <"$src/victim")"
rm "$src/victim"
check "one that is removed is stale" \
    "$(client read "$victim" 0 10 | head -c 100)" "status 70"

# What the machine did is in seen/, when the daemon has ended at the latest.
client unmount /demo
kill "$daemon"
wait "$daemon"
check "SIGTERM ends it with 0" $? 0
daemon=
check "seen/ has what the machine did" \
    "$(awk '{ print $2, $3, $4 }' "$boot/seen/$machine/log" | sort -u)" \
    "nfsroot-helper mounted export=/demo
nfsroot-helper mounted export=/demo/etc
nfsroot-helper mounted export=/demo/many
nfsroot-helper mounted export=/demo/tree
nfsroot-helper reading export=/demo
nfsroot-helper refused export=/demo/../..
nfsroot-helper refused export=/nothing
nfsroot-helper refused export=/out
nfsroot-helper unmounted export=/demo"

# Few descriptors.
(
	# dash, which runs this, and bash have it.
	# shellcheck disable=SC3045
	ulimit -n 400
	exec "$program" -d "$boot" -l 127.0.0.1 -p "$port" 2>"$tmp/few.log"
) &
daemon=$!
for _ in $(seq 50); do
	grep -q ready "$tmp/few.log" && break
	sleep 0.1
done
start_helper idle 600
sleep 1
before=$(ticks)
sleep 2
check "out of connections it waits and does not spin" \
    "$(($(ticks) - before < 40))" 1
check "and says so once" "$(grep -c 'no more for now' "$tmp/few.log")" 1
end_helper
check "when some are closed it serves again" \
    "$(timeout 10 "$tmp/nfs-client" "$port" getattr "$medium" |
	cut -d' ' -f2)" 3000000
kill "$daemon"
wait "$daemon"
check "and ends in good order" $? 0
daemon=
echo "1..$n"
