/* SPDX-License-Identifier: ISC */
/* Any text as a URL, as vlan= and as bond=. */
#include "mkboot/init/report.h"
#include "mkboot/init/virtual.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
try_url(const char *text)
{
	char again[URL_TEXT], request[REPORT_REQUEST];
	struct url u, v;
	size_t len;

	if (report_target(text, &u)) {
		len = report_request(&u, "root", "failed", text, request);
		require(len < sizeof(request) && strlen(request) == len);
		/* One request, whatever is in the text. */
		require(strstr(request, "\r\n\r\n") == request + len - 4);
	}
	if (url_parse(&u, text) != URL_OK)
		return;
	require(u.path[0] == '/' && u.port != 0);
	require(strpbrk(u.path, " \t\r\n") == NULL);
	if (u.server.sa.sa_family == AF_UNSPEC)
		return;
	url_format(&u, &u.server, again);
	require(url_parse(&v, again) == URL_OK);
	require(strcmp(u.path, v.path) == 0 && u.port == v.port);
	require(address_equal(&u.server.sa, &v.server.sa));
}

static void
try_virtual(const char *text)
{
	struct vlan_param v = { .id = 0 };
	struct bond_param b = { .cards = 0 };
	char name[32], value[32];
	const char *options;

	if (virtual_vlan(&v, text) == NULL)
		require(v.id >= 1 && v.id <= 4094 && v.name[0] != '\0' &&
		    strchr(v.name, '/') == NULL);
	if (virtual_bond(&b, text) != NULL)
		return;
	require(b.cards >= 1 && b.cards <= VIRTUAL_SLAVES);
	for (options = b.options;
	    virtual_option(&options, name, value, sizeof(name));)
		require(strchr(name, '/') == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[2048];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	try_url(text);
	try_virtual(text);
	return 0;
}
