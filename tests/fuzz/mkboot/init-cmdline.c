/* SPDX-License-Identifier: ISC */
/* Any text as a kernel's command line: values within bounds, in one way. */
#include "mkboot/init/cmdline.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static bool
ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static void
require_sane(const struct cmdline *c)
{
	size_t i;

	require(c->panic_s <= 86400);
	require(c->problems <= CMDLINE_PROBLEMS);
	for (i = 0; i < c->problems; i++) {
		require(ends(c->problem[i].what, sizeof(c->problem[i].what)));
		require(strchr(c->problem[i].what, '=') != NULL);
		require(c->problem[i].why != NULL);
	}
	require(ends(c->root, sizeof(c->root)));
	require(ends(c->nfsroot, sizeof(c->nfsroot)));
	require(ends(c->init, sizeof(c->init)));
	require(ends(c->ip.hostname, sizeof(c->ip.hostname)));
	require(ends(c->ip.device, sizeof(c->ip.device)));
	/* It goes to mount(2): no comma may come in. */
	require(strchr(c->overlay_size, ',') == NULL);
	require((c->ip.how == IP_STATIC) ==
	    (c->ip.client.s_addr != INADDR_ANY));
	require(c->servers <= CMDLINE_SERVERS);
	require(c->sha256[0] == '\0' || strcmp(c->sha256, "?") == 0 ||
	    strlen(c->sha256) == 64);
	/* They become paths in sysfs. */
	require(strchr(c->vlan.name, '/') == NULL && c->vlan.name[0] != '.');
	require(strchr(c->bond.name, '/') == NULL && c->bond.name[0] != '.');
	require(c->bond.cards <= VIRTUAL_SLAVES);
	require(c->vlan.name[0] == '\0' ||
	    (c->vlan.id >= 1 && c->vlan.id <= 4094));
	if (c->ip.how == IP_STATIC)
		require(c->ip.netmask.s_addr != INADDR_ANY ||
		    c->ip.client.s_addr != INADDR_ANY);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cmdline once, twice;
	char text[CMDLINE_MAX], doubled[2 * CMDLINE_MAX + 1], out[64];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	cmdline_parse(&once, text);
	require_sane(&once);
	cmdline_module(text, "nfs", out, sizeof(out));
	require(ends(out, sizeof(out)) && out[0] != ' ');
	/* The last counts, so the same line again changes no value. */
	if (strchr(text, '"') == NULL && strstr(text, "--") == NULL) {
		strcpy(doubled, text);
		strcat(doubled, " ");
		strcat(doubled, text);
		cmdline_parse(&twice, doubled);
		require(strcmp(once.root, twice.root) == 0);
		require(once.panic_s == twice.panic_s);
		require(once.overlay == twice.overlay);
		require(once.have_bootif == twice.have_bootif);
		require(once.ip.how == twice.ip.how);
	}
	return 0;
}
