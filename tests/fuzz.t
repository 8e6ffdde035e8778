#!/bin/sh
# SPDX-License-Identifier: ISC
# Every fuzz target bears its whole corpus, under ASan and UBSan.
set -u
n=0
for source in tests/fuzz/*/*.c; do
	n=$((n + 1))
	target=build/san/${source%.c}
	if "$target" "${source%.c}.corpus" >"$target.log" 2>&1 &&
	    grep -q '^#' "$target.log"; then
		echo "ok $n - ${source#tests/fuzz/} bears its corpus"
	else
		echo "not ok $n - ${source#tests/fuzz/} bears its corpus"
		tail -n 20 "$target.log" | sed 's/^/# /'
	fi
done
echo "1..$n"
