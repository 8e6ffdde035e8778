/* SPDX-License-Identifier: ISC */
/* A machine's own files as an archive for its kernel. */
#include "mkboot/overlay.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/cpio.h"
#include "mkboot/xattrs.h"

/* One tree on its way into an archive. */
struct walk {
	struct cpio *cpio;
	struct overlay *overlay;
	const char *machine;
	struct why *why;
	struct xattrs xattrs;
	uid_t me;
	gid_t my_group;
};

static int walk_folder(struct walk *, int, const char *, bool);

static struct cpio_attr
attr_of(const struct walk *w, const struct stat *st)
{
	struct cpio_attr attr = {
		st->st_mode & 07777, st->st_uid, st->st_gid
	};

	if (w->me != 0 && attr.uid == w->me)
		attr.uid = 0;
	if (w->me != 0 && attr.gid == w->my_group)
		attr.gid = 0;
	return attr;
}

/* What the archive cannot carry of a file below machine/files/. */
static int
note_xattrs(struct walk *w, int fd, const char *path)
{
	return xattrs_add(&w->xattrs, fd, path + strlen("machine/files/"));
}

/* `path' begins with "machine/"; the boot directory's name goes between. */
static int
cannot(struct walk *w, const char *path)
{
	return why_not(w->why, "machine/%s/%s: %s", w->machine,
	    path + strlen("machine/"), strerror(errno));
}

static int
add_file(struct walk *w, int folder, const char *name, const char *path)
{
	struct stat st;
	int fd, result;

	fd = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return cannot(w, path);
	result = fstat(fd, &st) == -1 ? -1 : cpio_file_fd(w->cpio, path,
	    attr_of(w, &st), fd, st.st_size);
	if (result == 0)
		result = note_xattrs(w, fd, path);
	if (result == -1)
		(void)cannot(w, path);
	close(fd);
	return result;
}

static int
add_link(struct walk *w, int folder, const char *name, const char *path,
    const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(folder, name, target, sizeof(target) - 1);

	if (n == -1)
		return cannot(w, path);
	target[n] = '\0';
	return cpio_symlink(w->cpio, path, attr_of(w, st), target) == -1 ?
	    cannot(w, path) : 0;
}

static int
add_folder(struct walk *w, int folder, const char *name, const char *path,
    const struct stat *st, bool hidden)
{
	int below, result;

	if (cpio_dir(w->cpio, path, attr_of(w, st)) == -1)
		return cannot(w, path);
	below = openat(folder, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below == -1)
		return cannot(w, path);
	result = note_xattrs(w, below, path) == -1 ? cannot(w, path) :
	    walk_folder(w, below, path,
	    hidden || (st->st_mode & S_IXOTH) == 0);
	close(below);
	return result;
}

static int
add(struct walk *w, int folder, const char *name, const char *path,
    bool hidden)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return cannot(w, path);
	switch (st.st_mode & S_IFMT) {
	case S_IFDIR:
		return add_folder(w, folder, name, path, &st, hidden);
	case S_IFREG:
		if (hidden || (st.st_mode & S_IROTH) == 0)
			w->overlay->is_private = true;
		return add_file(w, folder, name, path);
	case S_IFLNK:
		return add_link(w, folder, name, path, &st);
	default:
		return cpio_node(w->cpio, path, attr_of(w, &st),
		    st.st_mode & S_IFMT, st.st_rdev) == -1 ?
		    cannot(w, path) : 0;
	}
}

/* hidden: others may not look into this folder, nor into what is below. */
static int
walk_folder(struct walk *w, int folder, const char *path, bool hidden)
{
	struct strings names = { NULL, 0 };
	char below[PATH_MAX];
	int result = 0;
	size_t i;

	if (facts_names(folder, &names) == -1)
		result = cannot(w, path);
	for (i = 0; i < names.n && result == 0; i++) {
		if (snprintf(below, sizeof(below), "%s/%s", path,
		    names.at[i]) >= (int)sizeof(below)) {
			errno = ENAMETOOLONG;
			result = cannot(w, path);
		} else
			result = add(w, folder, names.at[i], below, hidden);
	}
	strings_free(&names);
	return result;
}

/* The tree machine/NAME/files of the boot directory, where there is one. */
static int
add_tree(struct walk *w, int machine)
{
	struct stat st;
	int files, result;

	files = openat(machine, "files",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (files == -1)
		return errno == ENOENT ? 0 : cannot(w, "machine/files");
	/* Its own mode is no matter: /init lays what is in it over the root. */
	if (fstat(files, &st) == -1 || cpio_dir(w->cpio, "machine/files",
	    CPIO_ROOT(0755)) == -1)
		result = cannot(w, "machine/files");
	else
		result = walk_folder(w, files, "machine/files",
		    (st.st_mode & S_IXOTH) == 0);
	close(files);
	return result;
}

static int
add_hostname(struct walk *w, const char *hostname)
{
	char line[NAME_HOST_SIZE + 1];

	if (*hostname == '\0')
		return 0;
	(void)snprintf(line, sizeof(line), "%s\n", hostname);
	return cpio_file(w->cpio, "machine/hostname", CPIO_ROOT(0644), line,
	    strlen(line)) == -1 ? cannot(w, "machine/hostname") : 0;
}

static int
add_xattrs(struct walk *w)
{
	if (w->xattrs.len == 0)
		return 0;
	return cpio_file(w->cpio, "machine/xattrs", CPIO_ROOT(0600),
	    w->xattrs.text, w->xattrs.len) == -1 ?
	    cannot(w, "machine/xattrs") : 0;
}

/* The machine's secret seed, for nobody else's eyes. */
static int
add_seed(struct walk *w, int machine)
{
	struct stat st;
	int fd, result = 0;

	fd = openat(machine, "seed", O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT ? 0 : cannot(w, "machine/seed");
	w->overlay->is_private = true;
	if (fstat(fd, &st) == -1 || cpio_file_fd(w->cpio, "machine/seed",
	    CPIO_ROOT(0600), fd, st.st_size) == -1)
		result = cannot(w, "machine/seed");
	close(fd);
	return result;
}

int
overlay_write(struct overlay *overlay, int bootfd,
    const struct machine_facts *m, struct why *why)
{
	struct cpio cpio;
	struct walk w = {
		.cpio = &cpio, .overlay = overlay, .machine = m->name,
		.why = why, .me = geteuid(), .my_group = getegid()
	};
	int machine, result;

	overlay->is_private = false;
	if ((machine = facts_machine_folder(bootfd, m->name)) == -1)
		return why_not(why, "machine/%s: %s", m->name,
		    strerror(errno));
	cpio_begin(&cpio, overlay->write, overlay->context, 0);
	result = cpio_dir(&cpio, "machine", CPIO_ROOT(0755));
	if (result == 0)
		result = add_tree(&w, machine);
	if (result == 0)
		result = add_hostname(&w, m->hostname);
	if (result == 0)
		result = add_seed(&w, machine);
	if (result == 0)
		result = add_xattrs(&w);
	xattrs_free(&w.xattrs);
	if (cpio_end(&cpio) == -1 && result == 0)
		result = why_not(why, "machine.cpio: %s", strerror(errno));
	close(machine);
	return result;
}
