/* SPDX-License-Identifier: ISC */
/* The procedures of BOOTPARAM: what a diskless machine asks before NFS. */
#include "nfsroot-helper/answer.h"

#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>

#include "common/address.h"
#include "nfsroot-helper/diskless.h"

struct request {
	const struct service *service;
	const struct asker *asker;
	struct wire_out *out;
	struct answer *answer;
	const struct bootparam_args *args;
	struct diskless machine;
};

static enum rpc_fault
refuse(struct request *r, const char *why)
{
	r->answer->why = why;
	return RPC_SYSTEM_TROUBLE;
}

static bool
find_machine(struct request *r, struct in_addr address)
{
	return diskless_by_address(r->service->bootfd, r->service->seen,
	    address, &r->machine, &r->answer->why);
}

/*
 * Without a router none is named.  Many a server names itself there, which
 * OpenBSD and NetBSD therefore do not believe: nfs_boot.c, NFS_BOOT_GATEWAY.
 */
static enum rpc_fault
who_am_i(struct request *r)
{
	char domain[BOOTPARAM_NAME_MAX + 1], line[ADDRESS_TEXT];
	struct in_addr router = { 0 };
	struct answer *a = r->answer;

	if (!find_machine(r, r->args->address))
		return RPC_SYSTEM_TROUBLE;
	diskless_line(r->service->bootfd, &r->machine, "domain", domain,
	    sizeof(domain));
	if (diskless_line(r->service->bootfd, &r->machine, "router", line,
	    sizeof(line)) && inet_pton(AF_INET, line, &router) != 1)
		return refuse(r, "bootparam/router is no IPv4 address");
	bootparam_put_whoami(r->out, r->machine.name, domain, router);
	a->event = EVENT_NAMED;
	strlcpy(a->path, r->machine.name, sizeof(a->path));
	return RPC_NO_FAULT;
}

static bool
is_name(struct xdr_span span, const char *name)
{
	return span.len == strlen(name) &&
	    memcmp(span.data, name, span.len) == 0;
}

/* The file's line; for the root there is one to fall back on. */
static bool
find_place(struct request *r, const char *key, char *line, size_t size)
{
	char text[MAC_TEXT];

	if (diskless_line(r->service->bootfd, &r->machine, key, line, size))
		return true;
	if (strcmp(key, "root") != 0)
		return false;
	r->answer->why = "there is no bootparam/root";
	snprintf(line, size, "/machine/%s", mac_format(&r->machine.mac, text));
	return true;
}

static enum rpc_fault
put_place(struct request *r, const char *key, const char *line)
{
	struct in_addr server = r->asker->local;
	const char *path = bootparam_place(line, &server);
	char text[INET_ADDRSTRLEN];
	struct answer *a = r->answer;

	if (path == NULL)
		return refuse(r, "the file is not [SERVER:]PATH, with a number "
		    "and an absolute path");
	if (server.s_addr == 0)
		return refuse(r, "the server has no IPv4 address here");
	inet_ntop(AF_INET, &server, text, sizeof(text));
	bootparam_put_file(r->out, text, server, path);
	a->event = EVENT_TOLD;
	snprintf(a->path, sizeof(a->path), "%s:%s:%.900s", key, text, path);
	return RPC_NO_FAULT;
}

/* What a machine mounts is told to that machine alone. */
static enum rpc_fault
get_file(struct request *r)
{
	char line[BOOTPARAM_PATH_MAX + INET_ADDRSTRLEN + 2];
	char key[BOOTPARAM_FILE_MAX + 1];
	union address asker;

	if (!address_parse(r->asker->host, 0, &asker) ||
	    asker.sa.sa_family != AF_INET)
		return refuse(r, "BOOTPARAM is for IPv4");
	if (!find_machine(r, asker.in.sin_addr))
		return RPC_SYSTEM_TROUBLE;
	if (!is_name(r->args->client, r->machine.name))
		return refuse(r, "the asker's address is not that machine's");
	if (!bootparam_key(r->args->file, key) ||
	    !find_place(r, key, line, sizeof(line)))
		return refuse(r, "bootparam/ has no file of that name");
	return put_place(r, key, line);
}

static enum rpc_fault
answer_one(struct request *r, const struct rpc_call *call)
{
	const enum bootparam_proc proc = call->procedure;

	if (call->procedure >= BOOTPARAM_NPROCS)
		return RPC_NO_PROCEDURE;
	r->answer->asked = bootparam_proc_name(proc);
	if (!bootparam_parse(&r->answer->params, proc, call->args, call->args_len))
		return RPC_GARBAGE_ARGUMENTS;
	if (proc == BOOTPARAM_WHOAMI)
		return who_am_i(r);
	return proc == BOOTPARAM_GETFILE ? get_file(r) : RPC_NO_FAULT;
}

enum rpc_fault
answer_bootparam(const struct service *s, const struct asker *asker,
    const struct rpc_call *call, struct wire_out *out, struct answer *a)
{
	struct request r = { .service = s, .asker = asker, .out = out,
	    .answer = a, .args = &a->params };

	a->low = a->high = BOOTPARAM_VERSION;
	if (call->version != BOOTPARAM_VERSION)
		return RPC_NO_VERSION;
	return answer_one(&r, call);
}
