/* SPDX-License-Identifier: ISC */
/* Modules for the devices that are there: sysfs and finit_module(2). */
#include "mkboot/init/coldplug.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/cmdline.h"
#include "mkboot/init/hardware.h"
#include "mkboot/init/say.h"

#define INDEX "/lib/modules/pixie.index"
#define PASSES_MAX 16		/* hubs behind hubs */

/* A whole file with a NUL behind it; NULL with errno. */
static char *
read_file(const char *path, size_t max, size_t *len)
{
	struct stat st;
	char *text = NULL;
	ssize_t n;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return NULL;
	*len = 0;
	if (fstat(fd, &st) == -1 || st.st_size < 0 ||
	    (size_t)st.st_size > max ||
	    (text = malloc((size_t)st.st_size + 1)) == NULL)
		goto out;
	while (*len < (size_t)st.st_size) {
		n = read(fd, text + *len, (size_t)st.st_size - *len);
		if (n <= 0)
			break;
		*len += (size_t)n;
	}
	text[*len] = '\0';
out:
	close(fd);
	return text;
}

static void
check_version(const struct coldplug *p)
{
	struct utsname kernel;

	if (uname(&kernel) == 0 &&
	    strcmp(kernel.release, p->index.version) != 0)
		say_warn("modules: this initrd has those of kernel %s, but %s "
		    "is running: make the initrd with -k %s",
		    p->index.version, kernel.release, kernel.release);
}

void
coldplug_open(struct coldplug *p, const char *cmdline)
{
	size_t len;

	p->cmdline = strdup(cmdline);
	if ((p->text = read_file(INDEX, MODINDEX_MAX, &len)) == NULL) {
		if (!p->quiet)
			say_warn("modules: " INDEX ": %s; going on with what "
			    "is built in", strerror(errno));
		return;
	}
	if (!modindex_parse(&p->index, p->text, len)) {
		if (!p->quiet)
			say_warn("modules: " INDEX ": line %u is damaged; "
			    "going on with what is built in",
			    p->index.bad_line);
		return;
	}
	p->done = calloc(p->index.modules + 1, sizeof(*p->done));
	p->order = calloc(p->index.modules + 1, sizeof(*p->order));
	if (p->done == NULL || p->order == NULL)
		modindex_free(&p->index);
	else if (!p->quiet)
		check_version(p);
}

void
coldplug_close(struct coldplug *p)
{
	modindex_free(&p->index);
	free(p->text);
	free(p->cmdline);
	free(p->done);
	free(p->order);
	free(p->seen);
	memset(p, 0, sizeof(*p));
}

/* 0, or an errno. */
static int
insert_file(const struct coldplug *p, const struct modindex_module *m)
{
	char path[PATH_MAX], parameters[1024];
	int error = 0, fd;

	snprintf(path, sizeof(path), "/lib/modules/%s/%s", p->index.version,
	    m->path);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return errno;
	cmdline_module(p->cmdline != NULL ? p->cmdline : "", m->name,
	    parameters, sizeof(parameters));
	if (syscall(SYS_finit_module, fd, parameters, 0) == -1)
		error = errno;
	close(fd);
	return error;
}

/*
 * With all that goes before it.  ENODEV is how a driver says that its device
 * is not there, and EEXIST that somebody else was faster.
 */
static void
insert(struct coldplug *p, size_t module)
{
	const struct modindex_module *m;
	size_t i, n;
	int error;

	if (p->done == NULL || p->order == NULL)
		return;
	n = modindex_order(&p->index, module, p->done, p->order);
	for (i = 0; i < n; i++) {
		m = &p->index.module[p->order[i]];
		error = insert_file(p, m);
		if (error != 0 && error != EEXIST && error != ENODEV &&
		    !p->quiet)
			say_warn("module %s: %s", m->name, strerror(error));
	}
}

void
coldplug_fixed(struct coldplug *p)
{
	size_t i;

	for (i = 0; i < p->index.modules; i++)
		if (p->index.module[i].insert)
			insert(p, i);
}

void
coldplug_named(struct coldplug *p, const char *name)
{
	const int module = modindex_find(&p->index, name);

	if (module != -1)
		insert(p, (size_t)module);
}

/* FNV-1a: whether a modalias was looked up before. */
static uint64_t
hash(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return h;
}

/* True once for each text. */
static bool
is_news(struct coldplug *p, const char *modalias)
{
	const uint64_t h = hash(modalias);
	uint64_t *grown;
	size_t i;

	for (i = 0; i < p->n_seen; i++)
		if (p->seen[i] == h)
			return false;
	grown = reallocarray(p->seen, p->n_seen + 1, sizeof(*p->seen));
	if (grown == NULL)
		return true;
	p->seen = grown;
	p->seen[p->n_seen++] = h;
	return true;
}

static void
insert_matching(struct coldplug *p, const char *alias)
{
	size_t at = 0;
	int module;

	while ((module = modindex_match(&p->index, alias, &at)) != -1)
		insert(p, (size_t)module);
}

/* What a look at all devices has found. */
struct look {
	struct coldplug *p;
	size_t news;		/* of a kind not seen before */
};

static void
look_at(void *context, const char *modalias)
{
	struct look *l = context;

	if (!is_news(l->p, modalias))
		return;
	l->news++;
	insert_matching(l->p, modalias);
}

static size_t
look(struct coldplug *p)
{
	struct look l = { .p = p };

	hardware_each(look_at, &l);
	return l.news;
}

void
coldplug_devices(struct coldplug *p)
{
	unsigned pass;

	for (pass = 0; pass < PASSES_MAX && look(p) > 0; pass++)
		continue;
}

int
coldplug_modprobe(const char *cmdline, const char *name)
{
	struct coldplug p = { .quiet = true };
	int module;

	coldplug_open(&p, cmdline);
	if ((module = modindex_find(&p.index, name)) != -1)
		insert(&p, (size_t)module);
	else
		insert_matching(&p, name);
	coldplug_close(&p);
	return 0;
}
