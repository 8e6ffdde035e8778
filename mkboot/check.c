/* SPDX-License-Identifier: ISC */
/* mkboot check: reads a boot directory and says what is wrong. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/facts.h"
#include "mkboot/image.h"
#include "mkboot/render.h"

#define PATH_SIZE 1024
#define GROUPS_MAX 256

struct check {
	int bootfd;
	int pubfd;		/* pub/, or -1 */
	size_t faults;
};

static void fault(struct check *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static void
fault(struct check *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	c->faults++;
}

/* The names in a folder; where it cannot be read, that is a fault. */
static void
list(struct check *c, const char *folder, struct strings *names)
{
	if (facts_list(c->bootfd, folder, names) == -1)
		fault(c, "%s: %s", folder, strerror(errno));
}

static void
check_skeleton(struct check *c)
{
	static const char *const needed[] = {
		"pub", "pub/loader", "pub/image", "pub/machine",
		"pub/boot.ipxe", "image", "root", "machine", "seen", "seen/ip"
	};
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!bootdir_exists(c->bootfd, needed[i]))
			fault(c, "%s is missing: `mkboot create' makes it",
			    needed[i]);
}

/* BIOS and x64 UEFI are what nearly every machine is. */
static void
check_loaders(struct check *c)
{
	static const unsigned usual[] = { 0, 7 };
	char path[64];
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		(void)snprintf(path, sizeof(path), "pub/loader/%u", usual[i]);
		/* One that dangles is said by check_pub(). */
		if (fstatat(c->bootfd, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
			fault(c, "%s is missing, so %s gets no loader: "
			    "`mkboot loader' brings it", path,
			    arch_name(usual[i]));
	}
}

static bool
is_other_name(const struct check *c, const char *folder, const char *name)
{
	char path[PATH_SIZE];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return fstatat(c->bootfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode);
}

/* A folder in machine/ or pub/machine/ that no machine will ever ask for. */
static bool
check_machine_name(struct check *c, const char *folder, const char *name)
{
	char good[NAME_MACHINE_SIZE];

	if (name_is_machine(name))
		return true;
	/* A link may be another name: a UUID, a serial number. */
	if (is_other_name(c, folder, name))
		return false;
	if (name_machine(name, good))
		fault(c, "%s/%s: no machine finds it: mv %s %s", folder, name,
		    name, good);
	else
		fault(c, "%s/%s: neither a MAC nor `default'", folder, name);
	return false;
}

static void
check_machine(struct check *c, const char *name)
{
	struct machine_facts m;
	struct image_facts image;
	struct why why = { "" };

	if (facts_machine(c->bootfd, name, &m, &why) == -1)
		fault(c, "machine %s: %s", name, why.text);
	else if (*facts_boots(&m) != '\0' &&
	    facts_image(c->bootfd, facts_boots(&m), &image, &why) == -1)
		return;		/* said of the image */
	else if (render_is_stale(c->bootfd, name))
		fault(c, "pub/machine/%s is out of date: `mkboot render %s'",
		    name, name);
}

static void
check_machines(struct check *c)
{
	struct strings names = { NULL, 0 };
	size_t i;

	list(c, "machine", &names);
	for (i = 0; i < names.n; i++)
		if (check_machine_name(c, "machine", names.at[i]))
			check_machine(c, names.at[i]);
	strings_free(&names);
}

static void
check_images(struct check *c)
{
	struct strings names = { NULL, 0 };
	size_t i;

	list(c, "image", &names);
	for (i = 0; i < names.n; i++)
		c->faults += image_faults(c->bootfd, names.at[i], false);
	strings_free(&names);
}

/* What was rendered for machines that are gone. */
static void
check_rendered(struct check *c)
{
	struct strings names = { NULL, 0 };
	char path[PATH_SIZE];
	size_t i;

	list(c, "pub/machine", &names);
	for (i = 0; i < names.n; i++) {
		if (!check_machine_name(c, "pub/machine", names.at[i]))
			continue;
		(void)snprintf(path, sizeof(path), "machine/%s", names.at[i]);
		if (!bootdir_exists(c->bootfd, path))
			fault(c, "pub/machine/%s: no such machine any more: "
			    "`mkboot render' removes it", names.at[i]);
	}
	strings_free(&names);
}

static void check_pub(struct check *, const char *);

/*
 * What is in pub/ is for everybody; only below pub/machine/ may a file be for
 * its machine alone.
 */
static void
check_mode(struct check *c, const char *path, mode_t mode)
{
	if (S_ISDIR(mode) && (mode & S_IXOTH) == 0)
		fault(c, "pub/%s: the daemons may not look into it: "
		    "chmod o+x", path);
	else if (!S_ISDIR(mode) && !S_ISREG(mode))
		fault(c, "pub/%s: neither a file nor a folder", path);
	else if (S_ISREG(mode) && (mode & S_IROTH) == 0 &&
	    strncmp(path, "machine/", 8) != 0)
		fault(c, "pub/%s: not world-readable, so nobody is given it: "
		    "chmod o+r", path);
}

static bool
is_link(int dirfd, const char *path)
{
	struct stat st;
	int fd = bootdir_openat(dirfd, path, O_PATH | O_NOFOLLOW);
	bool link;

	if (fd == -1)
		return false;
	link = fstat(fd, &st) == 0 && S_ISLNK(st.st_mode);
	close(fd);
	return link;
}

static void
check_pub_entry(struct check *c, const char *path)
{
	struct stat st;
	int fd = bootdir_openat(c->pubfd, path, O_PATH);

	if (fd == -1) {
		fault(c, "pub/%s: %s", path, errno == ENOENT ?
		    "the link leads nowhere" : errno == EXDEV ?
		    "the link leads out of pub/, so nobody is given it" :
		    strerror(errno));
		return;
	}
	if (fstat(fd, &st) == -1)
		fault(c, "pub/%s: %s", path, strerror(errno));
	else {
		check_mode(c, path, st.st_mode);
		/* A link into pub/ leads to what is looked at anyway. */
		if (S_ISDIR(st.st_mode) && !is_link(c->pubfd, path))
			check_pub(c, path);
	}
	close(fd);
}

static void
check_pub(struct check *c, const char *folder)
{
	struct strings names = { NULL, 0 };
	char path[PATH_SIZE];
	size_t i;

	if (facts_list(c->pubfd, folder, &names) == -1)
		fault(c, "pub/%s: %s", folder, strerror(errno));
	for (i = 0; i < names.n; i++)
		if (snprintf(path, sizeof(path), "%s%s%s",
		    strcmp(folder, ".") == 0 ? "" : folder,
		    strcmp(folder, ".") == 0 ? "" : "/",
		    names.at[i]) >= (int)sizeof(path))
			fault(c, "pub/%s/...: a path longer than %zu octets",
			    folder, sizeof(path) - 1);
		else
			check_pub_entry(c, path);
	strings_free(&names);
}

static bool
is_member(const struct passwd *user, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	int n = GROUPS_MAX;
	int i;

	if (getgrouplist(user->pw_name, user->pw_gid, groups, &n) == -1)
		n = GROUPS_MAX;
	for (i = 0; i < n; i++)
		if (groups[i] == group)
			return true;
	return false;
}

static bool
may_write(const struct passwd *user, const struct stat *st)
{
	const mode_t owner = S_IWUSR | S_IXUSR, group = S_IWGRP | S_IXGRP,
	    other = S_IWOTH | S_IXOTH;

	if (user->pw_uid == 0)
		return true;
	if (st->st_uid == user->pw_uid)
		return (st->st_mode & owner) == owner;
	if (is_member(user, st->st_gid))
		return (st->st_mode & group) == group;
	return (st->st_mode & other) == other;
}

static void
check_seen(struct check *c, const struct passwd *user)
{
	static const char *const folders[] = { "seen", "seen/ip" };
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (fstatat(c->bootfd, folders[i], &st, 0) == 0 &&
		    !may_write(user, &st))
			fault(c, "%s: %s may not write there: chown %s",
			    folders[i], user->pw_name, user->pw_name);
}

int
check_main(int argc, char **argv)
{
	const char *dir = BOOTDIR_DEFAULT;
	const struct passwd *user = NULL;
	struct check c = { .faults = 0 };
	int flag;

	while ((flag = command_flag(argc, argv, "d:u:")) != -1)
		switch (flag) {
		case 'd': dir = optarg; break;
		case 'u': user = command_user(optarg); break;
		default: command_usage("check [-d dir] [-u user]");
		}
	c.bootfd = command_bootdir(dir);
	c.pubfd = bootdir_openat(c.bootfd, "pub", O_RDONLY | O_DIRECTORY);
	check_skeleton(&c);
	check_loaders(&c);
	check_images(&c);
	check_machines(&c);
	check_rendered(&c);
	if (c.pubfd != -1) {
		check_pub(&c, ".");
		close(c.pubfd);
	}
	if (user != NULL)
		check_seen(&c, user);
	close(c.bootfd);
	if (c.faults == 0)
		puts("ok");
	return c.faults == 0 ? EXIT_OK : EXIT_USER;
}
