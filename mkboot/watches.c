/* SPDX-License-Identifier: ISC */
/* Where mkboot watch looks: inotify watches on the boot directory. */
#include "mkboot/watches.h"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/facts.h"

#define EVENTS (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | \
	IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | \
	IN_EXCL_UNLINK)

/*
 * A watch on a folder, found without leaving the boot directory.  One that is
 * gone meanwhile is no error: its parent's watch tells of that.
 */
static int
watch_folder(struct watches *w, int folder, const char *path,
    enum watched_kind kind, const char *machine)
{
	char by_fd[64];
	int wd;

	(void)snprintf(by_fd, sizeof(by_fd), "/proc/self/fd/%d", folder);
	wd = inotify_add_watch(w->notify, by_fd, EVENTS);
	if (wd == -1 && errno == ENOSPC)
		log_fatal(EXIT_SYSTEM, "%s: no more watches; the kernel's "
		    "limit is fs.inotify.max_user_watches", path);
	if (wd == -1) {
		log_warn("%s is not watched: %s", path, strerror(errno));
		return -1;
	}
	if (watched_add(&w->watched, wd, kind, machine) == -1)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
	return 0;
}

/* A folder and all that is below: each folder has a watch of its own. */
static void
watch_tree(struct watches *w, int folder, const char *path,
    enum watched_kind kind, const char *machine)
{
	struct strings names = { NULL, 0 };
	char below[PATH_MAX];
	size_t i;
	int fd;

	if (watch_folder(w, folder, path, kind, machine) == -1)
		return;
	if (facts_names(folder, &names) == -1)
		log_warn("%s: %s", path, strerror(errno));
	for (i = 0; i < names.n; i++) {
		fd = openat(folder, names.at[i],
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd == -1)
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path,
		    names.at[i]) < (int)sizeof(below))
			watch_tree(w, fd, below, kind, machine);
		close(fd);
	}
	strings_free(&names);
}

/* The tree at this path of the boot directory, where there is one. */
static void
watch_path(struct watches *w, const char *path, enum watched_kind kind,
    const char *machine)
{
	int fd = bootdir_openat(w->bootfd, path, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		return;
	watch_tree(w, fd, path, kind, machine);
	close(fd);
}

/* What boots another image once is done with it when its log says so. */
static void
watch_log(struct watches *w, const char *machine)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "seen/%s", machine);
	fd = bootdir_openat(w->bootfd, path, O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return;
	(void)watch_folder(w, fd, path, WATCHED_LOG, machine);
	close(fd);
}

void
watches_machine(struct watches *w, const char *name)
{
	static const char *const trees[] = { "files", "group", "var", "menu" };
	char path[64];
	struct stat st;
	int folder;
	size_t i;

	if ((folder = facts_machine_folder(w->bootfd, name)) == -1)
		return;
	(void)snprintf(path, sizeof(path), "machine/%s", name);
	(void)watch_folder(w, folder, path, WATCHED_MACHINE, name);
	for (i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		(void)snprintf(path, sizeof(path), "machine/%s/%s", name,
		    trees[i]);
		watch_path(w, path, WATCHED_FILES, name);
	}
	if (fstatat(folder, "next", &st, AT_SYMLINK_NOFOLLOW) == 0)
		watch_log(w, name);
	close(folder);
}

/* machine/, image/ or seen/: without it there is nothing to do here. */
static void
watch_top(struct watches *w, const char *path, enum watched_kind kind)
{
	int fd = bootdir_openat(w->bootfd, path, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		log_fatal(errno == ENOENT ? EXIT_USER : EXIT_SYSTEM,
		    "%s: %s; `mkboot create' makes it", path,
		    strerror(errno));
	if (watch_folder(w, fd, path, kind, "") == -1)
		exit(EXIT_SYSTEM);
	close(fd);
}

/* An image's own facts, and its templates; root leads to a whole system. */
static void
watch_image(struct watches *w, const char *image)
{
	static const char *const trees[] = { "template", "pub", "var" };
	char path[PATH_MAX];
	size_t i;
	int fd;

	fd = bootdir_openat(w->bootfd, image, O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return;
	(void)watch_folder(w, fd, image, WATCHED_IMAGE, "");
	close(fd);
	for (i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		if (snprintf(path, sizeof(path), "%s/%s", image, trees[i]) <
		    (int)sizeof(path))
			watch_path(w, path, WATCHED_IMAGE, "");
}

void
watches_images(struct watches *w)
{
	struct strings names = { NULL, 0 };
	char path[PATH_MAX];
	size_t i;

	watch_top(w, "image", WATCHED_IMAGES);
	(void)facts_list(w->bootfd, "image", &names);
	for (i = 0; i < names.n; i++) {
		(void)snprintf(path, sizeof(path), "image/%s", names.at[i]);
		watch_image(w, path);
	}
	strings_free(&names);
}

void
watches_seen(struct watches *w)
{
	int fd;

	watch_top(w, "seen", WATCHED_SEEN);
	fd = bootdir_openat(w->bootfd, "seen/ip", O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return;
	(void)watch_folder(w, fd, "seen/ip", WATCHED_ADDRESSES, "");
	close(fd);
}

size_t
watches_machines(struct watches *w)
{
	struct strings names = { NULL, 0 };
	size_t i, n = 0;

	watch_top(w, "machine", WATCHED_MACHINES);
	(void)facts_list(w->bootfd, "machine", &names);
	for (i = 0; i < names.n; i++)
		if (name_is_machine(names.at[i])) {
			watches_machine(w, names.at[i]);
			n++;
		}
	strings_free(&names);
	return n;
}
