/* SPDX-License-Identifier: ISC */
/* System calls: what the log and seen/ are told of a DHCPv6 exchange. */
#include "proxydhcpd/record6.h"

#include <stdio.h>
#include <string.h>

#include "common/address.h"
#include "common/bootdir.h"
#include "common/log.h"
#include "proxydhcpd/lookup.h"

/* What the two sides of an exchange are called in seen/MAC/log. */
static const char *
event_of(const struct exchange6 *x, bool ours)
{
	if (x->packet.type == DHCP6_SOLICIT)
		return ours ? "offer6" : "solicit6";
	if (x->packet.type == DHCP6_INFORMATION_REQUEST)
		return ours ? "reply6" : "inform6";
	return ours ? "ack4011" : "request4011";
}

static const char *
who(const struct exchange6 *x, char text[MAC_TEXT])
{
	return x->client.has_mac ? mac_format(&x->client.mac, text) :
	    "no known MAC";
}

void
record6_answer(struct record6 *r, const struct exchange6 *x)
{
	union address self = { .in6 = { .sin6_family = AF_INET6 } };
	const struct client *c = &x->client;
	char file[BOOT_NAME_MAX], server[ADDRESS_TEXT], arch[8] = "-";
	char mac[MAC_TEXT];

	log_escape(file, sizeof(file), x->boot.program,
	    strlen(x->boot.program));
	self.in6.sin6_addr = x->arrival.self;
	address_format(&self.sa, server);
	if (c->has_arch)
		snprintf(arch, sizeof(arch), "%u", c->arch);
	log_info("%s: %s: %s %s by %s", who(x, mac),
	    event_of(x, true), client_class_name(c->class), file,
	    x->boot.machine);
	if (!c->has_mac)
		return;
	seen_event(r->seen, &c->mac, event_of(x, false), "class=%s arch=%s",
	    client_class_name(c->class), arch);
	seen_event(r->seen, &c->mac, event_of(x, true), "file=%s server=%s",
	    file, server);
	seen_fact(r->seen, &c->mac, "class", client_class_name(c->class));
	if (c->has_arch)
		seen_fact(r->seen, &c->mac, "arch", arch);
}

/* What its owner can mend, once for each machine. */
static void
warn(struct record6 *r, const struct exchange6 *x)
{
	const struct boot *b = &x->boot;
	const char *about = x->reason == REASON6_BAD_VALUE ? b->fault :
	    x->reason == REASON6_NO_PROGRAM ? b->entry : "address";
	char mac[MAC_TEXT];

	if (!notice_first(&r->notices, about, &x->client.mac,
	    sizeof(x->client.mac)))
		return;
	if (x->reason == REASON6_BAD_VALUE)
		log_warn("%s: not answered: %s; mend or remove that",
		    who(x, mac), b->fault);
	else if (x->reason == REASON6_NO_PROGRAM)
		log_warn("%s: no program over DHCPv6: %s: %s", who(x, mac),
		    b->entry, pub_answer_words(b->found));
	else
		log_warn("%s: no answer over DHCPv6: %s", who(x, mac),
		    reason6_words(x->reason));
}

void
record6_silence(struct record6 *r, const struct exchange6 *x)
{
	char mac[MAC_TEXT];

	if (x->reason == REASON6_NO_PROGRAM ||
	    x->reason == REASON6_NO_ADDRESS || x->reason == REASON6_BAD_VALUE)
		warn(r, x);
	log_debug("%s: %s on the %s port: silence: %s: %s", who(x, mac),
	    dhcp6_type_name(x->packet.type),
	    x->arrival.proxy_port ? "proxy" : "DHCPv6",
	    reason6_name(x->reason), reason6_words(x->reason));
}

void
record6_address(struct record6 *r, const struct exchange6 *x)
{
	union address a = { .in6 = { .sin6_family = AF_INET6 } };
	const struct mac *mac = &x->client.mac;

	if (x->arrival.proxy_port || !x->client.has_mac ||
	    !client6_address(&x->packet, &a.in6.sin6_addr))
		return;
	if (x->client.class != CLIENT_OTHER || seen_known(r->seen, mac) ||
	    lookup_named(r->bootfd, mac))
		seen_address(r->seen, mac, &a.sa);
}
