/* SPDX-License-Identifier: ISC */
/* What a kernel's file says about itself. */
#include "mkboot/kernel.h"

#include <ctype.h>
#include <string.h>

/* Documentation/arch/x86/boot.rst in Linux: "The real-mode kernel header". */
enum {
	SIGNATURE = 0x202,	/* "HdrS" */
	VERSION = 0x20e,	/* le16: where the text is, less 0x200 */
	VERSION_END = 0x210
};

bool
kernel_version(const uint8_t *head, size_t len,
    char version[KERNEL_VERSION_SIZE])
{
	size_t at, n = 0;

	version[0] = '\0';
	if (len < VERSION_END || memcmp(head + SIGNATURE, "HdrS", 4) != 0)
		return false;
	at = (size_t)(head[VERSION] | head[VERSION + 1] << 8);
	if (at == 0)
		return false;
	/* "6.1.0-9-amd64 (builder@host) #1 SMP ...": the first word. */
	for (at += 0x200; at < len && isgraph(head[at]); at++) {
		if (n == KERNEL_VERSION_SIZE - 1)
			break;
		version[n++] = (char)head[at];
	}
	version[n] = '\0';
	if (n > 0 && at < len && !isgraph(head[at]))
		return true;
	version[0] = '\0';
	return false;
}
