/* SPDX-License-Identifier: ISC */
/*
 * The least that a TFTP server in lock-step can do: a loop of recvmmsg(2) and
 * sendmmsg(2) on one socket, in which the ACK says all.  No timer, no options
 * but blksize, no files but one: what is beyond its figures is a server's own,
 * the rest is the kernel's sending and receiving.
 *   tftp-floor ADDR PORT FILE
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/tftp.h"

#define BATCH 64		/* datagrams at once */
#define ROOM (2 * 1024 * 1024)	/* octets of waiting packets */
#define HEADER 4		/* opcode, and a block's number */
#define OACK_MAX 64

struct floor {
	int fd;
	uint8_t *data;
	size_t size;
	uint32_t blksize[65536];	/* by the client's port */
	struct sockaddr_in peer[BATCH];
	uint8_t packet[BATCH][TFTP_REQUEST_MAX];
	uint8_t reply[BATCH][OACK_MAX];
	struct iovec in[BATCH], out[BATCH][2];
	struct mmsghdr received[BATCH], sent[BATCH];
};

static void
map_file(struct floor *f, const char *path)
{
	const int fd = open(path, O_RDONLY);
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1)
		err(111, "%s", path);
	f->size = (size_t)st.st_size;
	f->data = mmap(NULL, f->size, PROT_READ, MAP_SHARED, fd, 0);
	if (f->data == MAP_FAILED)
		err(111, "%s", path);
	close(fd);
}

static void
open_socket(struct floor *f, const char *addr, const char *port)
{
	struct sockaddr_in local = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))
	};
	const int room = ROOM;

	if (inet_pton(AF_INET, addr, &local.sin_addr) != 1)
		errx(100, "%s: no IPv4 address", addr);
	f->fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (f->fd == -1 ||
	    bind(f->fd, (struct sockaddr *)&local, sizeof(local)) == -1)
		err(111, "%s", addr);
	setsockopt(f->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(f->fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
}

static void
lay_out(struct floor *f)
{
	size_t i;

	for (i = 0; i < BATCH; i++) {
		f->in[i] = (struct iovec){ f->packet[i], sizeof(f->packet[i]) };
		f->received[i].msg_hdr = (struct msghdr){
			.msg_name = &f->peer[i],
			.msg_namelen = sizeof(f->peer[i]),
			.msg_iov = &f->in[i], .msg_iovlen = 1,
		};
		f->sent[i].msg_hdr = (struct msghdr){
			.msg_namelen = sizeof(f->peer[i]),
			.msg_iov = f->out[i], .msg_iovlen = 2,
		};
	}
}

/* What the client lacks, as the n-th answer; 0 where it has all. */
static int
put_block(struct floor *f, size_t i, size_t n, size_t has)
{
	const size_t blksize = f->blksize[f->peer[i].sin_port];
	const size_t offset = has * blksize;
	struct wire_out w;

	if (offset > f->size)
		return 0;
	wire_out_init(&w, f->reply[n], OACK_MAX);
	tftp_put_data(&w, (uint16_t)(has + 1), NULL, 0);
	f->out[n][0] = (struct iovec){ f->reply[n], HEADER };
	f->out[n][1] = (struct iovec){ f->data + offset,
		f->size - offset < blksize ? f->size - offset : blksize };
	return 1;
}

static int
answer_request(struct floor *f, size_t i, size_t n)
{
	uint32_t *blksize = &f->blksize[f->peer[i].sin_port];
	struct tftp_request q;
	struct wire_out w;

	if (!tftp_parse_request(&q, f->packet[i], f->received[i].msg_len))
		return 0;
	*blksize = TFTP_BLKSIZE_DEFAULT;
	if (!q.option[TFTP_BLKSIZE].valid)
		return put_block(f, i, n, 0);
	*blksize = (uint32_t)q.option[TFTP_BLKSIZE].value;
	wire_out_init(&w, f->reply[n], OACK_MAX);
	tftp_put_oack(&w);
	tftp_put_option(&w, "blksize", *blksize);
	f->out[n][0] = (struct iovec){ f->reply[n], w.len };
	f->out[n][1].iov_len = 0;
	return 1;
}

static int
answer_ack(struct floor *f, size_t i, size_t n)
{
	return put_block(f, i, n,
	    (size_t)f->packet[i][2] << 8 | f->packet[i][3]);
}

static size_t
answer(struct floor *f, size_t received)
{
	size_t i, n = 0;
	int answered;

	for (i = 0; i < received; i++) {
		f->received[i].msg_hdr.msg_namelen = sizeof(f->peer[i]);
		answered = f->packet[i][1] == TFTP_ACK ?
		    answer_ack(f, i, n) : answer_request(f, i, n);
		if (answered)
			f->sent[n++].msg_hdr.msg_name = &f->peer[i];
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct floor *f = calloc(1, sizeof(*f));
	int n;

	if (argc != 4 || f == NULL)
		errx(100, "usage: tftp-floor addr port file");
	map_file(f, argv[3]);
	open_socket(f, argv[1], argv[2]);
	lay_out(f);
	for (;;) {
		n = recvmmsg(f->fd, f->received, BATCH, MSG_WAITFORONE, NULL);
		if (n == -1)
			err(111, "recvmmsg");
		n = (int)answer(f, (size_t)n);
		if (n > 0 && sendmmsg(f->fd, f->sent, (unsigned)n, 0) == -1)
			warn("sendmmsg");
	}
}
