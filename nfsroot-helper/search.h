/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_SEARCH_H
#define NFSROOT_SEARCH_H

#include "nfsroot-helper/nfs3.h"
#include "nfsroot-helper/place.h"

/* What a search says beside NFS3_OK and NFS3ERR_STALE: wait for a scan. */
#define SEARCH_WAIT UINT32_MAX

/*
 * The levels in the handle lead to a file that is still in its folder.  For
 * one that is not, an index of the whole export is asked: what it has not,
 * while it is fresh, is gone.  All other doubts are settled by a new scan,
 * which is asked for unless `patience' is 0.
 */
uint32_t search_export(struct tree *, struct export *, const struct handle *,
    unsigned patience, struct node **, struct sight *);

#endif
