/* SPDX-License-Identifier: ISC */
/* A walk over a tree. */
#include "mkboot/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/facts.h"

struct walk {
	int (*visit)(void *, const char *, const struct stat *);
	void *context;
	dev_t device;
	char path[PATH_MAX];	/* what is visited now */
};

static int walk_folder(struct walk *, int folder, unsigned depth);

static int
walk_entry(struct walk *w, int folder, const char *name, unsigned depth)
{
	struct stat st;
	int below, result, error;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? 0 : -1;
	if ((result = w->visit(w->context, w->path, &st)) == -1 ||
	    !S_ISDIR(st.st_mode) || st.st_dev != w->device || depth <= 1)
		return result;
	below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (below == -1)
		return -1;
	result = walk_folder(w, below, depth - 1);
	error = errno;
	close(below);
	errno = error;
	return result;
}

static int
walk_folder(struct walk *w, int folder, unsigned depth)
{
	struct strings names = { NULL, 0 };
	const size_t len = strlen(w->path);
	int result;
	size_t i;

	result = facts_names(folder, &names);
	for (i = 0; i < names.n && result == 0; i++) {
		if (snprintf(w->path + len, sizeof(w->path) - len, "%s%s",
		    len == 0 ? "" : "/", names.at[i]) >=
		    (int)(sizeof(w->path) - len)) {
			errno = ENAMETOOLONG;
			result = -1;
			break;
		}
		result = walk_entry(w, folder, names.at[i], depth);
	}
	w->path[len] = '\0';
	strings_free(&names);
	return result;
}

int
walk(int folder, unsigned depth, int (*visit)(void *, const char *,
    const struct stat *), void *context)
{
	struct walk w = { .visit = visit, .context = context };
	struct stat st;

	if (fstat(folder, &st) == -1)
		return -1;
	w.device = st.st_dev;
	return walk_folder(&w, folder, depth);
}
