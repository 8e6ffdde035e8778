/* SPDX-License-Identifier: ISC */
/* The extended attributes of a machine's files as a text. */
#include "mkboot/xattrs.h"

#include <sys/xattr.h>

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 65536		/* XATTR_LIST_MAX */
#define VALUE_MAX 4096

static int
put(struct xattrs *x, const char *text, size_t len)
{
	char *grown = realloc(x->text, x->len + len + 1);

	if (grown == NULL)
		return -1;
	memcpy(grown + x->len, text, len);
	x->text = grown;
	x->len += len;
	x->text[x->len] = '\0';
	return 0;
}

static int
put_text(struct xattrs *x, const char *text)
{
	return put(x, text, strlen(text));
}

static int
put_path(struct xattrs *x, const char *path)
{
	char escaped[8];

	if (put_text(x, "# file: ") == -1)
		return -1;
	for (; *path != '\0'; path++) {
		if (isgraph((unsigned char)*path) && *path != '\\')
			snprintf(escaped, sizeof(escaped), "%c", *path);
		else
			snprintf(escaped, sizeof(escaped), "\\%03o",
			    (unsigned char)*path);
		if (put_text(x, escaped) == -1)
			return -1;
	}
	return put_text(x, "\n");
}

static int
put_value(struct xattrs *x, const char *name, const uint8_t *value, size_t len)
{
	char hex[4];
	size_t i;

	if (put_text(x, name) == -1 || put_text(x, "=0x") == -1)
		return -1;
	for (i = 0; i < len; i++) {
		snprintf(hex, sizeof(hex), "%02x", value[i]);
		if (put_text(x, hex) == -1)
			return -1;
	}
	return put_text(x, "\n");
}

static bool
is_wanted(const char *name)
{
	return strcmp(name, "security.capability") == 0 ||
	    strncmp(name, "system.posix_acl_", 17) == 0 ||
	    strncmp(name, "user.", 5) == 0;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The wanted ones of a list, sorted, as the same files give the same text. */
static size_t
choose(char *list, size_t len, char **name, size_t max)
{
	size_t n = 0;
	char *p;

	for (p = list; p < list + len && n < max; p += strlen(p) + 1)
		if (is_wanted(p))
			name[n++] = p;
	qsort(name, n, sizeof(*name), compare);
	return n;
}

int
xattrs_add(struct xattrs *x, int fd, const char *path)
{
	char *list, *name[64];
	uint8_t value[VALUE_MAX];
	int result = -1;
	ssize_t len;
	size_t i, n;

	if ((list = malloc(NAMES_MAX)) == NULL)
		return -1;
	if ((len = flistxattr(fd, list, NAMES_MAX)) == -1) {
		result = errno == ENOTSUP ? 0 : -1;
		goto out;
	}
	n = choose(list, (size_t)len, name, sizeof(name) / sizeof(name[0]));
	if (n > 0 && put_path(x, path) == -1)
		goto out;
	for (i = 0; i < n; i++) {
		len = fgetxattr(fd, name[i], value, sizeof(value));
		if (len == -1 || put_value(x, name[i], value,
		    (size_t)len) == -1)
			goto out;
	}
	result = n > 0 ? put_text(x, "\n") : 0;
out:
	free(list);
	return result;
}

void
xattrs_free(struct xattrs *x)
{
	free(x->text);
	x->text = NULL;
	x->len = 0;
}
