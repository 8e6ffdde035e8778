/* SPDX-License-Identifier: ISC */
/* What a TCP socket is told and asked: setsockopt, getsockopt, ioctl. */
#include "httpbootd/tcp.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <string.h>

/*
 * Octets that may wait in the kernel beyond what TCP has sent: with more, a
 * slow line would be quiet for longer than its timeout between two writes, and
 * ten thousand of them would fill the memory with copies.  Pages of files take
 * none; with fewer of them a fast line would wake us up too often.
 */
#define UNSENT_COPIES (64 * 1024)
#define UNSENT_PAGES (512 * 1024)

void
tcp_tune(int fd, bool copied)
{
	const int unsent = copied ? UNSENT_COPIES : UNSENT_PAGES;

	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent,
	    sizeof(unsent));
}

uint64_t
tcp_acknowledged(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1)
		return 0;
	return info.tcpi_bytes_acked;
}

uint64_t
tcp_written(int fd)
{
	int waiting = 0;

	if (ioctl(fd, SIOCOUTQ, &waiting) == -1 || waiting < 0)
		return 0;
	return tcp_acknowledged(fd) + (uint64_t)waiting;
}

void
tcp_hang_up(int fd)
{
	shutdown(fd, SHUT_RDWR);
}
