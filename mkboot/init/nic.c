/* SPDX-License-Identifier: ISC */
/* Ethernet cards: what sysfs says of them, and the ioctls that set them up. */
#include "mkboot/init/nic.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <net/if_arp.h>
#include <net/route.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYS_NET "/sys/class/net"

/* The first line of a card's file in sysfs; empty when there is none. */
static void
attribute(const char *name, const char *what, char *text, size_t size)
{
	char path[512];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), SYS_NET "/%s/%s", name, what);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) != -1) {
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

static bool
has(const char *name, const char *what)
{
	char path[512];

	snprintf(path, sizeof(path), SYS_NET "/%s/%s", name, what);
	return access(path, F_OK) == 0;
}

static long
number(const char *name, const char *what)
{
	char text[32];

	attribute(name, what, text, sizeof(text));
	return strtol(text, NULL, 0);
}

bool
nic_find(const char *name, struct nic *nic)
{
	char address[64];

	attribute(name, "address", address, sizeof(address));
	if (!mac_parse(address, &nic->mac) ||
	    strlcpy(nic->name, name, sizeof(nic->name)) >= sizeof(nic->name))
		return false;
	nic->index = (int)number(name, "ifindex");
	return true;
}

static bool
read_nic(const char *name, struct nic *nic)
{
	if (!has(name, "device") || has(name, "phy80211") ||
	    has(name, "master") || number(name, "type") != ARPHRD_ETHER ||
	    (number(name, "flags") & IFF_SLAVE) != 0)
		return false;
	return nic_find(name, nic);
}

static int
compare(const void *a, const void *b)
{
	return ((const struct nic *)a)->index - ((const struct nic *)b)->index;
}

size_t
nic_list(struct nic nic[NIC_MAX])
{
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	if ((dir = opendir(SYS_NET)) == NULL)
		return 0;
	while (n < NIC_MAX && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			n += read_nic(entry->d_name, &nic[n]);
	closedir(dir);
	qsort(nic, n, sizeof(*nic), compare);
	return n;
}

bool
nic_has_link(const char *name)
{
	return number(name, "carrier") == 1;
}

/* An ioctl on a socket that lives no longer. */
static int
request(unsigned long what, void *argument)
{
	int error, fd, result;

	if ((fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return -1;
	result = ioctl(fd, what, argument);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

static struct ifreq
for_nic(const char *name)
{
	struct ifreq r;

	memset(&r, 0, sizeof(r));
	strlcpy(r.ifr_name, name, sizeof(r.ifr_name));
	return r;
}

static void
put_address(struct sockaddr *to, struct in_addr address)
{
	const struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_addr = address
	};

	memcpy(to, &in, sizeof(in));
}

static int
set_flag(const char *name, bool up)
{
	struct ifreq r = for_nic(name);

	if (request(SIOCGIFFLAGS, &r) == -1)
		return -1;
	if (up)
		r.ifr_flags = (short)(r.ifr_flags | IFF_UP);
	else
		r.ifr_flags = (short)(r.ifr_flags & ~IFF_UP);
	return request(SIOCSIFFLAGS, &r);
}

int
nic_up(const char *name)
{
	return set_flag(name, true);
}

int
nic_down(const char *name)
{
	return set_flag(name, false);
}

int
nic_set_mtu(const char *name, unsigned mtu)
{
	struct ifreq r = for_nic(name);

	r.ifr_mtu = (int)mtu;
	return request(SIOCSIFMTU, &r);
}

int
nic_set_address(const char *name, struct in_addr address,
    struct in_addr netmask)
{
	struct ifreq r = for_nic(name);
	const struct in_addr broadcast = {
		address.s_addr | ~netmask.s_addr
	};

	put_address(&r.ifr_addr, address);
	if (request(SIOCSIFADDR, &r) == -1)
		return -1;
	put_address(&r.ifr_netmask, netmask);
	if (request(SIOCSIFNETMASK, &r) == -1)
		return -1;
	/* A network of one or two hosts has none (RFC 3021). */
	if (ntohl(netmask.s_addr) >= 0xfffffffe)
		return 0;
	put_address(&r.ifr_broadaddr, broadcast);
	return request(SIOCSIFBRDADDR, &r);
}

static int
add_route(const char *name, struct in_addr to, struct in_addr mask,
    struct in_addr gateway)
{
	char device[IF_NAMESIZE];
	struct rtentry r;

	memset(&r, 0, sizeof(r));
	strlcpy(device, name, sizeof(device));
	put_address(&r.rt_dst, to);
	put_address(&r.rt_genmask, mask);
	put_address(&r.rt_gateway, gateway);
	r.rt_flags = RTF_UP;
	if (gateway.s_addr != INADDR_ANY)
		r.rt_flags |= RTF_GATEWAY;
	if (mask.s_addr == INADDR_NONE)
		r.rt_flags |= RTF_HOST;
	r.rt_dev = device;
	if (request(SIOCADDRT, &r) == -1 && errno != EEXIST)
		return -1;
	return 0;
}

int
nic_default_route(const char *name, struct in_addr gateway)
{
	const struct in_addr any = { INADDR_ANY }, host = { INADDR_NONE };

	if (add_route(name, any, any, gateway) == 0)
		return 0;
	/* Hosting networks give a gateway that only the wire leads to. */
	if (errno != ENETUNREACH && errno != EHOSTUNREACH)
		return -1;
	if (add_route(name, gateway, host, any) == -1)
		return -1;
	return add_route(name, any, any, gateway);
}
