/* SPDX-License-Identifier: ISC */
/* NFS version 3: arguments from octets, results to octets (RFC 1813). */
#include "nfsroot-helper/nfs3.h"

#include <string.h>

/* Opaque data and names are bounded by the record that they came in. */
#define ANY_LENGTH UINT32_MAX

/*
 * Each procedure in one line.  Arguments, in their order:
 *   h handle  n name  H, N the second ones  a access  o offset or cookie
 *   c count  d dircount  v cookie verifier  s sattr3  g sattrguard3
 *   w createhow3  k mknoddata3  t stable_how  b opaque data  p a path
 * What follows the status of a failure:
 *   p post_op_attr  w wcc_data, capitals: of the second object
 */
static const struct {
	const char *name, *args, *failure;
} procs[NFS3_NPROCS] = {
	[NFS3_NULL] = { "NULL", "", "" },
	[NFS3_GETATTR] = { "GETATTR", "h", "" },
	[NFS3_SETATTR] = { "SETATTR", "hsg", "w" },
	[NFS3_LOOKUP] = { "LOOKUP", "hn", "p" },
	[NFS3_ACCESS] = { "ACCESS", "ha", "p" },
	[NFS3_READLINK] = { "READLINK", "h", "p" },
	[NFS3_READ] = { "READ", "hoc", "p" },
	[NFS3_WRITE] = { "WRITE", "hoctb", "w" },
	[NFS3_CREATE] = { "CREATE", "hnw", "w" },
	[NFS3_MKDIR] = { "MKDIR", "hns", "w" },
	[NFS3_SYMLINK] = { "SYMLINK", "hnsp", "w" },
	[NFS3_MKNOD] = { "MKNOD", "hnk", "w" },
	[NFS3_REMOVE] = { "REMOVE", "hn", "w" },
	[NFS3_RMDIR] = { "RMDIR", "hn", "w" },
	[NFS3_RENAME] = { "RENAME", "hnHN", "wW" },
	[NFS3_LINK] = { "LINK", "hHN", "pW" },
	[NFS3_READDIR] = { "READDIR", "hovc", "p" },
	[NFS3_READDIRPLUS] = { "READDIRPLUS", "hovdc", "p" },
	[NFS3_FSSTAT] = { "FSSTAT", "h", "p" },
	[NFS3_FSINFO] = { "FSINFO", "h", "p" },
	[NFS3_PATHCONF] = { "PATHCONF", "h", "p" },
	[NFS3_COMMIT] = { "COMMIT", "hoc", "w" },
};

static const struct {
	uint32_t status;
	const char *name;
} statuses[] = {
	{ NFS3_OK, "NFS3_OK" },
	{ NFS3ERR_PERM, "NFS3ERR_PERM" },
	{ NFS3ERR_NOENT, "NFS3ERR_NOENT" },
	{ NFS3ERR_IO, "NFS3ERR_IO" },
	{ NFS3ERR_ACCES, "NFS3ERR_ACCES" },
	{ NFS3ERR_NOTDIR, "NFS3ERR_NOTDIR" },
	{ NFS3ERR_ISDIR, "NFS3ERR_ISDIR" },
	{ NFS3ERR_INVAL, "NFS3ERR_INVAL" },
	{ NFS3ERR_ROFS, "NFS3ERR_ROFS" },
	{ NFS3ERR_NAMETOOLONG, "NFS3ERR_NAMETOOLONG" },
	{ NFS3ERR_STALE, "NFS3ERR_STALE" },
	{ NFS3ERR_BADHANDLE, "NFS3ERR_BADHANDLE" },
	{ NFS3ERR_BAD_COOKIE, "NFS3ERR_BAD_COOKIE" },
	{ NFS3ERR_NOTSUPP, "NFS3ERR_NOTSUPP" },
	{ NFS3ERR_TOOSMALL, "NFS3ERR_TOOSMALL" },
	{ NFS3ERR_SERVERFAULT, "NFS3ERR_SERVERFAULT" },
	{ NFS3ERR_JUKEBOX, "NFS3ERR_JUKEBOX" },
};

const char *
nfs3_proc_name(enum nfs3_proc proc)
{
	return procs[proc].name;
}

const char *
nfs3_status_name(uint32_t status)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	return "unknown";
}

/* One of an enum's values, 0 to `max'. */
static uint32_t
get_choice(struct wire_in *in, uint32_t max)
{
	uint32_t value = wire_get_n32(in);

	if (value > max)
		in->bad = true;
	return value;
}

/* DONT_CHANGE, SET_TO_SERVER_TIME, SET_TO_CLIENT_TIME. */
static void
skip_set_time(struct wire_in *in)
{
	if (get_choice(in, 2) == 2)
		xdr_get_hyper(in);
}

static void
skip_sattr(struct wire_in *in)
{
	int i;

	for (i = 0; i < 3; i++)		/* mode, uid, gid */
		if (xdr_get_bool(in))
			wire_get_n32(in);
	if (xdr_get_bool(in))		/* size */
		xdr_get_hyper(in);
	skip_set_time(in);
	skip_set_time(in);
}

/* UNCHECKED and GUARDED have attributes, EXCLUSIVE a verifier. */
static void
skip_createhow(struct wire_in *in)
{
	if (get_choice(in, 2) == 2)
		xdr_get_hyper(in);
	else
		skip_sattr(in);
}

static void
skip_mknoddata(struct wire_in *in)
{
	switch (wire_get_n32(in)) {
	case NFS3_CHR:
	case NFS3_BLK:
		skip_sattr(in);
		xdr_get_hyper(in);
		break;
	case NFS3_SOCK:
	case NFS3_FIFO:
		skip_sattr(in);
		break;
	default:
		break;
	}
}

static void
skip_guard(struct wire_in *in)
{
	if (xdr_get_bool(in))
		xdr_get_hyper(in);
}

/* Arguments of the writing procedures, which only have to be well-formed. */
static void
skip_argument(struct wire_in *in, char kind)
{
	switch (kind) {
	case 'v':
		xdr_get_hyper(in);
		break;
	case 's':
		skip_sattr(in);
		break;
	case 'g':
		skip_guard(in);
		break;
	case 'w':
		skip_createhow(in);
		break;
	case 'k':
		skip_mknoddata(in);
		break;
	case 't':
		get_choice(in, 2);
		break;
	default:	/* b, p */
		xdr_get_opaque(in, ANY_LENGTH);
		break;
	}
}

static void
get_argument(struct nfs3_args *args, struct wire_in *in, char kind)
{
	switch (kind) {
	case 'h':
		args->object = xdr_get_opaque(in, HANDLE_MAX);
		break;
	case 'H':
		args->to_object = xdr_get_opaque(in, HANDLE_MAX);
		break;
	case 'n':
		args->name = xdr_get_opaque(in, ANY_LENGTH);
		break;
	case 'N':
		args->to_name = xdr_get_opaque(in, ANY_LENGTH);
		break;
	case 'a':
		args->access = wire_get_n32(in);
		break;
	case 'o':
		args->offset = xdr_get_hyper(in);
		break;
	case 'c':
		args->count = wire_get_n32(in);
		break;
	case 'd':
		args->dircount = wire_get_n32(in);
		break;
	default:
		skip_argument(in, kind);
		break;
	}
}

/* What follows the arguments is borne, as other servers do. */
bool
nfs3_parse(struct nfs3_args *args, enum nfs3_proc proc, const void *data,
    size_t len)
{
	const char *kind;
	struct wire_in in;

	memset(args, 0, sizeof(*args));
	wire_in_init(&in, data, len);
	for (kind = procs[proc].args; *kind != '\0'; kind++)
		get_argument(args, &in, *kind);
	return !in.bad;
}

static void
put_time(struct wire_out *out, struct nfs3_time time)
{
	wire_put_n32(out, time.seconds);
	wire_put_n32(out, time.ns);
}

void
nfs3_put_attr(struct wire_out *out, const struct nfs3_attr *attr)
{
	wire_put_n32(out, attr->type);
	wire_put_n32(out, attr->mode);
	wire_put_n32(out, attr->nlink);
	wire_put_n32(out, attr->uid);
	wire_put_n32(out, attr->gid);
	xdr_put_hyper(out, attr->size);
	xdr_put_hyper(out, attr->used);
	wire_put_n32(out, attr->rdev_major);
	wire_put_n32(out, attr->rdev_minor);
	xdr_put_hyper(out, attr->fsid);
	xdr_put_hyper(out, attr->fileid);
	put_time(out, attr->atime);
	put_time(out, attr->mtime);
	put_time(out, attr->ctime);
}

void
nfs3_put_post_op(struct wire_out *out, const struct nfs3_attr *attr)
{
	xdr_put_bool(out, attr != NULL);
	if (attr != NULL)
		nfs3_put_attr(out, attr);
}

void
nfs3_put_post_op_handle(struct wire_out *out, const struct handle *h)
{
	uint8_t octets[HANDLE_MAX];

	xdr_put_bool(out, h != NULL);
	if (h != NULL)
		xdr_put_opaque(out, octets, handle_format(h, octets));
}

/* wcc_data: nothing was written, so that before and after are the same. */
static void
put_wcc(struct wire_out *out, const struct nfs3_attr *attr)
{
	xdr_put_bool(out, attr != NULL);
	if (attr != NULL) {
		xdr_put_hyper(out, attr->size);
		put_time(out, attr->mtime);
		put_time(out, attr->ctime);
	}
	nfs3_put_post_op(out, attr);
}

void
nfs3_put_failure(struct wire_out *out, enum nfs3_proc proc,
    enum nfs3_status status, const struct nfs3_attr *attr,
    const struct nfs3_attr *to)
{
	const char *form;

	wire_put_n32(out, status);
	for (form = procs[proc].failure; *form != '\0'; form++)
		switch (*form) {
		case 'p':
			nfs3_put_post_op(out, attr);
			break;
		case 'w':
			put_wcc(out, attr);
			break;
		default:	/* W */
			put_wcc(out, to);
			break;
		}
}
