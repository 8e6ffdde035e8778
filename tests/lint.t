#!/bin/sh
# SPDX-License-Identifier: ISC
# Lint as tests: the shell, the C, the manuals, and who may include whom.
set -u
n=0

# truth NAME COMMAND...: the command prints nothing and succeeds.
truth()
{
	n=$((n + 1))
	name=$1
	shift
	if said=$("$@" 2>&1) && [ -z "$said" ]; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		echo "$said" | sed 's/^/# /'
	fi
}

sources()
{
	find common proxydhcpd tftpd httpbootd nfsroot-helper mkboot tests \
	    -name "$1" | sort
}

# Each folder includes itself and common/; common/ only itself.
includes()
{
	for folder in common proxydhcpd tftpd httpbootd nfsroot-helper mkboot; do
		grep -rnE '^#include "' "$folder" --include='*.[ch]' |
		    grep -vE "#include \"($folder|common)/" |
		    grep -vE "^$folder/.*#include \"$folder/"
	done
	grep -rnE '^#include "' common | grep -v '#include "common/'
	true
}

# A third-party header appears in one file, so that it can be replaced.
third_party()
{
	for header in microhttpd.h libkmod.h zstd.h archive.h \
	    zlib.h lzma.h lz4hc.h linux/landlock.h; do
		found=$(grep -rlE "#include <$header>" common proxydhcpd tftpd \
		    httpbootd nfsroot-helper mkboot | wc -l)
		[ "$found" -le 1 ] || echo "$header in $found files"
	done
}

# Pure modules know no socket, file or clock.
pure()
{
	for file in common/wire common/dhcp4 common/tftp common/mac \
	    common/arch common/dhcp6 proxydhcpd/client proxydhcpd/client6 proxydhcpd/offer \
	    proxydhcpd/offer6 proxydhcpd/capture proxydhcpd/router tftpd/request \
	    tftpd/transfer httpbootd/answer httpbootd/range mkboot/script tftpd/netascii \
	    tftpd/rtt \
	    nfsroot-helper/record nfsroot-helper/rpc nfsroot-helper/handle \
	    nfsroot-helper/portmap nfsroot-helper/bootparam nfsroot-helper/rarp \
	    common/udp4 common/nfsexport mkboot/init/cmdline \
	    mkboot/init/lease mkboot/init/modindex mkboot/init/reply \
	    mkboot/init/download mkboot/init/tftpget mkboot/init/url mkboot/init/report \
	    mkboot/init/servers mkboot/init/lease6 mkboot/init/ra mkboot/init/squash \
	    mkboot/init/ipparam mkboot/init/virtual mkboot/elf mkboot/dlopen_note \
	    mkboot/feature mkboot/newc mkboot/decoders mkboot/recognise \
	    mkboot/diskless \
	    mkboot/export_dhcp mkboot/export_files mkboot/export_rewriter \
	    mkboot/export_roots mkboot/grub mkboot/pxelinux mkboot/loaders \
	    mkboot/text mkboot/choice mkboot/embed; do
		[ -e "$file.c" ] || echo "$file.c: no such file"
		grep -snE '#include <(unistd|time|fcntl|sys/socket|sys/stat)\.h>' \
		    "$file.c" "$file.h" /dev/null
	done
	true
}

no_ifdef()
{
	sources '*.c' | xargs grep -nE '^#[[:space:]]*(if|ifdef|ifndef)'
	true
}

long_lines()
{
	# A tab is eight columns.
	{ sources '*.[ch]'; sources '*.sh'; sources '*.t'; } |
	while read -r file; do
		expand "$file" | awk -v f="$file" \
		    'length > 100 { print f ":" NR ": " length " columns" }'
	done
}

mandoc_lint()
{
	# Manuals of ours that are not installed yet are no fault of the page.
	mandoc -T lint -W warning bootdir.7 ./*/*.[78] | grep -v 'referenced manual not found'
	true
}

tidy()
{
	# shellcheck disable=SC2016,SC2038
	find common proxydhcpd tftpd httpbootd nfsroot-helper mkboot \
	    -name '*.c' | xargs -P 2 -n 4 sh -c '
		clang-tidy --quiet "$@" -- -std=c11 -D_GNU_SOURCE -I. \
		    -D_FILE_OFFSET_BITS=64 -DFEATURE_DIR=\"\" \
		    -DINIT_FILE=\"\" -DBOOTSTRAP_FILE=\"\" \
		    $(pkg-config --cflags libbsd-overlay \
		    libtirpc libkmod libarchive libmicrohttpd)' sh 2>&1 |
	    grep -v ' warnings\? generated'
	true
}

scripts()
{
	{ sources '*.sh'; sources '*.t'; echo .ci/run; } | xargs shellcheck -x
}

truth "shellcheck finds nothing" scripts
truth "clang-tidy finds nothing" tidy
truth "the manuals are sound mdoc" mandoc_lint
truth "no program includes another, common/ includes only itself" includes
truth "a third-party header appears in one file" third_party
truth "pure modules include no socket, file or clock" pure
truth "no .c file has an #ifdef" no_ifdef
not_executable()
{
	find tests -name '*.t' ! -perm -100
}

truth "every test can be run by its name" not_executable
truth "no line is longer than 100 columns" long_lines
echo "1..$n"
