/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_TREE_H
#define NFSROOT_TREE_H

#include <sys/statvfs.h>

#include "nfsroot-helper/place.h"
#include "nfsroot-helper/search.h"

/*
 * The exported trees as NFS sees them: objects found by handle or by name,
 * with their attributes.
 *
 * A mount below an export is not crossed, so that an image under repair, with
 * /proc and /dev mounted in it, can be served: the name is there, with the
 * covered inode's number, as an empty folder or file.
 */

/* What tree_find() says beside what is in the protocol. */
#define TREE_WAIT SEARCH_WAIT

/* False with errno when there is no memory. */
bool tree_init(struct tree *, int bootfd, size_t max_nodes, size_t max_open);
void tree_at(struct tree *, int64_t now);

/*
 * The object of a handle.  TREE_WAIT: the whole export has to be looked
 * through; call again when exports_work() has done so.  With `patience' 0
 * that is not asked for, and what is not found is NFS3ERR_STALE.
 */
uint32_t tree_find(struct tree *, struct xdr_span handle, unsigned patience,
    struct node **, struct nfs3_attr *);
enum nfs3_status tree_lookup(struct tree *, struct node *folder,
    struct xdr_span name, struct node **, struct nfs3_attr *);
/* An entry as folder_each() shows it; false when it is gone. */
bool tree_entry(struct tree *, struct node *folder, const struct folder_entry *,
    struct node **, struct nfs3_attr *);

/*
 * Entries from a cookie on, as folder_each() has them; "." and ".." are among
 * them.  *eof: the last one was visited.
 */
enum nfs3_status tree_list(struct tree *, struct node *folder, uint64_t cookie,
    folder_visit *, void *, bool *eof);
/* The number that an entry has for clients, which GETATTR also gives. */
uint64_t tree_entry_fileid(const struct node *folder,
    const struct folder_entry *);

/* A descriptor for a regular file, which stays the cache's. */
enum nfs3_status tree_open(struct tree *, struct node *, int *fd);
/* Reads at an offset; *got is less than `len' where the file ends. */
enum nfs3_status tree_read(struct tree *, struct node *, uint64_t offset,
    void *, size_t len, size_t *got);
/* At most `size' octets of a link's text; *len of them. */
enum nfs3_status tree_readlink(struct tree *, const struct node *, char *text,
    size_t size, size_t *len);

/* The file system that an export lies on. */
enum nfs3_status tree_space(struct tree *, const struct node *,
    struct statvfs *, uint32_t *link_max);

void tree_handle(const struct node *, struct handle *);
/* "root/NAME/a/b", cut to fit; returns `path'. */
const char *tree_path(const struct node *, char *path, size_t size);
enum nfs3_status tree_status(int error);
void tree_free(struct tree *);

#endif
