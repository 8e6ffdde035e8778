/* SPDX-License-Identifier: ISC */
/* mkboot loader: fills pub/loader with first programs, and links them. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/alias.h"
#include "mkboot/build.h"
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
	struct build build;		/* of source; none if that is NULL */
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

/* What was built, by the names that it has in pub/loader. */
static size_t
bring_built(int bootfd, const struct build *b)
{
	const char *source[] = { b->src, NULL };
	struct loader_file file;
	size_t i;

	for (i = 0; i < b->targets.n; i++) {
		file = (struct loader_file){ .from = { b->targets.at[i] },
		    .name = loaders_name(b->targets.at[i]) };
		if (!bring(bootfd, source, &file))
			log_fatal(EXIT_SYSTEM, "%s: make said nothing, and "
			    "made nothing", b->targets.at[i]);
	}
	return b->targets.n;
}

/* What is made of iPXE's source, and nothing of the distribution's. */
static size_t
build_all(int bootfd, struct build *b)
{
	struct why why = { "" };
	size_t found = 0;
	int result;

	b->progress = isatty(STDERR_FILENO) == 1;
	b->log = bootdir_openat(bootfd, ".", O_RDONLY | O_DIRECTORY);
	if (b->log != -1) {
		result = openat(b->log, BUILD_LOG, O_WRONLY | O_CREAT |
		    O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
		close(b->log);
		b->log = result;
	}
	if (b->log == -1)
		log_fatal(EXIT_SYSTEM, BUILD_LOG ": %s", strerror(errno));
	result = build_open(b, &why);
	if (result == 0 && b->targets.n == 0)
		result = build_usual_targets(b, &why);
	if (result == 0)
		result = build_make(b, &why);
	if (result == 0)
		found = bring_built(bootfd, b);
	build_close(b);
	close(b->log);
	if (result == -1)
		log_fatal(EXIT_USER, "%s", why.text);
	return found;
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
usage(void)
{
	command_usage("loader [-d dir] [-l kind] [-s source]\n"
	    "       mkboot loader [-d dir] [-l kind] --build source "
	    "[--embed script] [--target target ...]");
}

static void
add_target(struct wish *w, const char *target)
{
	if (strings_add(&w->build.targets, target) == -1)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
}

static void
read_kind(struct wish *w, const char *name)
{
	w->has_kind = loaders_kind_parse(name, &w->kind);
	if (!w->has_kind)
		log_fatal(EXIT_USER, "-l %s: it is ipxe, signed, grub or "
		    "pxelinux", name);
}

static void
read_flags(int argc, char **argv, struct wish *w)
{
	static const struct option words[] = {
		{ "build", required_argument, NULL, 'b' },
		{ "embed", required_argument, NULL, 'e' },
		{ "target", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "b:d:e:l:s:t:", words,
	    NULL)) != -1)
		switch (c) {
		case 'b':
			w->build.source = optarg;
			break;
		case 'd':
			w->dir = optarg;
			break;
		case 'e':
			w->build.embed = optarg;
			break;
		case 'l':
			read_kind(w, optarg);
			break;
		case 's':
			w->source[0] = optarg;
			break;
		case 't':
			add_target(w, optarg);
			break;
		default:
			usage();
		}
	/* After one --target may stand several. */
	if (w->build.targets.n > 0)
		while (optind < argc)
			add_target(w, argv[optind++]);
	if (optind < argc || (w->build.source == NULL &&
	    (w->build.embed != NULL || w->build.targets.n > 0)))
		usage();
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

/* What is there and not linked unasked: mkboot-loader(8) says why. */
static void
print_signed(int bootfd)
{
	if (has_loader(bootfd, "shimx64.efi") &&
	    has_loader(bootfd, "grubx64.efi"))
		printf("Secure Boot: `mkboot loader -l signed' links shim and "
		    "a signed GRUB,\n"
		    "which need this host as the DHCP server's next-server\n");
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
	if (w.build.source != NULL)
		found = build_all(bootfd, &w.build);
	else
		found = bring_all(bootfd, w.source[0] != NULL ? w.source :
		    loaders_sources());
	linked = link_all(bootfd, &w);
	make_pages(bootfd);
	if (!w.has_kind)
		print_signed(bootfd);
	close(bootfd);
	if (found == 0)
		log_warn("no iPXE in %s; install the package ipxe, or name a "
		    "folder with -s", w.source[0] != NULL ? w.source[0] :
		    "/usr/lib/ipxe or /usr/share/ipxe");
	return found == 0 || linked == 0 ? EXIT_USER : EXIT_OK;
}
