/* SPDX-License-Identifier: ISC */
/* Finds a kernel and its modules below a root. */
#include "mkboot/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/facts.h"

/*
 * A version's kernel: Debian's name; the place of Fedora and Arch; and
 * Alpine's, which has the flavour alone: "lts" of 6.6.1-0-lts.
 */
static int
open_kernel(int rootfd, const char *version, char path[PATH_MAX])
{
	const char *flavour = strrchr(version, '-');
	const char *const name[][3] = {
		{ "boot/vmlinuz-", version, "" },
		{ "lib/modules/", version, "/vmlinuz" },
		{ "boot/vmlinuz-", flavour == NULL ? version : flavour + 1,
		    "" },
	};
	size_t i;
	int fd = -1;

	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		(void)snprintf(path, PATH_MAX, "%s%s%s", name[i][0],
		    name[i][1], name[i][2]);
		fd = bootdir_openat(rootfd, path, O_RDONLY | O_NONBLOCK);
		if (fd != -1 || errno != ENOENT)
			break;
	}
	return fd;
}

/* Octets read from the beginning; the position stays. */
static size_t
read_head(int fd, uint8_t *head, size_t size)
{
	size_t got = 0;
	ssize_t n;

	while ((n = pread(fd, head + got, size - got, (off_t)got)) > 0)
		got += (size_t)n;
	return got;
}

/* A kernel that says it is another version would find no modules. */
static int
check_version(const struct source *s, struct why *why)
{
	uint8_t head[KERNEL_HEAD];
	char says[KERNEL_VERSION_SIZE];

	if (kernel_version(head, read_head(s->fd, head, sizeof(head)), says) &&
	    strcmp(says, s->version) != 0)
		return why_not(why, "%s/%s says that it is %s, not %s",
		    s->root, s->kernel, says, s->version);
	return 1;
}

static int
take(struct source *s, int rootfd, const char *version, struct why *why)
{
	int result;

	(void)strlcpy(s->version, version, sizeof(s->version));
	s->fd = open_kernel(rootfd, s->version, s->kernel);
	if (s->fd == -1)
		return why_not(why, "%s/boot/vmlinuz-%s: %s", s->root,
		    s->version, strerror(errno));
	if ((result = check_version(s, why)) == -1)
		close(s->fd);
	return result;
}

/* The versions that have modules here. */
static int
list_versions(int rootfd, struct strings *versions)
{
	int fd, result;

	fd = bootdir_openat(rootfd, "lib/modules", O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	result = facts_names(fd, versions);
	close(fd);
	return result;
}

/* The newest version that has a kernel too; NULL for none. */
static const char *
newest(int rootfd, const struct strings *versions)
{
	const char *best = NULL;
	char path[PATH_MAX];
	size_t i;
	int fd;

	for (i = 0; i < versions->n; i++) {
		if (strlen(versions->at[i]) >= KERNEL_VERSION_SIZE ||
		    (fd = open_kernel(rootfd, versions->at[i], path)) == -1)
			continue;
		close(fd);
		if (best == NULL || strverscmp(versions->at[i], best) > 0)
			best = versions->at[i];
	}
	return best;
}

/* Are there kernels, of whatever version? */
static bool
has_kernels(int rootfd)
{
	struct strings names = { NULL, 0 };
	bool found = false;
	size_t i;

	if (facts_list(rootfd, "boot", &names) == 0)
		for (i = 0; i < names.n; i++)
			found = found ||
			    strncmp(names.at[i], "vmlinuz", 7) == 0;
	strings_free(&names);
	return found;
}

static void
say_versions(const struct strings *versions, char *text, size_t size)
{
	size_t i;

	(void)strlcpy(text, versions->n == 0 ? " none" : "", size);
	for (i = 0; i < versions->n; i++) {
		(void)strlcat(text, " ", size);
		(void)strlcat(text, versions->at[i], size);
	}
}

static int
choose(struct source *s, int rootfd, const char *version,
    const struct strings *versions, struct why *why)
{
	char there[256];
	const char *best = newest(rootfd, versions);
	size_t i;

	if (best == NULL && !has_kernels(rootfd))
		return 0;
	say_versions(versions, there, sizeof(there));
	if (version == NULL && best == NULL)
		return why_not(why, "%s has a kernel, but none with its "
		    "modules; modules there are of:%s", s->root, there);
	if (version == NULL)
		return take(s, rootfd, best, why);
	for (i = 0; i < versions->n; i++)
		if (strcmp(versions->at[i], version) == 0)
			return take(s, rootfd, version, why);
	return why_not(why, "%s/lib/modules/%s is missing; modules there are "
	    "of:%s", s->root, version, there);
}

int
source_find(struct source *s, const char *root, const char *version,
    struct why *why)
{
	struct strings versions = { NULL, 0 };
	size_t len;
	int rootfd, result;

	s->fd = -1;
	if (strlcpy(s->root, root, sizeof(s->root)) >= sizeof(s->root))
		return why_not(why, "%s: %s", root, strerror(ENAMETOOLONG));
	/* "/" becomes "", so that paths can follow it. */
	for (len = strlen(s->root); len > 0 && s->root[len - 1] == '/'; len--)
		s->root[len - 1] = '\0';
	if (version != NULL && (strchr(version, '/') != NULL ||
	    *version == '.' || strlen(version) >= KERNEL_VERSION_SIZE))
		return why_not(why, "%s: no version of a kernel", version);
	rootfd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rootfd == -1)
		return why_not(why, "%s: %s", root, strerror(errno));
	if (list_versions(rootfd, &versions) == -1)
		result = why_not(why, "%s/lib/modules: %s", root,
		    strerror(errno));
	else
		result = choose(s, rootfd, version, &versions, why);
	strings_free(&versions);
	close(rootfd);
	return result;
}
