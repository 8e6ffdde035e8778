/* SPDX-License-Identifier: ISC */
/* Revisions of an image, by their names and links. */
#include "mkboot/revision.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/facts.h"

void
revision_name(const char *image, unsigned revision, char name[REVISION_SIZE])
{
	if (revision == 0)
		(void)strlcpy(name, image, REVISION_SIZE);
	else
		(void)snprintf(name, REVISION_SIZE, "%s@%u", image, revision);
}

unsigned
revision_number(const char *image, const char *name)
{
	char again[REVISION_SIZE];
	size_t len = strlen(image);
	unsigned long n;

	if (strncmp(name, image, len) != 0 || name[len] != '@')
		return 0;
	n = strtoul(name + len + 1, NULL, 10);
	if (n > UINT_MAX)
		return 0;
	/* Written again it is the same: no sign, no zeros in front. */
	revision_name(image, (unsigned)n, again);
	return strcmp(name, again) == 0 ? (unsigned)n : 0;
}

unsigned
revision_current(int bootfd, const char *image)
{
	char path[sizeof("pub/image/") + NAME_IMAGE_SIZE];
	char target[REVISION_SIZE + 1];
	ssize_t n;

	(void)snprintf(path, sizeof(path), "pub/image/%s", image);
	n = readlinkat(bootfd, path, target, sizeof(target) - 1);
	if (n == -1)
		return 0;
	target[n] = '\0';
	return revision_number(image, target);
}

int
revision_list(int bootfd, const char *folder, const char *image,
    struct strings *revisions)
{
	struct strings names = { NULL, 0 };
	unsigned n, next, last;
	char name[REVISION_SIZE];
	int result;
	size_t i;

	result = facts_list(bootfd, folder, &names);
	/* By number: the smallest that is above the last one. */
	for (last = 0; result == 0; last = next) {
		for (i = 0, next = UINT_MAX; i < names.n; i++) {
			n = revision_number(image, names.at[i]);
			if (n > last && n < next)
				next = n;
		}
		if (next == UINT_MAX)
			break;
		revision_name(image, next, name);
		result = strings_add(revisions, name);
	}
	strings_free(&names);
	return result;
}

unsigned
revision_highest(int bootfd, const char *folder, const char *image)
{
	struct strings names = { NULL, 0 };
	unsigned highest = 0;

	if (revision_list(bootfd, folder, image, &names) == 0 && names.n > 0)
		highest = revision_number(image, names.at[names.n - 1]);
	strings_free(&names);
	return highest;
}
