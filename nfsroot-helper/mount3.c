/* SPDX-License-Identifier: ISC */
/* MOUNT: arguments from octets, results to octets (RFC 1813 section 5). */
#include "nfsroot-helper/mount3.h"

#include <stdio.h>
#include <string.h>

#define AUTH_FLAVOR_UNIX 1

static const char *const proc_names[MOUNT3_NPROCS] = {
	"NULL", "MNT", "DUMP", "UMNT", "UMNTALL", "EXPORT",
};

static const struct {
	uint32_t status;
	const char *name;
} statuses[] = {
	{ MNT3_OK, "MNT3_OK" },
	{ MNT3ERR_PERM, "MNT3ERR_PERM" },
	{ MNT3ERR_NOENT, "MNT3ERR_NOENT" },
	{ MNT3ERR_IO, "MNT3ERR_IO" },
	{ MNT3ERR_ACCES, "MNT3ERR_ACCES" },
	{ MNT3ERR_NOTDIR, "MNT3ERR_NOTDIR" },
	{ MNT3ERR_INVAL, "MNT3ERR_INVAL" },
	{ MNT3ERR_NAMETOOLONG, "MNT3ERR_NAMETOOLONG" },
	{ MNT3ERR_NOTSUPP, "MNT3ERR_NOTSUPP" },
	{ MNT3ERR_SERVERFAULT, "MNT3ERR_SERVERFAULT" },
};

const char *
mount3_proc_name(enum mount3_proc proc)
{
	return proc_names[proc];
}

const char *
mount3_status_name(uint32_t status)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == status)
			return statuses[i].name;
	return "unknown";
}

bool
mount3_parse(struct xdr_span *path, enum mount3_proc proc, const void *data,
    size_t len)
{
	struct wire_in in;

	*path = (struct xdr_span){ NULL, 0 };
	if (proc != MOUNT3_MNT && proc != MOUNT3_UMNT)
		return true;
	wire_in_init(&in, data, len);
	*path = xdr_get_opaque(&in, MOUNT3_PATH_MAX);
	return !in.bad;
}

/* The next part between slashes; false at the end. */
static bool
next_part(struct xdr_span *path, struct xdr_span *part)
{
	const uint8_t *slash;

	while (path->len > 0 && path->data[0] == '/') {
		path->data++;
		path->len--;
	}
	if (path->len == 0)
		return false;
	slash = memchr(path->data, '/', path->len);
	part->data = path->data;
	part->len = slash == NULL ? path->len : (size_t)(slash - path->data);
	path->data += part->len;
	path->len -= part->len;
	return true;
}

static bool
part_is(struct xdr_span part, const char *text)
{
	return part.len == strlen(text) &&
	    memcmp(part.data, text, part.len) == 0;
}

/* Is this a name that may stand in a path?  *why says why not. */
static enum mount3_status
judge_part(struct xdr_span part, bool first, const char **why)
{
	if (part.len > 255) {
		*why = "a name is longer than 255 octets";
		return MNT3ERR_NAMETOOLONG;
	}
	if (part_is(part, "..")) {
		*why = "`..' leads out of the export";
		return MNT3ERR_ACCES;
	}
	if (memchr(part.data, '\0', part.len) != NULL) {
		*why = "a name has a NUL in it";
		return MNT3ERR_INVAL;
	}
	if (first && part.data[0] == '.') {
		*why = "names that begin with a dot are no exports";
		return MNT3ERR_NOENT;
	}
	return MNT3_OK;
}

/*
 * A slash stands before each part of the path, or the path is relative, so
 * that `below' has room for it whatever it is.
 */
static void
add_part(struct mount3_path *p, struct xdr_span part)
{
	size_t len = strlen(p->below);

	if (p->export[0] == '\0') {
		memcpy(p->export, part.data, part.len);
		return;
	}
	if (part_is(part, "."))
		return;
	if (len > 0)
		p->below[len++] = '/';
	memcpy(p->below + len, part.data, part.len);
}

enum mount3_status
mount3_split(struct mount3_path *p, struct xdr_span path, const char **why)
{
	enum mount3_status status;
	struct xdr_span part;

	memset(p, 0, sizeof(*p));
	*why = "";
	if (path.len > MOUNT3_PATH_MAX) {
		*why = "the path is longer than 1024 octets";
		return MNT3ERR_NAMETOOLONG;
	}
	while (next_part(&path, &part)) {
		status = judge_part(part, p->export[0] == '\0', why);
		if (status != MNT3_OK)
			return status;
		add_part(p, part);
	}
	if (p->export[0] == '\0') {
		*why = "no export is named; ask for /NAME, as in root/NAME";
		return MNT3ERR_NOENT;
	}
	return MNT3_OK;
}

/*
 * AUTH_UNIX alone is offered: every client has it, and it tells the log who
 * a caller says to be.
 */
void
mount3_put_mounted(struct wire_out *out, const struct handle *h)
{
	uint8_t octets[HANDLE_MAX];

	wire_put_n32(out, MNT3_OK);
	xdr_put_opaque(out, octets, handle_format(h, octets));
	wire_put_n32(out, 1);
	wire_put_n32(out, AUTH_FLAVOR_UNIX);
}

void
mount3_put_refused(struct wire_out *out, enum mount3_status status)
{
	wire_put_n32(out, status);
}

void
mount3_put_mount(struct wire_out *out, const char *host, const char *path)
{
	xdr_put_bool(out, true);
	xdr_put_opaque(out, host, strlen(host));
	xdr_put_opaque(out, path, strlen(path));
}

/* No groups: an export without a list is everybody's. */
void
mount3_put_export(struct wire_out *out, const char *name)
{
	char path[300];

	snprintf(path, sizeof(path), "/%s", name);
	xdr_put_bool(out, true);
	xdr_put_opaque(out, path, strlen(path));
	xdr_put_bool(out, false);
}

void
mount3_put_end(struct wire_out *out)
{
	xdr_put_bool(out, false);
}
