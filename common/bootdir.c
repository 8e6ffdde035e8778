/* SPDX-License-Identifier: ISC */
/* The boot directory: look-ups that never leave it. */
#include "common/bootdir.h"

#include <sys/syscall.h>

#include <linux/openat2.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/once.h"

#define LOOKS_MAX 8	/* at a file that is replaced all the time */
#define RACES_MAX 10000	/* lost one after the other: never seen above 20 */

static const char *const words[] = {
	[PUB_OK] = "ok",
	[PUB_NOT_FOUND] = "no such file",
	[PUB_LEADS_OUT] = "the path leads out of pub/",
	[PUB_PRIVATE] = "the file is not world-readable",
	[PUB_SPENT] = "it was given already in this boot",
	[PUB_NOT_A_FILE] = "not a regular file",
	[PUB_BAD_NAME] = "not a usable file name",
	[PUB_SYSTEM_ERROR] = "the server cannot read it",
};

const char *
pub_answer_words(enum pub_answer answer)
{
	return words[answer];
}

int
bootdir_openat(int dirfd, const char *path, int flags)
{
	/* O_PATH opens nothing, and openat2 refuses O_NOCTTY beside it. */
	const int noctty = (flags & O_PATH) != 0 ? 0 : O_NOCTTY;
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC | noctty),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};

	int fd, races = 0;

	/*
	 * Where `..' is on the way the kernel cannot tell that it stays
	 * beneath while anything anywhere is being renamed: it says EAGAIN,
	 * openat2(2), and means it.
	 */
	do
		fd = (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
	while (fd == -1 && errno == EAGAIN && ++races < RACES_MAX);
	return fd;
}

int
bootdir_open(const char *path)
{
	int probe, fd;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	/* A kernel without openat2 (before 5.6) must be told of at once. */
	probe = bootdir_openat(fd, ".", O_PATH);
	if (probe == -1) {
		close(fd);
		return -1;
	}
	close(probe);
	return fd;
}

bool
bootdir_line(int bootfd, const char *path, char *line, size_t size)
{
	ssize_t len;
	int fd;

	line[0] = '\0';
	fd = bootdir_openat(bootfd, path, O_RDONLY | O_NONBLOCK);
	if (fd == -1)
		return false;
	len = read(fd, line, size - 1);
	close(fd);
	if (len == -1) {
		line[0] = '\0';
		return false;
	}
	line[len] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

bool
bootdir_exists(int bootfd, const char *path)
{
	int fd = bootdir_openat(bootfd, path, O_PATH);

	if (fd == -1)
		return false;
	close(fd);
	return true;
}

const char *
bootdir_machine(int bootfd, const struct mac *mac, char *path, size_t size)
{
	char text[MAC_TEXT];

	snprintf(path, size, "machine/%s", mac_format(mac, text));
	if (bootdir_exists(bootfd, path))
		return path;
	snprintf(path, size, "machine/default");
	return bootdir_exists(bootfd, path) ? path : NULL;
}

static enum pub_answer
answer_for_errno(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return PUB_NOT_FOUND;
	case EXDEV:
	case ELOOP:
		return PUB_LEADS_OUT;
	case EACCES:
	case EPERM:
		return PUB_PRIVATE;
	case ENAMETOOLONG:
	case EINVAL:
		return PUB_BAD_NAME;
	default:
		return PUB_SYSTEM_ERROR;
	}
}

/* Has it a segment with a leading dot, other than `.' and `..'? */
static bool
is_hidden(const char *name)
{
	size_t len;

	for (; *name != '\0'; name += len + (name[len] == '/')) {
		len = strcspn(name, "/");
		if (*name == '.' && strncmp(name, "..", len) != 0)
			return true;
	}
	return false;
}

/*
 * Is this file in the folder that is the asking machine's own?  Other names
 * may lead there too, by a link: its MAC with colons, its UUID.  So what
 * counts is that its own folder has just this file.
 */
static bool
is_own(int pubfd, const char *name, const struct mac *who,
    const struct stat *st)
{
	static const char machines[] = "machine/";
	char own[BOOTDIR_PATH_MAX + MAC_TEXT], text[MAC_TEXT];
	const char *rest;
	struct stat same;
	bool is;
	int fd;

	if (who == NULL || strncmp(name, machines, strlen(machines)) != 0 ||
	    strstr(name, "..") != NULL ||
	    (rest = strchr(name + strlen(machines), '/')) == NULL)
		return false;
	snprintf(own, sizeof(own), "machine/%s%s", mac_format(who, text),
	    rest);
	if ((fd = bootdir_openat(pubfd, own, O_PATH)) == -1)
		return false;
	is = fstat(fd, &same) == 0 && same.st_dev == st->st_dev &&
	    same.st_ino == st->st_ino;
	close(fd);
	return is;
}

/* May this file be given to who asks? */
static enum pub_answer
judge(int bootfd, int pubfd, const char *name, const struct mac *who,
    const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return PUB_NOT_A_FILE;
	if ((st->st_mode & S_IROTH) != 0)
		return PUB_OK;
	if (!is_own(pubfd, name, who, st))
		return PUB_PRIVATE;
	return (st->st_mode & S_ISVTX) != 0 &&
	    once_is_spent(bootfd, who, name) ? PUB_SPENT : PUB_OK;
}

/*
 * O_PATH first: to open a FIFO or a device for reading can block or act, to
 * look at it cannot.
 */
static enum pub_answer
look(int bootfd, int pubfd, const char *name, const struct mac *who,
    struct stat *st)
{
	int fd = bootdir_openat(pubfd, name, O_PATH);
	enum pub_answer answer;

	if (fd == -1)
		return answer_for_errno(errno);
	answer = fstat(fd, st) == -1 ? PUB_SYSTEM_ERROR :
	    judge(bootfd, pubfd, name, who, st);
	close(fd);
	return answer;
}

/* The file that look() saw, and no other, opened for reading. */
static enum pub_answer
open_seen(int pubfd, const char *name, int *fd, struct stat *st)
{
	struct stat now;

	*fd = bootdir_openat(pubfd, name, O_RDONLY | O_NONBLOCK);
	if (*fd == -1)
		return answer_for_errno(errno);
	if (fstat(*fd, &now) == 0 && now.st_dev == st->st_dev &&
	    now.st_ino == st->st_ino) {
		*st = now;
		return PUB_OK;
	}
	close(*fd);
	*fd = -1;
	return PUB_NOT_FOUND;
}

enum pub_answer
pub_open(int bootfd, const char *name, const struct mac *who, int *fd,
    struct stat *st)
{
	enum pub_answer answer;
	int pubfd, tries;

	*fd = -1;
	if (*name == '\0' || strlen(name) >= BOOTDIR_PATH_MAX)
		return PUB_BAD_NAME;
	if (is_hidden(name))
		return PUB_NOT_FOUND;
	pubfd = bootdir_openat(bootfd, "pub", O_PATH | O_DIRECTORY);
	if (pubfd == -1)
		return answer_for_errno(errno);
	/* A file that is replaced between the two steps is looked at again. */
	for (tries = 0; tries < LOOKS_MAX; tries++) {
		answer = look(bootfd, pubfd, name, who, st);
		if (answer != PUB_OK)
			break;
		answer = open_seen(pubfd, name, fd, st);
		if (answer != PUB_NOT_FOUND)
			break;
	}
	close(pubfd);
	return answer;
}
