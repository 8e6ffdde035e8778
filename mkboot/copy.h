/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_COPY_H
#define MKBOOT_COPY_H

#include <stdbool.h>

#include "mkboot/publish.h"

/* All octets from where `fd' stands, into a file being made. */
int copy_into(struct publish *, int fd);

/*
 * A whole regular file, world-readable, by publish_end_changed()'s rules.
 * -1 with errno: EINVAL when `fd' is no regular file.
 */
int copy_file(int dirfd, const char *path, int fd, bool *changed);

#endif
