/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_RPC_H
#define NFSROOT_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/* ONC RPC version 2 messages, RFC 5531. */
#define RPC_MACHINE_MAX 255	/* octets of the name in AUTH_UNIX */
#define RPC_GROUPS_MAX 16
#define RPC_REPLY_HEADER 32	/* octets of the longest head or fault */

/* Who calls, as the caller says. */
struct rpc_caller {
	bool known;		/* AUTH_UNIX; false for AUTH_NONE */
	uint32_t uid, gid;
	size_t ngroups;
	uint32_t group[RPC_GROUPS_MAX];
	char machine[RPC_MACHINE_MAX + 1];
};

struct rpc_call {
	uint32_t xid, program, version, procedure;
	struct rpc_caller caller;
	const uint8_t *args;	/* in the record */
	size_t args_len;
};

/* Why a call is answered with something else than its results. */
enum rpc_fault {
	RPC_NO_FAULT,
	RPC_NOT_A_CALL,		/* a reply, or too short: no answer */
	RPC_BAD_HEADER,		/* cut off after its head: no answer either */
	RPC_OTHER_RPC,		/* not version 2: RPC_MISMATCH */
	RPC_BAD_CREDENTIAL,	/* AUTH_UNIX that does not decode */
	RPC_UNKNOWN_AUTH,	/* neither AUTH_NONE nor AUTH_UNIX */
	RPC_NO_PROGRAM,
	RPC_NO_VERSION,
	RPC_NO_PROCEDURE,
	RPC_GARBAGE_ARGUMENTS,
	RPC_SYSTEM_TROUBLE,
	RPC_NFAULTS
};

enum rpc_fault rpc_parse(struct rpc_call *, const void *, size_t);
/* "PROG_UNAVAIL", "GARBAGE_ARGS" ...: the RFC's own names. */
const char *rpc_fault_name(enum rpc_fault);

/* The head of a reply; the procedure's results come behind it. */
void rpc_put_success(struct wire_out *, uint32_t xid);
/*
 * The whole reply for a fault; `low' and `high' are the versions that there
 * are, for RPC_NO_VERSION.  False when the fault has no reply.
 */
bool rpc_put_fault(struct wire_out *, uint32_t xid, enum rpc_fault,
    uint32_t low, uint32_t high);

/* The other side: a call by nobody in particular, before its arguments. */
void rpc_put_call(struct wire_out *, uint32_t xid, uint32_t program,
    uint32_t version, uint32_t procedure);
/* Is this the reply to it, with success?  Then `results' are what follows. */
bool rpc_parse_reply(const void *, size_t, uint32_t xid,
    struct wire_in *results);

#endif
