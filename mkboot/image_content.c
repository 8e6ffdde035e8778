/* SPDX-License-Identifier: ISC */
/* What an image is made of: looks at the sources, and takes what is needed. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "mkboot/image.h"
#include "mkboot/image_parts.h"
#include "mkboot/image_system.h"
#include "mkboot/recognise.h"
#include "mkboot/unpack.h"
#include "mkboot/walk.h"

/* Debian's installer and Alpine's trees are flatter. */
#define DEPTH_MAX 5

static const char installer_cmdline[] = "vga=788 --- quiet";
static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum recognised_file
look_at(const char *path, uint64_t *iso)
{
	static uint8_t head[RECOGNISE_HEAD];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t len = 0;
	ssize_t n;

	if (fd == -1)
		log_fatal(EXIT_USER, "%s: %s", path, strerror(errno));
	while ((n = read(fd, head + len, sizeof(head) - len)) > 0)
		len += (size_t)n;
	close(fd);
	*iso = recognise_iso_size(head, len);
	return recognise_file(head, len);
}

static int
add_name(void *names, const char *path, const struct stat *st)
{
	return S_ISREG(st->st_mode) || S_ISLNK(st->st_mode) ?
	    strings_add(names, path) : 0;
}

/* A system's files need not all be looked at: its names near the top do. */
static void
list_folder(const char *path, struct strings *names)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1 || walk(fd, DEPTH_MAX, add_name, names) == -1)
		log_fatal(EXIT_USER, "%s: %s", path, strerror(errno));
	close(fd);
	strings_sort(names);
}

/* What the parts of this are booted by. */
static void
say_parts(const struct image_order *o, struct image_made *made,
    const struct recognition *r, const char *source)
{
	char branch[16];

	switch (r->what) {
	case RECOGNISED_ALPINE:
		system_kind(o, made, SCRIPT_ALPINE, "Alpine's netboot files");
		(void)snprintf(made->cmdline, sizeof(made->cmdline),
		    "modules=loop,squashfs%s%s%s", r->packages != NULL ? "" :
		    " alpine_repo=" ALPINE_SITE, r->packages != NULL ? "" :
		    recognise_alpine_branch(source, branch),
		    r->packages != NULL ? "" : "/main");
		break;
	case RECOGNISED_INSTALLER:
		system_kind(o, made, SCRIPT_ANY, "Debian's installer");
		(void)strlcpy(made->cmdline, installer_cmdline,
		    sizeof(made->cmdline));
		break;
	case RECOGNISED_OPENBSD:
		system_kind(o, made, SCRIPT_ANY, "OpenBSD");
		break;
	case RECOGNISED_PAIR:
		system_kind(o, made, SCRIPT_ANY, "a kernel and an initrd");
		break;
	case RECOGNISED_PROGRAM:
		system_kind(o, made, SCRIPT_ANY, "an EFI program");
		break;
	case RECOGNISED_SEVERAL:
		log_fatal(EXIT_USER, "%s: has several: %s; -k FLAVOUR says "
		    "which, or the files themselves as sources", source,
		    r->choice);
	case RECOGNISED_NOTHING:
	case RECOGNISED_SYSTEM:
	case RECOGNISED_OPENBSD_ROOT:
		log_fatal(EXIT_USER, "%s: nothing in it that mkboot knows to "
		    "boot; give its kernel and its initrd, by name", source);
	}
}

static bool
is_system(const struct recognition *r)
{
	return r->what == RECOGNISED_SYSTEM ||
	    r->what == RECOGNISED_OPENBSD_ROOT;
}

static void
take_folder(const struct image_order *o, struct image_made *made,
    const char *path)
{
	struct strings names = { NULL, 0 };
	struct recognition r;

	list_folder(path, &names);
	recognise_names(&names, o->version, &r);
	if (is_system(&r)) {
		system_copy(o, path);
		system_take(o, made, r.what);
	} else {
		say_parts(o, made, &r, path);
		parts_from_folder(o, path, &r);
	}
	strings_free(&names);
}

static void
take_disc(const struct image_order *o, struct image_made *made,
    const char *path, uint64_t size)
{
	struct stat st;

	if (stat(path, &st) == -1 || (uint64_t)st.st_size < size)
		log_fatal(EXIT_USER, "%s: cut off: %jd of its %ju octets are "
		    "here", path, (intmax_t)st.st_size, (uintmax_t)size);
	system_kind(o, made, SCRIPT_ANY, "an ISO");
	parts_from_file(o, path, "image.iso");
}

/* A tarball or an ISO; `iso' is how long that says that it is, or 0. */
static void
take_archive(const struct image_order *o, struct image_made *made,
    const char *path, uint64_t iso)
{
	struct strings names = { NULL, 0 };
	struct recognition r;
	struct why why = { "" };

	if (unpack_list(path, &names, &why) == -1)
		log_fatal(EXIT_USER, "%s; what mkboot knows is a folder, a "
		    "tarball, an ISO, a kernel with its initrd, an EFI "
		    "program", why.text);
	recognise_names(&names, o->version, &r);
	if (iso != 0 && r.what != RECOGNISED_ALPINE)
		take_disc(o, made, path, iso);
	else if (is_system(&r)) {
		system_unpack(o, path);
		system_take(o, made, r.what);
	} else {
		say_parts(o, made, &r, path);
		parts_from_archive(o, path, &r);
	}
	strings_free(&names);
}

static void
take_file(const struct image_order *o, struct image_made *made,
    const char *path)
{
	uint64_t iso;

	switch (look_at(path, &iso)) {
	case FILE_PROGRAM:
		system_kind(o, made, SCRIPT_ANY, "an EFI program");
		parts_from_file(o, path, "program.efi");
		break;
	case FILE_MEMTEST:
		system_kind(o, made, SCRIPT_ANY, "Memtest86+");
		parts_from_file(o, path, "kernel");
		break;
	case FILE_LINUX:
		if (!o->kind_given)
			log_fatal(EXIT_USER, "%s: a kernel without its "
			    "initrd; give that behind it, or -w any for the "
			    "kernel alone", path);
		system_kind(o, made, SCRIPT_ANY, "a kernel");
		parts_from_file(o, path, "kernel");
		break;
	case FILE_CPIO:
		log_fatal(EXIT_USER, "%s: an initrd without its kernel; give "
		    "that before it", path);
	case FILE_SQUASHFS:
		log_fatal(EXIT_USER, "%s: a squashfs; `unsquashfs' makes a "
		    "folder of it, which mkboot takes", path);
	case FILE_ISO:
	case FILE_COMPRESSED:
	case FILE_OTHER:
		if (iso == 0 && o->kind_given && o->kind == SCRIPT_ANY) {
			made->kind = SCRIPT_ANY;
			parts_from_file(o, path, "kernel");
			break;
		}
		if (iso == 0 && strlen(path) > 4 &&
		    strcasecmp(path + strlen(path) - 4, ".iso") == 0)
			log_fatal(EXIT_USER, "%s: no ISO: no ISO 9660 volume "
			    "is in it", path);
		take_archive(o, made, path, iso);
		break;
	}
}

/* Kernel and initrd by what they are, in whatever order they came. */
static void
order_pair(const struct image_order *o, const char **kernel,
    const char **initrd)
{
	enum recognised_file first, second;
	uint64_t iso;

	*kernel = o->source.at[0];
	*initrd = o->source.at[1];
	first = look_at(*kernel, &iso);
	second = look_at(*initrd, &iso);
	if (first == FILE_LINUX || (o->kind_given && second != FILE_LINUX))
		return;
	if (second != FILE_LINUX)
		log_fatal(EXIT_USER, "neither %s nor %s is a kernel that "
		    "mkboot knows; -w any: the first is the kernel all the "
		    "same", *kernel, *initrd);
	*kernel = o->source.at[1];
	*initrd = o->source.at[0];
}

/* Several files, told by their names, or two by what is in them. */
static void
take_files(const struct image_order *o, struct image_made *made)
{
	struct strings names = { NULL, 0 };
	const char *kernel, *initrd;
	struct recognition r;
	size_t i;

	for (i = 0; i < o->source.n; i++)
		if (strings_add(&names, basename(o->source.at[i])) == -1)
			log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
	strings_sort(&names);
	recognise_names(&names, NULL, &r);
	if (r.what == RECOGNISED_ALPINE || r.what == RECOGNISED_OPENBSD ||
	    r.what == RECOGNISED_INSTALLER) {
		say_parts(o, made, &r, o->source.at[0]);
		parts_from_files(o, &o->source, &r);
	} else if (o->source.n == 2) {
		system_kind(o, made, SCRIPT_ANY, "a kernel and an initrd");
		order_pair(o, &kernel, &initrd);
		parts_from_file(o, kernel, "kernel");
		parts_from_file(o, initrd, "initrd");
	} else
		log_fatal(EXIT_USER, "%s and %zu more: a kernel and its "
		    "initrd are two files", o->source.at[0],
		    o->source.n - 1);
	strings_free(&names);
}

/* "debian:bookworm": what is behind the colon, if this is the word. */
static bool
is_keyword(const char *source, const char *word, const char **rest)
{
	const size_t n = strlen(word);

	if (strncmp(source, word, n) != 0 ||
	    (source[n] != '\0' && source[n] != ':'))
		return false;
	*rest = source[n] == ':' ? source + n + 1 : "";
	return true;
}

/* Only a name that is given so: "openbsd pxeboot bsd.rd", or a folder. */
static void
take_openbsd(const struct image_order *o, struct image_made *made)
{
	struct image_order rest = *o;

	if (o->source.n < 2)
		log_fatal(EXIT_USER, "openbsd: give its pxeboot and bsd.rd "
		    "behind it, two files or the folder with them");
	rest.source.at++;
	rest.source.n--;
	image_content(&rest, made);
}

static void
take_one(const struct image_order *o, struct image_made *made)
{
	const char *source = o->source.at[0], *rest;

	if (is_keyword(source, "debian", &rest))
		system_debian(o, made, rest);
	else if (is_keyword(source, "alpine", &rest))
		system_alpine(o, made, rest);
	else if (is_folder(source))
		take_folder(o, made, source);
	else
		take_file(o, made, source);
}

void
image_content(const struct image_order *o, struct image_made *made)
{
	char root[PATH_MAX];

	if (o->source.n == 0) {
		(void)snprintf(root, sizeof(root), "%s/root/%s", o->dir,
		    o->name);
		system_finish(o, made, root);
	} else if (strcmp(o->source.at[0], "openbsd") == 0)
		take_openbsd(o, made);
	else if (o->source.n == 1)
		take_one(o, made);
	else
		take_files(o, made);
}
