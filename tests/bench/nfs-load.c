/* SPDX-License-Identifier: ISC */
/*
 * libnfs as a load on an NFS server: many connections in one process, each
 * with calls under way all the time.
 *   nfs-load read|look PORT MOUNTPORT EXPORT CONNECTIONS CALLS SECONDS PID
 * `read' reads the file "big" in pieces of 1 MiB, over and over, and prints
 * MB/s; `look' does LOOKUP of "small0" to "small999" and GETATTR of what was
 * found in turn, and prints how many pairs a second.  CALLS are under way on
 * each connection.  The second number is the CPU seconds that the server, the
 * process PID, took for each GB or for 100,000 pairs.
 */
#include <sys/time.h>	/* libnfs wants struct timeval */

#include <err.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <nfsc/libnfs.h>
#include <nfsc/libnfs-raw.h>
#include <nfsc/libnfs-raw-mount.h>
#include <nfsc/libnfs-raw-nfs.h>

#define PIECE (1u << 20)
#define FILES 1000
#define CONNECTIONS_MAX 1024
#define CALLS_MAX 64
#define HANDLE_MAX 64

struct handle {
	char octets[HANDLE_MAX];
	u_int len;
};

/* One call after the other, each begun when the last is answered. */
struct lane {
	struct rpc_context *rpc;
	uint64_t offset;
	unsigned next;		/* file to look up */
	char name[16];
};

static struct {
	struct handle root, big;
	uint64_t size;		/* of big */
	uint64_t octets, pairs;
	unsigned under_way;
	bool stop;
} load;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* User and system seconds of a process, from proc(5). */
static double
cpu_of(const char *pid)
{
	unsigned long user = 0, kernel = 0;
	char path[64], line[1024];
	const char *at;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	if ((f = fopen(path, "r")) == NULL ||
	    fgets(line, sizeof(line), f) == NULL ||
	    (at = strrchr(line, ')')) == NULL ||
	    sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
	    &user, &kernel) != 2)
		errx(1, "%s: cannot be read", path);
	fclose(f);
	return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static void
require(struct rpc_context *rpc, bool truth, const char *what)
{
	if (!truth)
		errx(1, "%s: %s", what, rpc_get_error(rpc));
}

static void
turn(struct rpc_context **rpc, size_t n)
{
	static struct pollfd fds[CONNECTIONS_MAX];
	size_t i;

	for (i = 0; i < n; i++) {
		fds[i].fd = rpc_get_fd(rpc[i]);
		fds[i].events = (short)rpc_which_events(rpc[i]);
	}
	if (poll(fds, n, 10000) <= 0)
		errx(1, "the server says nothing for ten seconds");
	for (i = 0; i < n; i++)
		if (fds[i].revents != 0)
			require(rpc[i], rpc_service(rpc[i],
			    fds[i].revents) == 0, "connection");
}

static void
finish(struct rpc_context *rpc)
{
	while (load.under_way > 0)
		turn(&rpc, 1);
}

static void
connected(struct rpc_context *rpc, int status, void *data, void *arg)
{
	(void)data;
	(void)arg;
	require(rpc, status == RPC_STATUS_SUCCESS, "connect");
	load.under_way--;
}

static struct rpc_context *
connect_to(const char *port, int program)
{
	struct rpc_context *rpc = rpc_init_context();

	load.under_way = 1;
	require(rpc, rpc_connect_port_async(rpc, "127.0.0.1", atoi(port),
	    program, 3, connected, NULL) == 0, "connect");
	finish(rpc);
	return rpc;
}

static void
keep(struct handle *h, const char *octets, u_int len)
{
	if (len > HANDLE_MAX)
		errx(1, "a handle of %u octets", len);
	memcpy(h->octets, octets, len);
	h->len = len;
}

static void
mounted(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const struct mountres3 *r = data;

	(void)arg;
	require(rpc, status == RPC_STATUS_SUCCESS &&
	    r->fhs_status == MNT3_OK, "mount");
	keep(&load.root, r->mountres3_u.mountinfo.fhandle.fhandle3_val,
	    r->mountres3_u.mountinfo.fhandle.fhandle3_len);
	load.under_way--;
}

static void
mount_export(const char *port, char *export)
{
	struct rpc_context *rpc = connect_to(port, 100005);

	load.under_way = 1;
	require(rpc, rpc_mount3_mnt_async(rpc, mounted, export, NULL) == 0,
	    "mount");
	finish(rpc);
	rpc_destroy_context(rpc);
}

static void
found_big(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const struct LOOKUP3res *r = data;
	const struct LOOKUP3resok *ok = &r->LOOKUP3res_u.resok;

	(void)arg;
	require(rpc, status == RPC_STATUS_SUCCESS && r->status == NFS3_OK &&
	    ok->obj_attributes.attributes_follow, "big");
	keep(&load.big, ok->object.data.data_val, ok->object.data.data_len);
	load.size = ok->obj_attributes.post_op_attr_u.attributes.size;
	load.under_way--;
}

static void
send_lookup(struct rpc_context *rpc, char *name, rpc_cb found, void *arg)
{
	struct LOOKUP3args args;

	args.what.dir.data.data_len = load.root.len;
	args.what.dir.data.data_val = load.root.octets;
	args.what.name = name;
	require(rpc, rpc_nfs3_lookup_async(rpc, found, &args, arg) == 0,
	    "lookup");
	load.under_way++;
}

static void read_on(struct lane *);
static void look_on(struct lane *);

static void
was_read(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const struct READ3res *r = data;

	load.under_way--;
	require(rpc, status == RPC_STATUS_SUCCESS && r->status == NFS3_OK &&
	    r->READ3res_u.resok.count == PIECE, "read");
	load.octets += PIECE;
	if (!load.stop)
		read_on(arg);
}

static void
read_on(struct lane *l)
{
	struct READ3args args = { .offset = l->offset, .count = PIECE };

	args.file.data.data_len = load.big.len;
	args.file.data.data_val = load.big.octets;
	require(l->rpc, rpc_nfs3_read_async(l->rpc, was_read, &args, l) == 0,
	    "read");
	l->offset = l->offset + 2 * PIECE > load.size ? 0 : l->offset + PIECE;
	load.under_way++;
}

static void
got_attributes(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const struct GETATTR3res *r = data;

	load.under_way--;
	require(rpc, status == RPC_STATUS_SUCCESS && r->status == NFS3_OK,
	    "getattr");
	load.pairs++;
	if (!load.stop)
		look_on(arg);
}

static void
was_found(struct rpc_context *rpc, int status, void *data, void *arg)
{
	const struct LOOKUP3res *r = data;
	struct GETATTR3args args;

	require(rpc, status == RPC_STATUS_SUCCESS && r->status == NFS3_OK,
	    "lookup");
	args.object = r->LOOKUP3res_u.resok.object;
	require(rpc, rpc_nfs3_getattr_async(rpc, got_attributes, &args,
	    arg) == 0, "getattr");
}

static void
look_on(struct lane *l)
{
	snprintf(l->name, sizeof(l->name), "small%u", l->next);
	l->next = (l->next + 1) % FILES;
	send_lookup(l->rpc, l->name, was_found, l);
}

int
main(int argc, char **argv)
{
	static struct rpc_context *rpc[CONNECTIONS_MAX];
	static struct lane lane[CONNECTIONS_MAX * CALLS_MAX];
	char big[] = "big";
	size_t n, calls, i;
	double began, end, cpu, amount;
	bool reads;

	if (argc != 9)
		errx(1, "usage: nfs-load read|look PORT MOUNTPORT EXPORT "
		    "CONNECTIONS CALLS SECONDS PID");
	reads = strcmp(argv[1], "read") == 0;
	n = (size_t)atoi(argv[5]);
	calls = (size_t)atoi(argv[6]);
	if (n < 1 || n > CONNECTIONS_MAX || calls < 1 || calls > CALLS_MAX)
		errx(1, "too many, or none");
	mount_export(argv[3], argv[4]);
	for (i = 0; i < n; i++)
		rpc[i] = connect_to(argv[2], 100003);
	if (reads) {
		load.under_way = 0;
		send_lookup(rpc[0], big, found_big, NULL);
		finish(rpc[0]);
	}
	cpu = cpu_of(argv[8]);
	began = now();
	end = began + atof(argv[7]);
	for (i = 0; i < n * calls; i++) {
		lane[i].rpc = rpc[i % n];
		lane[i].offset = reads ? i % (load.size / PIECE) * PIECE : 0;
		lane[i].next = (unsigned)(i * 37 % FILES);
		(reads ? read_on : look_on)(&lane[i]);
	}
	while (load.under_way > 0) {
		turn(rpc, n);
		load.stop = now() >= end;
	}
	end = now();
	amount = reads ? (double)load.octets / 1e6 : (double)load.pairs;
	printf("%.1f %.3f\n", amount / (end - began),
	    (cpu_of(argv[8]) - cpu) / amount * (reads ? 1e3 : 1e5));
	return 0;
}
