/* SPDX-License-Identifier: ISC */
/* Objects by handle and by name: statx, openat2, readlinkat. */
#include "nfsroot-helper/tree.h"

#include <sys/sysmacros.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
tree_init(struct tree *t, int bootfd, size_t max_nodes, size_t max_open)
{
	memset(t, 0, sizeof(*t));
	t->why = "";
	exports_init(&t->exports, bootfd, &t->nodes);
	return nodes_init(&t->nodes, max_nodes, max_open);
}

void
tree_at(struct tree *t, int64_t now)
{
	t->now = now;
	t->why = "";
}

void
tree_free(struct tree *t)
{
	exports_free(&t->exports);
	nodes_free(&t->nodes);
}

enum nfs3_status
tree_status(int error)
{
	switch (error) {
	case ENOENT:
		return NFS3ERR_NOENT;
	case EACCES:
	case EPERM:
	case EXDEV:
		return NFS3ERR_ACCES;
	case ENOTDIR:
		return NFS3ERR_NOTDIR;
	case ENAMETOOLONG:
		return NFS3ERR_NAMETOOLONG;
	case EINVAL:
		return NFS3ERR_INVAL;
	case ESTALE:
	case ELOOP:
		return NFS3ERR_STALE;
	case EMFILE:
	case ENFILE:
	case ENOMEM:	/* it may be better when the client asks again */
		return NFS3ERR_JUKEBOX;
	default:
		return NFS3ERR_IO;
	}
}

/* A failure in words, for -e and the log. */
static enum nfs3_status
fail(struct tree *t, enum nfs3_status status, const char *why)
{
	t->why = why;
	return status;
}

static enum nfs3_status
fail_errno(struct tree *t)
{
	return fail(t, tree_status(errno), strerror(errno));
}

/* Attributes. */

static enum nfs3_type
type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return NFS3_DIR;
	case S_IFBLK:
		return NFS3_BLK;
	case S_IFCHR:
		return NFS3_CHR;
	case S_IFLNK:
		return NFS3_LNK;
	case S_IFSOCK:
		return NFS3_SOCK;
	case S_IFIFO:
		return NFS3_FIFO;
	default:
		return NFS3_REG;
	}
}

/* Seconds before 1970 or after 2106 are cut to what the protocol has. */
static struct nfs3_time
time_of(const struct statx_timestamp *t)
{
	if (t->tv_sec < 0)
		return (struct nfs3_time){ 0, 0 };
	if (t->tv_sec > UINT32_MAX)
		return (struct nfs3_time){ UINT32_MAX, 0 };
	return (struct nfs3_time){ (uint32_t)t->tv_sec, t->tv_nsec };
}

static void
describe(const struct node *n, const struct sight *s, struct nfs3_attr *a)
{
	const struct statx *st = &s->st;

	a->type = type_of(st->stx_mode);
	a->mode = st->stx_mode & 07777u;
	a->nlink = st->stx_nlink;
	a->uid = st->stx_uid;
	a->gid = st->stx_gid;
	a->size = st->stx_size;
	a->used = st->stx_blocks * 512;
	a->rdev_major = st->stx_rdev_major;
	a->rdev_minor = st->stx_rdev_minor;
	a->fsid = n->export->id;
	a->fileid = n->ino;
	a->atime = time_of(&st->stx_atime);
	a->mtime = time_of(&st->stx_mtime);
	a->ctime = time_of(&st->stx_ctime);
	if (n->covered) {
		a->type = a->type == NFS3_DIR ? NFS3_DIR : NFS3_REG;
		a->nlink = a->type == NFS3_DIR ? 2 : 1;
		a->size = a->used = 0;
	}
}

/* Does the file system itself say that there is nothing at that place? */
static bool
is_absent(int error)
{
	return error == ESTALE || error == ENOENT || error == ENOTDIR ||
	    error == ELOOP || error == EXDEV;
}

/* By the cache: NULL with errno 0 when it does not know. */
static struct node *
find_cached(struct tree *t, struct export *e, const struct handle *h,
    struct sight *s)
{
	struct node *n = h->depth == 0 ? e->root :
	    nodes_find(&t->nodes, e, h->ino);

	errno = 0;
	if (n == NULL || (n == e->root && h->depth > 0))
		return NULL;
	if (place_confirm(t, n, s) == 0) {
		if (h->depth == 0 || place_checks_agree(n->check, h->check))
			return n;
		errno = 0;
		return NULL;
	}
	if (n != e->root && is_absent(errno))
		errno = 0;
	return NULL;
}

uint32_t
tree_find(struct tree *t, struct xdr_span octets, unsigned patience,
    struct node **n, struct nfs3_attr *attr)
{
	struct sight s;
	struct handle h;
	struct export *e;
	uint32_t status;

	if (!handle_parse(&h, octets.data, octets.len))
		return fail(t, NFS3ERR_BADHANDLE, "not a handle of ours");
	if ((e = exports_numbered(&t->exports, h.export, t->now)) == NULL) {
		if (tree_status(errno) == NFS3ERR_JUKEBOX)
			return fail_errno(t);
		return fail(t, NFS3ERR_STALE, "there is no such export");
	}
	*n = find_cached(t, e, &h, &s);
	if (*n == NULL) {
		if (errno != 0)
			return fail_errno(t);
		status = search_export(t, e, &h, patience, n, &s);
		if (status != NFS3_OK)
			return status;
	}
	describe(*n, &s, attr);
	return NFS3_OK;
}

/* The number of what lies under a mount, which only its folder knows. */
struct covered {
	const char *name;
	uint64_t ino;
};

static bool
find_covered(void *arg, const struct folder_entry *entry)
{
	struct covered *c = arg;

	if (strcmp(entry->name, c->name) != 0)
		return true;
	c->ino = entry->ino;
	return false;
}

static enum nfs3_status
lookup_text(struct tree *t, struct node *folder, const char *name,
    struct node **n, struct nfs3_attr *attr)
{
	struct covered c = { .name = name };
	struct layers l;
	struct sight s;

	if (place_folder(t, folder, &l) == -1 ||
	    layers_look(&l, name, &s) == -1)
		return fail_errno(t);
	if (s.covered)
		place_list(t, folder, 0, find_covered, &c);
	if ((*n = place_keep(t, folder, name, c.ino, &s)) == NULL)
		return fail_errno(t);
	describe(*n, &s, attr);
	return NFS3_OK;
}

/* "." and "..", which is the root itself at the root. */
static enum nfs3_status
lookup_dots(struct tree *t, struct node *folder, size_t dots, struct node **n,
    struct nfs3_attr *attr)
{
	struct sight s;

	*n = dots == 1 || folder->parent == NULL ? folder : folder->parent;
	if (place_confirm(t, *n, &s) == -1)
		return fail_errno(t);
	describe(*n, &s, attr);
	return NFS3_OK;
}

enum nfs3_status
tree_lookup(struct tree *t, struct node *folder, struct xdr_span name,
    struct node **n, struct nfs3_attr *attr)
{
	char text[NFS3_NAME_MAX + 1];

	if (name.len > NFS3_NAME_MAX)
		return fail(t, NFS3ERR_NAMETOOLONG, "more than 255 octets");
	if (name.len == 0 || memchr(name.data, '/', name.len) != NULL ||
	    memchr(name.data, '\0', name.len) != NULL)
		return fail(t, NFS3ERR_ACCES, "no file can have this name");
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	if (folder_is_dots(text))
		return lookup_dots(t, folder, name.len, n, attr);
	if (folder->covered)
		return fail(t, NFS3ERR_NOENT, "mounts are not crossed");
	return lookup_text(t, folder, text, n, attr);
}

bool
tree_entry(struct tree *t, struct node *folder,
    const struct folder_entry *entry, struct node **n, struct nfs3_attr *attr)
{
	struct sight s;

	if (folder_is_dots(entry->name))
		return lookup_dots(t, folder, strlen(entry->name), n,
		    attr) == NFS3_OK;
	*n = place_adopt(t, folder, entry->name, entry->ino, &s);
	if (*n == NULL)
		return false;
	describe(*n, &s, attr);
	return true;
}

/* A folder that is covered by a mount has nothing in it but the two. */
static bool
list_covered(uint64_t cookie, folder_visit *visit, void *arg)
{
	static const struct folder_entry dots[] = {
		{ .cookie = 1, .type = DT_DIR, .name = "." },
		{ .cookie = 2, .type = DT_DIR, .name = ".." },
	};

	for (; cookie < 2; cookie++)
		if (!visit(arg, &dots[cookie]))
			return false;
	return true;
}

enum nfs3_status
tree_list(struct tree *t, struct node *folder, uint64_t cookie,
    folder_visit *visit, void *arg, bool *eof)
{
	int end;

	if (folder->covered) {
		*eof = list_covered(cookie, visit, arg);
		return NFS3_OK;
	}
	end = place_list(t, folder, cookie, visit, arg);
	if (end == -1 && errno == EINVAL)
		return fail(t, NFS3ERR_BAD_COOKIE,
		    "the file system does not know this cookie");
	if (end == -1)
		return fail_errno(t);
	*eof = end == 1;
	return NFS3_OK;
}

uint64_t
tree_entry_fileid(const struct node *folder, const struct folder_entry *entry)
{
	if (strcmp(entry->name, "..") == 0 && folder->parent != NULL)
		return folder->parent->ino;
	if (folder_is_dots(entry->name))
		return folder->ino;
	return entry->ino;
}

enum nfs3_status
tree_open(struct tree *t, struct node *n, int *fd)
{
	if (n->fd == -1 && place_open(t, n, 0) == -1)
		return fail_errno(t);
	*fd = n->fd;
	return NFS3_OK;
}

enum nfs3_status
tree_read(struct tree *t, struct node *n, uint64_t offset, void *data,
    size_t len, size_t *got)
{
	enum nfs3_status status;
	ssize_t part;
	int fd = -1;

	*got = 0;
	if ((status = tree_open(t, n, &fd)) != NFS3_OK)
		return status;
	while (*got < len) {
		part = disk_read(&t->disk, fd, (uint8_t *)data + *got,
		    len - *got, offset + *got);
		if (part == -1)
			return fail_errno(t);
		if (part == 0)
			break;
		*got += (size_t)part;
	}
	return NFS3_OK;
}

enum nfs3_status
tree_space(struct tree *t, const struct node *n, struct statvfs *space,
    uint32_t *link_max)
{
	const int root = n->export->root->fd;
	long links;

	if (fstatvfs(root, space) == -1)
		return fail_errno(t);
	links = fpathconf(root, _PC_LINK_MAX);
	*link_max = links > 0 && links < INT32_MAX ? (uint32_t)links :
	    INT32_MAX;
	return NFS3_OK;
}

enum nfs3_status
tree_readlink(struct tree *t, const struct node *n, char *text, size_t size,
    size_t *len)
{
	struct layers l;
	ssize_t got;

	if (place_folder(t, n->parent, &l) == -1 ||
	    (got = readlinkat((n->ino & LAYERS_UPPER) != 0 ? l.upper : l.lower,
	    n->name, text, size)) == -1)
		return fail_errno(t);
	*len = (size_t)got;
	return NFS3_OK;
}

void
tree_handle(const struct node *n, struct handle *h)
{
	nodes_handle(n, h);
	h->export = n->export->id;
}

/* Written from its end, because a node knows its parent. */
const char *
tree_path(const struct node *n, char *path, size_t size)
{
	const struct origin *o = &n->export->origin;
	const uint64_t own = n->ino;
	char tail[4096];
	size_t at = sizeof(tail) - 1, len;

	tail[at] = '\0';
	for (; n->parent != NULL; n = n->parent) {
		len = strlen(n->name);
		if (len + 1 > at)
			break;
		at -= len;
		memcpy(tail + at, n->name, len);
		tail[--at] = '/';
	}
	snprintf(path, size, "%s%s%s%s", (own & LAYERS_UPPER) != 0 ?
	    o->upper : "root/", (own & LAYERS_UPPER) != 0 ? "" : o->lower,
	    n->parent == NULL ? "" : "/...", tail + at);
	return path;
}
