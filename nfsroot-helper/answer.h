/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_ANSWER_H
#define NFSROOT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nfsroot-helper/asker.h"
#include "nfsroot-helper/bootparam.h"
#include "nfsroot-helper/mount3.h"
#include "nfsroot-helper/mounts.h"
#include "nfsroot-helper/nfs3.h"
#include "nfsroot-helper/portmap.h"
#include "nfsroot-helper/rpc.h"
#include "nfsroot-helper/tree.h"

/* One call in, one reply out: the decisions of the whole server. */
#define ANSWER_READ_MAX (1u << 20)	/* rtmax, octets */
#define ANSWER_LIST_MAX 65536		/* dtpref, and the longest listing */
#define ANSWER_MAX (ANSWER_READ_MAX + 1024)	/* room that `out' must have */
/* Of more than this the data need not be kept: they are in the file. */
#define ANSWER_KEEP 65536
/*
 * By UDP: data in a reply, and room for it whole.  65,507 octets fit into a
 * datagram, and what is lost of its fragments is asked for as a whole again.
 */
#define ANSWER_DATAGRAM_DATA 32768
#define ANSWER_DATAGRAM (ANSWER_DATAGRAM_DATA + 1024)

struct service {
	struct tree tree;
	struct mounts mounts;
	struct guests guests;
	struct portmap portmap;		/* what is to be had where */
	int bootfd;
	const struct seen *seen;	/* for whose address it is, or NULL */
};

enum answer_kind {
	ANSWER_NONE,		/* nobody to answer: end the connection */
	ANSWER_SILENCE,		/* others may know: nothing is sent */
	ANSWER_REPLY,
	/*
	 * Call again: when that was done which tree.disk.want says, or else
	 * after exports_work().
	 */
	ANSWER_WAIT
};

enum answer_event {
	EVENT_NONE, EVENT_MOUNTED, EVENT_REFUSED, EVENT_UNMOUNTED,
	EVENT_READING, EVENT_NAMED, EVENT_TOLD
};

struct answer {
	enum answer_kind kind;
	/*
	 * A long READ: the reply's last `length' octets, but for padding, are
	 * the file's from `offset' on, if it must be sent in pieces.
	 */
	int file;
	uint64_t offset;
	uint32_t length;	/* 0: they are not */

	/* For seen/ and the log; `path' is as the client wrote it. */
	enum answer_event event;
	char path[MOUNT3_PATH_MAX + 1];

	/* How it came about, for -e. */
	struct rpc_call call;
	enum rpc_fault fault;
	struct rpc_call passed_on;	/* CALLIT's; program 0: none */
	uint32_t low, high;	/* versions, for RPC_NO_VERSION */
	const char *procedure;	/* NULL: unknown */
	const char *asked;	/* of BOOTPARAM, by itself or passed on */
	struct bootparam_args params;
	struct portmap_args map;
	const char *status;	/* NULL: the procedure has none */
	const char *why;
	struct nfs3_args args;
	const struct node *object, *result;	/* NULL: not found */
	struct nfs3_attr attr;	/* of the result, else of the object */
	uint32_t count;		/* octets of a READ, entries of a list */
	bool eof;
	uint32_t granted;	/* ACCESS */
};

/* `patience': how often the call may still say ANSWER_WAIT. */
void answer_call(struct service *, struct asker *, const void *record,
    size_t len, unsigned patience, struct wire_out *, struct answer *);

/* For one program, with the call's head in a->call already. */
void answer_nfs(struct service *, struct asker *, unsigned patience,
    struct wire_out *, struct answer *);
void answer_mount(struct service *, struct asker *, struct wire_out *,
    struct answer *);
void answer_portmap(struct service *, const struct asker *, struct wire_out *,
    struct answer *);
/* The call by itself, as it may be one that was passed on. */
enum rpc_fault answer_bootparam(const struct service *, const struct asker *,
    const struct rpc_call *, struct wire_out *, struct answer *);

#endif
