/* SPDX-License-Identifier: ISC */
/* Wake-on-LAN. */
#include "mkboot/wake.h"

#include <sys/socket.h>

#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <ifaddrs.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define DISCARD_PORT 9

void
wake_packet(const struct mac *mac, uint8_t packet[WAKE_OCTETS])
{
	size_t i;

	memset(packet, 0xff, 6);
	for (i = 1; i <= 16; i++)
		memcpy(packet + 6 * i, mac, 6);
}

/* Can a broadcast go out there? */
static bool
is_lan(const struct ifaddrs *i)
{
	return i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
	    (i->ifa_flags & IFF_UP) != 0 &&
	    (i->ifa_flags & IFF_BROADCAST) != 0 && i->ifa_broadaddr != NULL;
}

static bool
send_to(int fd, const struct ifaddrs *i, const uint8_t packet[WAKE_OCTETS])
{
	struct sockaddr_in to;

	memcpy(&to, i->ifa_broadaddr, sizeof(to));
	to.sin_port = htons(DISCARD_PORT);
	return sendto(fd, packet, WAKE_OCTETS, 0, (struct sockaddr *)&to,
	    sizeof(to)) == WAKE_OCTETS;
}

int
wake_send(const struct mac *mac)
{
	uint8_t packet[WAKE_OCTETS];
	struct ifaddrs *all, *i;
	const int on = 1;
	int fd, sent = 0;

	wake_packet(mac, packet);
	if (getifaddrs(&all) == -1)
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on,
	    sizeof(on)) == -1)
		sent = -1;
	for (i = all; i != NULL && sent != -1; i = i->ifa_next)
		if (is_lan(i) && send_to(fd, i, packet))
			sent++;
	freeifaddrs(all);
	if (fd != -1)
		close(fd);
	return sent;
}
