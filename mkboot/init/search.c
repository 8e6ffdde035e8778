/* SPDX-License-Identifier: ISC */
/* Which cards there are, and what is said while we wait for them. */
#include "mkboot/init/search.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mkboot/init/net.h"
#include "mkboot/init/say.h"

/* Milliseconds: how long we wait for what, and how often we tell. */
#define CARD_WAIT 60000
#define LINK_WAIT 60000
#define ADDRESS_WAIT 120000
#define TELL_EVERY 10000

static bool
is_wanted(const struct cmdline *c, const struct nic *nic)
{
	if (c->ip.device[0] != '\0')
		return strcmp(c->ip.device, nic->name) == 0;
	if (stack_top(c) != NULL)
		return strcmp(stack_top(c), nic->name) == 0;
	return !c->have_bootif ||
	    memcmp(&c->bootif, &nic->mac, sizeof(nic->mac)) == 0;
}

static bool
is_known(const struct search *s, const struct nic *nic)
{
	size_t i;

	for (i = 0; i < s->ports; i++)
		if (s->port[i].nic.index == nic->index)
			return true;
	return false;
}

void
search_enter(struct search *s, enum wait wait)
{
	s->wait = wait;
	s->begun = s->told = net_now();
}

/* The cards that are there, what is stacked on them among them. */
static size_t
list(struct search *s, struct nic nic[NIC_MAX])
{
	const char *top = stack_top(s->cmdline);
	size_t n;

	stack_make(&s->stack, s->cmdline, s->coldplug);
	n = nic_list(nic);
	if (top != NULL && n < NIC_MAX && nic_find(top, &nic[n]))
		n++;
	return n;
}

void
search_cards(struct search *s)
{
	struct nic nic[NIC_MAX];
	char mac[MAC_TEXT];
	size_t i, n;

	coldplug_devices(s->coldplug);
	n = list(s, nic);
	for (i = 0; i < n && s->ports < NIC_MAX; i++) {
		if (!is_wanted(s->cmdline, &nic[i]) || is_known(s, &nic[i]))
			continue;
		if (nic_up(nic[i].name) == -1)
			say_warn("%s: cannot be switched on: %s", nic[i].name,
			    strerror(errno));
		say_info("%s: %s", nic[i].name, mac_format(&nic[i].mac, mac));
		s->port[s->ports++] = (struct port){ .nic = nic[i], .fd = -1 };
		if (s->wait == WAIT_CARD)
			search_enter(s, WAIT_LINK);
	}
}

/* "eth0 eth1" */
static const char *
names(const struct search *s, bool with_link, char *text, size_t size)
{
	size_t i;

	text[0] = '\0';
	for (i = 0; i < s->ports; i++) {
		if (with_link && !s->port[i].up)
			continue;
		if (text[0] != '\0')
			strlcat(text, " ", size);
		strlcat(text, s->port[i].nic.name, size);
	}
	return text;
}

/* Which card is looked for, in words. */
static const char *
looked_for(const struct cmdline *c, char *text, size_t size)
{
	char mac[MAC_TEXT];

	if (c->ip.device[0] != '\0')
		snprintf(text, size, "network card %s (ip=)", c->ip.device);
	else if (stack_top(c) != NULL)
		snprintf(text, size, "network card %s (vlan=, bond=)",
		    stack_top(c));
	else if (c->have_bootif)
		snprintf(text, size, "network card %s (BOOTIF=)",
		    mac_format(&c->bootif, mac));
	else
		snprintf(text, size, "network card");
	return text;
}

static const char *
answerer(const struct search *s)
{
	return s->ip6 ? "IPv6 router or DHCPv6 server" : "DHCP server";
}

static void __attribute__((noreturn))
give_up(const struct search *s)
{
	char text[256];

	switch (s->wait) {
	case WAIT_CARD:
		say_fatal("network: no %s appeared in %d seconds; its driver "
		    "may not be in the initrd (mkboot initrd -m MODULE)",
		    looked_for(s->cmdline, text, sizeof(text)),
		    CARD_WAIT / 1000);
	case WAIT_LINK:
		say_fatal("network: no link on %s in %d seconds; see to the "
		    "cable and the switch", names(s, false, text,
		    sizeof(text)), LINK_WAIT / 1000);
	case WAIT_ADDRESS:
		break;
	}
	say_fatal("network: no %s answered on %s in %d seconds; is "
	    "there one on this wire?", answerer(s), names(s, true, text,
	    sizeof(text)), ADDRESS_WAIT / 1000);
}

/* Now and then a line about what we wait for, and an end to it. */
void
search_tell(struct search *s)
{
	static const int patience[] = {
		[WAIT_CARD] = CARD_WAIT, [WAIT_LINK] = LINK_WAIT,
		[WAIT_ADDRESS] = ADDRESS_WAIT
	};
	const int64_t now = net_now();
	const int left = (int)(s->begun + patience[s->wait] - now) / 1000;
	char text[256];

	if (now - s->begun >= patience[s->wait])
		give_up(s);
	if (now - s->told < TELL_EVERY)
		return;
	s->told = now;
	if (s->wait == WAIT_CARD)
		say_warn("network: waiting for %s, %d s more",
		    looked_for(s->cmdline, text, sizeof(text)), left);
	else if (s->wait == WAIT_LINK)
		say_warn("network: waiting for a link on %s, %d s more",
		    names(s, false, text, sizeof(text)), left);
	else
		say_warn("network: no %s has answered yet on %s, %d s more",
		    answerer(s), names(s, true, text, sizeof(text)), left);
}
