#!/bin/sh
# SPDX-License-Identifier: ISC
# The demonstration passes, and leaves nothing behind, also when it is
# interrupted.
set -u
n=0
out=build/demo.out
mkdir -p build

# truth NAME COMMAND...
truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# /' "$out"
	fi
}

# Processes of the lab: their command line names its folder.
no_process_left()
{
	! pgrep -f "$(pwd)/build/lab/"
}

# Is no process in one of the five namespaces that the demonstration made, and
# is mounted what was mounted before?  (The kernel ends an empty namespace.)
nothing_left()
{
	list=build/lab/demo.sh.logs/namespaces
	[ "$(wc -l <"$list")" -eq 5 ] || return 1
	! readlink /proc/[0-9]*/ns/net /proc/[0-9]*/ns/mnt \
	    /proc/[0-9]*/ns/pid 2>/dev/null | grep -Fx -f "$list" || return 1
	[ "$(mounts)" = "$mounts_before" ]
}

no_file_left()
{
	! find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'pixie.*' -newer build/demo.begun |
	    grep .
}

mounts()
{
	cut -d' ' -f1-3 /proc/self/mounts
}

said()
{
	[ "$(grep -cE "$2" "$out")" -eq "$1" ]
}

mounts_before=$(mounts)
: >build/demo.begun
sh tests/lab/demo.sh >"$out" 2>&1
status=$?
truth "two diskless machines boot to their login prompts" [ $status -eq 0 ]
truth "the BIOS machine has its own name and an NFS root" \
    said 1 '^bios: I am bios, my root is overlay over .* nfs'
truth "the UEFI machine has its own name and an NFS root" \
    said 1 '^uefi: I am uefi, my root is overlay over .* nfs'
truth "the foreign DHCP server alone gave the addresses" \
    said 2 "leased by the house's dnsmasq"
truth "every stage is told with its seconds" said 14 \
    '^(bios|uefi) +(offer|loader|script|kernel|initrd|root|up) +[0-9.]+ s'
truth "no process is left behind" no_process_left
truth "no namespace and no mount is left behind" nothing_left
truth "no file is left outside of build/" no_file_left

# No machine starts a kernel in that time, so one gets stuck.
PATIENCE=2 sh tests/lab/demo.sh >"$out" 2>&1
status=$?
truth "a machine that gets stuck ends it with 1" [ $status -eq 1 ]
truth "and the stage where it stopped is named" said 1 \
    '^(bios|uefi) stopped before "[a-z]+" \('
truth "with what the daemons saw, and what its console says" said 3 \
    '^--- (what the daemons saw of it|the daemons|its console) \('
truth "stuck, it leaves no process" no_process_left

# Interrupted when the machines have just been switched on.
sh tests/lab/demo.sh >"$out" 2>&1 &
demo=$!
for _ in $(seq 600); do
	grep -q 'switched on' "$out" && break
	sleep 0.1
done
truth "it says where the consoles are before they print" \
    said 1 'switched on; their consoles'
sleep 3
kill -TERM "$demo"
wait "$demo"
status=$?
truth "an interrupted demonstration exits with 130" [ $status -eq 130 ]
sleep 2
truth "interrupted, it leaves no process" no_process_left
truth "interrupted, it leaves no namespace and no mount" nothing_left
echo "1..$n"
