/* SPDX-License-Identifier: ISC */
/* A revision while it is made, hidden; and how it is put in place. */
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/image.h"
#include "mkboot/publish.h"
#include "mkboot/render.h"
#include "mkboot/revision.h"

#define PATH_SIZE (sizeof("pub/image/..new") + REVISION_SIZE)

void
image_stage_files(const struct image_order *o, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/pub/image/.%s.new", o->dir,
	    o->name);
}

void
image_stage_root(const struct image_order *o, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/root/.%s.new", o->dir, o->name);
}

static int
remove_entries(int folder, dev_t device)
{
	struct strings names = { NULL, 0 };
	struct stat st;
	int result, below;
	size_t i;

	result = facts_names(folder, &names);
	for (i = 0; i < names.n && result == 0; i++) {
		result = unlinkat(folder, names.at[i], 0);
		if (result == 0 || (errno != EISDIR && errno != EPERM))
			continue;
		below = openat(folder, names.at[i], O_RDONLY | O_DIRECTORY |
		    O_NOFOLLOW | O_CLOEXEC);
		if (below == -1)
			break;
		if (fstat(below, &st) == 0 && st.st_dev != device)
			errno = EBUSY;	/* something is mounted there */
		else
			result = remove_entries(below, device);
		close(below);
		if (result == 0)
			result = unlinkat(folder, names.at[i], AT_REMOVEDIR);
	}
	strings_free(&names);
	return result;
}

int
image_remove_tree(int dirfd, const char *name)
{
	struct stat st;
	int folder, result, error;

	folder = bootdir_openat(dirfd, name, O_RDONLY | O_DIRECTORY |
	    O_NOFOLLOW);
	if (folder == -1)
		return errno == ENOENT ? 0 : -1;
	result = fstat(folder, &st);
	if (result == 0)
		result = remove_entries(folder, st.st_dev);
	error = errno;
	close(folder);
	errno = error;
	return result == 0 ? folder_remove(dirfd, name) : -1;
}

static void
remove_one(const struct image_order *o, const char *folder)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/.%s.new", folder, o->name);
	if (image_remove_tree(o->bootfd, path) == -1)
		log_warn("%s/%s: cannot be removed: %s", o->dir, path,
		    strerror(errno));
}

void
image_stage_remove(const struct image_order *o)
{
	remove_one(o, "root");
	remove_one(o, "pub/image");
}

int
image_stage_begin(const struct image_order *o)
{
	char path[PATH_SIZE];
	struct stat st;
	int fd;

	(void)snprintf(path, sizeof(path), "pub/image/.%s.new", o->name);
	if (folder_make(o->bootfd, path, NULL) == -1)
		log_fatal(errno == ENOENT ? EXIT_USER : EXIT_SYSTEM,
		    "%s: %s%s", path, strerror(errno), errno == ENOENT ?
		    "; `mkboot create' makes what is missing" : "");
	fd = bootdir_openat(o->bootfd, path, O_RDONLY | O_DIRECTORY);
	if (fd == -1 || flock(fd, LOCK_EX | LOCK_NB) == -1)
		log_fatal(errno == EWOULDBLOCK ? EXIT_USER : EXIT_SYSTEM,
		    "image %s: %s", o->name, errno == EWOULDBLOCK ?
		    "another mkboot makes it now" : strerror(errno));
	/* What one that was killed has left. */
	remove_one(o, "root");
	if (fstat(fd, &st) == -1 || remove_entries(fd, st.st_dev) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	return fd;
}

static void
move(const struct image_order *o, const char *from, const char *to)
{
	if (renameat(o->bootfd, from, o->bootfd, to) == -1)
		log_fatal(EXIT_SYSTEM, "%s to %s: %s", from, to,
		    strerror(errno));
}

/*
 * An image that was made before there were revisions: its folder becomes the
 * first of them, and is a link to it at every moment.
 */
static void
make_first(const struct image_order *o, unsigned number)
{
	char path[PATH_SIZE], first[PATH_SIZE], link[PATH_SIZE];
	char name[REVISION_SIZE];

	revision_name(o->name, number, name);
	(void)snprintf(path, sizeof(path), "pub/image/%s", o->name);
	(void)snprintf(first, sizeof(first), "pub/image/%s", name);
	(void)snprintf(link, sizeof(link), "pub/image/.%s.link", o->name);
	(void)folder_unlink(o->bootfd, link);
	if (symlinkat(name, o->bootfd, link) == -1 ||
	    syscall(SYS_renameat2, o->bootfd, link, o->bootfd, path,
	    RENAME_EXCHANGE) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	move(o, link, first);
}

static bool
is_folder(int bootfd, const char *path)
{
	struct stat st;

	return fstatat(bootfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

unsigned
image_stage_settle(const struct image_order *o)
{
	unsigned files = revision_highest(o->bootfd, "pub/image", o->name);
	unsigned root = revision_highest(o->bootfd, "root", o->name);
	unsigned number = (files > root ? files : root) + 1;
	char from[PATH_SIZE], to[PATH_SIZE], name[REVISION_SIZE];

	/* All of it is on the disk before anybody is led to it. */
	(void)syncfs(o->bootfd);
	(void)snprintf(to, sizeof(to), "pub/image/%s", o->name);
	if (is_folder(o->bootfd, to))
		make_first(o, number++);
	revision_name(o->name, number, name);
	(void)snprintf(from, sizeof(from), "root/.%s.new", o->name);
	(void)snprintf(to, sizeof(to), "root/%s", name);
	if (is_folder(o->bootfd, from))
		move(o, from, to);
	(void)snprintf(from, sizeof(from), "pub/image/.%s.new", o->name);
	(void)snprintf(to, sizeof(to), "pub/image/%s", name);
	move(o, from, to);
	return number;
}

static void
put_link(int bootfd, const char *path, const char *target)
{
	if (publish_link(bootfd, path, target, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
}

/* root/NAME too, for other servers; a folder there is somebody's own. */
static void
use_root(int bootfd, const char *name, const char *revision)
{
	char path[PATH_SIZE], target[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "root/%s", revision);
	if (!bootdir_exists(bootfd, path)) {
		(void)snprintf(path, sizeof(path), "root/%s", name);
		if (!is_folder(bootfd, path))
			return;
		revision = name;
	}
	(void)snprintf(path, sizeof(path), "image/%s/root", name);
	(void)snprintf(target, sizeof(target), "../../root/%s", revision);
	put_link(bootfd, path, target);
	(void)snprintf(path, sizeof(path), "root/%s", name);
	if (!is_folder(bootfd, path))
		put_link(bootfd, path, revision);
}

void
image_use(int bootfd, const char *name, unsigned revision)
{
	char path[PATH_SIZE], target[REVISION_SIZE];

	revision_name(name, revision, target);
	use_root(bootfd, name, target);
	(void)snprintf(path, sizeof(path), "pub/image/%s", name);
	put_link(bootfd, path, target);
	image_render(bootfd);
}

/*
 * The machines that boot it may get another script.  What is wrong with one
 * of them is said, and no fault of the image.
 */
void
image_render(int bootfd)
{
	int lock = command_render_lock(bootfd);

	(void)render_all(bootfd, render_print);
	close(lock);
}
