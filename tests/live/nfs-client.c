/* SPDX-License-Identifier: ISC */
/*
 * A small NFS client for tests and measurements: one command, with handles as
 * hex, so that a shell script can keep them over anything.
 *
 *	nfs-client PORT COMMAND ...
 *	mount PATH | unmount PATH		a handle; nothing
 *	lookup HANDLE NAME			a handle
 *	getattr HANDLE				type, size, fileid
 *	drip HANDLE				the same by fragments of 1 octet
 *	read HANDLE FROM COUNT			the octets
 *	list HANDLE				all below: find -printf's form
 *	fetch HANDLE FOLDER			copies files and links below
 *	idle N | stall N			connections; until end of input
 *	greedy HANDLE N				asks N READs, takes no reply
 *						until end of input; octets
 *	bench-read HANDLE CONNECTIONS DEPTH SECONDS	GB/s
 *	bench-getattr HANDLE NAME CONNECTIONS SECONDS	calls/s
 *
 * A status that is not NFS3_OK is printed as `status N', with exit 1.
 */
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/wire.h"
#include "nfsroot-helper/xdr.h"

#define NFS 100003u
#define MOUNT 100005u
#define REPLY_MAX (2u << 20)
#define READ_COUNT (1u << 20)
#define HEAD 24

enum { GETATTR = 1, LOOKUP = 3, READLINK = 5, READ = 6, READDIRPLUS = 17 };

struct handle {
	uint8_t octet[64];
	size_t len;
};

struct attr {
	uint32_t type, mode, nlink, uid, gid, major, minor;
	uint64_t size, fileid;
	uint32_t mtime, mtime_ns;
};

static unsigned port;
static uint8_t reply[REPLY_MAX];

static int
dial(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	const char *server = getenv("SERVER");
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_port = htons((uint16_t)port);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* SERVER: another host, which is called as root calls one. */
	if (server != NULL && inet_pton(AF_INET, server, &in.sin_addr) != 1)
		errx(2, "%s: no address", server);
	if (server != NULL && bindresvport(fd, NULL) == -1)
		err(2, "a port below 1024");
	if (fd == -1 || connect(fd, (struct sockaddr *)&in, sizeof(in)) == -1)
		err(2, "connect to port %u", port);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static void
send_all(int fd, const uint8_t *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n)
		if ((n = send(fd, data, len, MSG_NOSIGNAL)) == -1)
			err(2, "send");
}

static void
receive_all(int fd, uint8_t *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n)
		if ((n = recv(fd, data, len, 0)) <= 0)
			errx(2, "the server closed the connection");
}

/* A call as root by AUTH_UNIX, behind room for its mark. */
static void
begin(struct wire_out *out, uint8_t *buf, size_t size, uint32_t program,
    uint32_t proc)
{
	wire_out_init(out, buf, size);
	wire_put_zeros(out, 4);
	wire_put_n32(out, 1);
	wire_put_n32(out, 0);
	wire_put_n32(out, 2);
	wire_put_n32(out, program);
	wire_put_n32(out, 3);
	wire_put_n32(out, proc);
	wire_put_n32(out, 1);
	wire_put_n32(out, 24);
	wire_put_n32(out, 0);
	xdr_put_opaque(out, "t", 1);
	wire_put_zeros(out, 4 + 4 + 4 + 8);
}

static void
put_mark(struct wire_out *out)
{
	struct wire_out mark;

	wire_out_init(&mark, out->start, 4);
	wire_put_n32(&mark, 0x80000000u | (uint32_t)(out->len - 4));
}

/* Reads a reply; *in stands at its results. */
static void
receive(int fd, struct wire_in *in)
{
	struct wire_in mark;
	size_t len;

	receive_all(fd, reply, 4);
	wire_in_init(&mark, reply, 4);
	len = wire_get_n32(&mark) & 0x7fffffff;
	if (len < HEAD || len > sizeof(reply))
		errx(2, "a reply of %zu octets", len);
	receive_all(fd, reply, len);
	wire_in_init(in, reply, len);
	wire_get_span(in, HEAD - 4);
	if (wire_get_n32(in) != 0)
		errx(2, "RPC refuses the call");
}

static void
ask(int fd, struct wire_out *out, struct wire_in *in)
{
	put_mark(out);
	send_all(fd, out->start, out->len);
	receive(fd, in);
}

static void
require_ok(struct wire_in *in)
{
	uint32_t status = wire_get_n32(in);

	if (status != 0) {
		printf("status %" PRIu32 "\n", status);
		exit(1);
	}
}

static void
get_attr(struct wire_in *in, struct attr *a)
{
	a->type = wire_get_n32(in);
	a->mode = wire_get_n32(in);
	a->nlink = wire_get_n32(in);
	a->uid = wire_get_n32(in);
	a->gid = wire_get_n32(in);
	a->size = xdr_get_hyper(in);
	xdr_get_hyper(in);
	a->major = wire_get_n32(in);
	a->minor = wire_get_n32(in);
	xdr_get_hyper(in);
	a->fileid = xdr_get_hyper(in);
	xdr_get_hyper(in);
	a->mtime = wire_get_n32(in);
	a->mtime_ns = wire_get_n32(in);
	xdr_get_hyper(in);
}

static void
get_post_op(struct wire_in *in, struct attr *a)
{
	if (xdr_get_bool(in))
		get_attr(in, a);
}

static void
get_handle(struct wire_in *in, struct handle *h)
{
	struct xdr_span span = xdr_get_opaque(in, sizeof(h->octet));

	if (in->bad)
		errx(2, "no handle in the reply");
	memcpy(h->octet, span.data, span.len);
	h->len = span.len;
}

static void
print_handle(const struct handle *h)
{
	size_t i;

	for (i = 0; i < h->len; i++)
		printf("%02x", h->octet[i]);
	printf("\n");
}

static struct handle
parse_handle(const char *text)
{
	struct handle h = { .len = 0 };
	unsigned octet;

	for (; h.len < sizeof(h.octet) && sscanf(text, "%2x", &octet) == 1;
	    text += 2)
		h.octet[h.len++] = (uint8_t)octet;
	if (h.len == 0 || *text != '\0')
		errx(2, "no handle: %s", text);
	return h;
}

static void
put_handle(struct wire_out *out, const struct handle *h)
{
	xdr_put_opaque(out, h->octet, h->len);
}

static void
do_mount(const char *path, uint32_t proc)
{
	uint8_t call[2048];
	struct wire_out out;
	struct wire_in in;
	struct handle h;

	begin(&out, call, sizeof(call), MOUNT, proc);
	xdr_put_opaque(&out, path, strlen(path));
	ask(dial(), &out, &in);
	if (proc != 1)
		return;
	require_ok(&in);
	get_handle(&in, &h);
	print_handle(&h);
}

static void
do_lookup(struct handle h, const char *name)
{
	uint8_t call[1024];
	struct wire_out out;
	struct wire_in in;

	begin(&out, call, sizeof(call), NFS, LOOKUP);
	put_handle(&out, &h);
	xdr_put_opaque(&out, name, strlen(name));
	ask(dial(), &out, &in);
	require_ok(&in);
	get_handle(&in, &h);
	print_handle(&h);
}

static void
do_getattr(struct handle h, int drip)
{
	static const uint8_t more[4] = { 0, 0, 0, 1 }, last[4] = { 0x80, 0, 0,
	    1 };
	uint8_t call[256];
	struct wire_out out;
	struct wire_in in;
	struct attr a;
	int fd = dial();
	size_t i;

	begin(&out, call, sizeof(call), NFS, GETATTR);
	put_handle(&out, &h);
	for (i = 4; drip && i < out.len; i++) {
		send_all(fd, i + 1 < out.len ? more : last, 4);
		send_all(fd, out.start + i, 1);
	}
	if (drip)
		receive(fd, &in);
	else
		ask(fd, &out, &in);
	require_ok(&in);
	get_attr(&in, &a);
	printf("%" PRIu32 " %" PRIu64 " %" PRIu64 "\n", a.type, a.size,
	    a.fileid);
}

/* One READ; the octets in the reply, and whether they are the last. */
static struct xdr_span
read_once(int fd, const struct handle *h, uint64_t from, uint32_t count,
    bool *eof)
{
	uint8_t call[256];
	struct wire_out out;
	struct wire_in in;
	struct attr a;

	begin(&out, call, sizeof(call), NFS, READ);
	put_handle(&out, h);
	xdr_put_hyper(&out, from);
	wire_put_n32(&out, count);
	ask(fd, &out, &in);
	require_ok(&in);
	get_post_op(&in, &a);
	wire_get_n32(&in);
	*eof = xdr_get_bool(&in);
	return xdr_get_opaque(&in, READ_COUNT);
}

static void
copy_out(int fd, const struct handle *h, uint64_t from, uint64_t count,
    FILE *to)
{
	struct xdr_span data;
	bool eof = false;

	while (count > 0 && !eof) {
		data = read_once(fd, h, from, count < READ_COUNT ?
		    (uint32_t)count : READ_COUNT, &eof);
		if (data.len == 0 && !eof)
			errx(2, "an empty READ before the end");
		fwrite(data.data, 1, data.len, to);
		from += data.len;
		count -= data.len;
	}
}

static void
get_link(int fd, const struct handle *h, char *text, size_t size)
{
	uint8_t call[256];
	struct xdr_span span;
	struct wire_out out;
	struct wire_in in;
	struct attr a;

	begin(&out, call, sizeof(call), NFS, READLINK);
	put_handle(&out, h);
	ask(fd, &out, &in);
	require_ok(&in);
	get_post_op(&in, &a);
	span = xdr_get_opaque(&in, size - 1);
	memcpy(text, span.data, span.len);
	text[span.len] = '\0';
}

typedef void visit(int fd, const struct handle *, const struct attr *,
    const char *path, void *);

struct entry {
	struct handle handle;
	struct attr attr;
	char name[256];
};

struct listing {
	struct entry *entry;
	size_t n, size;
};

static void
add_entry(struct listing *l, struct wire_in *in, uint64_t *cookie)
{
	struct entry *e;
	struct xdr_span name;

	if (l->n == l->size) {
		l->size = l->size * 2 + 64;
		l->entry = reallocarray(l->entry, l->size, sizeof(*e));
		if (l->entry == NULL)
			err(2, "memory");
	}
	e = &l->entry[l->n++];
	memset(e, 0, sizeof(*e));
	xdr_get_hyper(in);
	name = xdr_get_opaque(in, 255);
	if (in->bad)
		errx(2, "a listing that does not decode");
	memcpy(e->name, name.data, name.len);
	*cookie = xdr_get_hyper(in);
	get_post_op(in, &e->attr);
	if (xdr_get_bool(in))
		get_handle(in, &e->handle);
}

static void
read_folder(int fd, const struct handle *h, struct listing *l)
{
	uint8_t call[256];
	struct wire_out out;
	struct wire_in in;
	struct attr a;
	uint64_t cookie = 0;
	bool eof = false;

	while (!eof) {
		begin(&out, call, sizeof(call), NFS, READDIRPLUS);
		put_handle(&out, h);
		xdr_put_hyper(&out, cookie);
		xdr_put_hyper(&out, 0);
		wire_put_n32(&out, 8192);
		wire_put_n32(&out, 32768);
		ask(fd, &out, &in);
		require_ok(&in);
		get_post_op(&in, &a);
		xdr_get_hyper(&in);
		while (xdr_get_bool(&in))
			add_entry(l, &in, &cookie);
		eof = xdr_get_bool(&in);
		if (in.bad)
			errx(2, "a listing that does not decode");
	}
}

static void
walk(int fd, const struct handle *h, const char *path, visit *see, void *arg)
{
	struct listing l = { NULL, 0, 0 };
	struct entry *e;
	char below[4096];
	size_t i;

	read_folder(fd, h, &l);
	for (i = 0; i < l.n; i++) {
		e = &l.entry[i];
		if (strcmp(e->name, ".") == 0 || strcmp(e->name, "..") == 0)
			continue;
		snprintf(below, sizeof(below), "%s%s%s", path,
		    *path == '\0' ? "" : "/", e->name);
		see(fd, &e->handle, &e->attr, below, arg);
		if (e->attr.type == 2)
			walk(fd, &e->handle, below, see, arg);
	}
	free(l.entry);
}

/* As find -printf '%y %m %n %U %G %s %T@ %i %l %P\0' has it. */
static void
print_entry(int fd, const struct handle *h, const struct attr *a,
    const char *path, void *arg)
{
	char link[4096] = "";

	(void)arg;
	if (a->type == 5)
		get_link(fd, h, link, sizeof(link));
	printf("%c %o %u %u %u %" PRIu64 " %u.%09u0 %" PRIu64 " %s %s%c",
	    "?fdbclsp"[a->type & 7], a->mode, a->nlink, a->uid, a->gid,
	    a->size, a->mtime, a->mtime_ns, a->fileid, link, path, '\0');
}

static void
fetch_entry(int fd, const struct handle *h, const struct attr *a,
    const char *path, void *arg)
{
	char to[8192], link[4096];
	FILE *f;

	snprintf(to, sizeof(to), "%s/%s", (const char *)arg, path);
	if (a->type == 2 && mkdir(to, 0700) == -1)
		err(2, "%s", to);
	if (a->type == 5) {
		get_link(fd, h, link, sizeof(link));
		if (symlink(link, to) == -1)
			err(2, "%s", to);
	}
	if (a->type != 1)
		return;
	if ((f = fopen(to, "w")) == NULL)
		err(2, "%s", to);
	copy_out(fd, h, 0, UINT64_MAX, f);
	if (fclose(f) != 0)
		err(2, "%s", to);
}

static void
wait_for_end_of_input(void)
{
	char c;

	printf("ready\n");
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		continue;
}

/* Connections that say nothing, or ten octets of a call. */
static void
do_idle(long n, bool stall)
{
	static const uint8_t some[10] = { 0x80, 0, 0, 100, 0, 0, 0, 1, 0, 0 };
	struct rlimit limit;
	int fd;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (; n > 0; n--) {
		fd = dial();
		if (stall)
			send_all(fd, some, sizeof(some));
	}
	wait_for_end_of_input();
}

static size_t
make_read(uint8_t *call, size_t size, const struct handle *h, uint64_t from)
{
	struct wire_out out;

	begin(&out, call, size, NFS, READ);
	put_handle(&out, h);
	xdr_put_hyper(&out, from);
	wire_put_n32(&out, READ_COUNT);
	put_mark(&out);
	return out.len;
}

/* How much of the replies comes, when they are taken at last. */
static void
do_greedy(struct handle h, long n)
{
	uint8_t call[256];
	uint64_t total = 0;
	ssize_t got;
	int fd = dial();
	long i;

	for (i = 0; i < n; i++)
		send_all(fd, call, make_read(call, sizeof(call), &h,
		    (uint64_t)i * READ_COUNT));
	wait_for_end_of_input();
	shutdown(fd, SHUT_WR);
	while ((got = recv(fd, reply, sizeof(reply), 0)) > 0)
		total += (uint64_t)got;
	printf("%" PRIu64 "\n", total);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Takes whole replies off a stream; how many ended. */
struct drain {
	int fd;
	uint8_t mark[4];
	size_t mark_len, left;
	uint64_t octets, from;
};

static long
drain(struct drain *d, const uint8_t *data, size_t len)
{
	struct wire_in mark;
	size_t n;
	long ended = 0;

	d->octets += len;
	while (len > 0) {
		if (d->left == 0) {
			d->mark[d->mark_len++] = *data++;
			len--;
			if (d->mark_len < 4)
				continue;
			wire_in_init(&mark, d->mark, 4);
			d->left = wire_get_n32(&mark) & 0x7fffffff;
			d->mark_len = 0;
			continue;
		}
		n = len < d->left ? len : d->left;
		data += n;
		len -= n;
		d->left -= n;
		ended += d->left == 0;
	}
	return ended;
}

/*
 * Keeps `depth' calls under way on each of n connections; one thread.  READs
 * go through the file again and again.
 */
static void
run_bench(struct drain *d, int n, int depth, double length, uint8_t *call,
    size_t len, const struct handle *h, uint64_t size, uint64_t *calls)
{
	struct epoll_event e[64];
	int epoll = epoll_create1(0), i, got;
	double end = seconds() + length;
	ssize_t octets;
	long k;

	for (i = 0; i < n; i++) {
		d[i] = (struct drain){ .fd = dial(),
		    .from = (uint64_t)i * READ_COUNT % (size + 1) };
		e[0].events = EPOLLIN;
		e[0].data.ptr = &d[i];
		epoll_ctl(epoll, EPOLL_CTL_ADD, d[i].fd, &e[0]);
	}
	for (i = 0; i < n * depth; i++)
		send_all(d[i % n].fd, call, len);
	while (seconds() < end) {
		got = epoll_wait(epoll, e, 64, 1000);
		for (i = 0; i < got; i++) {
			struct drain *one = e[i].data.ptr;

			octets = recv(one->fd, reply, sizeof(reply), 0);
			if (octets <= 0)
				errx(2, "the server closed the connection");
			k = drain(one, reply, (size_t)octets);
			*calls += (uint64_t)k;
			for (; k > 0; k--) {
				if (h != NULL) {
					one->from += READ_COUNT;
					if (one->from + READ_COUNT > size)
						one->from = 0;
					len = make_read(call, 256, h,
					    one->from);
				}
				send_all(one->fd, call, len);
			}
		}
	}
}

static void
do_bench_read(struct handle h, int n, int depth, double length)
{
	struct drain d[64] = { { 0 } };
	uint8_t call[256];
	uint64_t calls = 0, total = 0;
	struct wire_out out;
	struct wire_in in;
	struct attr a;
	size_t len;
	int i;

	begin(&out, call, sizeof(call), NFS, GETATTR);
	put_handle(&out, &h);
	ask(dial(), &out, &in);
	require_ok(&in);
	get_attr(&in, &a);
	len = make_read(call, sizeof(call), &h, 0);
	run_bench(d, n, depth, length, call, len, &h, a.size, &calls);
	for (i = 0; i < n; i++)
		total += d[i].octets;
	printf("%.3f\n", (double)total / length / 1e9);
}

static void
do_bench_calls(struct handle h, const char *name, int n, double length)
{
	struct drain d[64] = { { 0 } };
	uint8_t call[512];
	uint64_t calls = 0;
	struct wire_out out;

	begin(&out, call, sizeof(call), NFS, *name == '\0' ? GETATTR :
	    LOOKUP);
	put_handle(&out, &h);
	if (*name != '\0')
		xdr_put_opaque(&out, name, strlen(name));
	put_mark(&out);
	run_bench(d, n, 1, length, call, out.len, NULL, 0, &calls);
	printf("%.0f\n", (double)calls / length);
}

static bool
is(const char *command, int argc, const char *name, int args)
{
	return strcmp(command, name) == 0 && argc == 3 + args;
}

int
main(int argc, char **argv)
{
	const char *c = argc > 2 ? argv[2] : "";
	struct handle h;

	if (argc < 4)
		errx(2, "usage: nfs-client PORT COMMAND ...");
	port = (unsigned)atoi(argv[1]);
	if (is(c, argc, "mount", 1))
		do_mount(argv[3], 1);
	else if (is(c, argc, "unmount", 1))
		do_mount(argv[3], 3);
	else if (is(c, argc, "idle", 1))
		do_idle(atol(argv[3]), false);
	else if (is(c, argc, "stall", 1))
		do_idle(atol(argv[3]), true);
	else {
		h = parse_handle(argv[3]);
		if (is(c, argc, "lookup", 2))
			do_lookup(h, argv[4]);
		else if (is(c, argc, "getattr", 1))
			do_getattr(h, 0);
		else if (is(c, argc, "drip", 1))
			do_getattr(h, 1);
		else if (is(c, argc, "read", 3))
			copy_out(dial(), &h, strtoull(argv[4], NULL, 10),
			    strtoull(argv[5], NULL, 10), stdout);
		else if (is(c, argc, "list", 1))
			walk(dial(), &h, "", print_entry, NULL);
		else if (is(c, argc, "fetch", 2))
			walk(dial(), &h, "", fetch_entry, argv[4]);
		else if (is(c, argc, "greedy", 2))
			do_greedy(h, atol(argv[4]));
		else if (is(c, argc, "bench-read", 4))
			do_bench_read(h, atoi(argv[4]), atoi(argv[5]),
			    atof(argv[6]));
		else if (is(c, argc, "bench-getattr", 4))
			do_bench_calls(h, argv[4], atoi(argv[5]),
			    atof(argv[6]));
		else
			errx(2, "no such command: %s", c);
	}
	return fflush(stdout) == 0 ? 0 : 2;
}
