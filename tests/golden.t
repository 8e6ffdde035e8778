#!/bin/sh
# SPDX-License-Identifier: ISC
# Requests in, decisions out: each tests/golden/PROGRAM/NAME.hex (bytes as hex
# text) or NAME.in (as it is) goes through `PROGRAM -e', and what it says must
# be NAME.out to the letter.  NAME.args: further flags.  Sanitizers watch.
set -u
build=${BUILD:-build/san}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0
for request in tests/golden/*/*.hex tests/golden/*/*.in; do
	[ -e "$request" ] || continue
	n=$((n + 1))
	name=${request%.*}
	folder=$(dirname "$request")
	program=$(basename "$folder")
	case $request in
	*.hex) grep -v '^#' "$request" | xxd -r -p >"$tmp/in" ;;
	*) cp "$request" "$tmp/in" ;;
	esac
	args=$(cat "$name.args" 2>/dev/null)
	# shellcheck disable=SC2086
	"$build/$program/$program" -e -d "$folder/boot" $args <"$tmp/in" \
	    >"$tmp/out" 2>"$tmp/err"
	if diff -u "$name.out" "$tmp/out" >"$tmp/diff" 2>&1 &&
	    [ ! -s "$tmp/err" ]; then
		echo "ok $n - ${name#tests/golden/}"
	else
		echo "not ok $n - ${name#tests/golden/}"
		cat "$tmp/diff" "$tmp/err" | sed 's/^/# /'
	fi
done
echo "1..$n"
