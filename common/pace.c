/* SPDX-License-Identifier: ISC */
/* How connections are sent: getsockopt and setsockopt of TCP_CONGESTION. */
#include "common/pace.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <string.h>

#define NAME_OCTETS 16		/* the kernel's TCP_CA_NAME_MAX */

void
pace_leave(int fd)
{
	static const char paced[] = "bbr", first[] = "cubic", second[] = "reno";
	char name[NAME_OCTETS + 1] = "";
	socklen_t len = NAME_OCTETS;

	if (getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &len) == -1 ||
	    strncmp(name, paced, strlen(paced)) != 0)
		return;
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, first,
	    sizeof(first) - 1) == -1)
		setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, second,
		    sizeof(second) - 1);
}
