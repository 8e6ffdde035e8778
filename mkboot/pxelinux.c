/* SPDX-License-Identifier: ISC */
/* Machine facts to the text of a page for PXELINUX. */
#include "mkboot/pxelinux.h"

#include "mkboot/text.h"

/*
 * `::' in front of a name: from the root of the server, not from where
 * pxelinux.0 lies (syslinux: core/fs/pxe/pxe.c, pxe_searchdir).
 *
 * IPAPPEND 3: PXELINUX has no variable for its server, but adds
 * ip=CLIENT:SERVER:GATEWAY:MASK and BOOTIF=01-MAC to the kernel's words; the
 * server in there is who is asked for the root.
 *
 * A boot that fails leaves the prompt, where TIMEOUT tries again after 10 s.
 */
static const char head[] =
    "# Machine %s, image %s.  Rendered by mkboot(8) from\n"
    "# machine/%s and image/%s: what is altered here is lost.\n"
    "\n"
    "DEFAULT pixie\n"
    "PROMPT 0\n"
    "TIMEOUT 100\n"
    "LABEL pixie\n";

bool
pxelinux_can(const struct script_facts *f)
{
	return f->kind == SCRIPT_NFS || (f->kind == SCRIPT_ANY &&
	    (f->start == SCRIPT_KERNEL || f->start == SCRIPT_PXEBOOT));
}

/* Our initrd behind the machine's own. */
static void
add_ours(struct text *t, const struct script_facts *f)
{
	text_add(t, "\tKERNEL ::image/%s/kernel\n"
	    "\tINITRD ::machine/%s/machine.cpio,", f->files, f->machine);
	if (f->has_private)
		text_add(t, "::machine/%s/private.cpio,", f->machine);
	text_add(t, "::image/%s/initrd\n"
	    "\tIPAPPEND 3\n"
	    "\tAPPEND root=nfs:/%s", f->files, f->root);
}

static void
add_any(struct text *t, const struct script_facts *f)
{
	text_add(t, "\tKERNEL ::image/%s/kernel\n", f->files);
	if (f->has_initrd)
		text_add(t, "\tINITRD ::image/%s/initrd\n", f->files);
	text_add(t, "\tIPAPPEND 2\n\tAPPEND");
}

bool
pxelinux_machine(const struct script_facts *f, char text[SCRIPT_SIZE])
{
	struct text t = { text, 0, SCRIPT_SIZE, false };

	text_add(&t, head, f->machine, f->image, f->machine, f->image);
	if (f->kind == SCRIPT_ANY && f->start == SCRIPT_PXEBOOT) {
		text_add(&t, "\tPXE ::image/%s/pxeboot\n", f->files);
		return !t.full;
	}
	if (f->kind == SCRIPT_ANY)
		add_any(&t, f);
	else
		add_ours(&t, f);
	if (*f->image_cmdline != '\0')
		text_add(&t, " %s", f->image_cmdline);
	if (*f->machine_cmdline != '\0')
		text_add(&t, " %s", f->machine_cmdline);
	text_add(&t, "\n");
	return !t.full;
}
