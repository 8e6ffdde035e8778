/* SPDX-License-Identifier: ISC */
/* Machine facts to the text of a page for GRUB. */
#include "mkboot/grub.h"

#include <string.h>

#include "mkboot/text.h"

/*
 * GRUB tells its card's address as 52:54:00:12:34:56, folders have hyphens.
 * Each page sets $pixie_page: one that failed is not taken for none, and a
 * test for a file, `-f', knows no servers.
 */
static const char first_page[] =
    "# The first page of every GRUB: the machine's own, else the default.\n"
    "# Made by mkboot(8) once; it is yours to alter.\n"
    "\n"
    "regexp --set=1:a --set=2:b --set=3:c --set=4:d --set=5:e --set=6:f \\\n"
    "    '^(..):(..):(..):(..):(..):(..)$' \"$net_default_mac\"\n"
    "set pixie_mac=$a-$b-$c-$d-$e-$f\n"
    "export pixie_mac\n"
    "source /machine/$pixie_mac/grub.cfg\n"
    "if [ -z \"$pixie_page\" ]; then source /machine/default/grub.cfg; fi\n"
    "if [ -z \"$pixie_page\" ]; then\n"
    "\techo \"Nothing to boot for this machine, $pixie_mac: the server has\"\n"
    "\techo \"no machine/$pixie_mac/grub.cfg and no"
    " machine/default/grub.cfg.\"\n"
    "fi\n"
    "echo 'Going on to the next boot device in 10 seconds.'\n"
    "sleep 10\n"
    "exit\n";

/*
 * The server, whom a kernel asks for the root, is the one that this page came
 * from: an IPv6 address wants brackets.  Private files may be refused, as
 * script.c says; the image's own initrd goes last for the same reason as
 * there.
 */
static const char head[] =
    "# Machine %s, image %s.  Rendered by mkboot(8) from\n"
    "# machine/%s and image/%s: what is altered here is lost.\n"
    "\n"
    "set pixie_page=%s\n"
    "set server=$net_default_server\n"
    "if regexp : \"$server\"; then set server=\"[$server]\"; fi\n"
    "for try in 1 2 3 4 5; do\n";

static const char tail[] =
    "\techo \"Try $try of 5: image %s could not be fetched or started.\"\n"
    "\tsleep 5\n"
    "done\n"
    "echo 'Image %s does not boot on machine %s.'\n";

const char *
grub_first(void)
{
	return first_page;
}

bool
grub_can(const struct script_facts *f)
{
	return f->kind != SCRIPT_ANY || f->start == SCRIPT_KERNEL ||
	    f->start == SCRIPT_PROGRAM;
}

/*
 * A word as one argument of GRUB's.  Double quotes are left out, as GRUB puts
 * them around an argument with a blank in it itself, where the kernel takes
 * them as well.
 */
static void
add_word(struct text *t, const char *word, size_t len)
{
	size_t i;

	text_add(t, " '");
	for (i = 0; i < len; i++)
		if (word[i] == '\'')
			text_add(t, "'\\''");
		else if (word[i] != '"')
			text_add(t, "%c", word[i]);
	text_add(t, "'");
}

/* The words of a command line, divided by blanks outside of double quotes. */
static void
add_words(struct text *t, const char *cmdline)
{
	const char *p = cmdline, *word;
	bool quoted;

	for (;;) {
		p += strspn(p, " ");
		if (*p == '\0')
			return;
		quoted = false;
		for (word = p; *p != '\0' && (quoted || *p != ' '); p++)
			if (*p == '"')
				quoted = !quoted;
		add_word(t, word, (size_t)(p - word));
	}
}

static void
add_cmdlines(struct text *t, const struct script_facts *f)
{
	add_words(t, f->image_cmdline);
	add_words(t, f->machine_cmdline);
}

/* Words that tell where the system is, as script.c has them for iPXE. */
static void
add_root(struct text *t, const struct script_facts *f)
{
	switch (f->kind) {
	case SCRIPT_NFS:
		text_add(t, " ip=dhcp root=nfs:$server:/%s report=$server",
		    f->root);
		break;
	case SCRIPT_RAM:
		text_add(t, " ip=dhcp root=http://$server/image/%s/"
		    "rootfs.squashfs%s%s report=$server", f->files,
		    *f->sha256 == '\0' ? "" : " sha256=", f->sha256);
		break;
	case SCRIPT_ALPINE:
		text_add(t, " ip=dhcp modloop=http://$server/image/%s/modloop",
		    f->files);
		if (f->has_packages)
			text_add(t, " alpine_repo=http://$server/image/%s/"
			    "apks", f->files);
		if (f->has_apkovl)
			text_add(t, " apkovl=http://$server/machine/%s/"
			    "apkovl.tar.gz", f->machine);
		break;
	case SCRIPT_ANY:
		break;
	}
}

/* Once with the private files, where there are some, and once without. */
static void
add_initrds(struct text *t, const struct script_facts *f)
{
	const bool ours = f->kind == SCRIPT_NFS || f->kind == SCRIPT_RAM;

	if (!ours && f->kind == SCRIPT_ANY && !f->has_initrd) {
		text_add(t, "\t\tboot\n");
		return;
	}
	if (ours && f->has_private)
		text_add(t, "\t\tif initrd /machine/%s/machine.cpio"
		    " /machine/%s/private.cpio /image/%s/initrd;"
		    " then boot; fi\n"
		    "\t\techo 'Its private files are not given to us:"
		    " it boots without them.'\n", f->machine, f->machine,
		    f->files);
	text_add(t, "\t\tif initrd");
	if (ours)
		text_add(t, " /machine/%s/machine.cpio", f->machine);
	text_add(t, " /image/%s/initrd; then boot; fi\n", f->files);
}

static void
add_kernel(struct text *t, const struct script_facts *f)
{
	text_add(t, "\tif linux /image/%s/kernel BOOTIF=01-%s", f->files,
	    strncmp(f->machine, "default", 7) == 0 ? "$pixie_mac" :
	    f->machine);
	add_root(t, f);
	add_cmdlines(t, f);
	text_add(t, "; then\n");
	add_initrds(t, f);
	text_add(t, "\tfi\n");
}

/* A program of UEFI's. */
static void
add_program(struct text *t, const struct script_facts *f)
{
	text_add(t, "\tif chainloader /image/%s/program.efi", f->files);
	add_cmdlines(t, f);
	text_add(t, "; then boot; fi\n");
}

bool
grub_machine(const struct script_facts *f, char text[SCRIPT_SIZE])
{
	struct text t = { text, 0, SCRIPT_SIZE, false };

	text_add(&t, head, f->machine, f->image, f->machine, f->image,
	    f->machine);
	if (f->kind == SCRIPT_ANY && f->start == SCRIPT_PROGRAM)
		add_program(&t, f);
	else
		add_kernel(&t, f);
	text_add(&t, tail, f->image, f->image, f->machine);
	return !t.full;
}
