/* SPDX-License-Identifier: ISC */
/* System calls: what the log and seen/ are told of an exchange. */
#include "proxydhcpd/record.h"

#include <stdio.h>
#include <string.h>

#include "common/address.h"
#include "common/arch.h"
#include "common/bootdir.h"
#include "common/log.h"
#include "proxydhcpd/lookup.h"

static const char *
host(struct in_addr addr, char text[ADDRESS_TEXT])
{
	union address a = { .in = { .sin_family = AF_INET } };

	a.in.sin_addr = addr;
	return address_format(&a.sa, text);
}

static const char *
who(const struct exchange *x, char text[MAC_TEXT])
{
	return x->client.has_mac ? mac_format(&x->client.mac, text) : "no MAC";
}

/*
 * Not each time: a file that says so already costs a look, too.  True when
 * this is news.
 */
static bool
record_facts(const struct record *r, const struct exchange *x)
{
	const struct client *c = &x->client;
	char uuid[CLIENT_UUID_TEXT] = "", arch[8] = "", all[64];

	if (c->has_arch)
		snprintf(arch, sizeof(arch), "%u", c->arch);
	if (c->has_uuid)
		client_uuid_format(c, uuid);
	snprintf(all, sizeof(all), "%d %s %s", c->class, arch, uuid);
	if (memory_said(r->memory, &c->mac, notice_hash(all, strlen(all)),
	    r->now_ms))
		return false;
	seen_fact(r->seen, &c->mac, "class", client_class_name(c->class));
	if (c->has_arch)
		seen_fact(r->seen, &c->mac, "arch", arch);
	if (c->has_uuid)
		seen_fact(r->seen, &c->mac, "uuid", uuid);
	return true;
}

void
record_answer(const struct record *r, const struct exchange *x)
{
	const bool ack = x->reply.type == DHCP4_ACK;
	const char *what = ack ? "ack" : "offer";
	const struct client *c = &x->client;
	char file[BOOT_NAME_MAX], server[ADDRESS_TEXT], arch[8] = "-";
	char mac[MAC_TEXT];
	const char *name;
	bool news;

	/* A ROM is told the name in the ACK; the log tells it at once. */
	name = x->reply.file[0] != '\0' ? x->reply.file : x->boot.program;
	log_escape(file, sizeof(file), name, strlen(name));
	host(x->arrival.self, server);
	if (c->has_arch)
		snprintf(arch, sizeof(arch), "%u", c->arch);
	if (!c->has_mac) {
		log_info("%s: %s: %s %s by %s", who(x, mac), what,
		    client_class_name(c->class), file, x->boot.machine);
		return;
	}
	/* The log has one line a stage of a boot; seen/ one an answer. */
	news = record_facts(r, x);
	if (news || ack) {
		log_info("%s: %s: %s %s by %s", who(x, mac), what,
		    client_class_name(c->class), file, x->boot.machine);
		seen_event(r->seen, &c->mac, ack ? "request4011" : "discover",
		    "class=%s arch=%s", client_class_name(c->class), arch);
	}
	seen_event(r->seen, &c->mac, ack ? "ack4011" : "offer",
	    "file=%s server=%s", file, server);
}

/* What the boot directory's owner can do about a program that is missing. */
static const char *
remedy(const struct boot *b)
{
	switch (b->found) {
	case PUB_OK:
		return "give it a shorter name";
	case PUB_PRIVATE:
		return "chmod a+r it";
	case PUB_LEADS_OUT:
		return "copy the program below pub/ and link to that";
	default:
		return "`mkboot loader' brings it, or link one there by hand";
	}
}

static void
warn_of_program(const struct record *r, const struct exchange *x)
{
	const struct boot *b = &x->boot;
	char program[BOOT_NAME_MAX], mac[MAC_TEXT];

	if (!notice_first(r->notices, b->entry, &x->client.mac,
	    sizeof(x->client.mac)))
		return;
	log_escape(program, sizeof(program), b->program, strlen(b->program));
	log_warn("%s: no program for %s: %s: %s%s%s; %s",
	    who(x, mac), x->client.class == CLIENT_IPXE ?
	    "iPXE" : arch_name(x->client.arch), b->entry, program,
	    *program == '\0' ? "" : ": ", x->reason == REASON_NO_PROGRAM ?
	    pub_answer_words(b->found) : reason_words(x->reason), remedy(b));
}

static void
warn_of_value(const struct record *r, const struct exchange *x)
{
	char mac[MAC_TEXT];

	if (notice_first(r->notices, x->boot.fault, "", 0))
		log_warn("%s: not answered: %s; mend or remove that",
		    who(x, mac), x->boot.fault);
}

void
record_silence(const struct record *r, const struct exchange *x)
{
	char mac[MAC_TEXT];

	if (x->reason == REASON_NO_PROGRAM || x->reason == REASON_LONG_NAME)
		warn_of_program(r, x);
	if (x->reason == REASON_BAD_VALUE)
		warn_of_value(r, x);
	log_debug("%s: %s on the %s port: silence: %s: %s",
	    who(x, mac),
	    dhcp4_type_name(x->packet.type),
	    x->arrival.proxy_port ? "proxy" : "DHCP", reason_name(x->reason),
	    reason_words(x->reason));
}

void
record_address(const struct record *r, const struct exchange *x)
{
	union address a = { .in = { .sin_family = AF_INET } };
	const struct mac *mac = &x->client.mac;
	char text[ADDRESS_TEXT];

	if (x->arrival.proxy_port || !x->client.has_mac ||
	    !client_address(&x->packet, &a.in.sin_addr))
		return;
	if (x->client.class != CLIENT_OTHER || seen_known(r->seen, mac) ||
	    lookup_named(r->bootfd, mac))
		seen_address(r->seen, mac, &a.sa);
	if (x->client.class != CLIENT_OTHER)
		seen_event(r->seen, mac, "request", "class=%s ip=%s",
		    client_class_name(x->client.class),
		    address_format(&a.sa, text));
}
