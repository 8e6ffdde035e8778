/* SPDX-License-Identifier: ISC */
/* What servers of root trees are told: kernel nfsd, ganesha, bootparamd. */
#include "mkboot/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/nfsexport.h"

/* What stands before all of them, and then each. */
static void
add_exports(struct lines *l, const struct export_facts *f,
    enum nfsexport kind)
{
	char root[4096], text[NFSEXPORT_TEXT];
	uint16_t *ids = calloc(f->roots.n + 1, sizeof(*ids));
	size_t i;

	if (ids == NULL || (size_t)snprintf(root, sizeof(root), "%s/root",
	    f->boot) >= sizeof(root) || nfsexport_head(kind, root, text,
	    sizeof(text)) == NULL)
		l->failed = true;
	else
		lines_add(l, "%s", text);
	for (i = 0; i < f->roots.n && !l->failed; i++) {
		ids[i] = nfsexport_id(f->roots.at[i], ids, i);
		if (nfsexport_text(kind, f->paths.at[i], f->roots.at[i],
		    ids[i], text, sizeof(text)) != NULL)
			lines_add(l, "%s", text);
	}
	free(ids);
}

static const char views[] =
    "# What it cannot do: the views /machine/MAC, and seen/.  A link in root/"
    " is what\n# it leads to now: print this again when it leads elsewhere."
    "\n";

void
export_nfsd(struct lines *l, const struct export_facts *f)
{
	lines_add(l, "%s", views);
	add_exports(l, f, NFSEXPORT_NFSD);
}

void
export_ganesha(struct lines *l, const struct export_facts *f)
{
	lines_add(l, "%s", views);
	add_exports(l, f, NFSEXPORT_GANESHA);
}

void
export_bootparamd(struct lines *l, const struct export_facts *f)
{
	const struct export_diskless *d;
	size_t i;

	lines_add(l, "# bootparams(5), as /etc/bootparams, for the machines of"
	    " the boot directory\n# %s that have a folder bootparam/."
	    "  Made by mkboot export: print it again\n# when machine/ changes."
	    "\n# The port mapper must pass calls on: Debian's rpcbind -r."
	    "  And rpc.bootparamd\n# and rarpd(8) go by names; to /etc/hosts"
	    " and /etc/ethers belong the lines here\n# that begin so:\n"
	    "#   sed -n 's/^#hosts //p'; sed -n 's/^#ethers //p'\n"
	    "# A root /machine/MAC is served by our nfsroot-helper(8)"
	    " alone.\n", f->boot);
	for (i = 0; i < f->ndiskless; i++) {
		d = &f->diskless[i];
		if (*d->ip != '\0')
			lines_add(l, "#hosts %s\t%s\n", d->ip, d->name);
		else
			lines_add(l, "# %s: no address is known: its ip file"
			    " is to say one\n", d->name);
		lines_add(l, "#ethers %s\t%s\n", d->mac, d->name);
		lines_add(l, "%s root=%s", d->name, d->root);
		lines_add(l, d->swap != NULL ? " swap=%s\n" : "\n", d->swap);
	}
}
