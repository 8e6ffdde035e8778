#!/bin/sh
# SPDX-License-Identifier: ISC
# A machine boots with an initrd for any, and reports what hardware it has;
# then it boots with one that has that machine's drivers alone.
# shellcheck disable=SC2154	# processes are set by eval
set -u
. tests/lab/lab.sh
. tests/lab/small.sh
lab_enter "$@"
boot=$top/build/lab/hardware
guest=52-54-00-00-00-77
nfs="root=nfs:10.77.0.2:/small report=10.77.0.2"

rm -rf "$lab" "$boot"
mkdir -p "$lab" "$boot"
"$mkboot" create -d "$boot" -u nobody >"$lab/boot.log" ||
    lab_die 111 "$(cat "$lab/boot.log")"
small_root small
make_initrd usual
lab_network
lab_house
daemon httpbootd
daemon nfsroot-helper

# drivers NAME: the modules that an initrd has.
drivers()
{
	sed -n 's,.*/\(drivers/.*\)\.ko$,\1,p' "$lab/$1.initrd.manifest"
}

few()
{
	make_initrd own --for "$guest" || return
	drivers own
	drivers own | grep -qx drivers/net/virtio_net &&
	    ! drivers own | grep '^drivers/net/ethernet/' &&
	    drivers usual | grep '^drivers/net/ethernet/'
}

again()
{
	initrd=own machine own "$nfs" lan,52:54:00:00:00:77
	says own '^UP [^ ]* root=overlay'
}

machine any "$nfs" lan,52:54:00:00:00:77
truth "a machine boots with an initrd for any" \
    says any '^UP [^ ]* root=overlay'
truth "what hardware it has is known by then" \
    lab_wait 20 grep -qs '^virtio:d00000001v' "$boot/seen/$guest/modalias"
truth "its processor too" grep -q '^cpu:type:x86,' "$boot/seen/$guest/modalias"
truth "each thing once" sh -c "[ -z \"\$(sort '$boot/seen/$guest/modalias' |
    uniq -d)\" ]"
truth "an initrd for it has its card's driver and no other's" few
truth "the machine boots with that" again
echo "1..$n"
