/* SPDX-License-Identifier: ISC */
/* The kernel's neighbour table, by rtnetlink(7). */
#include "common/neighbour.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"

#define PATIENCE_S 1		/* the kernel answers at once */

/* An address as the table has it. */
struct wanted {
	uint8_t family;
	unsigned ifindex;	/* 0: on any link */
	size_t len;
	uint8_t octet[16];
};

static struct wanted
wanted_of(const struct sockaddr *sa)
{
	struct wanted w = { .family = AF_INET, .len = 4 };
	union address a = { .sa = { .sa_family = AF_UNSPEC } };

	memcpy(&a, sa, address_length(sa));
	if (a.sa.sa_family != AF_INET6) {
		memcpy(w.octet, &a.in.sin_addr, 4);
	} else if (IN6_IS_ADDR_V4MAPPED(&a.in6.sin6_addr)) {
		memcpy(w.octet, a.in6.sin6_addr.s6_addr + 12, 4);
	} else {
		w.family = AF_INET6;
		w.ifindex = a.in6.sin6_scope_id;
		w.len = 16;
		memcpy(w.octet, &a.in6.sin6_addr, 16);
	}
	return w;
}

/* One entry of the table: is it this address, and has it a MAC? */
static bool
read_entry(struct nlmsghdr *message, const struct wanted *w,
    struct mac *mac)
{
	struct ndmsg *entry = NLMSG_DATA(message);
	struct rtattr *attribute;
	bool is_it = false, has_mac = false;
	unsigned len;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*entry)) ||
	    entry->ndm_family != w->family ||
	    (entry->ndm_state & (NUD_FAILED | NUD_INCOMPLETE)) != 0 ||
	    (w->ifindex != 0 && (unsigned)entry->ndm_ifindex != w->ifindex))
		return false;
	len = message->nlmsg_len - (unsigned)NLMSG_LENGTH(sizeof(*entry));
	attribute = (void *)((char *)entry + NLMSG_ALIGN(sizeof(*entry)));
	for (; RTA_OK(attribute, len); attribute = RTA_NEXT(attribute, len)) {
		if (attribute->rta_type == NDA_DST &&
		    RTA_PAYLOAD(attribute) == w->len)
			is_it = memcmp(RTA_DATA(attribute), w->octet,
			    w->len) == 0;
		if (attribute->rta_type == NDA_LLADDR &&
		    RTA_PAYLOAD(attribute) == sizeof(mac->octet)) {
			memcpy(mac->octet, RTA_DATA(attribute),
			    sizeof(mac->octet));
			has_mac = true;
		}
	}
	return is_it && has_mac;
}

bool
neighbour_find(void *messages, size_t size, const struct sockaddr *sa,
    struct mac *mac, bool *done)
{
	struct nlmsghdr *message = messages;
	const struct wanted w = wanted_of(sa);
	unsigned len = (unsigned)size;
	struct mac found;

	*done = false;
	for (; NLMSG_OK(message, len); message = NLMSG_NEXT(message, len)) {
		if (message->nlmsg_type == NLMSG_DONE ||
		    message->nlmsg_type == NLMSG_ERROR)
			*done = true;
		if (message->nlmsg_type != RTM_NEWNEIGH ||
		    !read_entry(message, &w, &found))
			continue;
		*mac = found;
		return true;
	}
	return false;
}

static bool
ask(int fd, const struct sockaddr *sa)
{
	const struct {
		struct nlmsghdr head;
		struct ndmsg entry;
	} request = {
		.head = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETNEIGH,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.entry = { .ndm_family = wanted_of(sa).family },
	};

	return send(fd, &request, sizeof(request), 0) ==
	    (ssize_t)sizeof(request);
}

bool
neighbour_mac(const struct sockaddr *sa, struct mac *mac)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	union {
		struct nlmsghdr align;
		char octet[32768];
	} answer;
	bool found = false, done = false;
	ssize_t len;
	int fd;

	if (sa->sa_family != AF_INET && sa->sa_family != AF_INET6)
		return false;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd == -1)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (!ask(fd, sa))
		done = true;
	while (!found && !done) {
		len = recv(fd, &answer, sizeof(answer), 0);
		if (len <= 0)
			break;
		found = neighbour_find(&answer, (size_t)len, sa, mac, &done);
	}
	close(fd);
	return found;
}
