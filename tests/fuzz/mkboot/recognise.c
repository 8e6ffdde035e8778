/* SPDX-License-Identifier: ISC */
/*
 * Whatever names or octets come: a recognition names only what was given,
 * each file of an image once, and an ISO's size is that of an ISO alone.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/diskless.h"
#include "mkboot/recognise.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_names(char *text)
{
	struct strings names = { NULL, 0 };
	struct recognition r;
	char *name;
	size_t i, j;

	while ((name = strsep(&text, "\n")) != NULL)
		assert(strings_add(&names, name) == 0);
	strings_sort(&names);
	recognise_names(&names, NULL, &r);
	assert(r.parts <= RECOGNISED_PARTS);
	assert(r.what != RECOGNISED_NOTHING || r.parts == 0);
	for (i = 0; i < r.parts; i++) {
		assert(strings_has(&names, r.part[i].name));
		for (j = 0; j < i; j++)
			assert(strcmp(r.part[i].file, r.part[j].file) != 0);
	}
	strings_free(&names);
}

/* What was made a comment stays one: twice is as good as once. */
static void
check_text(const char *text, char *(*change)(const char *))
{
	char *once = change(text), *twice = change(once);

	assert(once != NULL && twice != NULL);
	assert(strlen(once) >= strlen(text));
	assert(strcmp(once, twice) == 0);
	free(once);
	free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	assert(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	assert(recognise_iso_size(data, size) == 0 ||
	    recognise_file(data, size) == FILE_ISO);
	check_text(text, diskless_fstab);
	check_text(text, diskless_interfaces);
	check_names(text);
	free(text);
	return 0;
}
