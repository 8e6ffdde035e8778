/* SPDX-License-Identifier: ISC */
/* Where the dynamic loader of a root tree looks for libraries. */
#include "mkboot/libpath.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANK " \t\r"
#define CONF_MAX (1024 * 1024)
#define INCLUDES_MAX 8		/* deep */

static int read_conf(struct strings *, const struct tree *, const char *path,
    int depth);

/* "include /etc/ld.so.conf.d/[star].conf": in order of names. */
static int
include(struct strings *dirs, const struct tree *t, char *pattern, int depth)
{
	struct strings names = { 0 };
	char path[PATH_MAX], *base = strrchr(pattern, '/');
	struct dirent *entry;
	int fd, result = 0;
	size_t i;
	DIR *dir;

	if (base == NULL)
		return 0;
	*base++ = '\0';
	fd = tree_openat(t, *pattern == '\0' ? "/" : pattern,
	    O_RDONLY | O_DIRECTORY);
	if (fd == -1 || (dir = fdopendir(fd)) == NULL)
		return 0;
	while (result == 0 && (entry = readdir(dir)) != NULL)
		if (fnmatch(base, entry->d_name, FNM_PERIOD) == 0)
			result = strings_add(&names, entry->d_name);
	closedir(dir);
	strings_sort(&names);
	for (i = 0; i < names.n && result == 0; i++) {
		snprintf(path, sizeof(path), "%s/%s", pattern, names.at[i]);
		result = read_conf(dirs, t, path, depth + 1);
	}
	strings_free(&names);
	return result;
}

/* A line of ld.so.conf, or of a file that it includes. */
static int
read_line(struct strings *dirs, const struct tree *t, char *line, int depth)
{
	const size_t word = strlen("include");

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, BLANK);
	if (strncmp(line, "include", word) == 0 &&
	    strchr(BLANK, line[word]) != NULL) {
		line += word + strspn(line + word, BLANK);
		line[strcspn(line, BLANK)] = '\0';
		return include(dirs, t, line, depth);
	}
	line[strcspn(line, BLANK)] = '\0';
	/* "hwcap 0 nosegneg" names no folder. */
	return *line == '/' ? strings_add(dirs, line) : 0;
}

/* A file that is missing says nothing. */
static int
read_conf(struct strings *dirs, const struct tree *t, const char *path,
    int depth)
{
	char *text, *rest, *line;
	int result = 0;

	if (depth > INCLUDES_MAX)
		return 0;
	if ((text = rest = tree_text(t, path, CONF_MAX)) == NULL)
		return errno == ENOMEM ? -1 : 0;
	while (result == 0 && (line = strsep(&rest, "\n")) != NULL)
		result = read_line(dirs, t, line, depth);
	free(text);
	return result;
}

/* musl, dynlink.c: one file for its own machine, or the usual three. */
static int
read_musl(struct libpath *l, const struct tree *t, const char *interpreter)
{
	const char *name = strrchr(interpreter, '/') + 1;
	char path[PATH_MAX], *text, *rest, *dir;
	int result = 0;

	snprintf(path, sizeof(path), "etc/%.*s.path",
	    (int)strcspn(name, "."), name);
	text = rest = tree_text(t, path, CONF_MAX);
	if (text == NULL && errno == ENOMEM)
		return -1;
	if (text == NULL)
		text = rest = strdup("/lib:/usr/local/lib:/usr/lib");
	while (result == 0 && (dir = strsep(&rest, ":\n")) != NULL)
		if (*dir == '/')
			result = strings_add(&l->usual, dir);
	free(text);
	return result;
}

/*
 * glibc looks where it was installed: its loader's own folder, with and
 * without usr in front of it, then the plain ones.
 */
static int
read_glibc(struct libpath *l, const struct tree *t, const char *real)
{
	const char *plain = strncmp(real, "usr/", 4) == 0 ? real + 4 : real;
	const char *slash = strrchr(plain, '/');
	const int len = slash == NULL ? 0 : (int)(slash - plain);
	static const char *const usual[] = {
		"/lib64", "/usr/lib64", "/lib", "/usr/lib"
	};
	char dir[PATH_MAX];
	size_t i;

	if (asprintf(&l->lib, "%.*s", len, plain) == -1) {
		l->lib = NULL;
		return -1;
	}
	snprintf(dir, sizeof(dir), "/%s", l->lib);
	if (strings_add(&l->usual, dir) == -1)
		return -1;
	snprintf(dir, sizeof(dir), "/usr/%s", l->lib);
	if (strings_add(&l->usual, dir) == -1)
		return -1;
	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (strings_add(&l->usual, usual[i]) == -1)
			return -1;
	return read_conf(&l->configured, t, "etc/ld.so.conf", 0);
}

int
libpath_read(struct libpath *l, const struct tree *t, const char *interpreter,
    const char *real)
{
	memset(l, 0, sizeof(*l));
	if (strstr(interpreter, "/ld-musl-") != NULL)
		return read_musl(l, t, interpreter);
	return read_glibc(l, t, real);
}

void
libpath_free(struct libpath *l)
{
	strings_free(&l->configured);
	strings_free(&l->usual);
	free(l->lib);
	l->lib = NULL;
}

/* Is this token at the beginning, as $NAME or ${NAME}?  Its length. */
static size_t
token(const char *text, const char *name)
{
	const size_t len = strlen(name);

	if (strncmp(text, "${", 2) == 0 && strncmp(text + 2, name, len) == 0 &&
	    text[2 + len] == '}')
		return len + 3;
	return strncmp(text + 1, name, len) == 0 ? len + 1 : 0;
}

/* One folder of the path; false when it has to be left out. */
static bool
expand_one(const struct libpath *l, const char *dir, const char *origin,
    char out[PATH_MAX])
{
	char octet[2] = "";
	size_t n;

	out[0] = '\0';
	while (*dir != '\0') {
		if (*dir != '$') {
			octet[0] = *dir++;
			(void)strlcat(out, octet, PATH_MAX);
		} else if ((n = token(dir, "ORIGIN")) > 0) {
			(void)strlcat(out, "/", PATH_MAX);
			(void)strlcat(out, origin, PATH_MAX);
			dir += n;
		} else if (l->lib != NULL && (n = token(dir, "LIB")) > 0) {
			(void)strlcat(out, l->lib, PATH_MAX);
			dir += n;
		} else
			return false;
	}
	return out[0] == '/' && strlen(out) < PATH_MAX - 1;
}

int
libpath_expand(const struct libpath *l, const char *runpath,
    const char *origin, struct strings *folders)
{
	char *copy, *rest, *dir, out[PATH_MAX];
	int result = 0;

	if ((copy = rest = strdup(runpath)) == NULL)
		return -1;
	while (result == 0 && (dir = strsep(&rest, ":")) != NULL)
		if (expand_one(l, dir, origin, out))
			result = strings_add(folders, out);
	free(copy);
	return result;
}
