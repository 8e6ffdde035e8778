/* SPDX-License-Identifier: ISC */
/* Calls and answers as text: what -e prints. */
#include "nfsroot-helper/explain.h"

#include <arpa/inet.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"

#define ESCAPED_MAX 1100

struct text {
	char *start;
	size_t size, len;
};

static void put(struct text *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static void
put(struct text *t, const char *format, ...)
{
	size_t left = t->size - t->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->start + t->len, left, format, args);
	va_end(args);
	if (n > 0)
		t->len += (size_t)n < left ? (size_t)n : left - 1;
}

static void
put_escaped(struct text *t, const char *label, const void *data, size_t len)
{
	char escaped[ESCAPED_MAX];

	put(t, "%s: \"%s\"\n", label, log_escape(escaped, sizeof(escaped),
	    data, len));
}

static const char *
program_name(uint32_t program)
{
	switch (program) {
	case NFS3_PROGRAM:
		return "NFS";
	case MOUNT3_PROGRAM:
		return "MOUNT";
	case PORTMAP_PROGRAM:
		return "port mapper";
	case BOOTPARAM_PROGRAM:
		return "BOOTPARAM";
	default:
		return "unknown";
	}
}

static void
put_call(struct text *t, const struct answer *a)
{
	const struct rpc_call *call = &a->call;

	put(t, "call: xid 0x%08" PRIx32 ", program %" PRIu32 " (%s), version %"
	    PRIu32 ", procedure %" PRIu32 " (%s)\n", call->xid, call->program,
	    program_name(call->program), call->version, call->procedure,
	    a->procedure == NULL ? "unknown" : a->procedure);
}

static void
put_boot_args(struct text *t, const struct answer *a)
{
	const struct portmap_mapping *m = &a->map.mapping;
	const struct bootparam_args *p = &a->params;
	char address[INET_ADDRSTRLEN];

	if (m->program != 0)
		put(t, "program: %" PRIu32 " (%s), version %" PRIu32 ", by %s"
		    "\n", m->program, program_name(m->program), m->version,
		    m->protocol == PORTMAP_TCP ? "TCP" :
		    m->protocol == PORTMAP_UDP ? "UDP" : "another protocol");
	if (p->address.s_addr != 0)
		put(t, "address: %s\n", inet_ntop(AF_INET, &p->address,
		    address, sizeof(address)));
	if (p->client.data != NULL)
		put_escaped(t, "client", p->client.data, p->client.len);
	if (p->file.data != NULL)
		put_escaped(t, "key", p->file.data, p->file.len);
}

/* What CALLIT wants to be called, and what comes of it. */
static void
put_passed_on(struct text *t, const struct answer *a)
{
	const struct rpc_call *call = &a->passed_on;

	if (call->program != 0)
		put(t, "passed on: program %" PRIu32 " (%s), version %" PRIu32
		    ", procedure %" PRIu32 " (%s)\n", call->program,
		    program_name(call->program), call->version,
		    call->procedure, a->asked == NULL ? "unknown" : a->asked);
}

static void
put_caller(struct text *t, const struct rpc_caller *caller)
{
	size_t i;

	if (!caller->known) {
		put(t, "caller: AUTH_NONE\n");
		return;
	}
	put(t, "caller: AUTH_UNIX, uid %" PRIu32 ", gid %" PRIu32 ", groups",
	    caller->uid, caller->gid);
	for (i = 0; i < caller->ngroups; i++)
		put(t, " %" PRIu32, caller->group[i]);
	put(t, "%s\n", caller->ngroups == 0 ? " none" : "");
	put_escaped(t, "machine", caller->machine, strlen(caller->machine));
}

static void
put_node(struct text *t, const char *label, const struct node *n)
{
	char path[ESCAPED_MAX];

	tree_path(n, path, sizeof(path));
	put_escaped(t, label, path, strlen(path));
}

/* The handle in the call, when it led to nothing. */
static void
put_handle(struct text *t, struct xdr_span octets)
{
	struct handle h;

	put(t, "handle: %zu octets", octets.len);
	if (handle_parse(&h, octets.data, octets.len))
		put(t, ", depth %u, export 0x%016" PRIx64, h.depth, h.export);
	put(t, "\n");
}

static void
put_args(struct text *t, const struct answer *a)
{
	const struct nfs3_args *args = &a->args;

	if (a->path[0] != '\0' && a->event < EVENT_READING)
		put_escaped(t, "path", a->path, strlen(a->path));
	if (a->object != NULL && a->object->export->origin.is_view)
		put(t, "view: /%s\n", a->object->export->name);
	if (a->object != NULL)
		put_node(t, "object", a->object);
	else if (args->object.data != NULL)
		put_handle(t, args->object);
	if (args->name.data != NULL)
		put_escaped(t, "name", args->name.data, args->name.len);
	if (args->to_name.data != NULL)
		put_escaped(t, "new name", args->to_name.data,
		    args->to_name.len);
	if (args->count != 0)
		put(t, "range: from %" PRIu64 ", at most %" PRIu32 " octets\n",
		    args->offset, args->count);
}

static const char *
type_name(enum nfs3_type type)
{
	static const char *const names[] = {
		[NFS3_REG] = "file", [NFS3_DIR] = "folder",
		[NFS3_BLK] = "block device", [NFS3_CHR] = "character device",
		[NFS3_LNK] = "symbolic link", [NFS3_SOCK] = "socket",
		[NFS3_FIFO] = "FIFO",
	};

	return names[type];
}

static void
put_result(struct text *t, const struct answer *a)
{
	if (a->result != NULL)
		put_node(t, "result", a->result);
	if (a->attr.type == NFS3_REG)
		put(t, "attributes: file of %" PRIu64 " octets\n",
		    a->attr.size);
	else if (a->attr.type != 0)
		put(t, "attributes: %s\n", type_name(a->attr.type));
	if (a->args.access != 0)
		put(t, "access: 0x%02" PRIx32 " of the 0x%02" PRIx32
		    " asked for\n", a->granted, a->args.access);
	if (a->event == EVENT_NAMED || a->event == EVENT_TOLD)
		put_escaped(t, a->event == EVENT_NAMED ? "name" : "place",
		    a->path, strlen(a->path));
	if (a->call.program == PORTMAP_PROGRAM &&
	    a->call.procedure == PORTMAP_GETPORT)
		put(t, "port: %" PRIu32 "\n", a->count);
	else if (a->count > 0 || a->eof)
		put(t, "%s: %" PRIu32 "%s\n", a->attr.type == NFS3_REG ?
		    "octets" : "entries", a->count, a->eof ? ", the last" : "");
}

static void
put_fault(struct text *t, const struct answer *a)
{
	put(t, "answer: %s", rpc_fault_name(a->fault));
	if (a->fault == RPC_NO_VERSION)
		put(t, ", versions %" PRIu32 " to %" PRIu32, a->low, a->high);
	put(t, "%s\n", a->kind == ANSWER_NONE ? "; none is sent" : "");
}

const char *
explain(const struct answer *a, char *text, size_t size)
{
	struct text t = { .start = text, .size = size };
	const bool has_head = a->fault != RPC_NOT_A_CALL &&
	    a->fault != RPC_BAD_HEADER && a->fault != RPC_OTHER_RPC;

	text[0] = '\0';
	if (has_head) {
		put_call(&t, a);
		if (a->fault != RPC_BAD_CREDENTIAL &&
		    a->fault != RPC_UNKNOWN_AUTH)
			put_caller(&t, &a->call.caller);
	}
	put_passed_on(&t, a);
	put_boot_args(&t, a);
	if (a->fault != RPC_NO_FAULT)
		put_fault(&t, a);
	else {
		put_args(&t, a);
		put(&t, "answer: %s\n", a->kind == ANSWER_SILENCE ?
		    "none is sent" : a->status == NULL ? "done" : a->status);
		put_result(&t, a);
	}
	if (a->why[0] != '\0')
		put(&t, "why: %s\n", a->why);
	return text;
}
