/* SPDX-License-Identifier: ISC */
/* Any text as an index of modules: what it leads to stays inside it. */
#include "mkboot/init/modindex.h"

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

static void
require_order(const struct modindex *x)
{
	bool *done = calloc(x->modules + 1, sizeof(*done));
	size_t *order = calloc(x->modules + 1, sizeof(*order));
	size_t i, j, n, total = 0;

	require(done != NULL && order != NULL);
	for (i = 0; i < x->modules; i++) {
		n = modindex_order(x, i, done, order);
		require(done[i]);
		total += n;
		require(total <= x->modules);
		for (j = 0; j < n; j++)
			require(order[j] < x->modules);
	}
	/* Nothing deep is left behind, as each was asked for. */
	require(total == x->modules);
	free(done);
	free(order);
}

static void
require_sane(const struct modindex *x)
{
	size_t i, at;

	for (i = 0; i < x->modules; i++) {
		require(modindex_find(x, x->module[i].name) == (int)i ||
		    strchr(x->module[i].name, '-') != NULL);
		require(x->module[i].path[0] != '/');
		require(strstr(x->module[i].path, "..") == NULL);
	}
	for (i = 0; i < x->aliases; i++)
		require(x->alias[i].module < x->modules);
	at = 0;
	while ((modindex_match(x, "pci:v00008086d0000100Esv", &at)) != -1)
		require(at <= x->aliases);
	require(at == x->aliases);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct modindex x;

	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	if (modindex_parse(&x, text, size)) {
		require(x.version != NULL);
		require_sane(&x);
		require_order(&x);
		modindex_free(&x);
	} else
		require(x.module == NULL && x.alias == NULL);
	free(text);
	return 0;
}
