/* SPDX-License-Identifier: ISC */
/* The procedures of MOUNT, RFC 1813 section 5.2. */
#include "nfsroot-helper/answer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct request {
	struct service *service;
	struct asker *asker;
	struct wire_out *out;
	struct answer *answer;
	struct xdr_span path;
};

static enum mount3_status
refuse(struct request *r, enum mount3_status status, const char *why)
{
	r->answer->why = why;
	return status;
}

/* Why root/NAME cannot be had, or a machine's view. */
static enum mount3_status
refuse_export(struct request *r, bool is_view)
{
	switch (errno) {
	case ENOENT:
		return refuse(r, MNT3ERR_NOENT, is_view ? "the machine has "
		    "no image with a root" : "there is no root/NAME of "
		    "that name in the boot directory");
	case ENOTDIR:
		return refuse(r, MNT3ERR_NOTDIR, "root/NAME is not a folder");
	case EXDEV:
	case ELOOP:
		return refuse(r, MNT3ERR_ACCES, is_view ? "the image's root "
		    "is not in root/, or files/ leads out of machine/" :
		    "root/NAME leads out of root/");
	case EACCES:
	case EPERM:
		return refuse(r, MNT3ERR_ACCES, strerror(errno));
	default:
		return refuse(r, MNT3ERR_SERVERFAULT, strerror(errno));
	}
}

/* One name of "a/b" after the other, from the export's root. */
static enum mount3_status
descend(struct request *r, char *below, struct node **n)
{
	struct tree *t = &r->service->tree;
	enum nfs3_status status;
	struct nfs3_attr attr;
	struct xdr_span name;
	char *part;

	while ((part = strsep(&below, "/")) != NULL && *part != '\0') {
		name.data = (const uint8_t *)part;
		name.len = strlen(part);
		status = tree_lookup(t, *n, name, n, &attr);
		if (status == NFS3ERR_JUKEBOX)
			return refuse(r, MNT3ERR_SERVERFAULT, t->why);
		if (status != NFS3_OK)	/* the numbers are the same */
			return refuse(r, (enum mount3_status)status, t->why);
		if (attr.type != NFS3_DIR)
			return refuse(r, MNT3ERR_NOTDIR,
			    "only a folder can be mounted, and no link to one");
	}
	return MNT3_OK;
}

/*
 * "machine/MAC/a/b" is the view of a machine: its name, and what follows it.
 * False when it is an export's own.
 */
static bool
take_view(const struct mount3_path *path, char name[ORIGIN_NAME],
    char **below, struct mac *machine)
{
	const size_t len = strcspn(*below, "/");
	char text[MAC_TEXT];

	if (strcmp(path->export, "machine") != 0 || len != MAC_TEXT - 1)
		return false;
	strlcpy(text, *below, sizeof(text));
	snprintf(name, ORIGIN_NAME, "machine/%s", text);
	if (!origin_is_view(name, machine))
		return false;
	*below += len + ((*below)[len] == '/');
	return true;
}

static enum mount3_status
find_root(struct request *r, struct node **n)
{
	struct tree *t = &r->service->tree;
	char name[ORIGIN_NAME], *below;
	struct mount3_path path;
	enum mount3_status status;
	struct mac machine;
	struct export *e;
	const char *why;
	bool is_view;

	if (!r->asker->admitted)
		return refuse(r, MNT3ERR_ACCES, "neither on a network that "
		    "may mount nor in seen/ip; see -a");
	status = mount3_split(&path, r->path, &why);
	if (status != MNT3_OK)
		return refuse(r, status, why);
	below = path.below;
	is_view = take_view(&path, name, &below, &machine);
	if (is_view && !asker_may_view(r->asker, &machine, &why))
		return refuse(r, MNT3ERR_ACCES, why);
	e = exports_named(&t->exports, is_view ? name : path.export, t->now);
	if (e == NULL)
		return refuse_export(r, is_view);
	*n = e->root;
	return descend(r, below, n);
}

/* The path as the client gave it, for the log and DUMP. */
static void
copy_path(struct request *r)
{
	memcpy(r->answer->path, r->path.data, r->path.len);
	r->answer->path[r->path.len] = '\0';
}

static void
mount(struct request *r)
{
	enum mount3_status status;
	struct node *n;
	struct handle h;

	copy_path(r);
	if (r->answer->call.version != MOUNT3_VERSION)
		status = refuse(r, MNT3ERR_ACCES, "MOUNT versions 1 and 2 are "
		    "for NFS version 2, which is not served");
	else
		status = find_root(r, &n);
	r->answer->status = mount3_status_name(status);
	if (status != MNT3_OK) {
		r->answer->event = EVENT_REFUSED;
		mount3_put_refused(r->out, status);
		return;
	}
	tree_handle(n, &h);
	mount3_put_mounted(r->out, &h);
	mounts_add(&r->service->mounts, r->asker->host, r->answer->path);
	r->asker->reading = 0;
	r->answer->event = EVENT_MOUNTED;
	r->answer->object = n;
}

static void
unmount(struct request *r)
{
	copy_path(r);
	if (mounts_remove(&r->service->mounts, r->asker->host,
	    r->answer->path))
		r->answer->event = EVENT_UNMOUNTED;
}

static void
unmount_all(struct request *r)
{
	r->answer->count = (uint32_t)mounts_remove_host(
	    &r->service->mounts, r->asker->host);
	strlcpy(r->answer->path, "all", sizeof(r->answer->path));
	if (r->answer->count > 0)
		r->answer->event = EVENT_UNMOUNTED;
}

/* Takes the item back that began at `before', when it is one too many. */
static void
count_item(struct request *r, size_t before)
{
	if (!r->out->bad && r->out->size - r->out->len >= 4) {
		r->answer->count++;
		return;
	}
	r->out->bad = false;
	r->out->len = before;
}

static void
dump(struct request *r)
{
	const struct mount *m;
	size_t before;

	TAILQ_FOREACH(m, &r->service->mounts.list, link) {
		if (!r->asker->admitted)
			break;
		before = r->out->len;
		mount3_put_mount(r->out, m->host, m->path);
		count_item(r, before);
	}
	mount3_put_end(r->out);
}

static void
list_export(void *arg, const char *name)
{
	struct request *r = arg;
	const size_t before = r->out->len;

	if (!r->asker->admitted)
		return;
	mount3_put_export(r->out, name);
	count_item(r, before);
}

static void
list_exports(struct request *r)
{
	exports_each(&r->service->tree.exports, list_export, r);
	mount3_put_end(r->out);
}

static void
do_nothing(struct request *r)
{
	(void)r;
}

static void (*const procs[MOUNT3_NPROCS])(struct request *) = {
	[MOUNT3_NULL] = do_nothing,
	[MOUNT3_MNT] = mount,
	[MOUNT3_DUMP] = dump,
	[MOUNT3_UMNT] = unmount,
	[MOUNT3_UMNTALL] = unmount_all,
	[MOUNT3_EXPORT] = list_exports,
};

void
answer_mount(struct service *s, struct asker *asker, struct wire_out *out,
    struct answer *a)
{
	struct request r = { .service = s, .asker = asker, .out = out,
	    .answer = a };
	const uint32_t proc = a->call.procedure;

	a->low = MOUNT1_VERSION;
	a->high = MOUNT3_VERSION;
	if (a->call.version < MOUNT1_VERSION ||
	    a->call.version > MOUNT3_VERSION)
		a->fault = RPC_NO_VERSION;
	else if (proc >= MOUNT3_NPROCS)
		a->fault = RPC_NO_PROCEDURE;
	if (a->fault != RPC_NO_FAULT)
		return;
	a->procedure = mount3_proc_name(proc);
	if (!mount3_parse(&r.path, proc, a->call.args, a->call.args_len))
		a->fault = RPC_GARBAGE_ARGUMENTS;
	else
		procs[proc](&r);
}
