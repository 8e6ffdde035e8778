/* SPDX-License-Identifier: ISC */
/* The procedures of NFS version 3, RFC 1813 section 3.3. */
#include "nfsroot-helper/answer.h"

#include <string.h>

/* READDIR's and READDIRPLUS's results without entries: RFC 1813 3.3.16. */
#define LIST_FRAME (4 + NFS3_ATTR_LEN + 8 + 4 + 4)

#define READ_HEAD 12	/* count, eof, and the length of the data */

enum fsinfo_property {
	FSF3_LINK = 0x01, FSF3_SYMLINK = 0x02, FSF3_HOMOGENEOUS = 0x08
};

struct request {
	struct tree *tree;
	struct mounts *mounts;
	struct asker *asker;
	struct wire_out *out;
	struct answer *answer;
	const struct nfs3_args *args;
	struct node *node;		/* the object */
	struct nfs3_attr attr;		/* its attributes */
};

static size_t
at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Octets of a file or a listing that fit into one reply. */
static uint32_t
data_max(const struct request *r, uint32_t max)
{
	return r->asker->datagram ? ANSWER_DATAGRAM_DATA : max;
}

static enum nfs3_status
refuse(struct request *r, enum nfs3_status status, const char *why)
{
	r->tree->why = why;
	return status;
}

static void
put_ok(struct request *r)
{
	wire_put_n32(r->out, NFS3_OK);
}

static enum nfs3_status
get_attributes(struct request *r)
{
	put_ok(r);
	nfs3_put_attr(r->out, &r->attr);
	return NFS3_OK;
}

static enum nfs3_status
look_up(struct request *r)
{
	uint8_t octets[HANDLE_MAX];
	enum nfs3_status status;
	struct nfs3_attr attr;
	struct handle h;
	struct node *found;

	if (r->attr.type != NFS3_DIR)
		return refuse(r, NFS3ERR_NOTDIR, "not a folder");
	status = tree_lookup(r->tree, r->node, r->args->name, &found, &attr);
	if (status != NFS3_OK)
		return status;
	tree_handle(found, &h);
	put_ok(r);
	xdr_put_opaque(r->out, octets, handle_format(&h, octets));
	nfs3_put_post_op(r->out, &attr);
	nfs3_put_post_op(r->out, &r->attr);
	r->answer->result = found;
	r->answer->attr = attr;
	return NFS3_OK;
}

static bool
is_in_group(const struct rpc_caller *caller, uint32_t gid)
{
	size_t i;

	for (i = 0; i < caller->ngroups; i++)
		if (caller->group[i] == gid)
			return true;
	return caller->gid == gid;
}

/* The rwx bits that the mode gives this caller. */
static uint32_t
mode_bits(const struct rpc_caller *caller, const struct nfs3_attr *attr)
{
	if (!caller->known)
		return attr->mode & 7;
	if (caller->uid == attr->uid)
		return attr->mode >> 6 & 7;
	return (is_in_group(caller, attr->gid) ? attr->mode >> 3 : attr->mode)
	    & 7;
}

/*
 * Root may all but write; it may run what somebody may run.  Others have
 * what the mode says, so that users of one machine are kept apart from each
 * other where its root is used without an overlay.
 */
static uint32_t
allowed_access(const struct rpc_caller *caller, const struct nfs3_attr *attr)
{
	const bool folder = attr->type == NFS3_DIR;
	uint32_t bits = mode_bits(caller, attr), allowed = 0;

	if (caller->known && caller->uid == 0)
		bits = folder || (attr->mode & 0111) != 0 ? 5 : 4;
	if (bits & 4)
		allowed |= NFS3_ACCESS_READ;
	if (bits & 1)
		allowed |= NFS3_ACCESS_EXECUTE;
	if ((bits & 1) && folder)
		allowed |= NFS3_ACCESS_LOOKUP;
	return allowed;
}

static enum nfs3_status
check_access(struct request *r)
{
	r->answer->granted = r->args->access &
	    allowed_access(&r->answer->call.caller, &r->attr);
	put_ok(r);
	nfs3_put_post_op(r->out, &r->attr);
	wire_put_n32(r->out, r->answer->granted);
	return NFS3_OK;
}

static enum nfs3_status
read_link(struct request *r)
{
	enum nfs3_status status;
	char text[4096];	/* PATH_MAX: no link is longer */
	size_t len;

	if (r->attr.type != NFS3_LNK)
		return refuse(r, NFS3ERR_INVAL, "not a symbolic link");
	status = tree_readlink(r->tree, r->node, text, sizeof(text), &len);
	if (status != NFS3_OK)
		return status;
	put_ok(r);
	nfs3_put_post_op(r->out, &r->attr);
	xdr_put_opaque(r->out, text, len);
	return NFS3_OK;
}

static void
put_read_head(struct request *r, size_t count, bool eof)
{
	wire_put_n32(r->out, (uint32_t)count);
	xdr_put_bool(r->out, eof);
	wire_put_n32(r->out, (uint32_t)count);
	r->answer->count = (uint32_t)count;
	r->answer->eof = eof;
}

/*
 * Into the reply, where the head before it is written last.  For peers that
 * take it at once that is faster than sendfile(2), and its length is known.
 */
static enum nfs3_status
read_data(struct request *r, size_t count)
{
	const size_t head = r->out->len;
	enum nfs3_status status;
	size_t got;

	wire_put_zeros(r->out, READ_HEAD);
	if (r->out->bad || count > r->out->size - r->out->len)
		return refuse(r, NFS3ERR_SERVERFAULT, "no room");
	status = tree_read(r->tree, r->node, r->args->offset,
	    r->out->start + r->out->len, count, &got);
	if (status != NFS3_OK)
		return status;
	r->out->len = head;
	put_read_head(r, got, got < count ||
	    r->args->offset + got >= r->attr.size);
	r->out->len += got;
	wire_put_zeros(r->out, xdr_padding(got));
	if (got > ANSWER_KEEP) {
		r->answer->file = r->node->fd;
		r->answer->offset = r->args->offset;
		r->answer->length = (uint32_t)got;
	}
	return NFS3_OK;
}

static void
note_first_read(struct request *r)
{
	const struct export *e = r->node->export;

	if (r->asker->reading == e->id)
		return;
	r->asker->reading = e->id;
	if (!mounts_first_read(r->mounts, r->asker->host, e->name))
		return;
	r->answer->event = EVENT_READING;
	r->answer->path[0] = '/';
	strlcpy(r->answer->path + 1, e->name, sizeof(r->answer->path) - 1);
}

static enum nfs3_status
read_file(struct request *r)
{
	size_t count = at_most(r->args->count,
	    data_max(r, ANSWER_READ_MAX));

	if (r->attr.type == NFS3_DIR)
		return refuse(r, NFS3ERR_ISDIR, "a folder");
	if (r->attr.type != NFS3_REG)
		return refuse(r, NFS3ERR_INVAL, "not a regular file");
	note_first_read(r);
	put_ok(r);
	nfs3_put_post_op(r->out, &r->attr);
	if (r->args->offset >= r->attr.size)
		count = 0;
	else if (count > r->attr.size - r->args->offset)
		count = (size_t)(r->attr.size - r->args->offset);
	if (count == 0) {
		put_read_head(r, 0, r->args->offset >= r->attr.size);
		return NFS3_OK;
	}
	return read_data(r, count);
}

/* A listing that is being written. */
struct listing {
	struct request *request;
	bool plus;
	size_t start, limit;	/* of the results, octets */
	size_t names, names_limit;
};

static void
put_plus(struct listing *l, const struct folder_entry *entry)
{
	struct request *r = l->request;
	struct nfs3_attr attr;
	struct handle h;
	struct node *n;

	if (tree_entry(r->tree, r->node, entry, &n, &attr)) {
		tree_handle(n, &h);
		nfs3_put_post_op(r->out, &attr);
		nfs3_put_post_op_handle(r->out, &h);
	} else {
		nfs3_put_post_op(r->out, NULL);
		nfs3_put_post_op_handle(r->out, NULL);
	}
}

/* Takes an entry back that is too much; the first may exceed dircount. */
static bool
list_entry(void *arg, const struct folder_entry *entry)
{
	struct listing *l = arg;
	struct wire_out *out = l->request->out;
	const size_t before = out->len;
	bool fits;

	xdr_put_bool(out, true);
	xdr_put_hyper(out, tree_entry_fileid(l->request->node, entry));
	xdr_put_opaque(out, entry->name, strlen(entry->name));
	xdr_put_hyper(out, entry->cookie);
	l->names += out->len - before - 4;
	fits = !out->bad && (l->names <= l->names_limit ||
	    l->request->answer->count == 0);
	if (l->plus && fits)
		put_plus(l, entry);
	/* The end of the list and eof still have to follow. */
	fits = fits && !out->bad && out->len + 8 - l->start <= l->limit;
	if (fits)
		l->request->answer->count++;
	else {
		out->len = before;
		out->bad = false;
	}
	return fits;
}

/* Cookies are the file system's and outlive changes: the verifier is 0. */
static enum nfs3_status
list(struct request *r, bool plus)
{
	struct listing l = { .request = r, .plus = plus };
	enum nfs3_status status;

	if (r->attr.type != NFS3_DIR)
		return refuse(r, NFS3ERR_NOTDIR, "not a folder");
	put_ok(r);
	l.start = r->out->len;
	l.limit = at_most(at_most(r->args->count,
	    data_max(r, ANSWER_LIST_MAX)),
	    r->out->size - l.start);
	l.names_limit = plus ? r->args->dircount : SIZE_MAX;
	if (l.limit < LIST_FRAME)
		return refuse(r, NFS3ERR_TOOSMALL, "no room for an entry");
	nfs3_put_post_op(r->out, &r->attr);
	xdr_put_hyper(r->out, 0);
	status = tree_list(r->tree, r->node, r->args->offset, list_entry, &l,
	    &r->answer->eof);
	if (status != NFS3_OK)
		return status;
	if (r->answer->count == 0 && !r->answer->eof)
		return refuse(r, NFS3ERR_TOOSMALL, "no room for an entry");
	xdr_put_bool(r->out, false);
	xdr_put_bool(r->out, r->answer->eof);
	return NFS3_OK;
}

static enum nfs3_status
read_dir(struct request *r)
{
	return list(r, false);
}

static enum nfs3_status
read_dir_plus(struct request *r)
{
	return list(r, true);
}

static enum nfs3_status
get_space(struct request *r)
{
	enum nfs3_status status;
	struct statvfs space;
	uint32_t link_max;

	status = tree_space(r->tree, r->node, &space, &link_max);
	if (status != NFS3_OK)
		return status;
	put_ok(r);
	nfs3_put_post_op(r->out, &r->attr);
	xdr_put_hyper(r->out, space.f_blocks * space.f_frsize);
	xdr_put_hyper(r->out, space.f_bfree * space.f_frsize);
	xdr_put_hyper(r->out, space.f_bavail * space.f_frsize);
	xdr_put_hyper(r->out, space.f_files);
	xdr_put_hyper(r->out, space.f_ffree);
	xdr_put_hyper(r->out, space.f_favail);
	wire_put_n32(r->out, 0);	/* invarsec: may change at any time */
	return NFS3_OK;
}

/* wtmax and wtpref are not 0, because clients divide by them. */
static enum nfs3_status
get_limits(struct request *r)
{
	const uint32_t multiple = 4096;

	put_ok(r);
	nfs3_put_post_op(r->out, &r->attr);
	wire_put_n32(r->out, data_max(r, ANSWER_READ_MAX));	/* rtmax */
	wire_put_n32(r->out, data_max(r, ANSWER_READ_MAX));	/* rtpref */
	wire_put_n32(r->out, multiple);
	wire_put_n32(r->out, ANSWER_KEEP);		/* wtmax */
	wire_put_n32(r->out, ANSWER_KEEP);		/* wtpref */
	wire_put_n32(r->out, multiple);
	wire_put_n32(r->out, data_max(r, ANSWER_LIST_MAX));	/* dtpref */
	xdr_put_hyper(r->out, INT64_MAX);		/* maxfilesize */
	wire_put_n32(r->out, 0);			/* time_delta: 1 ns */
	wire_put_n32(r->out, 1);
	wire_put_n32(r->out, FSF3_LINK | FSF3_SYMLINK | FSF3_HOMOGENEOUS);
	return NFS3_OK;
}

static enum nfs3_status
get_conventions(struct request *r)
{
	enum nfs3_status status;
	struct statvfs space;
	uint32_t link_max;

	status = tree_space(r->tree, r->node, &space, &link_max);
	if (status != NFS3_OK)
		return status;
	put_ok(r);
	nfs3_put_post_op(r->out, &r->attr);
	wire_put_n32(r->out, link_max);
	wire_put_n32(r->out, NFS3_NAME_MAX);
	xdr_put_bool(r->out, true);	/* no_trunc */
	xdr_put_bool(r->out, true);	/* chown_restricted */
	xdr_put_bool(r->out, false);	/* case_insensitive */
	xdr_put_bool(r->out, true);	/* case_preserving */
	return NFS3_OK;
}

static enum nfs3_status
refuse_to_write(struct request *r)
{
	return refuse(r, NFS3ERR_ROFS, "the export is read-only");
}

static enum nfs3_status (*const procs[NFS3_NPROCS])(struct request *) = {
	[NFS3_GETATTR] = get_attributes,
	[NFS3_SETATTR] = refuse_to_write,
	[NFS3_LOOKUP] = look_up,
	[NFS3_ACCESS] = check_access,
	[NFS3_READLINK] = read_link,
	[NFS3_READ] = read_file,
	[NFS3_WRITE] = refuse_to_write,
	[NFS3_CREATE] = refuse_to_write,
	[NFS3_MKDIR] = refuse_to_write,
	[NFS3_SYMLINK] = refuse_to_write,
	[NFS3_MKNOD] = refuse_to_write,
	[NFS3_REMOVE] = refuse_to_write,
	[NFS3_RMDIR] = refuse_to_write,
	[NFS3_RENAME] = refuse_to_write,
	[NFS3_LINK] = refuse_to_write,
	[NFS3_READDIR] = read_dir,
	[NFS3_READDIRPLUS] = read_dir_plus,
	[NFS3_FSSTAT] = get_space,
	[NFS3_FSINFO] = get_limits,
	[NFS3_PATHCONF] = get_conventions,
	[NFS3_COMMIT] = refuse_to_write,
};

/* With what attributes there are, and in the procedure's own form. */
static void
put_failure(struct request *r, enum nfs3_proc proc, enum nfs3_status status)
{
	struct nfs3_attr to;
	struct node *other;
	bool has_to = r->node != NULL && r->args->to_object.data != NULL &&
	    tree_find(r->tree, r->args->to_object, 0, &other, &to) ==
	    NFS3_OK && other->export == r->node->export;

	nfs3_put_failure(r->out, proc, status,
	    r->node == NULL ? NULL : &r->attr, has_to ? &to : NULL);
}

/* Is the object for this caller? */
static uint32_t
find_object(struct request *r, unsigned patience)
{
	const struct origin *o;
	const char *why;
	uint32_t status;

	r->node = NULL;
	if (!r->asker->admitted)
		return refuse(r, NFS3ERR_ACCES, "no guest of ours");
	status = tree_find(r->tree, r->args->object, patience, &r->node,
	    &r->attr);
	if (status != NFS3_OK) {
		r->node = NULL;
		return status;
	}
	o = &r->node->export->origin;
	if (!o->is_view || asker_may_view(r->asker, &o->machine, &why))
		return NFS3_OK;
	r->node = NULL;
	return refuse(r, NFS3ERR_ACCES, why);
}

static void
run(struct request *r, enum nfs3_proc proc, unsigned patience)
{
	const size_t start = r->out->len;
	struct answer *a = r->answer;
	uint32_t status;

	status = find_object(r, patience);
	if (status == TREE_WAIT) {
		a->kind = ANSWER_WAIT;
		return;
	}
	if (status == NFS3_OK) {
		a->object = r->node;
		a->attr = r->attr;
		status = procs[proc](r);
	}
	a->status = nfs3_status_name(status);
	a->why = r->tree->why;
	if (status != NFS3_OK) {
		a->length = 0;
		r->out->len = start;
		put_failure(r, proc, status);
	}
}

void
answer_nfs(struct service *s, struct asker *asker, unsigned patience,
    struct wire_out *out, struct answer *a)
{
	struct request r = { .tree = &s->tree, .mounts = &s->mounts,
	    .asker = asker, .out = out, .answer = a, .args = &a->args };
	const uint32_t proc = a->call.procedure;

	a->low = a->high = NFS3_VERSION;
	if (a->call.version != NFS3_VERSION)
		a->fault = RPC_NO_VERSION;
	else if (proc >= NFS3_NPROCS)
		a->fault = RPC_NO_PROCEDURE;
	if (a->fault != RPC_NO_FAULT)
		return;
	a->procedure = nfs3_proc_name(proc);
	if (!nfs3_parse(&a->args, proc, a->call.args, a->call.args_len))
		a->fault = RPC_GARBAGE_ARGUMENTS;
	else if (proc != NFS3_NULL)
		run(&r, proc, patience);
}
