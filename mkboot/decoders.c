/* SPDX-License-Identifier: ISC */
/* Which compressed initrds a kernel can read. */
#include "mkboot/decoders.h"

#include <stdlib.h>
#include <string.h>

/* Does the config have this line? */
static bool
has_line(const char *config, const char *line)
{
	const size_t len = strlen(line);
	const char *at = config;

	while ((at = strstr(at, line)) != NULL) {
		if ((at == config || at[-1] == '\n') &&
		    (at[len] == '\n' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}

void
decoders_of_config(struct decoders *d, const char *config)
{
	static const struct {
		enum compress_kind kind;
		const char *line;
	} rd[] = {
		{ COMPRESS_GZIP, "CONFIG_RD_GZIP=y" },
		{ COMPRESS_LZ4, "CONFIG_RD_LZ4=y" },
		{ COMPRESS_XZ, "CONFIG_RD_XZ=y" },
		{ COMPRESS_ZSTD, "CONFIG_RD_ZSTD=y" }
	};
	size_t i;

	memset(d, 0, sizeof(*d));
	d->known = true;
	d->has[COMPRESS_NONE] = true;
	for (i = 0; i < sizeof(rd) / sizeof(rd[0]); i++)
		d->has[rd[i].kind] = has_line(config, rd[i].line);
}

/* Linux's Kconfig defaults all of them to y; zstd came with 5.9. */
void
decoders_of_version(struct decoders *d, const char *version)
{
	char *end;
	long major = strtol(version, &end, 10);
	long minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
	size_t i;

	d->known = false;
	for (i = 0; i < COMPRESS_KINDS; i++)
		d->has[i] = true;
	d->has[COMPRESS_ZSTD] = major > 5 || (major == 5 && minor >= 9);
}

enum compress_kind
decoders_best(const struct decoders *d)
{
	static const enum compress_kind order[] = {
		COMPRESS_ZSTD, COMPRESS_GZIP, COMPRESS_XZ, COMPRESS_LZ4
	};
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (d->has[order[i]])
			return order[i];
	return COMPRESS_NONE;
}
