/* SPDX-License-Identifier: ISC */
/* mkboot loader: fills pub/loader from the distribution's iPXE. */
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
#include "mkboot/command.h"
#include "mkboot/copy.h"
#include "mkboot/loader.h"
#include "mkboot/publish.h"

/* Where Debian, then Alpine, Fedora and Arch install iPXE. */
static const char *const usual_sources[] = {
	"/usr/lib/ipxe", "/usr/share/ipxe", "/usr/share/alpine-ipxe", NULL
};

/*
 * A loader's name in pub/loader, and what it is called where it comes from:
 * Debian's and Alpine's name first, then Fedora's, then the place in iPXE's
 * own source where `make' leaves it.
 */
static const struct {
	const char *name;
	const char *from[4];
} files[] = {
	{ "undionly.kpxe", { "undionly.kpxe", "bin/undionly.kpxe" } },
	{ "snponly.efi", { "snponly.efi", "ipxe-snponly-x86_64.efi",
	    "bin-x86_64-efi/snponly.efi" } },
	{ "ipxe.efi", { "ipxe.efi", "ipxe-x86_64.efi",
	    "bin-x86_64-efi/ipxe.efi" } },
	{ "snponly-i386.efi", { "snponly-i386.efi", "ipxe-snponly-i386.efi",
	    "bin-i386-efi/snponly.efi" } },
	{ "ipxe-i386.efi", { "ipxe-i386.efi", "bin-i386-efi/ipxe.efi" } },
	{ "snponly-arm64.efi", { "snponly-arm64.efi",
	    "arm64-efi/snponly.efi", "bin-arm64-efi/snponly.efi" } },
	{ "ipxe-arm64.efi", { "ipxe-arm64.efi", "arm64-efi/ipxe.efi",
	    "bin-arm64-efi/ipxe.efi" } },
};
#define NFILES (sizeof(files) / sizeof(files[0]))

/*
 * Which loader an architecture gets, the better first.  snponly.efi uses the
 * firmware's own driver for the card that it booted from, so it works with
 * any card; ipxe.efi brings drivers of its own.
 */
static const struct loader_choice choices[] = {
	{ 0, { "undionly.kpxe", NULL } },
	{ 6, { "snponly-i386.efi", "ipxe-i386.efi" } },
	{ 7, { "snponly.efi", "ipxe.efi" } },
	{ 9, { "snponly.efi", "ipxe.efi" } },
	{ 11, { "snponly-arm64.efi", "ipxe-arm64.efi" } },
	{ 15, { "snponly-i386.efi", "ipxe-i386.efi" } },
	{ 16, { "snponly.efi", "ipxe.efi" } },
	{ 19, { "snponly-arm64.efi", "ipxe-arm64.efi" } },
};

const struct loader_choice *
loader_choices(size_t *n)
{
	*n = sizeof(choices) / sizeof(choices[0]);
	return choices;
}

/* The file by one of its names in one of the folders; -1 when nowhere. */
static int
find(const char *const *sources, size_t file, char path[PATH_MAX])
{
	const char *const *folder;
	size_t i;
	int fd;

	for (folder = sources; *folder != NULL; folder++)
		for (i = 0; i < 4 && files[file].from[i] != NULL; i++) {
			(void)snprintf(path, PATH_MAX, "%s/%s", *folder,
			    files[file].from[i]);
			fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
			if (fd != -1)
				return fd;
			if (errno != ENOENT && errno != ENOTDIR)
				log_warn("%s: %s", path, strerror(errno));
		}
	return -1;
}

/* True when pub/loader has the file now. */
static bool
bring(int bootfd, const char *const *sources, size_t file)
{
	char from[PATH_MAX], to[PATH_MAX];
	bool changed;
	int fd, result;

	if ((fd = find(sources, file, from)) == -1)
		return false;
	(void)snprintf(to, sizeof(to), "pub/loader/%s", files[file].name);
	result = copy_file(bootfd, to, fd, &changed);
	close(fd);
	if (result == -1)
		log_fatal(EXIT_SYSTEM, "%s to %s: %s", from, to,
		    strerror(errno));
	if (changed)
		printf("copied %s to %s\n", from, to);
	return true;
}

/* The best loader of those that pub/loader has; NULL for none. */
static const char *
choose(int bootfd, const struct loader_choice *choice)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < LOADER_NAMES && choice->name[i] != NULL; i++) {
		(void)snprintf(path, sizeof(path), "pub/loader/%s",
		    choice->name[i]);
		if (bootdir_exists(bootfd, path))
			return choice->name[i];
	}
	return NULL;
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
    const char *note)
{
	printf("%-3u %-22s %s%s\n", choice->arch, arch_name(choice->arch),
	    what, note);
}

/* True when the architecture has a loader. */
static bool
link_arch(int bootfd, const struct loader_choice *choice)
{
	char path[64], name[16], target[PATH_MAX];
	const char *best = choose(bootfd, choice);

	(void)snprintf(name, sizeof(name), "%u", choice->arch);
	(void)snprintf(path, sizeof(path), "pub/loader/%s", name);
	if (has_link(bootfd, name, target)) {
		print_arch(choice, target, !bootdir_exists(bootfd, path) ?
		    " (left alone, but it leads nowhere)" :
		    best == NULL || strcmp(best, target) != 0 ?
		    " (left alone: not mkboot's choice)" : "");
		return bootdir_exists(bootfd, path);
	}
	if (best == NULL) {
		print_arch(choice, "none: found no ", choice->name[0]);
		return false;
	}
	if (publish_link(bootfd, path, best, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	print_arch(choice, best, "");
	return true;
}

int
loader_main(int argc, char **argv)
{
	const char *dir = BOOTDIR_DEFAULT, *own_source[2] = { NULL, NULL };
	const char *const *sources;
	size_t i, nchoices, found = 0, linked = 0;
	int bootfd, c;

	while ((c = command_flag(argc, argv, "d:s:")) != -1)
		switch (c) {
		case 'd':
			dir = optarg;
			break;
		case 's':
			own_source[0] = optarg;
			break;
		default:
			command_usage("loader [-d dir] [-s source]");
		}
	sources = own_source[0] != NULL ? own_source : usual_sources;
	bootfd = command_bootdir(dir);
	if (!bootdir_exists(bootfd, "pub/loader"))
		log_fatal(EXIT_USER, "pub/loader is missing; `mkboot create' "
		    "makes it");
	for (i = 0; i < NFILES; i++)
		found += bring(bootfd, sources, i);
	(void)loader_choices(&nchoices);
	for (i = 0; i < nchoices; i++)
		linked += link_arch(bootfd, &choices[i]);
	close(bootfd);
	if (found == 0)
		log_warn("no iPXE in %s; install the package ipxe, or name a "
		    "folder with -s", own_source[0] != NULL ? own_source[0] :
		    "/usr/lib/ipxe or /usr/share/ipxe");
	return found == 0 || linked == 0 ? EXIT_USER : EXIT_OK;
}
