/* SPDX-License-Identifier: ISC */
/* Puts what one machine fetches into pub/machine/. */
#include "mkboot/render.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/overlay.h"
#include "mkboot/publish.h"
#include "mkboot/script.h"

#define PUB_PATH (sizeof("pub/machine//machine.cpio") + NAME_MACHINE_SIZE)

/* All that we ever put into a machine's folder, and their temporaries. */
static const char *const ours[] = {
	"boot.ipxe", "machine.cpio", ".boot.ipxe.tmp", ".machine.cpio.tmp"
};

/* The text of boot.ipxe. */
static int
make_script(int bootfd, const struct machine_facts *m,
    char text[SCRIPT_SIZE], size_t *len, struct why *why)
{
	struct image_facts image;
	struct script_facts facts;
	enum script_error error;

	if (facts_image(bootfd, m->image, &image, why) == -1)
		return -1;
	facts = (struct script_facts){
		.machine = m->name, .image = image.name, .kind = image.kind,
		.image_cmdline = image.cmdline,
		.machine_cmdline = m->cmdline
	};
	if ((error = script_machine(&facts, text, len)) != SCRIPT_OK)
		return why_not(why, "the command lines of machine/%s and "
		    "image/%s together: %s", m->name, image.name,
		    script_error_words(error));
	return 0;
}

static int
into_file(void *publish, const void *data, size_t len)
{
	return publish_write(publish, data, len);
}

/*
 * What not everybody may read goes to the group of seen/ too: that is the
 * daemons' own, and they hand it to this machine alone, bootdir(7).
 */
static gid_t
daemons_group(int bootfd)
{
	struct stat st;

	return fstatat(bootfd, "seen", &st, 0) == 0 ? st.st_gid : (gid_t)-1;
}

/* A file to compare with, octet by octet as they come. */
struct comparison {
	int fd;
	off_t at;
	bool same;
};

static int
compare(void *context, const void *data, size_t len)
{
	struct comparison *c = context;
	const char *want = data;
	char piece[4096];
	ssize_t n;

	while (len > 0 && c->same) {
		n = pread(c->fd, piece, len < sizeof(piece) ? len :
		    sizeof(piece), c->at);
		if (n <= 0 || memcmp(piece, want, (size_t)n) != 0) {
			c->same = false;
			break;
		}
		c->at += n;
		want += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Has the file all that was compared, no more, and these permissions? */
static bool
compare_end(struct comparison *c, mode_t mode, gid_t group)
{
	struct stat st;
	bool same;

	same = c->same && fstat(c->fd, &st) == 0 && st.st_size == c->at &&
	    (st.st_mode & 07777) == mode &&
	    (group == (gid_t)-1 || st.st_gid == group);
	close(c->fd);
	return same;
}

static bool
compare_begin(struct comparison *c, int bootfd, const char *machine,
    const char *file)
{
	char path[PUB_PATH];

	(void)snprintf(path, sizeof(path), "pub/machine/%s/%s", machine, file);
	c->fd = bootdir_openat(bootfd, path, O_RDONLY | O_NONBLOCK);
	c->at = 0;
	c->same = true;
	return c->fd != -1;
}

static bool
overlay_is_current(int bootfd, const struct machine_facts *m)
{
	struct comparison c;
	struct overlay overlay = { .write = compare, .context = &c };
	struct why why = { "" };

	if (!compare_begin(&c, bootfd, m->name, "machine.cpio"))
		return false;
	if (overlay_write(&overlay, bootfd, m, &why) == -1)
		c.same = false;
	if (overlay.is_private)
		return compare_end(&c, 0640, daemons_group(bootfd));
	return compare_end(&c, 0644, (gid_t)-1);
}

static int
put_overlay(int bootfd, const struct machine_facts *m, bool *changed,
    struct why *why)
{
	char path[PUB_PATH];
	struct publish p;
	struct overlay overlay = { .write = into_file, .context = &p };

	*changed = false;
	if (overlay_is_current(bootfd, m))
		return 0;
	(void)snprintf(path, sizeof(path), "pub/machine/%s/machine.cpio",
	    m->name);
	if (publish_begin(&p, bootfd, path, 0644) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	if (overlay_write(&overlay, bootfd, m, why) == -1) {
		publish_abort(&p);
		return -1;
	}
	if (overlay.is_private) {
		p.mode = 0640;
		p.group = daemons_group(bootfd);
	}
	if (publish_end(&p) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	*changed = true;
	return 0;
}

static int
put_script(int bootfd, const char *machine, const char *text, size_t len,
    bool *changed, struct why *why)
{
	char path[PUB_PATH];

	(void)snprintf(path, sizeof(path), "pub/machine/%s/boot.ipxe",
	    machine);
	if (publish_bytes(bootfd, path, 0644, text, len, changed) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	return 0;
}

static int
make_folder(int bootfd, const char *name, struct why *why)
{
	char path[PUB_PATH];

	(void)snprintf(path, sizeof(path), "pub/machine/%s", name);
	if (folder_make(bootfd, path, NULL) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	return 0;
}

/* The script last: with the first one there, a machine can boot. */
static enum render_result
put(int bootfd, const struct machine_facts *m, struct why *why)
{
	char text[SCRIPT_SIZE];
	bool script = false, overlay = false;
	size_t len;

	if (make_script(bootfd, m, text, &len, why) == -1 ||
	    make_folder(bootfd, m->name, why) == -1 ||
	    put_overlay(bootfd, m, &overlay, why) == -1 ||
	    put_script(bootfd, m->name, text, len, &script, why) == -1)
		return RENDER_FAILED;
	return script || overlay ? RENDER_CHANGED : RENDER_SAME;
}

/* Takes away what we put there, and the folder when nothing else is in it. */
static enum render_result
take_away(int bootfd, const char *name, struct why *why)
{
	char path[PUB_PATH];
	int folder;
	size_t i;

	(void)snprintf(path, sizeof(path), "pub/machine/%s", name);
	folder = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);
	if (folder == -1 && errno == ENOENT)
		return RENDER_SAME;
	if (folder != -1) {
		for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			(void)unlinkat(folder, ours[i], 0);
		close(folder);
		if (folder_remove(bootfd, path) == 0)
			return RENDER_REMOVED;
	}
	(void)why_not(why, "%s: %s", path, errno == ENOTEMPTY ?
	    "nothing boots from here, but it holds files that mkboot did not "
	    "make; remove them" : strerror(errno));
	return RENDER_FAILED;
}

static bool
is_listed(int bootfd, const char *name)
{
	int fd = facts_machine_folder(bootfd, name);

	if (fd == -1)
		return errno != ENOENT;
	close(fd);
	return true;
}

enum render_result
render_machine(int bootfd, const char *name, struct why *why)
{
	struct machine_facts m;

	if (!is_listed(bootfd, name))
		return take_away(bootfd, name, why);
	if (facts_machine(bootfd, name, &m, why) == -1)
		return RENDER_FAILED;
	if (!m.has_image)
		return take_away(bootfd, name, why);
	return put(bootfd, &m, why);
}

bool
render_all(int bootfd, void (*report)(const char *, enum render_result,
    const struct why *))
{
	struct strings names = { NULL, 0 };
	enum render_result result;
	struct why why = { "" };
	bool ok = true;
	size_t i;

	if (facts_list(bootfd, "machine", &names) == -1 ||
	    facts_list(bootfd, "pub/machine", &names) == -1) {
		(void)why_not(&why, "machine/ or pub/machine/: %s",
		    strerror(errno));
		report("", RENDER_FAILED, &why);
		ok = false;
	}
	/* Those in both were added twice; sorting leaves one of each. */
	strings_sort(&names);
	for (i = 0; i < names.n; i++) {
		if (!name_is_machine(names.at[i]))
			continue;
		result = render_machine(bootfd, names.at[i], &why);
		report(names.at[i], result, &why);
		ok = ok && result != RENDER_FAILED;
	}
	strings_free(&names);
	return ok;
}

static bool
script_is_current(int bootfd, const struct machine_facts *m)
{
	char text[SCRIPT_SIZE];
	struct comparison c;
	struct why why = { "" };
	size_t len;

	if (make_script(bootfd, m, text, &len, &why) == -1 ||
	    !compare_begin(&c, bootfd, m->name, "boot.ipxe"))
		return false;
	(void)compare(&c, text, len);
	return compare_end(&c, 0644, (gid_t)-1);
}

bool
render_is_stale(int bootfd, const char *name)
{
	struct machine_facts m;
	struct why why = { "" };
	char path[PUB_PATH];

	(void)snprintf(path, sizeof(path), "pub/machine/%s", name);
	if (!is_listed(bootfd, name))
		return bootdir_exists(bootfd, path);
	if (facts_machine(bootfd, name, &m, &why) == -1)
		return true;
	if (!m.has_image)
		return bootdir_exists(bootfd, path);
	return !script_is_current(bootfd, &m) ||
	    !overlay_is_current(bootfd, &m);
}

void
render_print(const char *name, enum render_result result,
    const struct why *why)
{
	switch (result) {
	case RENDER_SAME:
		break;
	case RENDER_CHANGED:
		printf("rendered pub/machine/%s\n", name);
		break;
	case RENDER_REMOVED:
		printf("removed pub/machine/%s\n", name);
		break;
	case RENDER_FAILED:
		log_warn("%s not rendered: %s", *name == '\0' ? "machines" :
		    name, why->text);
		break;
	}
}

/* The machines that were named, or all. */
static bool
render_named(int bootfd, const struct strings *names)
{
	char name[NAME_MACHINE_SIZE];
	enum render_result result;
	struct why why = { "" };
	bool ok = true;
	size_t i;

	for (i = 0; i < names->n; i++) {
		command_machine(names->at[i], name);
		if (!is_listed(bootfd, name))
			log_warn("%s: no such machine; `mkboot machine -i "
			    "IMAGE %s' makes it", name, name);
		ok = ok && is_listed(bootfd, name);
		result = render_machine(bootfd, name, &why);
		render_print(name, result, &why);
		ok = ok && result != RENDER_FAILED;
	}
	return ok;
}

int
render_main(int argc, char **argv)
{
	struct strings names = { NULL, 0 };
	const char *dir = BOOTDIR_DEFAULT;
	int bootfd, lock, c;
	bool ok;

	while ((c = command_flag(argc, argv, "d:")) != -1) {
		if (c == 'd')
			dir = optarg;
		else if (c != COMMAND_OPERAND)
			command_usage("render [-d dir] [mac ...]");
		else if (strings_add(&names, optarg) == -1)
			log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
	}
	bootfd = command_bootdir(dir);
	lock = command_render_lock(bootfd);
	ok = names.n == 0 ? render_all(bootfd, render_print) :
	    render_named(bootfd, &names);
	close(lock);
	close(bootfd);
	strings_free(&names);
	return ok ? EXIT_OK : EXIT_USER;
}
