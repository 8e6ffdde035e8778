/* SPDX-License-Identifier: ISC */
/* Any octets as an ELF file: what it names lies in them, and ends there. */
#include "mkboot/elf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
require_text(const uint8_t *data, size_t size, const char *text)
{
	const char *begin = (const char *)data;

	if (text == NULL)
		return;
	require(text >= begin && text < begin + size);
	require(memchr(text, '\0', size - (size_t)(text - begin)) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text;
	struct elf e;
	size_t i, len;

	if (elf_parse(&e, data, size) != ELF_OK)
		return 0;
	require_text(data, size, e.interpreter);
	require_text(data, size, e.soname);
	require_text(data, size, e.rpath);
	require_text(data, size, e.runpath);
	for (i = 0; i < 16 && (text = elf_needed(&e, i)) != NULL; i++)
		require_text(data, size, text);
	for (i = 0; i < 16 && (text = elf_dlopen_note(&e, i, &len)) != NULL;
	    i++)
		require(text >= (const char *)data &&
		    len <= size - (size_t)(text - (const char *)data));
	require(elf_alike(&e, &e));
	return 0;
}
