/* SPDX-License-Identifier: ISC */
/* Folders of the boot directory, made and removed. */
#include "mkboot/folder.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"

/* The folder that holds `path'; *last is the name within. */
static int
open_parent(int bootfd, const char *path, const char **last)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX] = ".";

	*last = slash == NULL ? path : slash + 1;
	if (strlen(path) >= sizeof(parent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (slash != NULL)
		(void)strlcpy(parent, path, (size_t)(slash - path) + 1);
	return bootdir_openat(bootfd, parent, O_RDONLY | O_DIRECTORY);
}

static int
close_with(int fd, int result)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return result;
}

int
folder_make(int bootfd, const char *path, bool *made)
{
	const char *last;
	int parent, result;

	if (made != NULL)
		*made = false;
	if ((parent = open_parent(bootfd, path, &last)) == -1)
		return -1;
	result = mkdirat(parent, last, 0755);
	if (result == 0 && made != NULL)
		*made = true;
	if (result == -1 && errno == EEXIST)
		result = 0;
	return close_with(parent, result);
}

int
folder_remove(int bootfd, const char *path)
{
	const char *last;
	int parent;

	if ((parent = open_parent(bootfd, path, &last)) == -1)
		return -1;
	return close_with(parent, unlinkat(parent, last, AT_REMOVEDIR));
}

int
folder_parents(int bootfd, const char *top, const char *path)
{
	char parent[PATH_MAX];
	const char *slash = path + strlen(top);

	while (*slash == '/')
		slash++;
	while ((slash = strchr(slash, '/')) != NULL) {
		if ((size_t)(slash - path) >= sizeof(parent)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		(void)strlcpy(parent, path, (size_t)(slash++ - path) + 1);
		if (folder_make(bootfd, parent, NULL) == -1)
			return -1;
	}
	return 0;
}

int
folder_unlink(int bootfd, const char *path)
{
	const char *last;
	int parent, result;

	if ((parent = open_parent(bootfd, path, &last)) == -1)
		return errno == ENOENT ? 0 : -1;
	result = unlinkat(parent, last, 0);
	if (result == -1 && errno == ENOENT)
		result = 0;
	return close_with(parent, result);
}

int
folder_mode(int bootfd, const char *path, mode_t mode)
{
	int fd = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		return -1;
	return close_with(fd, fchmod(fd, mode));
}

int
folder_give(int bootfd, const char *path, uid_t user, gid_t group)
{
	int fd = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		return -1;
	return close_with(fd, fchown(fd, user, group));
}
