/* SPDX-License-Identifier: ISC */
/* Blocks out, many at once; holds sendmmsg. */
#include "tftpd/outbox.h"

#include <netinet/udp.h>

#include <errno.h>
#include <string.h>

#define HEADER 4		/* octets before a block: opcode and number */
#define SEGMENTS_MAX 64		/* UDP_MAX_SEGMENTS of older kernels */
#define MESSAGE_MAX 65000	/* octets; UDP over IPv4 takes 65507 */

void
outbox_open(struct outbox *box)
{
	memset(box, 0, sizeof(*box));
	STAILQ_INIT(&box->troubled);
}

static void
note_trouble(struct outbox *box, struct session *s)
{
	if (s->is_troubled)
		return;
	s->is_troubled = true;
	STAILQ_INSERT_TAIL(&box->troubled, s, trouble);
}

/* The run from this block on did not leave. */
static void
put_off(struct outbox *box, const struct outbox_message *m, int64_t now_ms)
{
	struct transfer *t = &m->session->transfer;

	note_trouble(box, m->session);
	if (t->end == TRANSFER_RUNNING)
		transfer_unsent(t, &m->run, 0, now_ms);
}

static void
end(struct outbox *box, const struct outbox_message *m, enum transfer_end why)
{
	note_trouble(box, m->session);
	if (m->session->transfer.end == TRANSFER_RUNNING)
		m->session->transfer.end = why;
}

/*
 * The message did not leave.  What another moment may mend is as a packet
 * lost on its way; the transfer's own timer sees to it.
 */
static void
take_failure(struct outbox *box, size_t i, int error, int64_t now_ms)
{
	const struct outbox_message *m = &box->what[i];

	if (error == EFAULT) {
		/* A page of the file is no more: it shrank, or its disk. */
		end(box, m, TRANSFER_UNREADABLE);
	} else if (m->run.count > 1 && !m->session->one_by_one &&
	    !port_error_passes(error)) {
		/* A path on which the kernel does not cut: IPsec, for one. */
		m->session->one_by_one = true;
		put_off(box, m, now_ms);
	} else if (!port_error_passes(error)) {
		end(box, m, TRANSFER_UNSENDABLE);
	}
}

void
outbox_flush(struct outbox *box, int64_t now_ms)
{
	size_t at = 0;
	int n;

	while (at < box->messages) {
		n = sendmmsg(box->port->fd, box->msg + at,
		    (unsigned)(box->messages - at), 0);
		if (n > 0) {
			at += (size_t)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN)
			break;
		take_failure(box, at++, errno, now_ms);
	}
	for (; at < box->messages; at++)
		put_off(box, &box->what[at], now_ms);
	box->messages = box->blocks = 0;
}

/* Header and block as they follow one another. */
static void
put_block(struct outbox *box, const struct session *s, uint64_t block)
{
	struct iovec *iov = &box->iov[2 * box->blocks];
	uint8_t *header = box->header[box->blocks++];
	uint64_t offset;
	const uint32_t len = transfer_block(&s->transfer, block, &offset);
	const uint8_t *data = len == 0 ? header : s->content->data + offset;
	struct wire_out w;

	wire_out_init(&w, header, HEADER);
	tftp_put_data(&w, (uint16_t)block, NULL, 0);
	iov[0] = (struct iovec){ header, HEADER };
	iov[1].iov_len = len;
	memcpy(&iov[1].iov_base, &data, sizeof(data));	/* only read */
	box->octets += len;
}

/* RFC 768's datagrams again, each of this size but the last. */
static size_t
put_segment_size(struct outbox *box, size_t at, uint16_t octets)
{
	struct cmsghdr *c = (struct cmsghdr *)(void *)(box->control[
	    box->messages].bytes + at);

	c->cmsg_level = IPPROTO_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(octets));
	memcpy(CMSG_DATA(c), &octets, sizeof(octets));
	return CMSG_SPACE(sizeof(octets));
}

static size_t
put_control(struct outbox *box, const struct session *s, uint32_t blocks)
{
	union datagram_control source;
	size_t len = 0;

	if (box->port->any) {
		len = datagram_source(&s->way, &source);
		memcpy(box->control[box->messages].bytes, &source, len);
	}
	if (blocks > 1)
		len += put_segment_size(box, len,
		    (uint16_t)(HEADER + s->transfer.blksize));
	return len;
}

/* As many blocks of the run as one message may hold. */
static uint32_t
fitting(const struct outbox *box, const struct session *s, uint32_t count)
{
	const uint32_t fits = MESSAGE_MAX / (HEADER + s->transfer.blksize);
	uint32_t n = count;

	if (s->one_by_one)
		n = 1;
	if (n > fits)
		n = fits;
	if (n > SEGMENTS_MAX)
		n = SEGMENTS_MAX;
	if (n > OUTBOX_BLOCKS - box->blocks)
		n = (uint32_t)(OUTBOX_BLOCKS - box->blocks);
	return n == 0 ? 1 : n;
}

static void
put_message(struct outbox *box, struct session *s, uint64_t first,
    uint32_t count)
{
	struct msghdr *h = &box->msg[box->messages].msg_hdr;
	uint32_t i;

	memset(h, 0, sizeof(*h));
	h->msg_name = &s->way.peer;
	h->msg_namelen = address_length(&s->way.peer.sa);
	h->msg_iov = &box->iov[2 * box->blocks];
	h->msg_iovlen = 2 * count;
	h->msg_controllen = put_control(box, s, count);
	if (h->msg_controllen > 0)
		h->msg_control = &box->control[box->messages];
	for (i = 0; i < count; i++)
		put_block(box, s, first + i);
	box->what[box->messages].session = s;
	box->what[box->messages++].run = (struct transfer_run){ first, count };
}

void
outbox_put(struct outbox *box, struct session *s,
    const struct transfer_run *run, int64_t now_ms)
{
	uint32_t left, n;

	if (run->count == 0)
		return;
	if (run->first == 0) {
		session_send_oack(s);
		return;
	}
	for (left = run->count; left > 0; left -= n) {
		if (box->port != s->port || box->messages == OUTBOX_MESSAGES ||
		    box->blocks == OUTBOX_BLOCKS)
			outbox_flush(box, now_ms);
		box->port = s->port;
		n = fitting(box, s, left);
		put_message(box, s, run->first + run->count - left, n);
	}
}
