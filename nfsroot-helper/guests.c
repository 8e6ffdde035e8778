/* SPDX-License-Identifier: ISC */
/* Who may mount: words in, yes or no out. */
#include "nfsroot-helper/guests.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void
guests_init(struct guests *g)
{
	memset(g, 0, sizeof(*g));
	g->local = g->seen = true;
}

static const uint8_t *
octets_of(const struct sockaddr *sa, unsigned *bits)
{
	*bits = sa->sa_family == AF_INET ? 32 : 128;
	if (sa->sa_family == AF_INET)
		return (const uint8_t *)&((const struct sockaddr_in *)
		    (const void *)sa)->sin_addr;
	return ((const struct sockaddr_in6 *)(const void *)sa)->
	    sin6_addr.s6_addr;
}

/* "10.0.0.0/8", "fd00::/8", or one address. */
static bool
add_network(struct guests *g, const char *word)
{
	const size_t len = strcspn(word, "/");
	char text[ADDRESS_TEXT];
	const char *why = NULL;
	unsigned most;

	if (g->n == GUESTS_MAX || len >= sizeof(text))
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	if (!address_parse(text, 0, &g->network[g->n].address))
		return false;
	octets_of(&g->network[g->n].address.sa, &most);
	g->network[g->n].bits = word[len] == '\0' ? most :
	    (unsigned)strtonum(word + len + 1, 0, most, &why);
	if (why != NULL)
		return false;
	g->n++;
	return true;
}

bool
guests_add(struct guests *g, const char *word)
{
	if (!g->said)
		g->local = g->seen = false;
	g->said = true;
	if (strcmp(word, "any") == 0)
		return g->any = true;
	if (strcmp(word, "local") == 0)
		return g->local = true;
	if (strcmp(word, "seen") == 0)
		return g->seen = true;
	return add_network(g, word);
}

static bool
is_in(const uint8_t *a, const uint8_t *network, unsigned bits)
{
	const unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, network, whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ network[whole]) >> (8 - rest) == 0;
}

bool
guests_admit(const struct guests *g, const struct sockaddr *sa, bool is_local,
    bool is_seen)
{
	const uint8_t *network, *a;
	unsigned bits;
	size_t i;

	if (g->any || (g->local && is_local) || (g->seen && is_seen))
		return true;
	if (sa->sa_family != AF_INET && sa->sa_family != AF_INET6)
		return false;
	a = octets_of(sa, &bits);
	for (i = 0; i < g->n; i++) {
		network = octets_of(&g->network[i].address.sa, &bits);
		if (g->network[i].address.sa.sa_family == sa->sa_family &&
		    is_in(a, network, g->network[i].bits))
			return true;
	}
	return false;
}
