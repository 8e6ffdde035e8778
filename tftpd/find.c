/* SPDX-License-Identifier: ISC */
/* Which file below pub/ a request gets; holds open, fstat and readdir. */
#include "tftpd/find.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Is `name' this entry in other letters, and before what was found yet? */
static bool
is_better(const char *entry, const char *name, size_t len, const char *best)
{
	return strlen(entry) == len && strncasecmp(entry, name, len) == 0 &&
	    (*best == '\0' || strcmp(entry, best) < 0);
}

/*
 * Replaces the first `len' octets of `name', a folder's entry, by the entry
 * that has them in other letters; of several by the first in order, so that
 * the answer does not change with the folder.
 */
static bool
respell(int bootfd, const char *folder, char *name, size_t len)
{
	char best[NAME_MAX + 1] = "";
	struct dirent *entry;
	int fd = bootdir_openat(bootfd, folder, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);

	if (dir == NULL) {
		if (fd != -1)
			close(fd);
		return false;
	}
	while ((entry = readdir(dir)) != NULL)
		if (is_better(entry->d_name, name, len, best))
			strlcpy(best, entry->d_name, sizeof(best));
	closedir(dir);
	if (*best == '\0')
		return false;
	memcpy(name, best, len);
	return true;
}

/* The whole path, folder by folder; what is there as it is stays so. */
static bool
respell_path(int bootfd, char *path)
{
	char whole[sizeof("pub/") + BOOTDIR_PATH_MAX];
	char *name = whole + strlen("pub/"), *end;
	char after = '/';
	bool sound = true;

	snprintf(whole, sizeof(whole), "pub/%s", path);
	for (; sound && after == '/'; name = end + 1) {
		end = name + strcspn(name, "/");
		after = *end;
		*end = '\0';
		if (!bootdir_exists(bootfd, whole)) {
			name[-1] = '\0';
			sound = respell(bootfd, whole, name,
			    (size_t)(end - name));
			name[-1] = '/';
		}
		*end = after;
	}
	strlcpy(path, whole + strlen("pub/"), BOOTDIR_PATH_MAX);
	return sound;
}

static enum pub_answer
open_path(int bootfd, const struct mac *who, bool any_case,
    struct found *found)
{
	enum pub_answer answer;

	answer = pub_open(bootfd, found->path, who, &found->fd, &found->st);
	if (answer == PUB_NOT_FOUND && any_case &&
	    respell_path(bootfd, found->path))
		answer = pub_open(bootfd, found->path, who, &found->fd,
		    &found->st);
	return answer;
}

enum refusal
find_file(int bootfd, const char *name, const struct mac *who, bool any_case,
    struct found *found)
{
	char mac[MAC_TEXT];
	enum pub_answer answer;

	memset(found, 0, sizeof(*found));
	found->fd = -1;
	if (strcmp(name, FIND_SEED) == 0) {
		found->is_seed = true;
		strlcpy(found->path, name, sizeof(found->path));
		return REFUSAL_NONE;
	}
	if (who != NULL) {
		snprintf(found->path, sizeof(found->path), "machine/%s/%s",
		    mac_format(who, mac), name);
		answer = open_path(bootfd, who, any_case, found);
		/* A folder of that name hides nothing. */
		if (answer != PUB_NOT_FOUND && answer != PUB_NOT_A_FILE)
			return refusal_of_pub(answer);
	}
	strlcpy(found->path, name, sizeof(found->path));
	return refusal_of_pub(open_path(bootfd, who, any_case, found));
}
