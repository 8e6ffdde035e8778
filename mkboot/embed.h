/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_EMBED_H
#define MKBOOT_EMBED_H

#include <stdbool.h>

/* What is known of iPXE's own build, by the names of its targets. */

/* bin/undionly.kpxe, bin-x86_64-efi/snponly.efi: a path below src/. */
bool embed_target_is_good(const char *target);
/* The compiler's prefix, on a host of this machine (uname -m); "" for none. */
const char *embed_cross(const char *target, const char *host);
/* Does it take programs that write images of disks and discs? */
bool embed_is_disc(const char *target);

/* The script that is built in where nobody says another. */
const char *embed_script(void);

#endif
