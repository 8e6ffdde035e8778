/* SPDX-License-Identifier: ISC */
/* Reads machine/ and image/ of a boot directory. */
#include "mkboot/facts.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"

static int
add_names(DIR *dir, struct strings *names)
{
	struct dirent *entry;

	for (;;) {
		errno = 0;
		if ((entry = readdir(dir)) == NULL)
			return errno == 0 ? 0 : -1;
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (strings_add(names, entry->d_name) == -1)
			return -1;
	}
}

int
facts_names(int folder, struct strings *names)
{
	int copy, result, saved;
	DIR *dir;

	/* A descriptor of its own, as reading moves it. */
	copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy == -1)
		return -1;
	if ((dir = fdopendir(copy)) == NULL) {
		close(copy);
		return -1;
	}
	result = add_names(dir, names);
	saved = errno;
	closedir(dir);
	errno = saved;
	strings_sort(names);
	return result;
}

/* Takes away what is hidden: half-made files, by bootdir(7). */
static int
keep_visible(const struct strings *all, struct strings *names)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->at[i][0] != '.' &&
		    strings_add(names, all->at[i]) == -1)
			return -1;
	return 0;
}

int
facts_list(int bootfd, const char *folder, struct strings *names)
{
	struct strings all = { NULL, 0 };
	int fd, result, saved;

	fd = bootdir_openat(bootfd, folder, O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	result = facts_names(fd, &all);
	saved = errno;
	close(fd);
	if (result == 0 && (result = keep_visible(&all, names)) == -1)
		saved = errno;
	strings_free(&all);
	errno = saved;
	return result;
}

/*
 * One line of a file, which may be missing: then it is empty.  One octet more
 * than there is room for is read, to tell a long line from a cut one.
 */
static int
optional_line(int bootfd, const char *path, char *line, size_t size,
    struct why *why)
{
	char text[SCRIPT_CMDLINE_SIZE + 1];

	line[0] = '\0';
	if (!bootdir_line(bootfd, path, text,
	    size + 1 < sizeof(text) ? size + 1 : sizeof(text))) {
		if (errno == ENOENT)
			return 0;
		return why_not(why, "%s: %s", path, strerror(errno));
	}
	if (strlcpy(line, text, size) >= size)
		return why_not(why, "%s: longer than %zu octets", path,
		    size - 1);
	return 0;
}

static int
read_cmdline(int bootfd, const char *path, char cmdline[SCRIPT_CMDLINE_SIZE],
    struct why *why)
{
	enum script_error error;

	if (optional_line(bootfd, path, cmdline, SCRIPT_CMDLINE_SIZE,
	    why) == -1)
		return -1;
	if ((error = script_check_cmdline(cmdline)) != SCRIPT_OK)
		return why_not(why, "%s: %s", path, script_error_words(error));
	return 0;
}

static bool
has_file(int bootfd, const struct image_facts *image, const char *file)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "pub/image/%s/%s", image->files,
	    file);
	return bootdir_exists(bootfd, path);
}

/* The first of these that is there; a kernel where none is. */
static enum script_start
find_start(int bootfd, const struct image_facts *image)
{
	static const struct {
		const char *file;
		enum script_start start;
	} starts[] = {
		{ "kernel", SCRIPT_KERNEL }, { "program.efi", SCRIPT_PROGRAM },
		{ "image.iso", SCRIPT_DISC }, { "pxeboot", SCRIPT_PXEBOOT }
	};
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (has_file(bootfd, image, starts[i].file))
			return starts[i].start;
	return SCRIPT_KERNEL;
}

/* "DIGITS  NAME", as sha256sum(1) writes it. */
static int
read_sum(int bootfd, struct image_facts *image, struct why *why)
{
	char path[128], line[256];
	size_t n;

	(void)snprintf(path, sizeof(path),
	    "pub/image/%s/rootfs.squashfs.sha256", image->files);
	if (optional_line(bootfd, path, line, sizeof(line), why) == -1)
		return -1;
	n = strspn(line, "0123456789abcdef");
	if (*line != '\0' && (n != SHA256_SIZE - 1 ||
	    (line[n] != ' ' && line[n] != '\0')))
		return why_not(why, "%s: it is 64 hexadecimal digits and a "
		    "file's name, as sha256sum writes them", path);
	line[n] = '\0';
	(void)strlcpy(image->sha256, line, sizeof(image->sha256));
	return 0;
}

/* What its revision has: the files that machines are given. */
static int
read_files(int bootfd, struct image_facts *image, struct why *why)
{
	char path[128];
	unsigned revision = revision_current(bootfd, image->name);

	revision_name(image->name, revision, image->files);
	(void)snprintf(path, sizeof(path), "root/%s", image->files);
	if (bootdir_exists(bootfd, path))
		(void)strlcpy(image->root, image->files, sizeof(image->root));
	else
		(void)strlcpy(image->root, image->name, sizeof(image->root));
	image->start = find_start(bootfd, image);
	image->has_initrd = has_file(bootfd, image, "initrd");
	image->has_packages = has_file(bootfd, image, "apks");
	return read_sum(bootfd, image, why);
}

int
facts_image(int bootfd, const char *name, struct image_facts *image,
    struct why *why)
{
	char path[128], kind[64];

	if (strlcpy(image->name, name, sizeof(image->name)) >=
	    sizeof(image->name) || !name_is_image(name))
		return why_not(why, "image %s: a name has letters, digits, "
		    "`.', `_' and `-', and 64 of them at most", name);
	(void)snprintf(path, sizeof(path), "image/%s", name);
	if (!bootdir_exists(bootfd, path))
		return why_not(why, "no image %s; `mkboot image add %s' makes "
		    "it", name, name);
	(void)snprintf(path, sizeof(path), "image/%s/kind", name);
	if (optional_line(bootfd, path, kind, sizeof(kind), why) == -1)
		return -1;
	if (*kind == '\0')
		return why_not(why, "%s is missing: it says how the image is "
		    "booted: `nfs', `ram', `alpine' or `any'", path);
	if (!script_kind_parse(kind, &image->kind))
		return why_not(why, "%s: no kind that mkboot knows; it knows "
		    "`nfs', `ram', `alpine' and `any'", path);
	(void)snprintf(path, sizeof(path), "image/%s/cmdline", name);
	if (read_cmdline(bootfd, path, image->cmdline, why) == -1)
		return -1;
	return read_files(bootfd, image, why);
}

/* Do both paths lead to the same folder below the boot directory? */
static bool
same_place(int bootfd, const char *one, const char *two)
{
	struct stat a, b;
	int first = bootdir_openat(bootfd, one, O_PATH | O_DIRECTORY);
	int second = bootdir_openat(bootfd, two, O_PATH | O_DIRECTORY);
	bool same;

	same = first != -1 && second != -1 && fstat(first, &a) == 0 &&
	    fstat(second, &b) == 0 && a.st_dev == b.st_dev &&
	    a.st_ino == b.st_ino;
	if (first != -1)
		close(first);
	if (second != -1)
		close(second);
	return same;
}

/* The last part of a link's target, and the target without slashes behind. */
static const char *
last_part(char *target)
{
	size_t n = strlen(target);
	const char *slash;

	while (n > 1 && target[n - 1] == '/')
		target[--n] = '\0';
	slash = strrchr(target, '/');
	return slash == NULL ? target : slash + 1;
}

/*
 * machine/NAME/LINK, which leads to an image: its name is the last part of
 * where it leads.  Empty where there is no such link.
 */
static int
read_image_link(int bootfd, int folder, const char *machine, const char *link,
    char image[NAME_IMAGE_SIZE], struct why *why)
{
	char target[PATH_MAX], from[64], to[128];
	const char *name;
	ssize_t n;

	image[0] = '\0';
	n = readlinkat(folder, link, target, sizeof(target) - 1);
	if (n == -1 && errno == ENOENT)
		return 0;
	if (n == -1)
		return why_not(why, "machine/%s/%s: %s", machine, link,
		    errno == EINVAL ? "not a symbolic link to an image" :
		    strerror(errno));
	target[n] = '\0';
	name = last_part(target);
	if (!name_is_image(name))
		return why_not(why, "machine/%s/%s leads to %s, which is "
		    "no image", machine, link, target);
	(void)snprintf(from, sizeof(from), "machine/%s/%s", machine, link);
	(void)snprintf(to, sizeof(to), "image/%s", name);
	if (!same_place(bootfd, from, to))
		return why_not(why, "machine/%s/%s leads to %s, and there "
		    "is no such image; `mkboot image add %s' makes it",
		    machine, link, target, name);
	(void)strlcpy(image, name, NAME_IMAGE_SIZE);
	return 0;
}

/* What it boots: its image, or another one once. */
static int
read_images(int bootfd, int folder, struct machine_facts *m, struct why *why)
{
	if (read_image_link(bootfd, folder, m->name, "image", m->image,
	    why) == -1)
		return -1;
	return read_image_link(bootfd, folder, m->name, "next", m->next, why);
}

const char *
facts_boots(const struct machine_facts *m)
{
	return *m->next != '\0' ? m->next : m->image;
}

int
facts_machines(int bootfd, struct strings *machines)
{
	struct strings names = { NULL, 0 };
	int result;
	size_t i;

	result = facts_list(bootfd, "machine", &names);
	for (i = 0; i < names.n && result == 0; i++)
		if (name_is_machine(names.at[i]))
			result = strings_add(machines, names.at[i]);
	strings_free(&names);
	return result;
}

int
facts_machine_folder(int bootfd, const char *name)
{
	char path[sizeof("machine/") + NAME_MACHINE_SIZE];

	(void)snprintf(path, sizeof(path), "machine/%s", name);
	return bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);
}

/* Has the image a root that a view can be of, over NFS? */
static bool
is_of_nfs(int bootfd, const char *image)
{
	char path[sizeof("image//kind") + NAME_IMAGE_SIZE], kind[16];

	(void)snprintf(path, sizeof(path), "image/%s/kind", image);
	return *image != '\0' &&
	    bootdir_line(bootfd, path, kind, sizeof(kind)) &&
	    strcmp(kind, script_kind_name(SCRIPT_NFS)) == 0;
}

/*
 * Is its root to be its view?  What it boots but once has none: the view is
 * that of the image it has.
 */
static bool
has_view(int bootfd, int folder, const struct machine_facts *m)
{
	char path[sizeof("image//view") + NAME_IMAGE_SIZE];

	if ((*m->next != '\0' && strcmp(m->next, m->image) != 0) ||
	    !is_of_nfs(bootfd, m->image))
		return false;
	(void)snprintf(path, sizeof(path), "image/%s/view", m->image);
	return faccessat(folder, "view", F_OK, 0) == 0 ||
	    bootdir_exists(bootfd, path);
}

int
facts_machine(int bootfd, const char *name, struct machine_facts *m,
    struct why *why)
{
	char path[64];
	int folder, result;

	memset(m, 0, sizeof(*m));
	(void)strlcpy(m->name, name, sizeof(m->name));
	if ((folder = facts_machine_folder(bootfd, m->name)) == -1)
		return why_not(why, "machine/%s: %s", m->name,
		    strerror(errno));
	result = read_images(bootfd, folder, m, why);
	m->once = faccessat(folder, "once", F_OK, 0) == 0;
	m->view = has_view(bootfd, folder, m);
	close(folder);
	if (result == -1)
		return -1;
	(void)snprintf(path, sizeof(path), "machine/%s/hostname", m->name);
	if (optional_line(bootfd, path, m->hostname, sizeof(m->hostname),
	    why) == -1)
		return -1;
	/* The default's may be a pattern for machines to come. */
	if (strcmp(name, "default") == 0 && strchr(m->hostname, '@') != NULL)
		m->hostname[0] = '\0';
	if (*m->hostname != '\0' && !name_is_host(m->hostname))
		return why_not(why, "%s: no host name (RFC 1123: letters, "
		    "digits, inner hyphens)", path);
	(void)snprintf(path, sizeof(path), "machine/%s/cmdline", m->name);
	return read_cmdline(bootfd, path, m->cmdline, why);
}
