/* SPDX-License-Identifier: ISC */
/* A version is a printable word that stands in the file, or none is found. */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "mkboot/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char version[KERNEL_VERSION_SIZE];
	const char *p;

	memset(version, 'x', sizeof(version));
	if (!kernel_version(data, size, version)) {
		assert(*version == '\0');
		return 0;
	}
	assert(*version != '\0');
	assert(memchr(version, '\0', sizeof(version)) != NULL);
	for (p = version; *p != '\0'; p++)
		assert(isgraph((unsigned char)*p));
	assert(memmem(data, size, version, strlen(version)) != NULL);
	return 0;
}
