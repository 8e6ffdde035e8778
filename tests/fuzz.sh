#!/bin/sh
# SPDX-License-Identifier: ISC
# Runs each fuzz target for a while (FUZZ_SECONDS, 20), from its corpus in the
# tree; what it finds is left in build/fuzz/.   fuzz.sh TARGET...
set -eu
for target in "$@"; do
	name=${target#build/fuzz/}
	mkdir -p "$target.found"
	echo "fuzz: $name for ${FUZZ_SECONDS:-20} s"
	"$target" -max_total_time="${FUZZ_SECONDS:-20}" -print_final_stats=1 \
	    -artifact_prefix="$target.crash-" "$target.found" "$name.corpus" \
	    >"$target.log" 2>&1 || { tail -n 40 "$target.log"; exit 1; }
	grep -E 'number_of_executed_units|peak_rss_mb' "$target.log"
done
