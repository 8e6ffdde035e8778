/* SPDX-License-Identifier: ISC */
/* What a DHCPv6 packet says of the netboot client that sent it. */
#include "proxydhcpd/client6.h"

#include <string.h>

#include "common/arch.h"

#define ETHERNET 1		/* IANA's hardware types */
#define ARCH_RPIBOOT 41		/* a Raspberry Pi's own boot loader */
#define FIRST_UBOOT 21
#define LAST_UBOOT 24

/* FNV-1a, of the client's identifier and its transaction. */
static uint64_t
key_of(const struct dhcp6 *d)
{
	uint64_t hash = 0xcbf29ce484222325u ^ d->xid;
	const uint8_t *duid;
	size_t i, len;

	duid = dhcp6_get(&d->options, DHCP6_CLIENT_ID, &len);
	for (i = 0; i < len; i++)
		hash = (hash ^ duid[i]) * 0x100000001b3u;
	return hash | 1;	/* never the 0 of an empty place */
}

void
recent6_note(struct recent6 *r, const struct dhcp6 *d, const struct mac *mac)
{
	const uint64_t key = key_of(d);
	size_t i;

	for (i = 0; i < RECENT6_MAX; i++)
		if (r->client[i].key == key)
			break;
	if (i == RECENT6_MAX)
		i = r->next++ % RECENT6_MAX;
	r->client[i].key = key;
	r->client[i].mac = *mac;
}

static bool
find_recent(const struct recent6 *r, const struct dhcp6 *d, struct mac *mac)
{
	const uint64_t key = key_of(d);
	size_t i;

	for (i = 0; i < RECENT6_MAX; i++)
		if (r->client[i].key == key) {
			*mac = r->client[i].mac;
			return true;
		}
	return false;
}

/* Which a relay saw on the wire: RFC 6939. */
static bool
relayed_mac(const struct dhcp6_relay *r, struct mac *mac)
{
	const uint8_t *octets;
	struct wire_in w;
	size_t len;

	octets = dhcp6_get(&r->options, DHCP6_LINK_LAYER_ADDRESS, &len);
	wire_in_init(&w, octets, len);
	if (wire_get_n16(&w) != ETHERNET || w.left != sizeof(*mac))
		return false;
	memcpy(mac, w.pos, sizeof(*mac));
	return true;
}

/*
 * The card that asks, not the one that the machine's identifier happened to
 * be made from: so the address that the packet came from is asked first.
 */
static bool
read_mac(struct mac *mac, const struct dhcp6 *d, const struct in6_addr *from,
    const struct recent6 *recent)
{
	const struct dhcp6_relay *first;
	const uint8_t *duid;
	size_t len;

	if (d->relays > 0) {
		first = &d->relay[d->relays - 1];
		from = &first->peer;
		if (relayed_mac(first, mac))
			return true;
	}
	if (dhcp6_address_mac(from, mac) || find_recent(recent, d, mac))
		return true;
	duid = dhcp6_get(&d->options, DHCP6_CLIENT_ID, &len);
	return dhcp6_duid_mac(duid, len, mac);
}

/* The first that option 61 lists: RFC 5970 section 3.3. */
static void
read_arch(struct client *c, const struct dhcp6 *d)
{
	struct wire_in w;
	const uint8_t *list;
	size_t len;

	list = dhcp6_get(&d->options, DHCP6_CLIENT_ARCH, &len);
	wire_in_init(&w, list, len);
	c->arch = wire_get_n16(&w);
	c->has_arch = !w.bad;
}

static bool
says_ipxe(const struct dhcp6 *d)
{
	const uint8_t *class;
	size_t len;

	class = dhcp6_get(&d->options, DHCP6_USER_CLASS, &len);
	return class != NULL && memmem(class, len, "iPXE", 4) != NULL;
}

/* Whoever the enterprise is: firmware says Intel's, and some says nobody's. */
static bool
has_vendor_class(const struct dhcp6 *d, const char *prefix)
{
	const size_t want = strlen(prefix);
	const uint8_t *class;
	struct wire_in w;
	size_t len;

	class = dhcp6_get(&d->options, DHCP6_VENDOR_CLASS, &len);
	wire_in_init(&w, class, len);
	wire_get_n32(&w);
	while (dhcp6_next_string(&w, &class, &len))
		if (len >= want && memcmp(class, prefix, want) == 0)
			return true;
	return false;
}

/* Where no class says it, the architecture does, as RFC 5970 has it. */
static enum client_class
classify_arch(const struct client *c)
{
	if (!c->has_arch)
		return CLIENT_OTHER;
	if (c->arch == ARCH_RPIBOOT)
		return CLIENT_RASPBERRY_PI;
	if (c->arch >= FIRST_UBOOT && c->arch <= LAST_UBOOT)
		return CLIENT_UBOOT;
	return arch_is_http(c->arch) ? CLIENT_HTTP : CLIENT_UEFI;
}

static enum client_class
classify(const struct client *c, const struct dhcp6 *d)
{
	enum client_class by_arch = classify_arch(c);

	if (says_ipxe(d))
		return CLIENT_IPXE;
	if (by_arch == CLIENT_UBOOT || has_vendor_class(d, "U-Boot"))
		return CLIENT_UBOOT;
	if (has_vendor_class(d, "HTTPClient"))
		return CLIENT_HTTP;
	return has_vendor_class(d, "PXEClient") ? CLIENT_UEFI : by_arch;
}

void
client6_classify(struct client *c, const struct dhcp6 *d,
    const struct in6_addr *from, const struct recent6 *recent)
{
	memset(c, 0, sizeof(*c));
	c->has_mac = read_mac(&c->mac, d, from, recent);
	read_arch(c, d);
	c->class = classify(c, d);
	c->http = true;		/* it does not say; all builds with IPv6 do */
}

bool
client6_address(const struct dhcp6 *d, struct in6_addr *addr)
{
	struct dhcp6_options rest = d->options;
	const uint8_t *data, *inner;
	struct dhcp6_options ia;
	uint16_t tag;
	size_t len, n;

	if (d->type != DHCP6_REQUEST && d->type != DHCP6_RENEW &&
	    d->type != DHCP6_REBIND && d->type != DHCP6_CONFIRM)
		return false;
	while (dhcp6_next(&rest, &tag, &data, &len)) {
		if (tag != DHCP6_IA_NA || len < 12)
			continue;
		ia = (struct dhcp6_options){ data + 12, len - 12 };
		inner = dhcp6_get(&ia, DHCP6_IA_ADDRESS, &n);
		if (n < sizeof(*addr))
			continue;
		memcpy(addr, inner, sizeof(*addr));
		return !IN6_IS_ADDR_UNSPECIFIED(addr) &&
		    !IN6_IS_ADDR_LOOPBACK(addr) &&
		    !IN6_IS_ADDR_MULTICAST(addr) &&
		    !IN6_IS_ADDR_LINKLOCAL(addr) &&
		    !IN6_IS_ADDR_V4MAPPED(addr);
	}
	return false;
}
