/* SPDX-License-Identifier: ISC */
#ifndef COMMON_BOOTDIR_H
#define COMMON_BOOTDIR_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"

/*
 * The boot directory, bootdir(7).  It is opened once; whatever is looked up
 * afterwards lies beneath it: no `..', no absolute path and no symbolic link
 * leads out (openat2, RESOLVE_BENEATH).  Nothing is cached.
 */
#define BOOTDIR_DEFAULT "/srv/boot"
#define BOOTDIR_PATH_MAX 1024	/* of a name below it, with its NUL */

/* A descriptor for the directory, or -1 with errno (ENOTDIR, ENOSYS, ...). */
int bootdir_open(const char *path);

/*
 * openat2 beneath `dirfd', with O_CLOEXEC (and O_NOCTTY) added to `flags'.
 * Returns a descriptor, or -1 with errno: EXDEV for a path that leads out.
 */
int bootdir_openat(int dirfd, const char *path, int flags);

/*
 * The first line of the file at `path', without its newline, cut to fit.
 * False with errno, and `line' empty, when there is none.
 */
bool bootdir_line(int bootfd, const char *path, char *line, size_t size);

/* Is there anything at this path?  (A dangling link is nothing.) */
bool bootdir_exists(int bootfd, const char *path);

/*
 * Which folder says what this machine is: "machine/MAC" where that exists,
 * else "machine/default", else NULL.  Written to `path', and returned.
 */
const char *bootdir_machine(int bootfd, const struct mac *, char *path,
    size_t size);

enum pub_answer {
	PUB_OK,
	PUB_NOT_FOUND,
	PUB_LEADS_OUT,		/* `..' or a link that leaves pub/ */
	PUB_PRIVATE,		/* not world-readable, nor the asker's own */
	PUB_SPENT,		/* its own, but given already in this boot */
	PUB_NOT_A_FILE,		/* a folder, device, FIFO or socket */
	PUB_BAD_NAME,		/* empty, too long */
	PUB_SYSTEM_ERROR	/* errno says */
};

/*
 * Opens a regular file for reading below pub/ (bootdir(7): who may fetch what
 * is the permission bits).  `name' is relative, without leading slash.
 * `who' is the machine that asks, or NULL when that is unknown: what is not
 * world-readable is opened only below pub/machine/WHO/, and with the sticky
 * bit once a boot (once.h).  A FIFO or device is
 * never opened, nor what begins with a dot: it is being written (bootdir(7)).
 * On PUB_OK *fd and *st are set; else *fd is -1.
 */
enum pub_answer pub_open(int bootfd, const char *name, const struct mac *who,
    int *fd, struct stat *st);
/* The same in words that a person at the machine's screen can use. */
const char *pub_answer_words(enum pub_answer);

#endif
