/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_FOLDER_H
#define MKBOOT_FOLDER_H

#include <sys/types.h>

#include <stdbool.h>

/*
 * Folders below the boot directory; no link leads out of it (EXDEV).  -1 with
 * errno.
 */

/* What holds `path' must be there.  *made (may be NULL): it was not there. */
int folder_make(int bootfd, const char *path, bool *made);
/* Removes it when it is empty; else ENOTEMPTY. */
int folder_remove(int bootfd, const char *path);
/* The folders above `path', from below `top' on, which is there. */
int folder_parents(int bootfd, const char *top, const char *path);
/* Removes a file; one that is not there is no error. */
int folder_unlink(int bootfd, const char *path);
/* Sets its permissions. */
int folder_mode(int bootfd, const char *path, mode_t);
/* Gives it to an owner. */
int folder_give(int bootfd, const char *path, uid_t, gid_t);

#endif
