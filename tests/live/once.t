#!/bin/sh
# SPDX-License-Identifier: ISC
# A machine's secrets, given once a boot: rendered by mkboot, handed out by
# httpbootd and tftpd.  All on loopback.
set -u
build=$PWD/${BUILD:-build/out}
umask 022
tmp=$(mktemp -d)
boot=$tmp/boot
mac=52-54-00-12-34-56
private=machine/$mac/private.cpio
n=0
http=
tftp=
finish()
{
	kill $http $tftp 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT

check()
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '# want %s\n# got  %s\n' "$3" "$2"
	fi
}

# by_http, by_tftp: "same" when the file came whole, else why not.
by_http()
{
	curl -s -o "$tmp/got" -w '%{http_code}' \
	    "http://127.0.0.1:$http_port/$private" >"$tmp/status"
	if cmp -s "$tmp/got" "$boot/pub/$private"; then
		echo same
	else
		cat "$tmp/status"
	fi
}
by_tftp()
{
	if curl -s -o "$tmp/got" "tftp://127.0.0.1:$tftp_port//$private" &&
	    cmp -s "$tmp/got" "$boot/pub/$private"; then
		echo same
	else
		echo refused
	fi
}

# What proxydhcpd writes when the machine's firmware asks.
switched_on()
{
	echo "$(date +%s.%N | cut -c1-17) proxydhcpd offer file=loader/7 server=192.0.2.1" \
	    >>"$boot/seen/$mac/log"
}

# The daemons write seen/ when they have answered.
sent()
{
	for _ in $(seq 200); do
		[ "$(grep -c "sent file=$private" "$boot/seen/$mac/log")" -ge "$1" ] &&
		    return
		sleep 0.05
	done
}

"$build/mkboot/mkboot" create -d "$boot" >/dev/null
mkdir "$boot/image/tiny" "$boot/seen/$mac"
echo nfs >"$boot/image/tiny/kind"
ln -s "../$mac" "$boot/seen/ip/127.0.0.1"
"$build/mkboot/mkboot" machine -d "$boot" -i tiny $mac >/dev/null
http_port=$((20000 + $$ % 20000))
tftp_port=$((http_port + 1))
"$build/httpbootd/httpbootd" -d "$boot" -l 127.0.0.1 -p $http_port \
    2>"$tmp/http.log" &
http=$!
"$build/tftpd/tftpd" -d "$boot" -l 127.0.0.1 -p $tftp_port \
    2>"$tmp/tftp.log" &
tftp=$!
for _ in $(seq 200); do
	grep -q ready "$tmp/http.log" && grep -q ready "$tmp/tftp.log" && break
	sleep 0.05
done

switched_on
check "a machine is given its secrets" "$(by_http)" same
sent 1
check "as often as it asks" "$(by_http) $(by_tftp)" "same same"
sent 3
: >"$boot/machine/$mac/once"
"$build/mkboot/mkboot" render -d "$boot" >/dev/null
switched_on
check "or once a boot, where that is said" "$(by_http)" same
sent 4
check "not a second time" "$(by_http)" 404
check "nor by TFTP" "$(by_tftp)" refused
check "httpbootd says so aloud" \
    "$(grep -c 'warn: refused .*why=spent: asked for again' "$tmp/http.log")" 1
check "and tftpd" \
    "$(grep -c 'warn: refused .*why=spent: asked for again' "$tmp/tftp.log")" 1
switched_on
check "the next boot is given them again" "$(by_tftp)" same
sent 5
check "once" "$(by_http)" 404
echo "1..$n"
