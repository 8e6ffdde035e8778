/* SPDX-License-Identifier: ISC */
/* RPC messages by libtirpc: the head of a call in, the head of a reply out. */
#include "nfsroot-helper/rpc.h"

#include <string.h>

#include <rpc/rpc.h>

/* xid, type, rpcvers, program, version, procedure, and two opaque_auth. */
#define CALL_HEAD_MAX (6 * 4 + 2 * (8 + MAX_AUTH_BYTES))
/* xid, type, reply_stat, an opaque_auth, and accept_stat. */
#define REPLY_HEAD_MAX (4 * 4 + 8 + MAX_AUTH_BYTES)

_Static_assert(RPC_MACHINE_MAX == MAX_MACHINE_NAME, "RFC 5531 appendix A");
_Static_assert(RPC_GROUPS_MAX == NGRPS, "RFC 5531 appendix A");

static const char *const fault_names[RPC_NFAULTS] = {
	[RPC_NO_FAULT] = "SUCCESS",
	[RPC_NOT_A_CALL] = "not a call",
	[RPC_BAD_HEADER] = "header cut off",
	[RPC_OTHER_RPC] = "RPC_MISMATCH",
	[RPC_BAD_CREDENTIAL] = "AUTH_BADCRED",
	[RPC_UNKNOWN_AUTH] = "AUTH_REJECTEDCRED",
	[RPC_NO_PROGRAM] = "PROG_UNAVAIL",
	[RPC_NO_VERSION] = "PROG_MISMATCH",
	[RPC_NO_PROCEDURE] = "PROC_UNAVAIL",
	[RPC_GARBAGE_ARGUMENTS] = "GARBAGE_ARGS",
	[RPC_SYSTEM_TROUBLE] = "SYSTEM_ERR",
};

const char *
rpc_fault_name(enum rpc_fault fault)
{
	return fault_names[fault];
}

/*
 * Arrays stand ready for all that AUTH_UNIX can hold, so that libtirpc
 * allocates nothing for a caller.
 */
static enum rpc_fault
parse_auth_unix(struct rpc_caller *caller, char *body, u_int len)
{
	struct authunix_parms parms;
	gid_t group[NGRPS];
	XDR xdr;
	size_t i;

	memset(&parms, 0, sizeof(parms));
	parms.aup_machname = caller->machine;
	parms.aup_gids = group;
	xdrmem_create(&xdr, body, len, XDR_DECODE);
	if (!xdr_authunix_parms(&xdr, &parms))
		return RPC_BAD_CREDENTIAL;
	caller->known = true;
	caller->uid = parms.aup_uid;
	caller->gid = parms.aup_gid;
	caller->ngroups = parms.aup_len;
	for (i = 0; i < caller->ngroups; i++)
		caller->group[i] = group[i];
	return RPC_NO_FAULT;
}

static enum rpc_fault
parse_credential(struct rpc_caller *caller, const struct opaque_auth *cred)
{
	memset(caller, 0, sizeof(*caller));
	switch (cred->oa_flavor) {
	case AUTH_NONE:
		return RPC_NO_FAULT;
	case AUTH_UNIX:
		return parse_auth_unix(caller, cred->oa_base, cred->oa_length);
	default:
		return RPC_UNKNOWN_AUTH;
	}
}

/*
 * The three words that decide whether there is anybody to answer.  libtirpc
 * only says no to another RPC version, which is owed a reply of its own.
 */
static enum rpc_fault
parse_first_words(struct rpc_call *call, const void *data, size_t len)
{
	struct wire_in in;
	uint32_t type, rpcvers;

	wire_in_init(&in, data, len);
	call->xid = wire_get_n32(&in);
	type = wire_get_n32(&in);
	rpcvers = wire_get_n32(&in);
	if (in.bad || type != CALL)
		return RPC_NOT_A_CALL;
	return rpcvers == RPC_MSG_VERSION ? RPC_NO_FAULT : RPC_OTHER_RPC;
}

enum rpc_fault
rpc_parse(struct rpc_call *call, const void *data, size_t len)
{
	char head[CALL_HEAD_MAX], cred[MAX_AUTH_BYTES], verf[MAX_AUTH_BYTES];
	struct rpc_msg msg;
	enum rpc_fault fault;
	size_t head_len = len < sizeof(head) ? len : sizeof(head);
	XDR xdr;

	memset(call, 0, sizeof(*call));
	if ((fault = parse_first_words(call, data, len)) != RPC_NO_FAULT)
		return fault;
	/* A copy, because an XDR stream wants octets that it may write. */
	memcpy(head, data, head_len);
	memset(&msg, 0, sizeof(msg));
	msg.rm_call.cb_cred.oa_base = cred;
	msg.rm_call.cb_verf.oa_base = verf;
	xdrmem_create(&xdr, head, (u_int)head_len, XDR_DECODE);
	if (!xdr_callmsg(&xdr, &msg))
		return RPC_BAD_HEADER;
	call->program = (uint32_t)msg.rm_call.cb_prog;
	call->version = (uint32_t)msg.rm_call.cb_vers;
	call->procedure = (uint32_t)msg.rm_call.cb_proc;
	call->args = (const uint8_t *)data + XDR_GETPOS(&xdr);
	call->args_len = len - XDR_GETPOS(&xdr);
	return parse_credential(&call->caller, &msg.rm_call.cb_cred);
}

/* The results come after the head, by another hand. */
static bool_t
leave_results(XDR *xdr, ...)
{
	(void)xdr;
	return TRUE;
}

static void
put_reply(struct wire_out *out, struct rpc_msg *msg, uint32_t xid)
{
	XDR xdr;

	if (out->bad)
		return;
	msg->rm_xid = xid;
	msg->rm_direction = REPLY;
	xdrmem_create(&xdr, (char *)out->start + out->len,
	    (u_int)(out->size - out->len), XDR_ENCODE);
	if (xdr_replymsg(&xdr, msg))
		out->len += XDR_GETPOS(&xdr);
	else
		out->bad = true;
}

static void
put_accepted(struct wire_out *out, uint32_t xid, enum accept_stat stat,
    uint32_t low, uint32_t high)
{
	struct rpc_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.rm_reply.rp_stat = MSG_ACCEPTED;
	msg.acpted_rply.ar_verf = _null_auth;
	msg.acpted_rply.ar_stat = stat;
	if (stat == PROG_MISMATCH) {
		msg.acpted_rply.ar_vers.low = low;
		msg.acpted_rply.ar_vers.high = high;
	} else
		msg.acpted_rply.ar_results.proc = leave_results;
	put_reply(out, &msg, xid);
}

static void
put_rejected(struct wire_out *out, uint32_t xid, enum reject_stat stat,
    enum auth_stat why)
{
	struct rpc_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.rm_reply.rp_stat = MSG_DENIED;
	msg.rjcted_rply.rj_stat = stat;
	if (stat == RPC_MISMATCH) {
		msg.rjcted_rply.rj_vers.low = RPC_MSG_VERSION;
		msg.rjcted_rply.rj_vers.high = RPC_MSG_VERSION;
	} else
		msg.rjcted_rply.rj_why = why;
	put_reply(out, &msg, xid);
}

void
rpc_put_success(struct wire_out *out, uint32_t xid)
{
	put_accepted(out, xid, SUCCESS, 0, 0);
}

bool
rpc_put_fault(struct wire_out *out, uint32_t xid, enum rpc_fault fault,
    uint32_t low, uint32_t high)
{
	switch (fault) {
	case RPC_OTHER_RPC:
		put_rejected(out, xid, RPC_MISMATCH, AUTH_OK);
		return true;
	case RPC_BAD_CREDENTIAL:
		put_rejected(out, xid, AUTH_ERROR, AUTH_BADCRED);
		return true;
	case RPC_UNKNOWN_AUTH:
		put_rejected(out, xid, AUTH_ERROR, AUTH_REJECTEDCRED);
		return true;
	case RPC_NO_PROGRAM:
		put_accepted(out, xid, PROG_UNAVAIL, 0, 0);
		return true;
	case RPC_NO_VERSION:
		put_accepted(out, xid, PROG_MISMATCH, low, high);
		return true;
	case RPC_NO_PROCEDURE:
		put_accepted(out, xid, PROC_UNAVAIL, 0, 0);
		return true;
	case RPC_GARBAGE_ARGUMENTS:
		put_accepted(out, xid, GARBAGE_ARGS, 0, 0);
		return true;
	case RPC_SYSTEM_TROUBLE:
		put_accepted(out, xid, SYSTEM_ERR, 0, 0);
		return true;
	default:
		return false;
	}
}

void
rpc_put_call(struct wire_out *out, uint32_t xid, uint32_t program,
    uint32_t version, uint32_t procedure)
{
	struct rpc_msg msg;
	XDR xdr;

	if (out->bad)
		return;
	memset(&msg, 0, sizeof(msg));
	msg.rm_xid = xid;
	msg.rm_direction = CALL;
	msg.rm_call.cb_rpcvers = RPC_MSG_VERSION;
	msg.rm_call.cb_prog = program;
	msg.rm_call.cb_vers = version;
	msg.rm_call.cb_proc = procedure;
	msg.rm_call.cb_cred = _null_auth;
	msg.rm_call.cb_verf = _null_auth;
	xdrmem_create(&xdr, (char *)out->start + out->len,
	    (u_int)(out->size - out->len), XDR_ENCODE);
	if (xdr_callmsg(&xdr, &msg))
		out->len += XDR_GETPOS(&xdr);
	else
		out->bad = true;
}

bool
rpc_parse_reply(const void *data, size_t len, uint32_t xid,
    struct wire_in *results)
{
	char copy[REPLY_HEAD_MAX], verf[MAX_AUTH_BYTES];
	size_t head_len = len < sizeof(copy) ? len : sizeof(copy);
	struct rpc_msg msg;
	XDR xdr;

	memcpy(copy, data, head_len);
	memset(&msg, 0, sizeof(msg));
	msg.acpted_rply.ar_verf.oa_base = verf;
	msg.acpted_rply.ar_results.proc = leave_results;
	xdrmem_create(&xdr, copy, (u_int)head_len, XDR_DECODE);
	if (!xdr_replymsg(&xdr, &msg) || msg.rm_xid != xid ||
	    msg.rm_direction != REPLY ||
	    msg.rm_reply.rp_stat != MSG_ACCEPTED ||
	    msg.acpted_rply.ar_stat != SUCCESS)
		return false;
	wire_in_init(results, (const uint8_t *)data + XDR_GETPOS(&xdr),
	    len - XDR_GETPOS(&xdr));
	return true;
}
