/* SPDX-License-Identifier: ISC */
/* What one machine is given, and how each file of it is made. */
#include "mkboot/pages.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/apkovl.h"
#include "mkboot/choices.h"
#include "mkboot/grub.h"
#include "mkboot/pxelinux.h"
#include "mkboot/values.h"

#define COPY_OCTETS (64 * 1024)
#define IMAGE_PATH (sizeof("image//apkovl") + NAME_IMAGE_SIZE)
/* Beside an entry of the image's pub/ each: what is always there. */
#define OWN_PAGES 7

static int
write_machine_cpio(const struct pages *p, const struct page *page,
    const struct overlay_sink *sink, struct why *why)
{
	return overlay_write(sink, &p->files, p->machine, page->private, why);
}

static int
write_apkovl(const struct pages *p, const struct page *page,
    const struct overlay_sink *sink, struct why *why)
{
	(void)page;
	return apkovl_write(sink, &p->files, p->machine->hostname, why);
}

static int
write_text(const struct pages *p, const struct page *page,
    const struct overlay_sink *sink, struct why *why)
{
	(void)p;
	if (sink->write(sink->context, page->text, strlen(page->text)) == 0)
		return 0;
	return why_not(why, "%s: %s", page->path, strerror(errno));
}

static int
copy(int fd, const struct overlay_sink *sink)
{
	char piece[COPY_OCTETS];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0)
		if (sink->write(sink->context, piece, (size_t)n) == -1)
			return -1;
	return n == 0 ? 0 : -1;
}

static int
write_entry(const struct pages *p, const struct page *page,
    const struct overlay_sink *sink, struct why *why)
{
	const struct layers_entry *e = page->entry;
	int fd, result;

	if (e->text != NULL)
		result = sink->write(sink->context, e->text, e->len);
	else if ((fd = layers_open(&p->pub, e)) == -1)
		result = -1;
	else {
		result = copy(fd, sink);
		close(fd);
	}
	return result == 0 ? 0 : why_not(why, "%s: %s", page->path,
	    strerror(errno));
}

static void
add(struct pages *p, const char *path, bool private,
    int (*write)(const struct pages *, const struct page *,
    const struct overlay_sink *, struct why *),
    const struct layers_entry *entry)
{
	p->at[p->n++] = (struct page){ path, private, write, entry, NULL };
}

static void
add_text(struct pages *p, const char *path, const char *text)
{
	p->at[p->n++] = (struct page){ path, false, write_text, NULL, text };
}

/* The names that are made here, and would be overwritten. */
static bool
is_taken(const char *path)
{
	static const char *const taken[] = {
		"boot.ipxe", "machine.cpio", "private.cpio", "apkovl.tar.gz",
		"grub.cfg", "pxelinux.cfg", "etc/boot.conf"
	};
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(taken[i], path) == 0)
			return true;
	return false;
}

/*
 * The image's pub/, to be put into the machine's.  cloud-init takes user-data
 * only beside a meta-data that names the instance: where there is none, the
 * machine is the instance.
 */
static int
read_pub(struct pages *p, int bootfd, struct why *why)
{
	struct values of = { bootfd, p->machine };
	const struct template_values values = { values_value, &of };
	char path[IMAGE_PATH], made[256];
	int fd, result;
	size_t i;

	(void)snprintf(path, sizeof(path), "image/%s/pub",
	    facts_boots(p->machine));
	fd = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);
	if (fd == -1 && errno == ENOENT)
		return 0;
	if (fd == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	(void)snprintf(made, sizeof(made), "instance-id: %s\n%s%s%s",
	    p->machine->name, *p->machine->hostname == '\0' ? "" :
	    "local-hostname: ", p->machine->hostname,
	    *p->machine->hostname == '\0' ? "" : "\n");
	(void)snprintf(path, sizeof(path), "image/%s/pub/nocloud/user-data",
	    facts_boots(p->machine));
	result = !bootdir_exists(bootfd, path) ? 0 :
	    layers_add_file(&p->pub, "nocloud/meta-data", 0644, made,
	    strlen(made), false, why);
	(void)snprintf(path, sizeof(path), "image/%s/pub",
	    facts_boots(p->machine));
	if (result == 0)
		result = layers_add_tree(&p->pub, fd, path, &values, why);
	close(fd);
	layers_merge(&p->pub);
	for (i = 0; i < p->pub.n && result == 0; i++)
		if (is_taken(p->pub.at[i].path))
			result = why_not(why, "%s/%s: mkboot makes a file of "
			    "this name itself", path, p->pub.at[i].path);
	return result;
}

/* The same for other loaders, where they can boot such an image. */
static bool
make_others(struct pages *p, const struct script_facts *facts)
{
	*p->grub = *p->pxelinux = *p->openbsd = '\0';
	if (facts->kind == SCRIPT_ANY && facts->start == SCRIPT_PXEBOOT)
		(void)snprintf(p->openbsd, sizeof(p->openbsd),
		    "boot tftp:/image/%s/bsd.rd %s %s\n", facts->files,
		    facts->image_cmdline, facts->machine_cmdline);
	return (!grub_can(facts) || grub_machine(facts, p->grub)) &&
	    (!pxelinux_can(facts) ||
	    pxelinux_machine(facts, p->pxelinux));
}

static int
make_script(struct pages *p, int bootfd, bool private, struct why *why)
{
	const struct machine_facts *m = p->machine;
	struct image_facts image;
	struct script_facts facts;
	enum script_error error;

	if (facts_image(bootfd, facts_boots(m), &image, why) == -1)
		return -1;
	facts = (struct script_facts){
		.machine = p->folder, .image = image.name,
		.files = image.files, .root = image.root,
		.sha256 = image.sha256, .kind = image.kind,
		.start = image.start, .has_initrd = image.has_initrd,
		.has_packages = image.has_packages,
		.has_apkovl = p->has_apkovl,
		.image_cmdline = image.cmdline,
		.machine_cmdline = m->cmdline, .has_private = private,
		.view = m->view
	};
	error = script_machine(&facts, p->script, &p->script_len);
	if (error == SCRIPT_OK && !make_others(p, &facts))
		error = SCRIPT_CMDLINE_TOO_LONG;
	if (error != SCRIPT_OK)
		return why_not(why, "the command lines of machine/%s and "
		    "image/%s together: %s", m->name, image.name,
		    script_error_words(error));
	return 0;
}

/* Alpine's own initrd takes it; another's may, where the image says so. */
static bool
wants_apkovl(int bootfd, const struct machine_facts *m)
{
	char path[IMAGE_PATH], kind[16];

	(void)snprintf(path, sizeof(path), "image/%s/kind", facts_boots(m));
	if (bootdir_line(bootfd, path, kind, sizeof(kind)) &&
	    strcmp(kind, script_kind_name(SCRIPT_ALPINE)) == 0)
		return true;
	(void)snprintf(path, sizeof(path), "image/%s/apkovl", facts_boots(m));
	return bootdir_exists(bootfd, path);
}

/* In place of the default machine's script, where people are to choose. */
static int
make_menu(struct pages *p, int bootfd, struct why *why)
{
	struct choice c;
	bool wanted;
	int result = choices_read(&c, bootfd, p->machine, &wanted, why);

	if (result == 0 && wanted && !choice_script(&c, p->script))
		result = why_not(why, "too many images for a menu");
	choices_free(&c);
	return result;
}

int
pages_make(struct pages *p, int bootfd, const struct machine_facts *m,
    struct why *why)
{
	int result = pages_make_in(p, bootfd, m, m->name, why);

	return result == 0 ? make_menu(p, bootfd, why) : result;
}

int
pages_make_in(struct pages *p, int bootfd, const struct machine_facts *m,
    const char *folder, struct why *why)
{
	bool private;
	size_t i;

	memset(p, 0, sizeof(*p));
	p->machine = m;
	p->folder = folder;
	if (overlay_layers(&p->files, bootfd, m, why) == -1 ||
	    read_pub(p, bootfd, why) == -1)
		return -1;
	private = overlay_has_private(&p->files);
	p->has_apkovl = wants_apkovl(bootfd, m);
	if (make_script(p, bootfd, private, why) == -1)
		return -1;
	p->at = calloc(p->pub.n + OWN_PAGES, sizeof(p->at[0]));
	if (p->at == NULL)
		return why_not(why, "%s", strerror(errno));
	add(p, "machine.cpio", false, write_machine_cpio, NULL);
	if (private)
		add(p, "private.cpio", true, write_machine_cpio, NULL);
	if (p->has_apkovl)
		add(p, "apkovl.tar.gz", private, write_apkovl, NULL);
	for (i = 0; i < p->pub.n; i++)
		if (S_ISREG(p->pub.at[i].mode))
			add(p, p->pub.at[i].path, p->pub.at[i].hidden,
			    write_entry, &p->pub.at[i]);
	/* With the script there, a machine can boot: so it comes last. */
	if (*p->grub != '\0')
		add_text(p, "grub.cfg", p->grub);
	if (*p->pxelinux != '\0')
		add_text(p, "pxelinux.cfg", p->pxelinux);
	if (*p->openbsd != '\0')
		add_text(p, "etc/boot.conf", p->openbsd);
	add_text(p, "boot.ipxe", p->script);
	return 0;
}

void
pages_free(struct pages *p)
{
	layers_free(&p->files);
	layers_free(&p->pub);
	free(p->at);
	memset(p, 0, sizeof(*p));
}
