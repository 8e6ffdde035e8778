/* SPDX-License-Identifier: ISC */
/* What a netboot client is told over DHCPv6: its program, and no address. */
#include "proxydhcpd/offer6.h"

#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>

#define ENTERPRISE_INTEL 343	/* EDK2 takes no other's PXEClient */

static const struct {
	const char *name, *words;
} reasons[REASON6_COUNT] = {
	[REASON6_ANSWER] = { "answer", "answered" },
	[REASON6_BROKEN] = { "broken", "no DHCPv6 packet" },
	[REASON6_NOT_A_REQUEST] = { "not-a-request",
	    "the packet is a server's, not a client's" },
	[REASON6_NOT_NETBOOT] = { "not-netboot",
	    "no netboot client: no class or architecture of one" },
	[REASON6_UBOOT] = { "u-boot", "U-Boot takes no answer of a proxy" },
	[REASON6_NOT_ASKED] = { "not-asked",
	    "it does not ask for a boot file's URL (option 59)" },
	[REASON6_NO_CLIENT_ID] = { "no-client-id",
	    "no client identifier that could be given back" },
	[REASON6_NO_ARCH] = { "no-arch",
	    "it does not say its architecture (option 61)" },
	[REASON6_MALFORMED] = { "malformed",
	    "it has an option that such a message must not have" },
	[REASON6_STATEFUL] = { "stateful",
	    "it takes its program only from whom it has its address" },
	[REASON6_NOT_OURS] = { "not-ours",
	    "addresses are the DHCPv6 server's" },
	[REASON6_NOT_FOR_PROXY] = { "not-for-proxy",
	    "on the proxy port only a PXE client's REQUEST is answered" },
	[REASON6_OTHER_SERVER] = { "other-server",
	    "it asks another server" },
	[REASON6_NO_MACHINE] = { "no-machine",
	    "the boot directory names neither it nor a default" },
	[REASON6_NO_IMAGE] = { "no-image",
	    "its folder has no image: it is left alone" },
	[REASON6_BAD_VALUE] = { "bad-value",
	    "the boot directory says of it what cannot be" },
	[REASON6_NOT_YET] = { "not-yet",
	    "others may answer it first, for as long as `delay' says" },
	[REASON6_NO_PROGRAM] = { "no-program",
	    "there is no program for it" },
	[REASON6_NO_ADDRESS] = { "no-address",
	    "we have no IPv6 address there that it could ask" },
	[REASON6_TOO_LARGE] = { "too-large",
	    "the reply would exceed what every link carries" },
};

const char *
reason6_name(enum reason6 reason)
{
	return reasons[reason].name;
}

const char *
reason6_words(enum reason6 reason)
{
	return reasons[reason].words;
}

/*
 * A DUID-LLT, the same for ever, of a time that is none: another server on
 * this host may have a DUID-LL, or a DUID-LLT of its first day.
 */
void
offer6_duid(uint8_t duid[OFFER6_DUID_SIZE], const struct mac *mac)
{
	static const uint8_t head[] = { 0, 1, 0, 1, 'P', 'X', 'E', '6' };

	memcpy(duid, head, sizeof(head));
	memcpy(duid + sizeof(head), mac->octet, sizeof(mac->octet));
}

/* Which clients are served, whatever they ask. */
static enum reason6
consider_client(const struct dhcp6 *d, const struct client *c)
{
	if (c->class == CLIENT_OTHER)
		return REASON6_NOT_NETBOOT;
	if (c->class == CLIENT_UBOOT)
		return REASON6_UBOOT;
	if (!dhcp6_asks(&d->options, DHCP6_BOOT_URL))
		return REASON6_NOT_ASKED;
	return c->class == CLIENT_IPXE || c->has_arch ? REASON6_ANSWER :
	    REASON6_NO_ARCH;
}

/* True where it names no server, or us. */
static bool
means_us(const struct dhcp6 *d, const struct arrival6 *a)
{
	const uint8_t *duid;
	size_t len;

	duid = dhcp6_get(&d->options, DHCP6_SERVER_ID, &len);
	return duid == NULL || (len == sizeof(a->duid) &&
	    memcmp(duid, a->duid, len) == 0);
}

static bool
has(const struct dhcp6 *d, enum dhcp6_tag tag)
{
	size_t len;

	return dhcp6_get(&d->options, tag, &len) != NULL;
}

/*
 * Only who may pair a proxy's word with another server's address is told
 * (EDK2 PxeBcDhcp6.c, HttpBootDhcp6.c); RFC 8415 section 16.2 on options.
 */
static enum reason6
consider_solicit(const struct dhcp6 *d, const struct client *c)
{
	if (has(d, DHCP6_SERVER_ID))
		return REASON6_MALFORMED;
	return c->class == CLIENT_UEFI || c->class == CLIENT_HTTP ?
	    REASON6_ANSWER : REASON6_STATEFUL;
}

/* RFC 8415 section 16.12. */
static enum reason6
consider_information(const struct dhcp6 *d, const struct arrival6 *a)
{
	if (has(d, DHCP6_IA_NA) || has(d, DHCP6_IA_TA))
		return REASON6_MALFORMED;
	return means_us(d, a) ? REASON6_ANSWER : REASON6_OTHER_SERVER;
}

/*
 * Who asks us alone may name another server all the same: EDK2 before 2012
 * copied the name from its request for an address.
 */
static enum reason6
consider_proxy(const struct dhcp6 *d, const struct client *c,
    const struct arrival6 *a)
{
	if (d->type != DHCP6_REQUEST || d->relays > 0 ||
	    c->class != CLIENT_UEFI)
		return REASON6_NOT_FOR_PROXY;
	if (a->from_port == 0)
		return REASON6_MALFORMED;
	return !a->multicast || means_us(d, a) ? REASON6_ANSWER :
	    REASON6_OTHER_SERVER;
}

static enum reason6
consider_message(const struct dhcp6 *d, const struct client *c,
    const struct arrival6 *a)
{
	const uint8_t *id;
	size_t len;

	id = dhcp6_get(&d->options, DHCP6_CLIENT_ID, &len);
	if (len > DHCP6_DUID_MAX ||
	    (id == NULL && d->type != DHCP6_INFORMATION_REQUEST))
		return REASON6_NO_CLIENT_ID;
	if (a->proxy_port)
		return consider_proxy(d, c, a);
	if (d->type == DHCP6_SOLICIT)
		return consider_solicit(d, c);
	if (d->type == DHCP6_INFORMATION_REQUEST)
		return consider_information(d, a);
	return REASON6_NOT_OURS;
}

enum reason6
offer6_consider(const struct dhcp6 *d, const struct client *c,
    const struct arrival6 *a)
{
	enum reason6 reason;

	if (d->type == DHCP6_ADVERTISE || d->type == DHCP6_REPLY ||
	    d->type == DHCP6_RECONFIGURE)
		return REASON6_NOT_A_REQUEST;
	reason = consider_client(d, c);
	return reason == REASON6_ANSWER ? consider_message(d, c, a) : reason;
}

/* RFC 3986's unreserved characters and the slash stand for themselves. */
static bool
is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || (c != '\0' && strchr("-._~/", c) != NULL);
}

/*
 * "http://HOST" of the boot directory, where HOST is no IPv4 address: that was
 * said for who boots over IPv4.
 */
static bool
is_for_ipv6(const char *prefix)
{
	const char *host = strstr(prefix, "://");
	size_t len;

	if (host == NULL)
		return false;
	len = strcspn(host + 3, "/:");
	return len != strspn(host + 3, "0123456789.");
}

/* Big enough for every program's name with each octet escaped. */
static void
put_url(struct reply6 *r, const char *scheme, const struct in6_addr *self,
    const struct boot *b)
{
	const bool http = strcmp(scheme, "http") == 0;
	const char *program = b->program;
	char host[INET6_ADDRSTRLEN];
	size_t len;

	if (http && is_for_ipv6(b->http))
		len = (size_t)snprintf(r->url, sizeof(r->url), "%s/", b->http);
	else
		len = (size_t)snprintf(r->url, sizeof(r->url), "%s://[%s]/",
		    scheme, inet_ntop(AF_INET6, self, host, sizeof(host)));
	for (; *program != '\0' && len + 4 <= sizeof(r->url); program++)
		len += (size_t)snprintf(r->url + len, sizeof(r->url) - len,
		    is_plain(*program) ? "%c" : "%%%02X",
		    (unsigned char)*program);
}

/* What a client is told its program by, and perhaps with which name. */
static void
put_program(struct reply6 *r, const struct client *c,
    const struct in6_addr *self, const struct boot *b)
{
	static const struct boot top;	/* the top of pub/ */

	/* A Raspberry Pi asks for files by names of its own below the URL. */
	if (c->class == CLIENT_RASPBERRY_PI)
		put_url(r, "tftp", self, &top);
	else
		put_url(r, c->class == CLIENT_UEFI ? "tftp" : "http", self, b);
}

/* In hundredths of a second; of messages that begin an exchange alone. */
static bool
is_too_early(const struct dhcp6 *d, const struct arrival6 *a,
    const struct boot *b)
{
	const uint8_t *elapsed;
	struct wire_in w;
	size_t len;

	elapsed = dhcp6_get(&d->options, DHCP6_ELAPSED_TIME, &len);
	wire_in_init(&w, elapsed, len);
	return !a->proxy_port && wire_get_n16(&w) < b->delay_s * 100;
}

/* Does the boot directory have this client answered? */
static enum reason6
decide_machine(const struct dhcp6 *d, const struct client *c,
    const struct arrival6 *a, const struct boot *b)
{
	if (!b->known)
		return REASON6_NO_MACHINE;
	if (!b->image)
		return REASON6_NO_IMAGE;
	if (b->fault[0] != '\0')
		return REASON6_BAD_VALUE;
	if (is_too_early(d, a, b))
		return REASON6_NOT_YET;
	if (b->found != PUB_OK && c->class != CLIENT_RASPBERRY_PI)
		return REASON6_NO_PROGRAM;
	/* iPXE would need the interface's name in such an address. */
	return IN6_IS_ADDR_UNSPECIFIED(&a->self) ||
	    (c->class == CLIENT_IPXE && IN6_IS_ADDR_LINKLOCAL(&a->self)) ?
	    REASON6_NO_ADDRESS : REASON6_ANSWER;
}

/*
 * A PXE client on our link is sent to 4011 without a URL: so it asks all
 * servers there, from its link-local address.  With one it would ask us alone
 * from its new address, to which it has no route where no router advertises.
 * A relay passes nothing on that is not DHCP, so behind one it must.
 */
static bool
tells_url(const struct dhcp6 *d, const struct client *c)
{
	return c->class != CLIENT_UEFI || d->type != DHCP6_SOLICIT ||
	    d->relays > 0;
}

/* RFC 8415 section 18.3.10, 19.3, and for a relay's port RFC 8357. */
static void
address_reply(struct reply6 *r, const struct dhcp6 *d,
    const struct arrival6 *a)
{
	size_t len;

	r->to = a->from;
	if (d->relays == 0)
		r->to_port = a->proxy_port ? a->from_port : DHCP6_CLIENT_PORT;
	else
		r->to_port = dhcp6_get(&d->relay[0].options, DHCP6_RELAY_PORT,
		    &len) != NULL ? a->from_port : DHCP6_SERVER_PORT;
}

enum reason6
offer6_decide(struct reply6 *r, const struct dhcp6 *d, const struct client *c,
    const struct arrival6 *a, const struct boot *b)
{
	enum reason6 reason = offer6_consider(d, c, a);

	memset(r, 0, sizeof(*r));
	if (reason == REASON6_ANSWER)
		reason = decide_machine(d, c, a, b);
	if (reason != REASON6_ANSWER)
		return reason;
	r->type = d->type == DHCP6_SOLICIT ? DHCP6_ADVERTISE : DHCP6_REPLY;
	if (c->class != CLIENT_IPXE && c->class != CLIENT_RASPBERRY_PI)
		r->vendor_class = c->class == CLIENT_HTTP ? "HTTPClient" :
		    "PXEClient";
	if (tells_url(d, c))
		put_program(r, c, &a->self, b);
	address_reply(r, d, a);
	/*
	 * EDK2 sends, and only then begins to listen; and it never asks twice
	 * (PxeBcDhcp6.c: PxeBcRequestBootService).
	 */
	r->late = a->proxy_port;
	return REASON6_ANSWER;
}

enum reason6
offer6_encode(const struct reply6 *r, const struct dhcp6 *asked,
    const struct arrival6 *a, struct wire_out *w)
{
	struct dhcp6_nest nest;
	const uint8_t *id;
	size_t len;

	dhcp6_begin_relays(w, asked, &nest);
	dhcp6_put_header(w, r->type, asked->xid);
	id = dhcp6_get(&asked->options, DHCP6_CLIENT_ID, &len);
	if (id != NULL)
		dhcp6_put(w, DHCP6_CLIENT_ID, id, len);
	dhcp6_put(w, DHCP6_SERVER_ID, a->duid, sizeof(a->duid));
	if (r->url[0] != '\0')
		dhcp6_put_text(w, DHCP6_BOOT_URL, r->url);
	if (r->vendor_class != NULL)
		dhcp6_put_vendor_class(w, ENTERPRISE_INTEL, r->vendor_class);
	dhcp6_end_relays(w, &nest);
	return w->bad ? REASON6_TOO_LARGE : REASON6_ANSWER;
}
