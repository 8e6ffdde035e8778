/* SPDX-License-Identifier: ISC */
/* mkboot image list, switch and rm. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
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
#include "mkboot/revision.h"
#include "mkboot/walk.h"

#define PATH_SIZE (sizeof("pub/image/") + REVISION_SIZE + 16)

struct words {
	const char *dir, *name, *revision;	/* NULL: not said */
};

static int
open_words(struct words *w, int argc, char **argv, const char *usage)
{
	int c;

	*w = (struct words){ .dir = BOOTDIR_DEFAULT };
	while ((c = command_flag(argc, argv, "d:")) != -1)
		if (c == 'd')
			w->dir = optarg;
		else if (c == COMMAND_OPERAND && w->name == NULL)
			w->name = optarg;
		else if (c == COMMAND_OPERAND && w->revision == NULL)
			w->revision = optarg;
		else
			command_usage(usage);
	return command_bootdir(w->dir);
}

/* Machines that boot this image, by `image' or `next'. */
static void
users_of(int bootfd, const char *image, struct strings *users)
{
	struct strings names = { NULL, 0 };
	struct machine_facts m;
	struct why why = { "" };
	size_t i;

	if (facts_machines(bootfd, &names) == -1)
		log_fatal(EXIT_SYSTEM, "machine/: %s", strerror(errno));
	for (i = 0; i < names.n; i++) {
		(void)facts_machine(bootfd, names.at[i], &m, &why);
		if ((strcmp(m.image, image) == 0 ||
		    strcmp(m.next, image) == 0) &&
		    strings_add(users, names.at[i]) == -1)
			log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
	}
	strings_free(&names);
}

static int
add_blocks(void *blocks, const char *path, const struct stat *st)
{
	(void)path;
	*(uintmax_t *)blocks += (uintmax_t)st->st_blocks;
	return 0;
}

/* Octets on the disk below pub/image/NAME and root/NAME. */
static uintmax_t
size_of(int bootfd, const char *name)
{
	static const char *const tops[] = { "pub/image", "root" };
	char path[PATH_SIZE];
	uintmax_t blocks = 0;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", tops[i], name);
		fd = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);
		if (fd == -1)
			continue;
		(void)walk(fd, UINT_MAX, add_blocks, &blocks);
		close(fd);
	}
	return blocks * 512;
}

static void
show_revisions(int bootfd, const char *image)
{
	struct strings revisions = { NULL, 0 };
	unsigned current = revision_current(bootfd, image), n;
	size_t i;

	if (revision_list(bootfd, "pub/image", image, &revisions) == -1)
		log_fatal(EXIT_SYSTEM, "pub/image: %s", strerror(errno));
	if (current == 0)
		printf("  - %ju MiB\n", size_of(bootfd, image) >> 20);
	for (i = 0; i < revisions.n; i++) {
		n = revision_number(image, revisions.at[i]);
		printf("  %u%s %ju MiB\n", n, n == current ? " booted" : "",
		    size_of(bootfd, revisions.at[i]) >> 20);
	}
	strings_free(&revisions);
}

static void
show(int bootfd, const char *name)
{
	struct strings users = { NULL, 0 };
	struct image_facts image;
	struct why why = { "" };

	users_of(bootfd, name, &users);
	if (facts_image(bootfd, name, &image, &why) == -1)
		printf("%s: %s\n", name, why.text);
	else
		printf("%s %s, %zu machine%s\n", name,
		    script_kind_name(image.kind), users.n,
		    users.n == 1 ? "" : "s");
	show_revisions(bootfd, name);
	strings_free(&users);
}

int
image_list(int argc, char **argv)
{
	struct strings names = { NULL, 0 };
	struct words w;
	int bootfd;
	size_t i;

	bootfd = open_words(&w, argc, argv, "image list [-d dir] [name]");
	if (w.name != NULL)
		show(bootfd, w.name);
	else if (facts_list(bootfd, "image", &names) == -1)
		log_fatal(EXIT_SYSTEM, "image: %s", strerror(errno));
	for (i = 0; i < names.n; i++)
		show(bootfd, names.at[i]);
	strings_free(&names);
	close(bootfd);
	return EXIT_OK;
}

/* The number of a revision that is there; or the end. */
static unsigned
check_revision(int bootfd, const struct words *w)
{
	char name[REVISION_SIZE + 16], path[PATH_SIZE];
	unsigned number;

	(void)snprintf(name, sizeof(name), "%s@%.10s", w->name, w->revision);
	number = revision_number(w->name, name);
	(void)snprintf(path, sizeof(path), "pub/image/%s", name);
	if (number == 0 || !bootdir_exists(bootfd, path))
		log_fatal(EXIT_USER, "image %s has no revision %s; `mkboot "
		    "image list %s' shows them", w->name, w->revision,
		    w->name);
	return number;
}

int
image_switch(int argc, char **argv)
{
	const char *usage = "image switch [-d dir] name revision";
	struct words w;
	unsigned number;
	int bootfd;

	bootfd = open_words(&w, argc, argv, usage);
	if (w.name == NULL || w.revision == NULL)
		command_usage(usage);
	image_check_name(w.name);
	number = check_revision(bootfd, &w);
	image_use(bootfd, w.name, number);
	close(bootfd);
	return EXIT_OK;
}

static void
remove_at(int bootfd, const char *folder, const char *name)
{
	char path[PATH_SIZE];
	struct stat st;
	int result = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (fstatat(bootfd, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return;
	result = S_ISDIR(st.st_mode) ? image_remove_tree(bootfd, path) :
	    folder_unlink(bootfd, path);
	if (result == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
}

static void
remove_revision(int bootfd, const struct words *w)
{
	char name[REVISION_SIZE];
	unsigned number = check_revision(bootfd, w);

	if (number == revision_current(bootfd, w->name))
		log_fatal(EXIT_USER, "image %s: revision %u is booted; "
		    "`mkboot image switch' takes another first", w->name,
		    number);
	revision_name(w->name, number, name);
	remove_at(bootfd, "pub/image", name);
	remove_at(bootfd, "root", name);
}

/* What leads to it first, so that nobody is led to a part of it. */
static void
remove_image(int bootfd, const char *name)
{
	struct strings revisions = { NULL, 0 };
	size_t i;

	remove_at(bootfd, "pub/image", name);
	remove_at(bootfd, "image", name);
	(void)revision_list(bootfd, "root", name, &revisions);
	(void)revision_list(bootfd, "pub/image", name, &revisions);
	for (i = 0; i < revisions.n; i++) {
		remove_at(bootfd, "pub/image", revisions.at[i]);
		remove_at(bootfd, "root", revisions.at[i]);
	}
	strings_free(&revisions);
}

static void
check_unused(int bootfd, const char *name)
{
	struct strings users = { NULL, 0 };
	char text[256];

	users_of(bootfd, name, &users);
	if (users.n > 0)
		log_fatal(EXIT_USER, "image %s: machines boot it:%s; `mkboot "
		    "machine -i OTHER' first", name,
		    strings_join(&users, text, sizeof(text)));
	strings_free(&users);
}

/* root/NAME as a folder is the user's own, and stays; as a link it is ours. */
static void
remove_root_link(int bootfd, const struct words *w)
{
	char path[PATH_SIZE];
	struct stat st;

	(void)snprintf(path, sizeof(path), "root/%s", w->name);
	if (fstatat(bootfd, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return;
	if (S_ISLNK(st.st_mode))
		remove_at(bootfd, "root", w->name);
	else
		printf("%s/%s is left there\n", w->dir, path);
}

int
image_rm(int argc, char **argv)
{
	const char *usage = "image rm [-d dir] name [revision]";
	char path[PATH_SIZE];
	struct words w;
	int bootfd;

	bootfd = open_words(&w, argc, argv, usage);
	if (w.name == NULL)
		command_usage(usage);
	image_check_name(w.name);
	(void)snprintf(path, sizeof(path), "image/%s", w.name);
	if (!bootdir_exists(bootfd, path))
		log_fatal(EXIT_USER, "there is no image %s", w.name);
	if (w.revision != NULL)
		remove_revision(bootfd, &w);
	else {
		check_unused(bootfd, w.name);
		remove_root_link(bootfd, &w);
		remove_image(bootfd, w.name);
	}
	close(bootfd);
	return EXIT_OK;
}
