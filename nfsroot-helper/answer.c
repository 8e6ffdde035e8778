/* SPDX-License-Identifier: ISC */
/* Which program a call is for, and what RPC itself has to say to it. */
#include "nfsroot-helper/answer.h"

#include <string.h>

static void
answer_program(struct service *s, struct asker *asker, unsigned patience,
    struct wire_out *out, struct answer *a)
{
	switch (a->call.program) {
	case NFS3_PROGRAM:
		answer_nfs(s, asker, patience, out, a);
		break;
	case MOUNT3_PROGRAM:
		answer_mount(s, asker, out, a);
		break;
	case PORTMAP_PROGRAM:
		answer_portmap(s, asker, out, a);
		break;
	case BOOTPARAM_PROGRAM:
		a->fault = answer_bootparam(s, asker, &a->call, out, a);
		a->procedure = a->asked;
		break;
	default:
		a->fault = RPC_NO_PROGRAM;
		break;
	}
}

void
answer_call(struct service *s, struct asker *asker, const void *record,
    size_t len, unsigned patience, struct wire_out *out, struct answer *a)
{
	const size_t start = out->len;

	memset(a, 0, offsetof(struct answer, path) + 1);
	memset(&a->fault, 0, sizeof(*a) - offsetof(struct answer, fault));
	a->kind = ANSWER_REPLY;
	a->file = -1;
	a->why = "";
	a->fault = rpc_parse(&a->call, record, len);
	if (a->fault == RPC_NO_FAULT) {
		asker_identify(asker, &s->guests, s->seen, s->tree.now);
		s->tree.exports.asker = asker->has_mac ? &asker->mac : NULL;
		s->tree.exports.all_views = asker->is_server;
		disk_begin(&s->tree.disk, asker->hurried, &asker->had);
		rpc_put_success(out, a->call.xid);
		answer_program(s, asker, patience, out, a);
	}
	if (a->fault == RPC_NO_FAULT &&
	    s->tree.disk.want.kind != DISK_NOTHING)
		a->kind = ANSWER_WAIT;
	if (a->kind == ANSWER_WAIT || a->kind == ANSWER_SILENCE) {
		/* A first READ is noted once; all else is said later. */
		if (a->event != EVENT_READING)
			a->event = EVENT_NONE;
		out->len = start;
		return;
	}
	if (a->fault == RPC_NO_FAULT && out->bad)
		a->fault = RPC_SYSTEM_TROUBLE;
	if (a->fault == RPC_NO_FAULT)
		return;
	a->length = 0;
	out->bad = false;
	out->len = start;
	if (!rpc_put_fault(out, a->call.xid, a->fault, a->low, a->high))
		a->kind = ANSWER_NONE;
}
