/* SPDX-License-Identifier: ISC */
/*
 * Boots as OpenBSD's diskless kernel does, up to reading a file of its root
 * (sys/nfs/nfs_boot.c, krpc_subr.c): RARP, BOOTPARAM by a broadcast to the
 * port mapper, GETPORT, MOUNT and NFS version 3, all by UDP.
 *
 *	diskless-client IFACE BROADCAST FILE [MOUNT-VERSION]
 *
 * Prints what it learns, a line each; FILE, a path below the root, goes to
 * descriptor 3.
 */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/wire.h"
#include "nfsroot-helper/rarp.h"
#include "nfsroot-helper/xdr.h"

#define PORTMAP 100000u
#define NFS 100003u
#define MOUNT 100005u
#define BOOTPARAM 100026u
#define TRIES 10
#define READ_COUNT 8192u	/* OpenBSD's rsize by UDP */

enum { GETATTR = 1, LOOKUP = 3, READ = 6, FSINFO = 19 };

struct call {
	uint8_t octets[4096], reply[65536];
	struct wire_out out;
	struct wire_in in;		/* the results */
	struct sockaddr_in from;
	uint32_t xid;
};

struct handle {
	uint8_t octet[64];
	size_t len;
};

static const char *interface;

static int
packet_socket(struct sockaddr_ll *where, struct mac *mac)
{
	struct ifreq ifr;
	int fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETHERTYPE_REVARP));

	memset(&ifr, 0, sizeof(ifr));
	strncpy(ifr.ifr_name, interface, IFNAMSIZ - 1);
	if (fd == -1 || ioctl(fd, SIOCGIFHWADDR, &ifr) == -1)
		err(2, "packet socket on %s", interface);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, sizeof(*mac));
	memset(where, 0, sizeof(*where));
	where->sll_family = AF_PACKET;
	where->sll_protocol = htons(ETHERTYPE_REVARP);
	where->sll_ifindex = (int)if_nametoindex(interface);
	where->sll_halen = sizeof(*mac);
	memset(where->sll_addr, 0xff, sizeof(*mac));
	if (bind(fd, (struct sockaddr *)where, sizeof(*where)) == -1)
		err(2, "bind to %s", interface);
	return fd;
}

static void
wait_for(int fd, int seconds)
{
	const struct timeval patience = { .tv_sec = seconds };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

/* Step 1: who am I?  As revarpinput() takes it: a reply for my own MAC. */
static struct in_addr
reverse_arp(void)
{
	struct rarp request = { .operation = RARP_REQUEST }, reply;
	struct sockaddr_ll where;
	uint8_t frame[1500];
	struct wire_out out;
	int fd = packet_socket(&where, &request.sender), i;
	ssize_t len;

	request.target = request.sender;
	wire_out_init(&out, frame, sizeof(frame));
	rarp_put(&out, &request);
	wait_for(fd, 2);
	for (i = 0; i < TRIES; i++) {
		out.len = 0;
		rarp_put(&out, &request);
		if (sendto(fd, frame, out.len, 0, (struct sockaddr *)&where,
		    sizeof(where)) == -1)
			err(2, "send");
		while ((len = recv(fd, frame, sizeof(frame), 0)) != -1)
			if (rarp_parse(&reply, frame, (size_t)len) &&
			    reply.operation == RARP_REPLY &&
			    memcmp(&reply.target, &request.sender, 6) == 0) {
				close(fd);
				return reply.target_ip;
			}
	}
	errx(1, "reverse arp not answered by rarpd(8) or dhcpd(8)");
}

/* Without a mask, so that the kernel takes the class's, there and here. */
static void
set_address(struct in_addr ip)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = ip };
	struct ifreq ifr;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	memset(&ifr, 0, sizeof(ifr));
	strncpy(ifr.ifr_name, interface, IFNAMSIZ - 1);
	memcpy(&ifr.ifr_addr, &in, sizeof(in));
	if (ioctl(fd, SIOCSIFADDR, &ifr) == -1)
		err(2, "set the address of %s", interface);
	close(fd);
}

static void
begin(struct call *c, uint32_t program, uint32_t version, uint32_t procedure)
{
	static uint32_t xid = 4711;

	c->xid = xid++;
	wire_out_init(&c->out, c->octets, sizeof(c->octets));
	wire_put_n32(&c->out, c->xid);
	wire_put_n32(&c->out, 0);
	wire_put_n32(&c->out, 2);
	wire_put_n32(&c->out, program);
	wire_put_n32(&c->out, version);
	wire_put_n32(&c->out, procedure);
	wire_put_n32(&c->out, 1);	/* AUTH_UNIX as root of nowhere */
	wire_put_n32(&c->out, 20);
	wire_put_zeros(&c->out, 20);
	wire_put_zeros(&c->out, 8);
}

static int
reserved_socket(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	const int on = 1;
	unsigned port;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	/* 255.255.255.255 leaves by it, without a route. */
	setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
	    (socklen_t)strlen(interface));
	for (port = 1023; port > 600; port--) {
		in.sin_port = htons((uint16_t)port);
		if (bind(fd, (struct sockaddr *)&in, sizeof(in)) == 0)
			return fd;
	}
	err(2, "no reserved port");
}

/* Is it the reply, with success?  Else krpc_call() goes on waiting. */
static int
is_reply(struct call *c, size_t len)
{
	wire_in_init(&c->in, c->reply, len);
	if (wire_get_n32(&c->in) != c->xid || wire_get_n32(&c->in) != 1 ||
	    wire_get_n32(&c->in) != 0)
		return 0;
	wire_get_span(&c->in, 8);
	return wire_get_n32(&c->in) == 0 && !c->in.bad;
}

/* False when nobody answered. */
static int
send_call(struct call *c, struct in_addr ip, unsigned port, int tries)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = ip };
	int fd = reserved_socket(), i;
	socklen_t from_len;
	ssize_t len;

	to.sin_port = htons((uint16_t)port);
	for (i = 1; i <= tries; i++) {
		if (sendto(fd, c->octets, c->out.len, 0,
		    (struct sockaddr *)&to, sizeof(to)) == -1)
			err(2, "sendto port %u", port);
		wait_for(fd, i < 5 ? i : 5);
		from_len = sizeof(c->from);
		while ((len = recvfrom(fd, c->reply, sizeof(c->reply), 0,
		    (struct sockaddr *)&c->from, &from_len)) != -1)
			if (is_reply(c, (size_t)len)) {
				close(fd);
				return 1;
			}
	}
	close(fd);
	return 0;
}

static void
must_call(struct call *c, struct in_addr ip, unsigned port, const char *what)
{
	if (!send_call(c, ip, port, TRIES))
		errx(1, "%s: not answered", what);
}

static void
put_address(struct wire_out *out, struct in_addr ip)
{
	const uint32_t host = ntohl(ip.s_addr);
	int shift;

	wire_put_n32(out, 1);
	for (shift = 24; shift >= 0; shift -= 8)
		wire_put_n32(out, host >> shift & 0xff);
}

static struct in_addr
get_address(struct wire_in *in)
{
	uint32_t host = 0;
	int i;

	wire_get_n32(in);
	for (i = 0; i < 4; i++)
		host = host << 8 | (wire_get_n32(in) & 0xff);
	return (struct in_addr){ htonl(host) };
}

static void
get_text(struct wire_in *in, char *text, size_t size)
{
	struct xdr_span span = xdr_get_opaque(in, size - 1);

	if (span.data != NULL)
		memcpy(text, span.data, span.len);
	text[span.len] = '\0';
}

/* Step 2; the server is who answers, and BOOTPARAM's port is in the reply. */
static unsigned
who_am_i(const char *broadcast, struct in_addr ip, char *name, size_t size,
    struct in_addr *server)
{
	struct in_addr to = { inet_addr(broadcast) };
	struct call c;
	char domain[256];
	unsigned port;

	begin(&c, PORTMAP, 2, 5);
	wire_put_n32(&c.out, BOOTPARAM);
	wire_put_n32(&c.out, 1);
	wire_put_n32(&c.out, 1);
	wire_put_n32(&c.out, 20);
	put_address(&c.out, ip);
	must_call(&c, to, 111, "bootparam whoami");
	*server = c.from.sin_addr;
	port = wire_get_n32(&c.in);
	wire_get_n32(&c.in);
	get_text(&c.in, name, size);
	get_text(&c.in, domain, sizeof(domain));
	printf("name %s\ndomain %s\n", name, domain);
	printf("router %s\n", inet_ntoa(get_address(&c.in)));
	if (c.in.bad || c.in.left > 0)
		errx(1, "bootparam whoami: bad reply");
	return port;
}

/* Step 3, and for swap step 7. */
static int
get_file(struct in_addr server, unsigned port, const char *name,
    const char *key, int tries, struct in_addr *where, char *path, size_t size)
{
	struct call c;
	char text[256];

	begin(&c, BOOTPARAM, 1, 2);
	xdr_put_opaque(&c.out, name, strlen(name));
	xdr_put_opaque(&c.out, key, strlen(key));
	if (!send_call(&c, server, port, tries))
		return 0;
	get_text(&c.in, text, sizeof(text));
	*where = get_address(&c.in);
	get_text(&c.in, path, size);
	if (c.in.bad || c.in.left > 0)
		errx(1, "bootparam getfile: bad reply");
	printf("%s %s:%s\n", key, inet_ntoa(*where), path);
	return 1;
}

/* Steps 4 and 5. */
static unsigned
get_port(struct in_addr server, uint32_t program, uint32_t version)
{
	struct call c;
	unsigned port;

	begin(&c, PORTMAP, 2, 3);
	wire_put_n32(&c.out, program);
	wire_put_n32(&c.out, version);
	wire_put_n32(&c.out, IPPROTO_UDP);
	wire_put_n32(&c.out, 0);
	must_call(&c, server, 111, "portmap getport");
	if ((port = wire_get_n32(&c.in)) == 0)
		errx(1, "program %u is not registered", program);
	return port;
}

static void
get_handle(struct call *c, struct handle *h)
{
	struct xdr_span span = xdr_get_opaque(&c->in, sizeof(h->octet));

	if (span.data == NULL)
		errx(1, "no handle");
	memcpy(h->octet, span.data, span.len);
	h->len = span.len;
}

static void
must_be_ok(struct call *c, const char *what)
{
	uint32_t status = wire_get_n32(&c->in);

	if (c->in.bad || status != 0)
		errx(1, "%s: status %u", what, status);
}

static void
mount_root(struct in_addr server, uint32_t version, const char *path,
    struct handle *h)
{
	struct call c;

	begin(&c, MOUNT, version, 1);
	xdr_put_opaque(&c.out, path, strlen(path));
	must_call(&c, server, get_port(server, MOUNT, version), "mount");
	must_be_ok(&c, "mount");
	get_handle(&c, h);
}

static void
look_up(struct in_addr server, unsigned port, struct handle *h,
    const char *name)
{
	struct call c;

	begin(&c, NFS, 3, LOOKUP);
	xdr_put_opaque(&c.out, h->octet, h->len);
	xdr_put_opaque(&c.out, name, strlen(name));
	must_call(&c, server, port, "lookup");
	must_be_ok(&c, name);
	get_handle(&c, h);
}

static void
read_all(struct in_addr server, unsigned port, const struct handle *h)
{
	struct xdr_span data;
	uint64_t at = 0;
	struct call c;
	int eof = 0;

	while (!eof) {
		begin(&c, NFS, 3, READ);
		xdr_put_opaque(&c.out, h->octet, h->len);
		xdr_put_hyper(&c.out, at);
		wire_put_n32(&c.out, READ_COUNT);
		must_call(&c, server, port, "read");
		must_be_ok(&c, "read");
		wire_get_span(&c.in, 4 + 84 + 4);
		eof = xdr_get_bool(&c.in);
		data = xdr_get_opaque(&c.in, READ_COUNT);
		if (c.in.bad || write(3, data.data, data.len) !=
		    (ssize_t)data.len)
			errx(1, "read: bad reply");
		at += data.len;
	}
}

/* As the kernel does before it says what the root's size of READs is. */
static void
print_sizes(struct in_addr server, unsigned port, const struct handle *h)
{
	struct call c;

	begin(&c, NFS, 3, FSINFO);
	xdr_put_opaque(&c.out, h->octet, h->len);
	must_call(&c, server, port, "fsinfo");
	must_be_ok(&c, "fsinfo");
	wire_get_span(&c.in, 4 + 84);
	printf("rtmax %u\n", wire_get_n32(&c.in));
}

int
main(int argc, char **argv)
{
	char name[256], path[1025], swap[1025], *part, *rest;
	struct in_addr ip, server, where, swap_server;
	unsigned port;
	uint32_t version;
	struct handle h;

	if (argc < 4)
		errx(2, "usage: diskless-client IFACE BROADCAST FILE [MOUNT]");
	version = argc > 4 ? (uint32_t)atoi(argv[4]) : 3;
	setlinebuf(stdout);
	interface = argv[1];
	ip = reverse_arp();
	printf("address %s\n", inet_ntoa(ip));
	set_address(ip);
	port = who_am_i(argv[2], ip, name, sizeof(name), &server);
	printf("server %s port %u\n", inet_ntoa(server), port);
	if (!get_file(server, port, name, "root", TRIES, &where, path,
	    sizeof(path)))
		errx(1, "bootparam getfile root: not answered");
	mount_root(where, version, path, &h);
	port = get_port(where, NFS, 3);
	print_sizes(where, port, &h);
	for (rest = argv[3]; (part = strsep(&rest, "/")) != NULL;)
		look_up(where, port, &h, part);
	read_all(where, port, &h);
	if (!get_file(server, 2049, name, "swap", 1, &swap_server, swap,
	    sizeof(swap)))
		printf("no swap is cool\n");
	return 0;
}
