/* SPDX-License-Identifier: ISC */
/* System calls: reads packets from standard input and says their fate. */
#include "proxydhcpd/explained.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "proxydhcpd/capture.h"
#include "proxydhcpd/exchange.h"
#include "proxydhcpd/exchange6.h"

#define INPUT_MAX ((size_t)64 * 1024 * 1024)	/* octets of a capture */
#define TEXT_MAX (16 * 1024)

/* RFC 7042 section 2.1.2 has these Ethernet addresses for documents. */
static const struct mac our_mac = { { 0, 0, 0x5e, 0, 0x53, 1 } };

/* All that there is; NULL with a line in the log. */
static uint8_t *
read_all(size_t *len)
{
	size_t size = 64 * 1024, n;
	uint8_t *data = NULL, *grown;

	for (*len = 0; size <= 2 * INPUT_MAX; size *= 2) {
		grown = realloc(data, size);
		if (grown == NULL)
			break;
		data = grown;
		n = fread(data + *len, 1, size - *len, stdin);
		*len += n;
		if (*len < size)
			return data;
	}
	log_warn("standard input: %s", size > INPUT_MAX ?
	    "longer than 64 MiB" : strerror(errno));
	free(data);
	return NULL;
}

static void
explain4(const struct explained *e, const struct arrival *arrival,
    const uint8_t *data, size_t len)
{
	struct exchange x = { .arrival = *arrival };
	char text[TEXT_MAX];
	struct explanation words;

	if (x.arrival.self.s_addr == INADDR_ANY)
		x.arrival.self = e->self;
	explain_init(&words, text, sizeof(text));
	exchange_explain(&x, e->bootfd, data, len, &words);
	fputs(text, stdout);
}

static void
explain6(const struct explained *e, const struct arrival6 *arrival,
    const uint8_t *data, size_t len)
{
	struct exchange6 x = { .arrival = *arrival };
	char text[TEXT_MAX];
	struct text words;

	if (IN6_IS_ADDR_UNSPECIFIED(&x.arrival.self))
		x.arrival.self = e->self6;
	offer6_duid(x.arrival.duid, &our_mac);
	text_init(&words, text, sizeof(text));
	exchange6_explain(&x, e->bootfd, data, len, &words);
	fputs(text, stdout);
}

/*
 * DHCPv4 begins with 1 or 2 and has its cookie, which is nothing that DHCPv6
 * has in that place by chance.  A broken packet that begins so is taken for
 * DHCPv4.
 */
static bool
is_dhcp6(const uint8_t *data, size_t len)
{
	static const uint8_t cookie[] = { 99, 130, 83, 99 };
	struct dhcp6 d;

	if (len >= DHCP4_HEADER &&
	    memcmp(data + DHCP4_HEADER - 4, cookie, 4) == 0)
		return false;
	if (len > 0 && data[0] > DHCP4_BOOTREPLY)
		return data[0] <= DHCP6_RELAY_REPL;
	return dhcp6_parse(&d, data, len) == DHCP6_OK;
}

static void
explain_payload(const struct explained *e, const uint8_t *data, size_t len)
{
	struct arrival a = { .proxy_port = e->proxy,
	    .from_port = (uint16_t)e->proxy_port };
	struct arrival6 a6 = { .proxy_port = e->proxy,
	    .from_port = (uint16_t)e->proxy_port };

	/* As clients on our link ask; its source is not in the payload. */
	a6.from.s6_addr[0] = 0xfe;
	a6.from.s6_addr[1] = 0x80;
	a6.from.s6_addr[15] = 1;
	if (is_dhcp6(data, len))
		explain6(e, &a6, data, len);
	else
		explain4(e, &a, data, len);
}

/* On one of the ports, and not from us or another server. */
static bool
is_ours(const struct explained *e, const struct capture_datagram *d)
{
	const unsigned to = address_port(&d->to.sa);

	return to == e->proxy_port || to == (d->to.sa.sa_family == AF_INET ?
	    e->dhcp_port : (unsigned)DHCP6_SERVER_PORT);
}

static void
explain_datagram(const struct explained *e, const struct capture_datagram *d)
{
	struct arrival a = { .from = d->from.in.sin_addr,
	    .from_port = (uint16_t)address_port(&d->from.sa),
	    .multicast = IN_MULTICAST(ntohl(d->to.in.sin_addr.s_addr)),
	    .proxy_port = address_port(&d->to.sa) == e->proxy_port };
	struct arrival6 a6 = { .from = d->from.in6.sin6_addr,
	    .from_port = a.from_port, .proxy_port = a.proxy_port,
	    .multicast = IN6_IS_ADDR_MULTICAST(&d->to.in6.sin6_addr) };

	if (d->to.sa.sa_family == AF_INET) {
		if (a.proxy_port && !a.multicast)
			a.self = d->to.in.sin_addr;
		explain4(e, &a, d->payload, d->len);
		return;
	}
	if (!a6.multicast)
		a6.self = d->to.in6.sin6_addr;
	explain6(e, &a6, d->payload, d->len);
}

static void
explain_capture(const struct explained *e, struct capture *c)
{
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT];
	struct capture_datagram d;
	const char *blank = "";

	while (capture_next(c, &d)) {
		if (!is_ours(e, &d))
			continue;
		printf("%sframe %u: %s port %u to %s port %u\n", blank,
		    c->frame, address_format(&d.from.sa, from),
		    address_port(&d.from.sa), address_format(&d.to.sa, to),
		    address_port(&d.to.sa));
		explain_datagram(e, &d);
		blank = "\n";
	}
}

int
explained_run(const struct explained *e)
{
	struct capture capture;
	int status = EXIT_OK;
	uint8_t *data;
	size_t len;

	data = read_all(&len);
	if (data == NULL)
		return EXIT_SYSTEM;
	switch (capture_open(&capture, data, len)) {
	case CAPTURE_NONE:
		explain_payload(e, data, len);
		break;
	case CAPTURE_READY:
		explain_capture(e, &capture);
		break;
	case CAPTURE_OTHER_LINK:
		log_warn("standard input: a capture of link type %u; those of "
		    "Ethernet, Linux cooked and raw IP are read", capture.link[0]);
		status = EXIT_USER;
		break;
	}
	free(data);
	return fflush(stdout) == 0 ? status : EXIT_SYSTEM;
}
