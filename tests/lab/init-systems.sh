# SPDX-License-Identifier: ISC
# Other systems whose /init we are; sourced by init.t.
# shellcheck shell=sh

case_systems()
{
	:
}
