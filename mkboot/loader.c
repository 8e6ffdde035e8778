/* SPDX-License-Identifier: ISC */
/* mkboot loader: fills pub/loader with first programs, and links them. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/alias.h"
#include "mkboot/command.h"
#include "mkboot/copy.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/grub.h"
#include "mkboot/loaders.h"
#include "mkboot/publish.h"

/* What the command line said. */
struct wish {
	const char *dir;
	const char *source[2];		/* NULL: the usual ones */
	enum loader_kind kind;
	bool has_kind;			/* or each architecture's usual one */
};

/* The file by one of its names in one of the folders; -1 when nowhere. */
static int
find(const char *const *folder, const struct loader_file *file,
    char path[PATH_MAX])
{
	size_t i;
	int fd;

	for (; *folder != NULL; folder++)
		for (i = 0; i < LOADERS_FROM && file->from[i] != NULL; i++) {
			(void)snprintf(path, PATH_MAX, "%s/%s", *folder,
			    file->from[i]);
			fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
			if (fd != -1)
				return fd;
			if (errno != ENOENT && errno != ENOTDIR)
				log_warn("%s: %s", path, strerror(errno));
		}
	return -1;
}

/* True when the source has the file, and pub/loader now. */
static bool
bring(int bootfd, const char *const *sources, const struct loader_file *file)
{
	char from[PATH_MAX], to[PATH_MAX];
	bool changed;
	int fd, result;

	if ((fd = find(sources, file, from)) == -1)
		return false;
	(void)snprintf(to, sizeof(to), "pub/loader/%s", file->name);
	result = copy_file(bootfd, to, fd, &changed);
	close(fd);
	if (result == -1)
		log_fatal(EXIT_SYSTEM, "%s to %s: %s", from, to,
		    strerror(errno));
	if (changed)
		printf("copied %s to %s\n", from, to);
	return true;
}

static size_t
bring_all(int bootfd, const char *const *sources)
{
	const struct loader_file *files;
	size_t i, n, found = 0;

	files = loaders_files(&n);
	for (i = 0; i < n; i++)
		found += bring(bootfd, sources, &files[i]);
	return found;
}

static bool
has_loader(int bootfd, const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "pub/loader/%s", name);
	return bootdir_exists(bootfd, path);
}

/* The number of a way that pub/loader has, of this kind or any; -1: none. */
static int
choose(int bootfd, const struct loader_choice *choice,
    const enum loader_kind *kind)
{
	int i;

	for (i = 0; i < LOADERS_WAYS && choice->way[i].name != NULL; i++)
		if ((kind == NULL || choice->way[i].kind == *kind) &&
		    has_loader(bootfd, choice->way[i].name) &&
		    (choice->way[i].second == NULL ||
		    has_loader(bootfd, choice->way[i].second)))
			return i;
	return -1;
}

/*
 * Where the architecture's link leads already, when it is one; a link that
 * is there was made by somebody who knew why, also when it was us.
 */
static bool
has_link(int bootfd, const char *path, char target[PATH_MAX])
{
	ssize_t n;
	int folder;

	folder = bootdir_openat(bootfd, "pub/loader", O_RDONLY | O_DIRECTORY);
	if (folder == -1)
		log_fatal(errno == ENOENT ? EXIT_USER : EXIT_SYSTEM,
		    "pub/loader: %s; `mkboot create' makes it",
		    strerror(errno));
	n = readlinkat(folder, path, target, PATH_MAX - 1);
	/* A file of this name serves as well as a link. */
	if (n == -1 && errno == EINVAL)
		n = (ssize_t)strlcpy(target, "a file", PATH_MAX);
	close(folder);
	target[n == -1 ? 0 : n] = '\0';
	return n != -1;
}

static void
print_arch(const struct loader_choice *choice, const char *what,
    const char *note, const char *more)
{
	printf("%-3u %-22s %s%s%s\n", choice->arch, arch_name(choice->arch),
	    what, note, more);
}

/* What is there stays, unless a kind was asked for by name. */
static bool
leave(int bootfd, const struct loader_choice *choice, const char *path,
    const char *target, const char *best)
{
	print_arch(choice, target, !bootdir_exists(bootfd, path) ?
	    " (left alone, but it leads nowhere)" :
	    best == NULL || strcmp(best, target) != 0 ?
	    " (left alone: not mkboot's choice)" : "", "");
	return bootdir_exists(bootfd, path);
}

/* True when the architecture has a loader. */
static bool
link_arch(int bootfd, const struct loader_choice *choice,
    const struct wish *w)
{
	char path[64], name[16], target[PATH_MAX];
	int way = w->has_kind ? choose(bootfd, choice, &w->kind) : -1;
	const bool asked = way != -1;
	const char *best;

	if (!asked)
		way = choose(bootfd, choice, NULL);
	best = way == -1 ? NULL : choice->way[way].name;
	(void)snprintf(name, sizeof(name), "%u", choice->arch);
	(void)snprintf(path, sizeof(path), "pub/loader/%s", name);
	if (has_link(bootfd, name, target) && !asked)
		return leave(bootfd, choice, path, target, best);
	if (best == NULL) {
		print_arch(choice, "none: ", choice->bring, " would bring one");
		return false;
	}
	if (publish_link(bootfd, path, best, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	print_arch(choice, best, ", ",
	    loaders_kind_title(choice->way[way].kind));
	return true;
}

/* Where GRUB and PXELINUX look for what they boot. */
static void
make_pages(int bootfd)
{
	struct strings machines = { NULL, 0 };
	struct why why = { "" };
	char path[PATH_MAX];
	const char *text = grub_first();
	size_t i;
	int result;

	result = folder_make(bootfd, "pub/grub", NULL);
	if (result == 0 && !bootdir_exists(bootfd, "pub/grub/grub.cfg"))
		result = publish_bytes(bootfd, "pub/grub/grub.cfg", 0644,
		    text, strlen(text), NULL);
	if (result == -1)
		log_fatal(EXIT_SYSTEM, "pub/grub/grub.cfg: %s",
		    strerror(errno));
	if (!has_loader(bootfd, "pxelinux.0"))
		return;
	if (folder_make(bootfd, "pub/loader/pxelinux.cfg", NULL) == -1 ||
	    facts_list(bootfd, "pub/machine", &machines) == -1)
		log_fatal(EXIT_SYSTEM, "pub/loader/pxelinux.cfg: %s",
		    strerror(errno));
	for (i = 0; i < machines.n; i++) {
		(void)snprintf(path, sizeof(path),
		    "pub/machine/%s/pxelinux.cfg", machines.at[i]);
		if (name_is_machine(machines.at[i]) &&
		    bootdir_exists(bootfd, path) &&
		    alias_pxelinux(bootfd, machines.at[i], true, &why) == -1)
			log_warn("%s", why.text);
	}
	strings_free(&machines);
}

static void
read_flags(int argc, char **argv, struct wish *w)
{
	int c;

	while ((c = command_flag(argc, argv, "d:l:s:")) != -1)
		switch (c) {
		case 'd':
			w->dir = optarg;
			break;
		case 'l':
			w->has_kind = loaders_kind_parse(optarg, &w->kind);
			if (!w->has_kind)
				log_fatal(EXIT_USER, "-l %s: it is ipxe, "
				    "signed, grub or pxelinux", optarg);
			break;
		case 's':
			w->source[0] = optarg;
			break;
		default:
			command_usage("loader [-d dir] [-l kind] "
			    "[-s source]");
		}
}

static size_t
link_all(int bootfd, const struct wish *w)
{
	const struct loader_choice *choices;
	size_t i, n, linked = 0;

	choices = loaders_choices(&n);
	for (i = 0; i < n; i++)
		linked += link_arch(bootfd, &choices[i], w);
	return linked;
}

int
loader_main(int argc, char **argv)
{
	struct wish w = { .dir = BOOTDIR_DEFAULT };
	size_t found, linked;
	int bootfd;

	read_flags(argc, argv, &w);
	bootfd = command_bootdir(w.dir);
	if (!bootdir_exists(bootfd, "pub/loader"))
		log_fatal(EXIT_USER, "pub/loader is missing; `mkboot create' "
		    "makes it");
	found = bring_all(bootfd, w.source[0] != NULL ? w.source :
	    loaders_sources());
	linked = link_all(bootfd, &w);
	make_pages(bootfd);
	close(bootfd);
	if (found == 0)
		log_warn("no iPXE in %s; install the package ipxe, or name a "
		    "folder with -s", w.source[0] != NULL ? w.source[0] :
		    "/usr/lib/ipxe or /usr/share/ipxe");
	return found == 0 || linked == 0 ? EXIT_USER : EXIT_OK;
}
