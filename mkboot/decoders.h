/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_DECODERS_H
#define MKBOOT_DECODERS_H

#include <stdbool.h>

#include "mkboot/compress.h"

/* Which kinds of compression a kernel decodes an initrd of. */
struct decoders {
	bool has[COMPRESS_KINDS];
	bool known;	/* false: a guess by the version, without a config */
};

/* From the text of the kernel's config: CONFIG_RD_ZSTD=y and its like. */
void decoders_of_config(struct decoders *, const char *config);
/* From its version alone, "6.1.0-9-amd64": what that could be built with. */
void decoders_of_version(struct decoders *, const char *version);

/* The one to take: quick to make and small; xz where nothing else is. */
enum compress_kind decoders_best(const struct decoders *);

#endif
