/* SPDX-License-Identifier: ISC */
/* The procedures of the port mapper, RFC 1833 section 3. */
#include "nfsroot-helper/answer.h"

struct request {
	struct service *service;
	const struct asker *asker;
	struct wire_out *out;
	struct answer *answer;
	const struct portmap_args *args;
};

static void
get_port(struct request *r)
{
	const struct portmap_mapping *m = &r->args->mapping;
	uint32_t port = portmap_find(&r->service->portmap, m->program,
	    m->version, m->protocol);

	wire_put_n32(r->out, port);
	r->answer->count = port;
	if (port == 0)
		r->answer->why = "no such program, or not by this protocol";
}

static void
dump(struct request *r)
{
	const struct portmap *p = &r->service->portmap;
	size_t i;

	for (i = 0; i < p->n; i++)
		portmap_put_item(r->out, &p->service[i]);
	portmap_put_end(r->out);
	r->answer->count = (uint32_t)p->n;
}

/* Who registers here would be handed what others want of us. */
static void
refuse(struct request *r)
{
	xdr_put_bool(r->out, false);
	r->answer->why = "nobody else may register here";
}

/*
 * Of all programs this passes on only BOOTPARAM, as others would take the
 * call for one of this host's own.  What fails is not answered, so that with
 * a broadcast only the server that knows the machine speaks: RFC 1833 3.2.
 */
static void
call_it(struct request *r)
{
	struct answer *a = r->answer;
	struct rpc_call call = { .xid = a->call.xid,
	    .program = r->args->program, .version = r->args->version,
	    .procedure = r->args->procedure, .args = r->args->args.data,
	    .args_len = r->args->args.len };
	uint8_t results[BOOTPARAM_RESULTS_MAX];
	enum rpc_fault fault;
	struct wire_out out;

	a->passed_on = call;
	a->kind = ANSWER_SILENCE;
	wire_out_init(&out, results, sizeof(results));
	if (call.program != BOOTPARAM_PROGRAM) {
		a->why = "calls are passed on to BOOTPARAM alone";
		return;
	}
	fault = answer_bootparam(r->service, r->asker, &call, &out, a);
	if (fault != RPC_NO_FAULT || out.bad) {
		if (fault != RPC_SYSTEM_TROUBLE)
			a->why = rpc_fault_name(fault);
		return;
	}
	a->kind = ANSWER_REPLY;
	wire_put_n32(r->out, portmap_find(&r->service->portmap, call.program,
	    call.version, PORTMAP_UDP));
	xdr_put_opaque(r->out, results, out.len);
}

static void
do_nothing(struct request *r)
{
	(void)r;
}

static void (*const procs[PORTMAP_NPROCS])(struct request *) = {
	[PORTMAP_NULL] = do_nothing,
	[PORTMAP_SET] = refuse,
	[PORTMAP_UNSET] = refuse,
	[PORTMAP_GETPORT] = get_port,
	[PORTMAP_DUMP] = dump,
	[PORTMAP_CALLIT] = call_it,
};

void
answer_portmap(struct service *s, const struct asker *asker,
    struct wire_out *out, struct answer *a)
{
	struct request r = { .service = s, .asker = asker, .out = out,
	    .answer = a, .args = &a->map };
	const uint32_t proc = a->call.procedure;

	a->low = a->high = PORTMAP_VERSION;
	if (a->call.version != PORTMAP_VERSION)
		a->fault = RPC_NO_VERSION;
	else if (proc >= PORTMAP_NPROCS)
		a->fault = RPC_NO_PROCEDURE;
	if (a->fault != RPC_NO_FAULT)
		return;
	a->procedure = portmap_proc_name(proc);
	/* Whoever may mount: a port mapper is what forged calls look for. */
	if (asker->datagram && !asker->nearby) {
		a->kind = ANSWER_SILENCE;
		a->why = "by UDP only our own networks are answered";
		return;
	}
	if (portmap_parse(&a->map, proc, a->call.args, a->call.args_len))
		procs[proc](&r);
	else
		a->fault = RPC_GARBAGE_ARGUMENTS;
}
