/* SPDX-License-Identifier: ISC */
/* From the initrd to the system: moves mounts, frees memory, becomes init. */
#include "mkboot/init/switchroot.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/say.h"

/* Is it a program, when `root' is the root? */
static bool
is_program(int root, const char *path)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT
	};
	struct stat st;
	bool yes;
	int fd;

	fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	if (fd == -1)
		return false;
	yes = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & 0111) != 0;
	close(fd);
	return yes;
}

const char *
switchroot_find_init(const char *root, const char *asked)
{
	static const char *const usual[] = {
		"/sbin/init", "/lib/systemd/systemd", "/etc/init", "/bin/init"
	};
	const char *found = NULL;
	size_t i;
	int fd;

	if ((fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC)) == -1)
		say_fatal("root: %s", strerror(errno));
	if (asked[0] != '\0') {
		if (!is_program(fd, asked))
			say_fatal("init=%s: no such program in the root; see "
			    "to init= or to the root's files", asked);
		found = asked;
	}
	for (i = 0; found == NULL && i < sizeof(usual) / sizeof(usual[0]); i++)
		if (is_program(fd, usual[i]))
			found = usual[i];
	close(fd);
	if (found == NULL)
		say_fatal("root: neither /sbin/init nor "
		    "/lib/systemd/systemd is in it; is it a whole system? "
		    "init=PATH names another program");
	return found;
}

/*
 * A root may be made without them; a read-only one must have them.  The
 * folder is made only when it is missed: NFS says EROFS to one that exists.
 */
static void
carry_mount(const char *root, const char *name)
{
	char to[256];

	snprintf(to, sizeof(to), "%s%s", root, name);
	if (mount(name, to, NULL, MS_MOVE, NULL) == 0)
		return;
	if (errno == ENOENT && mkdir(to, 0755) == 0 &&
	    mount(name, to, NULL, MS_MOVE, NULL) == 0)
		return;
	say_warn("root: %s: %s; make that folder in the root", name,
	    strerror(errno));
}

/* Empties a folder, but enters nothing that is mounted on top of it. */
static void
empty_folder(int folder, dev_t device)
{
	struct dirent *entry;
	struct stat st;
	DIR *dir;
	int fd;

	if ((dir = fdopendir(folder)) == NULL) {
		close(folder);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    fstatat(dirfd(dir), entry->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) == -1 || st.st_dev != device)
			continue;
		if (!S_ISDIR(st.st_mode)) {
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
			continue;
		}
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY |
		    O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd != -1)
			empty_folder(fd, device);
		(void)unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	closedir(dir);
}

/* Only ever what the kernel unpacked into memory. */
static void
empty_initrd(int folder)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(folder, &fs) == 0 && fstat(folder, &st) == 0 &&
	    (fs.f_type == RAMFS_MAGIC || fs.f_type == TMPFS_MAGIC))
		empty_folder(folder, st.st_dev);
	else
		close(folder);
}

/* The system's first program talks to its own console. */
static void
open_console(void)
{
	const int fd = open("/dev/console", O_RDWR | O_NOCTTY);

	if (fd == -1)
		return;
	(void)dup2(fd, STDIN_FILENO);
	(void)dup2(fd, STDOUT_FILENO);
	(void)dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

void
switchroot(const char *root, const char *init, char **argv)
{
	static const char *const mounts[] = { "/dev", "/proc", "/sys", "/run" };
	const char *shown = init;
	size_t i;
	int initrd;

	initrd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		carry_mount(root, mounts[i]);
	if (chdir(root) == -1)
		say_fatal("root: %s", strerror(errno));
	if (initrd != -1)
		empty_initrd(initrd);
	if (mount(".", "/", NULL, MS_MOVE, NULL) == -1 || chroot(".") == -1 ||
	    chdir("/") == -1)
		say_fatal("root: switching to it: %s", strerror(errno));
	open_console();
	/* What the kernel did not know goes on to the system, as it would. */
	argv[0] = strdup(init);
	if (argv[0] != NULL)
		execv(init, argv);
	say_fatal("init: %s: %s%s", shown, strerror(errno), errno == ENOENT ?
	    "; the program that loads it (its interpreter) is not in the root" :
	    "");
}
