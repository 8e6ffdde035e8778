#!/bin/sh
# SPDX-License-Identifier: ISC
# Runs all tests under prove and closes with their number.  The quick and
# rootless ones first, two at a time; then the live ones, one by one.
#   run.sh UNIT_TEST...
set -u
results=build/results
failed=build/failed
mkdir -p build
: >"$results"
: >"$failed"
export CMOCKA_MESSAGE_OUTPUT=TAP
status=0

run()
{
	prove --failures --comments "$@" 2>&1 | tee build/prove.log
	grep -q '^Result: PASS' build/prove.log || status=1
	grep -E '^Files=' build/prove.log >>"$results"
	# A test that failed, and its own words on why.
	awk '/^not ok/ { on = 1 } !/^(not ok|#)/ { on = 0 } on' \
	    build/prove.log >>"$failed"
}

run -j2 --exec '' tests/*.t "$@"
run --exec '' tests/live/*.t
if [ "$(id -u)" -eq 0 ]; then
	run --timer --exec '' tests/lab/*.t
else
	echo "not root: the boots in virtual machines (tests/lab) were not run"
fi
cat "$failed"
sed -E 's/.*Tests=([0-9]+).*/\1/' "$results" | awk -v failed="$status" '
	{ n += $1 }
	END { print (failed ? "some tests failed" : n " passed, 0 failed") }'
exit "$status"
