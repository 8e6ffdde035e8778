/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_PORT_H
#define TFTPD_PORT_H

#include <sys/socket.h>
#include <sys/uio.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/listen.h"
#include "common/wire.h"

/*
 * A UDP port that we send from: the listening one, or one for transfers.  A
 * transfer has a port to itself while there are few; many share some, so that
 * their packets are taken and sent many at once.
 */
#define PORT_BATCH 64		/* datagrams taken at once */
#define PORT_PACKET 513		/* octets: a request, and one too many */
#define PORT_GONE 64		/* clients whose transfers ended here, kept */

struct port {
	int fd;
	bool listens;		/* requests come here */
	/* Bound to any address: each packet must say whence it comes. */
	bool any;
	union address local;	/* with its port; IPv4 or IPv6 */
	unsigned transfers;
	uint32_t gone[PORT_GONE];	/* port_hash of the latest */
	unsigned gone_at;
};

/* Datagrams as they came; large, so one for all ports, laid out once. */
struct inbox {
	size_t n;
	struct mmsghdr msg[PORT_BATCH];
	struct iovec iov[PORT_BATCH];
	union datagram_control control[PORT_BATCH];
	struct datagram way[PORT_BATCH];
	size_t len[PORT_BATCH];
	uint8_t packet[PORT_BATCH][PORT_PACKET];
};

/*
 * A new port on the address that the client asked: firmware drops an answer
 * from another address of this host (EDK2 PxeBcMtftp.c).  -1 with errno.
 */
int port_open(struct port *, const struct datagram *);
/* A socket that is bound already. */
void port_adopt(struct port *, int fd);
/* Can this port answer who sent this datagram, from the address it asked? */
bool port_suits(const struct port *, const struct datagram *);
void inbox_open(struct inbox *);
/* Takes what waits, PORT_BATCH at most; false when nothing does. */
bool port_receive(const struct port *, struct inbox *);
/* One packet; -1 with errno. */
int port_send(const struct port *, const struct datagram *,
    const struct wire_out *);
/* Is this failure to send one that another moment may mend? */
bool port_error_passes(int error);

/*
 * A client's last word may come twice, when its transfer is gone; it is not
 * to be told that it is a stranger, as it may have begun another one.
 */
void port_part(struct port *, const union address *client);
bool port_parted(const struct port *, const union address *client);
/* A number for a client's address and port. */
uint32_t port_hash(const union address *);

#endif
