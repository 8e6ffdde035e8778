/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SINK_H
#define MKBOOT_INIT_SINK_H

#include <stddef.h>

#define SINK_SUM 65		/* a SHA-256 as hex, with its NUL */

/* A file that grows at its end, and the SHA-256 of what is in it. */
struct sink;

/* An empty file of this name; NULL with errno. */
struct sink *sink_open(const char *path);
void sink_close(struct sink *);
/* Empties it.  These return 0, or -1 with errno. */
int sink_restart(struct sink *);
int sink_write(struct sink *, const void *, size_t len);
/* Of all that was written; nothing more may be. */
const char *sink_sum(struct sink *, char text[SINK_SUM]);

#endif
