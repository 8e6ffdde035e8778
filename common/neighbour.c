/* SPDX-License-Identifier: ISC */
/* The kernel's neighbour table, rtnetlink(7). */
#include "common/neighbour.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <netinet/in.h>

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define TABLE_CHUNK 32768	/* the kernel writes no longer datagram */
/* States in which the hardware address was confirmed at some time. */
#define KNOWN (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | \
	NUD_PERMANENT)

#define ALIGN(len) (((size_t)(len) + 3) & ~(size_t)3)

/* An address in the form that the table has. */
struct host {
	int family;
	size_t len;
	uint8_t octet[16];
};

static void
set_host(struct host *h, const struct sockaddr *sa)
{
	h->family = sa->sa_family;
	h->len = sa->sa_family == AF_INET ? 4 : 16;
	if (sa->sa_family == AF_INET)
		memcpy(h->octet, &((const struct sockaddr_in *)(const void *)
		    sa)->sin_addr, 4);
	else
		memcpy(h->octet, &((const struct sockaddr_in6 *)(const void *)
		    sa)->sin6_addr, 16);
}

/* Is the entry, a ndmsg and its attributes, this host's Ethernet address? */
static bool
match_entry(const uint8_t *data, size_t len, const struct host *h,
    struct mac *mac)
{
	bool host = false, hardware = false;
	struct ndmsg entry;
	struct rtattr a;
	size_t at, n;

	if (len < sizeof(entry))
		return false;
	memcpy(&entry, data, sizeof(entry));
	if (entry.ndm_family != h->family || (entry.ndm_state & KNOWN) == 0)
		return false;
	for (at = ALIGN(sizeof(entry)); at + sizeof(a) <= len;
	    at += ALIGN(a.rta_len)) {
		memcpy(&a, data + at, sizeof(a));
		if (a.rta_len < sizeof(a) || a.rta_len > len - at)
			break;
		n = a.rta_len - sizeof(a);
		if (a.rta_type == NDA_DST && n == h->len)
			host = memcmp(data + at + sizeof(a), h->octet, n) == 0;
		if (a.rta_type == NDA_LLADDR && n == sizeof(mac->octet)) {
			memcpy(mac->octet, data + at + sizeof(a), n);
			hardware = true;
		}
	}
	return host && hardware;
}

bool
neighbour_parse(const void *octets, size_t len, const struct sockaddr *sa,
    struct mac *mac, bool *more)
{
	const uint8_t *data = octets;
	struct nlmsghdr m;
	struct mac found;
	struct host h;
	size_t at;

	set_host(&h, sa);
	*more = true;
	for (at = 0; at + sizeof(m) <= len; at += ALIGN(m.nlmsg_len)) {
		memcpy(&m, data + at, sizeof(m));
		if (m.nlmsg_type == NLMSG_DONE || m.nlmsg_type == NLMSG_ERROR ||
		    m.nlmsg_len < sizeof(m) || m.nlmsg_len > len - at) {
			*more = false;
			return false;
		}
		if (m.nlmsg_type == RTM_NEWNEIGH && match_entry(data + at +
		    sizeof(m), m.nlmsg_len - sizeof(m), &h, &found)) {
			*mac = found;
			return true;
		}
	}
	return false;
}

/* Asks for the whole table of a family. */
static bool
ask(int fd, int family)
{
	struct {
		struct nlmsghdr head;
		struct ndmsg body;
	} question;

	memset(&question, 0, sizeof(question));
	question.head.nlmsg_len = sizeof(question);
	question.head.nlmsg_type = RTM_GETNEIGH;
	question.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	question.body.ndm_family = (unsigned char)family;
	return send(fd, &question, sizeof(question), 0) != -1;
}

bool
neighbour_whose(const struct sockaddr *sa, struct mac *mac)
{
	char chunk[TABLE_CHUNK];
	bool found = false, more = true;
	ssize_t len;
	int fd;

	if (sa->sa_family != AF_INET && sa->sa_family != AF_INET6)
		return false;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd == -1)
		return false;
	if (ask(fd, sa->sa_family))
		while (more && !found &&
		    (len = recv(fd, chunk, sizeof(chunk), 0)) > 0)
			found = neighbour_parse(chunk, (size_t)len, sa, mac,
			    &more);
	close(fd);
	return found;
}
