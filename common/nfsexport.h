/* SPDX-License-Identifier: ISC */
#ifndef COMMON_NFSEXPORT_H
#define COMMON_NFSEXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The same exports by somebody else's server: its configuration, as text.
 * What only we can do, a view for each machine, is not in it.
 */
#define NFSEXPORT_TEXT 16384	/* octets that are enough for one piece */
#define NFSEXPORT_ID_MAX 65535	/* ganesha's Export_Id */

enum nfsexport { NFSEXPORT_NFSD, NFSEXPORT_GANESHA };

/* What stands for an export of this name in handles and file system ids. */
uint64_t nfsexport_hash(const char *name);
/* "nfsd", "ganesha". */
bool nfsexport_kind_parse(const char *word, enum nfsexport *);
/* A name that bootdir(7) knows: then it stands for itself in any syntax. */
bool nfsexport_can_say(const char *name);

/*
 * What stands before all exports; `root' is the absolute path of the folder
 * root/.  Returns `text', or NULL when the path has what cannot be said in
 * that syntax.
 */
const char *nfsexport_head(enum nfsexport, const char *root, char *text,
    size_t size);
/*
 * One export, likewise.  `path' is where it lies, free of links, and `id'
 * its number: both are for ganesha alone.
 */
const char *nfsexport_text(enum nfsexport, const char *path, const char *name,
    uint16_t id, char *text, size_t size);

/*
 * An id from 1 on that depends on the name alone, so that handles outlive an
 * export that comes or goes; or the next that is not in `taken'.
 */
uint16_t nfsexport_id(const char *name, const uint16_t *taken, size_t n);

#endif
