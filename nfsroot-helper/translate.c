/* SPDX-License-Identifier: ISC */
/* -x: the exports as another server's configuration: realpath, printf. */
#include "nfsroot-helper/translate.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define NAMES_MAX 4096

struct names {
	char *name[NAMES_MAX];
	uint16_t id[NAMES_MAX];
	size_t n;
};

static void
note_name(void *arg, const char *name)
{
	struct names *names = arg;
	char escaped[1024];

	if (!nfsexport_can_say(name)) {
		log_warn("root/%s: left out: a name for other servers has "
		    "letters, digits, `.', `_', `@' and `-', at most 64",
		    log_escape(escaped, sizeof(escaped), name, strlen(name)));
		return;
	}
	if (names->n < NAMES_MAX &&
	    (names->name[names->n] = strdup(name)) != NULL)
		names->n++;
	else
		log_warn("root/%s: left out: too many", name);
}

static int
compare(const void *a, const void *b)
{
	char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* One that a link leads to is named by its own place: ganesha follows none. */
static void
print_export(enum nfsexport kind, const char *root, const char *name,
    uint16_t id)
{
	char path[PATH_MAX + 256], real[PATH_MAX], text[NFSEXPORT_TEXT];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	if (realpath(path, real) == NULL)
		log_warn("root/%s: left out: %s", name, strerror(errno));
	else if (nfsexport_text(kind, real, name, id, text, sizeof(text)) ==
	    NULL)
		log_warn("root/%s: left out: its path cannot be said", name);
	else
		fputs(text, stdout);
}

static int
print_all(enum nfsexport kind, const char *root, struct names *names)
{
	char text[NFSEXPORT_TEXT];
	size_t i;

	if (nfsexport_head(kind, root, text, sizeof(text)) == NULL) {
		errno = EINVAL;
		return -1;
	}
	fputs(text, stdout);
	for (i = 0; i < names->n; i++) {
		names->id[i] = nfsexport_id(names->name[i], names->id, i);
		print_export(kind, root, names->name[i], names->id[i]);
	}
	return fflush(stdout) == EOF ? -1 : 0;
}

int
translate(enum nfsexport kind, const char *boot, struct exports *exports)
{
	char root[PATH_MAX];
	struct names *names;
	int result = -1;

	if (realpath(boot, root) == NULL ||
	    strlcat(root, "/root", sizeof(root)) >= sizeof(root) ||
	    (names = calloc(1, sizeof(*names))) == NULL)
		return -1;
	if (exports_each(exports, note_name, names) == 0) {
		qsort(names->name, names->n, sizeof(names->name[0]), compare);
		result = print_all(kind, root, names);
	}
	while (names->n > 0)
		free(names->name[--names->n]);
	free(names);
	return result;
}
