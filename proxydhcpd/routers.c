/* SPDX-License-Identifier: ISC */
/* Which links have an IPv6 router of their own. */
#include <netinet/icmp6.h>

#include <string.h>

#include "proxydhcpd/router.h"

#define HOP_LIMIT 255		/* RFC 4861 section 6.1.2: from this link */
#define MS_PER_S 1000

static struct router_link *
find(struct router_links *links, unsigned ifindex)
{
	size_t i;

	for (i = 0; i < links->n; i++)
		if (links->link[i].ifindex == ifindex)
			return &links->link[i];
	if (links->n == ROUTER_LINKS_MAX)
		return NULL;
	links->link[links->n] = (struct router_link){ .ifindex = ifindex };
	return &links->link[links->n++];
}

bool
router_ask(struct router_links *links, unsigned ifindex, int64_t now_ms)
{
	struct router_link *link = find(links, ifindex);

	if (link == NULL || now_ms < link->real_until_ms ||
	    (link->asked_ms != 0 && now_ms - link->asked_ms < ROUTER_ASK_MS))
		return false;
	/*
	 * A link that was silent before stays known as such: a router that is
	 * new there advertises unasked.
	 */
	if (link->asked_ms == 0)
		link->sure_ms = now_ms + ROUTER_ANSWER_MS;
	link->asked_ms = now_ms;
	return true;
}

void
router_encode_solicitation(struct wire_out *w)
{
	wire_put_8(w, ND_ROUTER_SOLICIT);
	wire_put_zeros(w, ROUTER_SOLICIT_SIZE - 1);
}

/*
 * Whatever its lifetime, even 0, it ends a client's wait as ours would; and a
 * router that goes is missed for ten minutes at most.
 */
bool
router_note_advert(struct router_links *links, unsigned ifindex,
    const struct in6_addr *from, int hop_limit, const uint8_t *data,
    size_t len, int64_t now_ms)
{
	struct router_link *link = find(links, ifindex);
	int64_t lasts_ms;
	struct wire_in in;
	uint8_t type, code;

	wire_in_init(&in, data, len);
	type = wire_get_8(&in);
	code = wire_get_8(&in);
	wire_get_n16(&in);	/* the checksum, which the kernel has seen to */
	wire_get_n16(&in);	/* hop limit and flags */
	lasts_ms = (int64_t)wire_get_n16(&in) * MS_PER_S;
	wire_get_n32(&in);	/* reachable time */
	wire_get_n32(&in);	/* retransmission timer */
	if (in.bad || type != ND_ROUTER_ADVERT || code != 0 ||
	    hop_limit != HOP_LIMIT || !IN6_IS_ADDR_LINKLOCAL(from) ||
	    link == NULL)
		return false;
	if (lasts_ms < ROUTER_LASTS_MS)
		lasts_ms = ROUTER_LASTS_MS;
	link->real_until_ms = now_ms + lasts_ms;
	return true;
}

bool
router_is_real(const struct router_links *links, unsigned ifindex,
    int64_t now_ms)
{
	const struct router_link *link;

	for (link = links->link; link < links->link + links->n; link++)
		if (link->ifindex == ifindex)
			return now_ms < link->real_until_ms ||
			    now_ms < link->sure_ms;
	/* Too many links to know this one: keep out of it. */
	return links->n == ROUTER_LINKS_MAX;
}
