/* SPDX-License-Identifier: ISC */
/* A card's IPv6 addresses: what procfs says of them, ioctls and sockets. */
#include "mkboot/init/nic6.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <net/route.h>
#include <netinet/icmp6.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/dhcp6.h"

/* /proc/net/if_inet6: include/net/ipv6.h and linux/if_addr.h. */
enum { SCOPE_GLOBAL = 0x00, SCOPE_LINK = 0x20 };
enum { DAD_FAILED = 0x08, DEPRECATED = 0x20, TENTATIVE = 0x40 };

static void
set_conf(const struct nic *nic, const char *what, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/%s",
	    nic->name, what);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return;
	if (write(fd, value, strlen(value)) == -1)
		errno = 0;
	close(fd);
}

void
nic6_listen_to_routers(const struct nic *nic)
{
	set_conf(nic, "disable_ipv6", "0");
	set_conf(nic, "accept_ra", "1");
	set_conf(nic, "autoconf", "1");
}

/* One line of the file; false for another card's, or one not to be used. */
static bool
read_line(const char *line, const struct nic *nic, unsigned *scope,
    struct in6_addr *a)
{
	unsigned index, prefix, flags, octet;
	size_t i;

	if (sscanf(line, "%*32s %x %x %x %x", &index, &prefix, scope,
	    &flags) != 4 || index != (unsigned)nic->index ||
	    (flags & (DAD_FAILED | DEPRECATED | TENTATIVE)) != 0)
		return false;
	for (i = 0; i < 16; i++) {
		if (sscanf(line + 2 * i, "%2x", &octet) != 1)
			return false;
		a->s6_addr[i] = (uint8_t)octet;
	}
	return true;
}

/* The first usable address with this scope, or this very one. */
static bool
find(const struct nic *nic, unsigned wanted, const struct in6_addr *same,
    struct in6_addr *found)
{
	FILE *file = fopen("/proc/net/if_inet6", "re");
	char line[128];
	unsigned scope;
	bool is = false;

	if (file == NULL)
		return false;
	while (!is && fgets(line, sizeof(line), file) != NULL)
		is = read_line(line, nic, &scope, found) && (same != NULL ?
		    IN6_ARE_ADDR_EQUAL(found, same) : scope == wanted);
	fclose(file);
	return is;
}

bool
nic6_address(const struct nic *nic, bool of_wire, struct in6_addr *found)
{
	return find(nic, of_wire ? SCOPE_LINK : SCOPE_GLOBAL, NULL, found);
}

bool
nic6_has(const struct nic *nic, const struct in6_addr *address)
{
	struct in6_addr found;

	return find(nic, 0, address, &found);
}

/* An ioctl on a socket that lives no longer. */
static int
request(unsigned long what, void *argument)
{
	int error, fd, result;

	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	result = ioctl(fd, what, argument);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* struct in6_ifreq, whose header does not go together with net/if.h. */
struct request6 {
	struct in6_addr address;
	uint32_t prefix;
	int index;
};

static int
change_address(unsigned long what, const struct nic *nic,
    const struct in6_addr *address, unsigned prefix)
{
	struct request6 r = {
		.address = *address, .prefix = prefix, .index = nic->index
	};

	return request(what, &r);
}

int
nic6_add_address(const struct nic *nic, const struct in6_addr *address,
    unsigned prefix)
{
	if (change_address(SIOCSIFADDR, nic, address, prefix) == -1 &&
	    errno != EEXIST)
		return -1;
	return 0;
}

int
nic6_remove_address(const struct nic *nic, const struct in6_addr *address,
    unsigned prefix)
{
	return change_address(SIOCDIFADDR, nic, address, prefix);
}

int
nic6_default_route(const struct nic *nic, const struct in6_addr *gateway)
{
	struct in6_rtmsg r = {
		.rtmsg_gateway = *gateway,
		.rtmsg_flags = RTF_UP | RTF_GATEWAY | RTF_DEFAULT,
		.rtmsg_metric = 1024,
		.rtmsg_ifindex = nic->index
	};

	return request(SIOCADDRT, &r) == -1 && errno != EEXIST ? -1 : 0;
}

/* A socket of this card alone, or -1 with errno. */
static int
open_on(const struct nic *nic, int type, int protocol)
{
	int error, fd;

	fd = socket(AF_INET6, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, nic->name,
	    (socklen_t)strlen(nic->name)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int
nic6_open_router(const struct nic *nic)
{
	const int fd = open_on(nic, SOCK_RAW, IPPROTO_ICMPV6);
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &filter);
	if (fd != -1)
		(void)setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter,
		    sizeof(filter));
	return fd;
}

int
nic6_open_dhcp(const struct nic *nic)
{
	const int fd = open_on(nic, SOCK_DGRAM, 0), yes = 1;
	struct sockaddr_in6 port = {
		.sin6_family = AF_INET6, .sin6_port = htons(DHCP6_CLIENT_PORT)
	};
	int error;

	if (fd == -1)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, (const struct sockaddr *)&port, sizeof(port)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int
nic6_send_dhcp(int fd, const struct nic *nic, const void *data, size_t len)
{
	/* All_DHCP_Relay_Agents_and_Servers: RFC 8415 section 7.1. */
	const struct sockaddr_in6 all = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(DHCP6_SERVER_PORT),
		.sin6_addr = { .s6_addr = { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		    0, 0, 1, 0, 2 } },
		.sin6_scope_id = (uint32_t)nic->index
	};

	return sendto(fd, data, len, 0, (const struct sockaddr *)&all,
	    sizeof(all)) == -1 ? -1 : 0;
}
