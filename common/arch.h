/* SPDX-License-Identifier: ISC */
#ifndef COMMON_ARCH_H
#define COMMON_ARCH_H

#include <stdbool.h>

/*
 * Processor architectures of network booting: IANA's registry of
 * "Processor Architecture Types" (RFC 5970), codes 0 to 41.
 */
/* "x86 BIOS", "x64 UEFI", ...; "unknown" for a code that has no name. */
const char *arch_name(unsigned code);
/* Does this code ask for HTTP rather than TFTP? */
bool arch_is_http(unsigned code);

#endif
