/* SPDX-License-Identifier: ISC */
/*
 * Any octets as a call: what is read of it lies in it, and each fault has
 * the reply that RPC owes it.
 */
#include "nfsroot-helper/mount3.h"
#include "nfsroot-helper/nfs3.h"
#include "nfsroot-helper/rpc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
require_inside(struct xdr_span span, const struct rpc_call *call)
{
	if (span.data == NULL)
		return;
	require(span.data >= call->args);
	require(span.data + span.len <= call->args + call->args_len);
}

static void
try_nfs(const struct rpc_call *call)
{
	struct nfs3_args args;

	if (call->procedure >= NFS3_NPROCS)
		return;
	if (!nfs3_parse(&args, call->procedure, call->args, call->args_len))
		return;
	require(args.object.len <= HANDLE_MAX);
	require(args.to_object.len <= HANDLE_MAX);
	require_inside(args.object, call);
	require_inside(args.to_object, call);
	require_inside(args.name, call);
	require_inside(args.to_name, call);
}

static void
require_clean(const struct mount3_path *p)
{
	const char *part = p->below;
	size_t len;

	require(p->export[0] != '\0' && p->export[0] != '.');
	require(strchr(p->export, '/') == NULL);
	for (; *part != '\0'; part += len, part += *part == '/') {
		len = strcspn(part, "/");
		require(len > 0 && len < 256);
		require(strncmp(part, "..", 2) != 0 || len > 2);
	}
}

static void
try_mount(const struct rpc_call *call)
{
	struct mount3_path p;
	struct xdr_span path;
	const char *why;

	if (call->procedure >= MOUNT3_NPROCS ||
	    !mount3_parse(&path, call->procedure, call->args, call->args_len))
		return;
	require_inside(path, call);
	if (mount3_split(&p, path, &why) == MNT3_OK)
		require_clean(&p);
	else
		require(*why != '\0');
}

static void
require_reply(enum rpc_fault fault, uint32_t xid)
{
	uint8_t reply[RPC_REPLY_HEADER];
	struct wire_out out;
	struct wire_in in;

	wire_out_init(&out, reply, sizeof(reply));
	if (!rpc_put_fault(&out, xid, fault, 1, 3)) {
		require(fault == RPC_NOT_A_CALL || fault == RPC_BAD_HEADER);
		return;
	}
	require(!out.bad && out.len >= 20 && out.len % 4 == 0);
	wire_in_init(&in, reply, out.len);
	require(wire_get_n32(&in) == xid && wire_get_n32(&in) == 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rpc_call call;
	enum rpc_fault fault = rpc_parse(&call, data, len);

	if (fault != RPC_NO_FAULT) {
		require_reply(fault, call.xid);
		return 0;
	}
	require(call.args >= data && call.args + call.args_len == data + len);
	require(call.caller.ngroups <= RPC_GROUPS_MAX);
	require(strlen(call.caller.machine) <= RPC_MACHINE_MAX);
	try_nfs(&call);
	try_mount(&call);
	return 0;
}
