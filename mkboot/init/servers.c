/* SPDX-License-Identifier: ISC */
/* Who is asked for the root. */
#include "mkboot/init/servers.h"

#include <string.h>

#include "mkboot/init/report.h"

static void
add(struct servers *s, const union address *a)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (address_equal(&s->server[i].sa, &a->sa))
			return;
	s->server[s->n++] = *a;
}

static void
add_in(struct servers *s, struct in_addr in)
{
	union address a;

	if (s->n > 0 || in.s_addr == INADDR_ANY)
		return;
	memset(&a, 0, sizeof(a));
	a.in.sin_family = AF_INET;
	a.in.sin_addr = in;
	add(s, &a);
}

void
servers_choose(struct servers *s, const union address *own,
    const struct cmdline *c, struct in_addr next_server)
{
	struct url script;
	size_t i;

	s->n = 0;
	if (own->sa.sa_family != AF_UNSPEC)
		add(s, own);
	for (i = 0; i < c->servers; i++)
		add(s, &c->server[i]);
	add_in(s, c->ip.server);
	if (s->n == 0 && report_target(c->report, &script))
		add(s, &script.server);
	add_in(s, next_server);
}
