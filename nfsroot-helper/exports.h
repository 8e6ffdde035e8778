/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_EXPORTS_H
#define NFSROOT_EXPORTS_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stdint.h>

#include "nfsroot-helper/index.h"
#include "nfsroot-helper/nodes.h"
#include "nfsroot-helper/origin.h"
#include "nfsroot-helper/scan.h"

/*
 * What is exported: /NAME is root/NAME of the boot directory, or what a link
 * of that name in root/ leads to in root/.  /machine/MAC is the view of one
 * machine: the root of its image with machine/MAC/files laid over it.  An
 * export is opened when it is first asked for and looked at again each
 * second, so that one may come, go or be replaced at any time.
 */
#define EXPORTS_NAME ORIGIN_NAME
#define EXPORTS_OPEN_MAX 256
#define EXPORTS_CONFIRM_MS 1000

/*
 * A scan costs at most a tenth of the time: after one, ten times its length
 * passes before the next.  An index answers "gone" while it is fresh.
 */
#define EXPORTS_SCAN_PAUSE 10
#define EXPORTS_FRESH_MS 10000
#define EXPORTS_IDLE_MS 60000	/* then an index is given back */

struct export {
	TAILQ_ENTRY(export) link;
	char name[EXPORTS_NAME];	/* "NAME" or "machine/MAC" */
	uint64_t id;
	struct origin origin;
	struct layers layers;	/* what its folders have in common */
	struct node *root;	/* its descriptors are the root's */
	int64_t confirmed;

	struct scan *scan;	/* under way */
	bool wanted;		/* a scan is */
	struct index index;
	bool indexed;
	int64_t scan_begun, scan_ended, index_used;
	int64_t index_begun;
};

struct exports {
	/* Whose view may be asked for by its handle alone. */
	const struct mac *asker;	/* NULL: unknown */
	bool all_views;			/* any, as root of the server asks */
	TAILQ_HEAD(exports_list, export) list;	/* last used first */
	size_t n;
	int bootfd;
	struct nodes *nodes;
};

void exports_init(struct exports *, int bootfd, struct nodes *);
/* NULL with errno when there is no such export, or none may be reached. */
struct export *exports_named(struct exports *, const char *name, int64_t now);
struct export *exports_numbered(struct exports *, uint64_t id, int64_t now);
/* All names in root/, which anybody may mount.  -1 with errno. */
int exports_each(struct exports *, void (*)(void *, const char *), void *);

/* Asks for a scan. */
void exports_want_scan(struct export *);
/* Is the index young enough to say that what it has not is gone? */
bool exports_index_fresh(const struct export *, int64_t now);
/*
 * Does a bit of the scans that are wanted.  Ms until it wants to be called
 * again, -1 for never; *finished when a scan ended.
 */
int exports_work(struct exports *, int64_t now, bool *finished);
void exports_free(struct exports *);

#endif
