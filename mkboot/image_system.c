/* SPDX-License-Identifier: ISC */
/* A system's tree: brought, made fit, and what machines boot of it. */
#include "mkboot/image_system.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "mkboot/image_parts.h"
#include "mkboot/name.h"
#include "mkboot/prepare.h"
#include "mkboot/run.h"
#include "mkboot/squashfs.h"
#include "mkboot/unpack.h"

static const char openbsd_note[] = "image %s: OpenBSD's /etc/rc mounts its "
    "root read-write and alters it: over NFS each machine needs a root of its "
    "own, or an /etc/rc without that (diskless(8) there); it is told where by "
    "machine/MAC/bootparam, see bootdir(7)\n";

/* A kind that was asked for and that this cannot be. */
void
system_kind(const struct image_order *o, struct image_made *made,
    enum script_kind kind, const char *what)
{
	if (o->kind_given && o->kind != kind &&
	    !(o->kind == SCRIPT_RAM && kind == SCRIPT_NFS))
		log_fatal(EXIT_USER, "%s is %s, which is booted as `%s', not "
		    "as `%s'", o->name, what, script_kind_name(kind),
		    script_kind_name(o->kind));
	made->kind = o->kind_given ? o->kind : kind;
}

/* Kernel and initrd of a tree; and its squashfs. */
void
system_finish(const struct image_order *o, struct image_made *made,
    const char *root)
{
	char folder[NAME_IMAGE_SIZE + 8], files[PATH_MAX], file[PATH_MAX + 20];
	struct why why = { "" };

	system_kind(o, made, SCRIPT_NFS, "a system");
	(void)snprintf(folder, sizeof(folder), ".%s.new", o->name);
	image_make(o, root, folder);
	if (made->kind != SCRIPT_RAM)
		return;
	image_stage_files(o, files);
	(void)snprintf(file, sizeof(file), "%s/rootfs.squashfs", files);
	if (squashfs_make(root, file, isatty(STDOUT_FILENO), &why) == -1)
		log_fatal(EXIT_SYSTEM, "%s", why.text);
}

/* A tree that came from elsewhere, in its place. */
void
system_take(const struct image_order *o, struct image_made *made,
    enum recognised what)
{
	char root[PATH_MAX];
	struct why why = { "" };
	int fd;

	image_stage_root(o, root);
	if (what == RECOGNISED_OPENBSD_ROOT) {
		system_kind(o, made, SCRIPT_ANY, "OpenBSD's root");
		parts_from_openbsd(o, root);
		printf(openbsd_note, o->name);
		return;
	}
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || prepare_system(fd, &why) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", root, fd == -1 ?
		    strerror(errno) : why.text);
	close(fd);
	system_finish(o, made, root);
}

static void
show_progress(uint64_t octets)
{
	static uint64_t shown;

	if (octets - shown < (uint64_t)8 << 20)
		return;
	shown = octets;
	fprintf(stderr, "\r%ju MiB ", (uintmax_t)(octets >> 20));
}

static const char *
everything(void *context, const char *name)
{
	(void)context;
	return name;
}

int
system_make_root(const struct image_order *o)
{
	char root[PATH_MAX];
	int fd;

	image_stage_root(o, root);
	if (mkdir(root, 0755) == -1 ||
	    (fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", root, strerror(errno));
	return fd;
}

void
system_unpack(const struct image_order *o, const char *path)
{
	const struct unpack all = {
		.place = everything, .owners = true,
		.step = isatty(STDERR_FILENO) ? show_progress : NULL
	};
	struct why why = { "" };
	int root = system_make_root(o);

	if (geteuid() != 0)
		log_fatal(EXIT_USER, "root must do this: the files in %s have "
		    "owners", path);
	if (unpack_into(path, root, &all, &why) == -1)
		log_fatal(errno == ENOSPC || errno == EDQUOT ? EXIT_SYSTEM :
		    EXIT_USER, "%s", why.text);
	if (all.step != NULL)
		fprintf(stderr, "\r             \r");
	close(root);
}

void
system_copy(const struct image_order *o, const char *path)
{
	char root[PATH_MAX], from[PATH_MAX + 3], real[PATH_MAX];
	const char *const copy[] = { "cp", "-a", from, root, NULL };
	struct why why = { "" };

	image_stage_root(o, root);
	close(system_make_root(o));
	if (realpath(root, real) == NULL || realpath(path, root) == NULL)
		log_fatal(EXIT_USER, "%s: %s", path, strerror(errno));
	if (strncmp(real, root, strlen(root)) == 0)
		log_fatal(EXIT_USER, "%s: the boot directory is in it; give a "
		    "copy", path);
	(void)snprintf(from, sizeof(from), "%s/.", path);
	image_stage_root(o, root);
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "image %s: copying %s\n", o->name, path);
	if (run(copy, false, &why) == -1)
		log_fatal(EXIT_SYSTEM, "%s", why.text);
}
