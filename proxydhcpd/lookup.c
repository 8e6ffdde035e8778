/* SPDX-License-Identifier: ISC */
/* System calls: what the boot directory says of a client. */
#include "proxydhcpd/lookup.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "proxydhcpd/program.h"

#define SCRIPT "boot.ipxe"
#define SITE "offer"
#define LINE_OCTETS 256

static unsigned
policy_of(const char *name)
{
	unsigned i;

	for (i = 0; i < POLICY_COUNT; i++)
		if (strcmp(name, policy_name((enum policy)(1u << i))) == 0)
			return 1u << i;
	return 0;
}

/*
 * The policies that have a name in this folder; false when there is none.  A
 * DIR of readdir(3) would cost as much as all the rest of a look-up.
 */
static bool
read_names(int bootfd, const char *folder, unsigned *policies)
{
	union {
		char octets[4096];
		struct dirent64 align;
	} buffer;
	const struct dirent64 *entry;
	ssize_t len, at;
	int fd;

	*policies = 0;
	fd = bootdir_openat(bootfd, folder, O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return false;
	while ((len = getdents64(fd, &buffer, sizeof(buffer))) > 0)
		for (at = 0; at < len; at += entry->d_reclen) {
			entry = (const void *)(buffer.octets + at);
			*policies |= policy_of(entry->d_name);
		}
	close(fd);
	return true;
}

static void
note_fault(struct boot *b, const char *path, const char *why)
{
	if (b->fault[0] != '\0')
		return;
	strlcpy(b->fault, path, sizeof(b->fault));
	strlcat(b->fault, ": ", sizeof(b->fault));
	strlcat(b->fault, why, sizeof(b->fault));
}

static void
read_value(int bootfd, struct boot *b, enum policy policy,
    bool (*set)(struct boot *, const char *), const char *wanted)
{
	char path[POLICY_PATH_MAX], line[LINE_OCTETS];

	if (!policy_holds(b, policy))
		return;
	policy_path(b, policy, path);
	bootdir_line(bootfd, path, line, sizeof(line));
	if (!set(b, line))
		note_fault(b, path, wanted);
}

/* A link is an entry, and of the other files each is a value. */
static enum menu_fault
read_menu_file(int bootfd, const char *folder, const char *name,
    struct menu *m)
{
	char path[BOOT_ENTRY_MAX], target[LINE_OCTETS];

	if (*name == '.')
		return MENU_OK;
	if (strlen(name) > MENU_TEXT_MAX)
		return MENU_BAD_NAME;
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (program_link(bootfd, path, target, sizeof(target)))
		return menu_add(m, name, target);
	bootdir_line(bootfd, path, target, sizeof(target));
	if (strcmp(name, "timeout") == 0)
		return menu_set_timeout(m, target);
	if (strcmp(name, "prompt") == 0)
		return menu_set_prompt(m, target);
	if (strcmp(name, "multicast") == 0)
		return menu_set_multicast(m, target);
	m->broadcast |= strcmp(name, "broadcast") == 0;
	m->listed |= strcmp(name, "listed") == 0;
	return MENU_OK;
}

static void
read_menu(int bootfd, struct boot *b)
{
	enum menu_fault fault = MENU_OK;
	char folder[POLICY_PATH_MAX];
	struct dirent *entry;
	DIR *dir = NULL;
	int fd;

	policy_path(b, POLICY_MENU, folder);
	menu_init(&b->menu);
	fd = bootdir_openat(bootfd, folder, O_RDONLY | O_DIRECTORY);
	if (fd == -1 || (dir = fdopendir(fd)) == NULL) {
		if (fd != -1)
			close(fd);
		note_fault(b, folder, "not a folder that can be read");
		return;
	}
	while (fault == MENU_OK && (entry = readdir(dir)) != NULL)
		fault = read_menu_file(bootfd, folder, entry->d_name, &b->menu);
	closedir(dir);
	if (fault == MENU_OK)
		fault = menu_check(&b->menu);
	if (fault != MENU_OK)
		note_fault(b, folder, menu_fault_words(fault));
}

/* The names in offer/. */
static unsigned
site_names(int bootfd, struct lookup_memo *memo)
{
	if (!memo->has_site)
		read_names(bootfd, SITE, &memo->site);
	memo->has_site = true;
	return memo->site;
}

static void
read_policies(int bootfd, struct lookup_memo *memo, struct boot *b)
{
	char path[POLICY_PATH_MAX];
	unsigned site;

	b->known = read_names(bootfd, b->machine, &b->own);
	if (!b->known)
		return;
	site = site_names(bootfd, memo);
	b->site = site & ~b->own & ~(unsigned)POLICY_OF_MACHINES;
	/* A dangling link is no image. */
	b->image = ((b->own & POLICY_IMAGE) != 0 && bootdir_exists(bootfd,
	    policy_path(b, POLICY_IMAGE, path))) ||
	    ((b->own & POLICY_NEXT) != 0 && bootdir_exists(bootfd,
	    policy_path(b, POLICY_NEXT, path)));
	read_value(bootfd, b, POLICY_DELAY, policy_read_delay,
	    "not a number of seconds from 0 to 60");
	read_value(bootfd, b, POLICY_TFTP, policy_read_tftp,
	    "not a host's IPv4 address in figures");
	read_value(bootfd, b, POLICY_HTTP, policy_read_http,
	    "neither HOST, HOST:PORT nor a URL");
	if (policy_holds(b, POLICY_MENU))
		read_menu(bootfd, b);
}

void
lookup_policies(int bootfd, struct boot *b)
{
	struct lookup_memo memo = { .until_ms = 0 };

	read_policies(bootfd, &memo, b);
}

/* The program of this entry of pub/loader. */
static void
find_loader(int bootfd, struct lookup_memo *memo, const struct client *c,
    struct boot *b)
{
	struct lookup_program *p;

	for (p = memo->program; p < memo->program + memo->nprograms; p++)
		if (strcmp(p->entry, b->entry) == 0) {
			b->found = p->found;
			strlcpy(b->program, p->program, sizeof(b->program));
			return;
		}
	b->found = program_find(bootfd, b->entry, c->arch, b->program);
	if (memo->nprograms == LOOKUP_PROGRAMS)
		return;
	memo->nprograms++;
	p->found = b->found;
	strlcpy(p->entry, b->entry, sizeof(p->entry));
	strlcpy(p->program, b->program, sizeof(p->program));
}

/* The machine's own program, if it has one for this processor. */
static bool
find_own(int bootfd, const struct client *c, struct boot *b)
{
	char path[POLICY_PATH_MAX];

	if ((b->own & POLICY_LOADER) == 0)
		return false;
	policy_path(b, POLICY_LOADER, path);
	b->found = program_find(bootfd, path, c->arch, b->program);
	/* A folder of a few processors leaves the others as they are. */
	if (b->found == PUB_NOT_FOUND && program_is_folder(bootfd, path))
		return false;
	strlcpy(b->entry, path, sizeof(b->entry));
	return true;
}

/* The program that an entry of the menu stands for, and which layer of it. */
static void
find_item(int bootfd, const struct client *c, struct boot *b)
{
	const struct menu_entry *e = menu_find(&b->menu, c->item_type);
	char path[POLICY_PATH_MAX];

	policy_path(b, POLICY_MENU, path);
	b->found = PUB_NOT_FOUND;
	if (e == NULL) {
		strlcpy(b->entry, path, sizeof(b->entry));
		return;
	}
	snprintf(b->entry, sizeof(b->entry), "%s/%s", path, e->name);
	b->found = program_find(bootfd, b->entry, c->arch, b->program);
}

/* Layer 0 is the program, and layer N of it is named PROGRAM.N: PXE 2.1. */
static void
find_layer(int bootfd, const struct client *c, struct boot *b)
{
	char digits[8];

	if (b->found != PUB_OK || c->item != ITEM_ASKED || c->item_layer == 0)
		return;
	snprintf(digits, sizeof(digits), ".%u", c->item_layer);
	b->found = strlcat(b->program, digits, sizeof(b->program)) <
	    sizeof(b->program) ? program_look(bootfd, b->program) :
	    PUB_BAD_NAME;
}

static void
find_program(int bootfd, struct lookup_memo *memo, const struct client *c,
    struct boot *b)
{
	if (c->class == CLIENT_IPXE) {
		strlcpy(b->program, SCRIPT, sizeof(b->program));
		b->found = program_look(bootfd, b->program);
	} else if (c->class == CLIENT_RASPBERRY_PI) {
		b->found = PUB_OK;	/* it knows itself what it wants */
	} else if (c->item == ITEM_ASKED && b->menu.n > 0) {
		find_item(bootfd, c, b);
		find_layer(bootfd, c, b);
	} else if (!find_own(bootfd, c, b)) {
		find_loader(bootfd, memo, c, b);
		find_layer(bootfd, c, b);
	}
}

/* The folder of all machines that have none. */
static void
read_default(int bootfd, struct lookup_memo *memo, struct boot *b)
{
	struct boot *d = &memo->of_default;

	if (!memo->has_default) {
		memset(d, 0, sizeof(*d));
		strlcpy(d->machine, "machine/default", sizeof(d->machine));
		read_policies(bootfd, memo, d);
		memo->has_default = true;
	}
	*b = *d;
}

/* Its own folder, or the one of all that have none. */
static void
find_machine(int bootfd, struct lookup_memo *memo, const struct client *c,
    struct boot *b)
{
	char own[sizeof(b->machine)] = "machine/default", text[MAC_TEXT];

	memset(b, 0, sizeof(*b));
	if (c->has_mac) {
		snprintf(own, sizeof(own), "machine/%s",
		    mac_format(&c->mac, text));
		strlcpy(b->machine, own, sizeof(b->machine));
		read_policies(bootfd, memo, b);
		if (b->known)
			return;
	}
	read_default(bootfd, memo, b);
	if (!b->known)
		strlcpy(b->machine, own, sizeof(b->machine));
}

void
lookup_boot_lately(int bootfd, struct lookup_memo *memo, int64_t now_ms,
    const struct client *c, struct boot *b)
{
	if (now_ms >= memo->until_ms) {
		memo->has_site = memo->has_default = false;
		memo->nprograms = 0;
		memo->until_ms = now_ms + LOOKUP_LATELY_MS;
	}
	find_machine(bootfd, memo, c, b);
	if (c->class == CLIENT_IPXE)
		strlcpy(b->entry, "pub/" SCRIPT, sizeof(b->entry));
	else if (c->class == CLIENT_RASPBERRY_PI)
		strlcpy(b->entry, "pub", sizeof(b->entry));
	else
		snprintf(b->entry, sizeof(b->entry), "pub/loader/%u", c->arch);
	if (b->known && b->image && b->fault[0] == '\0')
		find_program(bootfd, memo, c, b);
}

void
lookup_boot(int bootfd, const struct client *c, struct boot *b)
{
	struct lookup_memo memo = { .until_ms = 0 };

	lookup_boot_lately(bootfd, &memo, 0, c, b);
}

bool
lookup_named(int bootfd, const struct mac *mac)
{
	char path[sizeof("machine/") + MAC_TEXT], text[MAC_TEXT];

	snprintf(path, sizeof(path), "machine/%s", mac_format(mac, text));
	return bootdir_exists(bootfd, path);
}

bool
lookup_advertise(int bootfd, const struct mac *mac)
{
	char path[BOOT_ENTRY_MAX];

	if (bootdir_machine(bootfd, mac, path, sizeof(path)) == NULL)
		return false;
	strlcat(path, "/advertise", sizeof(path));
	return bootdir_exists(bootfd, path) ||
	    bootdir_exists(bootfd, SITE "/advertise");
}
