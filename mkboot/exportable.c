/* SPDX-License-Identifier: ISC */
/* Reads of a boot directory what other servers are to be told. */
#include "mkboot/exportable.h"

#include <sys/stat.h>

#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "common/nfsexport.h"
#include "mkboot/facts.h"

#define FD_PATH 32	/* "/proc/self/fd/" and a number */

bool
exportable_word(const char *text)
{
	const char *p;

	for (p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"'\\#$;{}", *p) != NULL)
			return false;
	return *text != '\0';
}

/* Where a path below the boot directory leads to in the end, whole. */
static bool
place_of(int bootfd, const char *path, char place[PATH_MAX])
{
	char link[FD_PATH];
	int fd = bootdir_openat(bootfd, path, O_PATH);
	ssize_t n;

	if (fd == -1)
		return false;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, place, PATH_MAX - 1);
	close(fd);
	if (n == -1)
		return false;
	place[n] = '\0';
	return true;
}

static int
read_loaders(int bootfd, struct export_facts *f)
{
	char name[sizeof("pub/loader/") + 10], place[PATH_MAX];
	struct export_loader *loader;
	const size_t skip = strlen(f->boot) + strlen("/pub/");
	unsigned arch;

	for (arch = 0; arch < EXPORT_ARCHS; arch++) {
		(void)snprintf(name, sizeof(name), "pub/loader/%u", arch);
		if (!place_of(bootfd, name, place))
			continue;
		if (!exportable_word(place) || strlen(place) <= skip) {
			log_warn("%s: left out: its path cannot be said",
			    name);
			continue;
		}
		loader = &f->loader[f->nloaders++];
		loader->arch = arch;
		if ((loader->file = strdup(place + skip)) == NULL)
			return -1;
	}
	return 0;
}

static void
with_colons(const char *mac, char text[NAME_MACHINE_SIZE])
{
	char *p;

	(void)strlcpy(text, mac, NAME_MACHINE_SIZE);
	for (p = text; *p != '\0'; p++)
		if (*p == '-')
			*p = ':';
}

/* A line of a machine's; false when there is none that can be said. */
static bool
machine_line(int bootfd, const char *name, const char *file, char *line,
    size_t size)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "machine/%s/%s", name, file);
	return bootdir_line(bootfd, path, line, size) && exportable_word(line);
}

/* root= and swap= name this server unless they name one; view without. */
static char *
parameter(int bootfd, const struct export_facts *f, const char *name,
    const char *file, const char *otherwise)
{
	char line[BOOTDIR_PATH_MAX], *text;

	if (!machine_line(bootfd, name, file, line, sizeof(line)))
		(void)strlcpy(line, otherwise, sizeof(line));
	if (*line == '\0')
		return NULL;
	if (asprintf(&text, "%s%s%s", *line == '/' ? f->address : "",
	    *line == '/' ? ":" : "", line) == -1)
		return NULL;
	return text;
}

static bool
is_address(const char *text)
{
	struct in_addr address;

	return inet_pton(AF_INET, text, &address) == 1;
}

static int
add_diskless(int bootfd, struct export_facts *f, const char *name)
{
	struct export_diskless *d;
	char path[128], view[64];

	(void)snprintf(path, sizeof(path), "machine/%s/bootparam", name);
	if (!bootdir_exists(bootfd, path))
		return 0;
	d = reallocarray(f->diskless, f->ndiskless + 1, sizeof(*d));
	if (d == NULL)
		return -1;
	f->diskless = d;
	d += f->ndiskless++;
	memset(d, 0, sizeof(*d));
	with_colons(name, d->mac);
	if (!machine_line(bootfd, name, "hostname", d->name,
	    sizeof(d->name)) || !name_is_host(d->name))
		(void)strlcpy(d->name, name, sizeof(d->name));
	(void)snprintf(path, sizeof(path), "seen/%s/ip", name);
	if (!machine_line(bootfd, name, "ip", d->ip, sizeof(d->ip)) &&
	    !bootdir_line(bootfd, path, d->ip, sizeof(d->ip)))
		d->ip[0] = '\0';
	if (!is_address(d->ip))
		d->ip[0] = '\0';
	(void)snprintf(view, sizeof(view), "/machine/%s", name);
	d->root = parameter(bootfd, f, name, "bootparam/root", view);
	d->swap = parameter(bootfd, f, name, "bootparam/swap", "");
	return d->root == NULL ? -1 : 0;
}

/* As proxydhcpd(8) decides whom to answer. */
static int
add_machine(int bootfd, struct export_facts *f, const char *name)
{
	struct machine_facts m;
	char mac[NAME_MACHINE_SIZE], path[64];
	struct why why;
	bool boots;

	if (facts_machine(bootfd, name, &m, &why) == -1) {
		log_warn("%s; it is left alone", why.text);
		m.image[0] = m.next[0] = '\0';
	}
	boots = *facts_boots(&m) != '\0';
	if (strcmp(name, "default") == 0) {
		f->anybody = boots;
		return 0;
	}
	with_colons(name, mac);
	(void)snprintf(path, sizeof(path), "machine/%s/loader", name);
	if (bootdir_exists(bootfd, path) &&
	    strings_add(&f->own_loader, mac) == -1)
		return -1;
	if (strings_add(boots ? &f->boots : &f->alone, mac) == -1)
		return -1;
	return add_diskless(bootfd, f, name);
}

static int
read_machines(int bootfd, struct export_facts *f)
{
	struct strings names = { NULL, 0 };
	int result = facts_machines(bootfd, &names);
	size_t i;

	for (i = 0; i < names.n && result == 0; i++)
		result = add_machine(bootfd, f, names.at[i]);
	strings_free(&names);
	return result;
}

static int
read_roots(int bootfd, struct export_facts *f)
{
	struct strings names = { NULL, 0 };
	char path[BOOTDIR_PATH_MAX], place[PATH_MAX];
	int result = facts_list(bootfd, "root", &names);
	size_t i;

	for (i = 0; i < names.n && result == 0; i++) {
		(void)snprintf(path, sizeof(path), "root/%s", names.at[i]);
		if (!nfsexport_can_say(names.at[i]) ||
		    !place_of(bootfd, path, place) || !exportable_word(place)) {
			log_warn("%s: left out: its name or path cannot be "
			    "said, or it leads nowhere", path);
			continue;
		}
		if (strings_add(&f->roots, names.at[i]) == -1 ||
		    strings_add(&f->paths, place) == -1)
			result = -1;
	}
	strings_free(&names);
	return result;
}

int
exportable_read(int bootfd, struct export_facts *f, struct why *why)
{
	struct group *group;
	struct stat st;

	if (fstatat(bootfd, "seen", &st, 0) == 0 &&
	    (group = getgrgid(st.st_gid)) != NULL &&
	    exportable_word(group->gr_name))
		f->group = group->gr_name;
	if (read_loaders(bootfd, f) == -1 || read_machines(bootfd, f) == -1 ||
	    read_roots(bootfd, f) == -1)
		return why_not(why, "the boot directory: %s", strerror(errno));
	return 0;
}

void
exportable_free(struct export_facts *f)
{
	while (f->nloaders > 0)
		free(f->loader[--f->nloaders].file);
	while (f->ndiskless > 0) {
		f->ndiskless--;
		free(f->diskless[f->ndiskless].root);
		free(f->diskless[f->ndiskless].swap);
	}
	free(f->diskless);
	strings_free(&f->boots);
	strings_free(&f->alone);
	strings_free(&f->own_loader);
	strings_free(&f->roots);
	strings_free(&f->paths);
}
