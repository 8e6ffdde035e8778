/* SPDX-License-Identifier: ISC */
/* The files of an image, from wherever they are. */
#include "mkboot/image_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/copy.h"
#include "mkboot/name.h"
#include "mkboot/run.h"
#include "mkboot/unpack.h"

#define PACKAGES "apks"
#define MARKER ".boot_repository"

void
parts_from_file(const struct image_order *o, const char *path,
    const char *file)
{
	char to[sizeof("pub/image/..new/") + NAME_IMAGE_SIZE + 64];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1)
		log_fatal(EXIT_USER, "%s: %s", path, strerror(errno));
	(void)snprintf(to, sizeof(to), "pub/image/.%s.new/%s", o->name, file);
	if (copy_file(o->bootfd, to, fd, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s to pub/image/%s: %s", path, o->name,
		    strerror(errno));
	close(fd);
}

/* The packages that an ISO has, all of their folder. */
static void
copy_packages(const struct image_order *o, const char *folder,
    const char *marker)
{
	char from[PATH_MAX], files[PATH_MAX], to[PATH_MAX + sizeof(PACKAGES)];
	const char *const copy[] = { "cp", "-rL", from, to, NULL };
	struct why why = { "" };

	(void)snprintf(from, sizeof(from), "%s/%.*s", folder,
	    (int)(strlen(marker) - strlen(MARKER)), marker);
	image_stage_files(o, files);
	(void)snprintf(to, sizeof(to), "%s/" PACKAGES, files);
	if (run(copy, false, &why) == -1)
		log_fatal(EXIT_SYSTEM, "%s", why.text);
}

void
parts_from_folder(const struct image_order *o, const char *folder,
    const struct recognition *r)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < r->parts; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		    r->part[i].name);
		parts_from_file(o, path, r->part[i].file);
	}
	if (r->packages != NULL)
		copy_packages(o, folder, r->packages);
}

struct wanted {
	const struct recognition *r;
	char place[PATH_MAX];
};

static const char *
place(void *context, const char *name)
{
	struct wanted *w = context;
	const char *marker = w->r->packages;
	size_t i, len;

	for (i = 0; i < w->r->parts; i++)
		if (strcmp(w->r->part[i].name, name) == 0)
			return w->r->part[i].file;
	if (marker == NULL)
		return NULL;
	len = strlen(marker) - strlen(MARKER);
	if (strncmp(name, marker, len) != 0 || name[len] == '\0')
		return NULL;
	(void)snprintf(w->place, sizeof(w->place), PACKAGES "/%s",
	    name + len);
	return w->place;
}

void
parts_from_archive(const struct image_order *o, const char *path,
    const struct recognition *r)
{
	char files[PATH_MAX];
	struct wanted wanted = { .r = r };
	const struct unpack some = { .place = place, .context = &wanted };
	struct why why = { "" };
	int fd;

	image_stage_files(o, files);
	fd = open(files, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", files, strerror(errno));
	if (unpack_into(path, fd, &some, &why) == -1)
		log_fatal(errno == ENOSPC || errno == EDQUOT ? EXIT_SYSTEM :
		    EXIT_USER, "%s", why.text);
	close(fd);
}

void
parts_from_files(const struct image_order *o, const struct strings *paths,
    const struct recognition *r)
{
	size_t i, j;

	for (i = 0; i < r->parts; i++)
		for (j = 0; j < paths->n; j++)
			if (strcmp(basename(paths->at[j]),
			    r->part[i].name) == 0)
				parts_from_file(o, paths->at[j],
				    r->part[i].file);
}

void
parts_from_openbsd(const struct image_order *o, const char *root)
{
	static const char *const part[][2] = {
		{ "usr/mdec/pxeboot", "pxeboot" }, { "bsd", "bsd" }
	};
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", root, part[i][0]);
		if (access(path, F_OK) == -1)
			log_fatal(EXIT_USER, "OpenBSD's root has no /%s: %s",
			    part[i][0], "unpack its base set and kernel");
		parts_from_file(o, path, part[i][1]);
	}
}
