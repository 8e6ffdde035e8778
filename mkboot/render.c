/* SPDX-License-Identifier: ISC */
/* Puts what one machine fetches into pub/machine/. */
#include "mkboot/render.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/alias.h"
#include "mkboot/choices.h"
#include "mkboot/command.h"
#include "mkboot/facts.h"
#include "mkboot/enrol.h"
#include "mkboot/hosts.h"
#include "mkboot/identity.h"
#include "mkboot/next.h"
#include "mkboot/pages.h"
#include "mkboot/parallel.h"
#include "mkboot/rendered.h"

/* A machine that is told by its MAC has an identity; the default is nobody. */
static int
mint(int bootfd, const char *machine, struct why *why)
{
	bool keyless;

	if (strcmp(machine, "default") == 0)
		return 0;
	if (identity_mint(bootfd, machine, &keyless, why) == -1)
		return -1;
	if (keyless)
		log_warn("%s: no ssh host keys: ssh-keygen is not installed",
		    machine);
	return 0;
}

/* One image of the menu, as the default machine would boot it. */
static int
put_choice(int bootfd, const struct machine_facts *m, const char *image,
    struct publish_queue *queue, bool *changed, struct why *why)
{
	struct machine_facts chosen = *m;
	char folder[CHOICES_FOLDER];
	struct pages pages;
	bool one = false;
	int result;

	*chosen.next = '\0';
	(void)strlcpy(chosen.image, image, sizeof(chosen.image));
	choices_folder(image, folder);
	result = pages_make_in(&pages, bootfd, &chosen, folder, why);
	if (result == 0)
		result = rendered_put(bootfd, &pages, queue, &one, why);
	pages_free(&pages);
	*changed = *changed || one;
	return result;
}

/* Folders of images that nobody can choose any more. */
static int
remove_choices(int bootfd, const struct strings *keep, bool *changed,
    struct why *why)
{
	struct strings all = { NULL, 0 };
	enum rendered_gone gone;
	const char *image;
	int result = facts_list(bootfd, "pub/machine", &all);
	size_t i;

	if (result == -1)
		(void)why_not(why, "pub/machine: %s", strerror(errno));
	for (i = 0; i < all.n && result == 0; i++) {
		image = choices_image(all.at[i]);
		if (image == NULL || strings_has(keep, image))
			continue;
		gone = rendered_remove(bootfd, all.at[i], why);
		*changed = *changed || gone == RENDERED_REMOVED;
		result = gone == RENDERED_FAILED ? -1 : 0;
	}
	strings_free(&all);
	return result;
}

/* What the menu of the default machine leads to. */
static int
put_choices(int bootfd, const struct machine_facts *m,
    struct publish_queue *queue, bool *changed, struct why *why)
{
	const struct strings none = { NULL, 0 };
	struct choice c;
	bool wanted;
	size_t i;
	int result;

	if (strcmp(m->name, "default") != 0)
		return 0;
	result = choices_read(&c, bootfd, m, &wanted, why);
	for (i = 0; wanted && i < c.images.n && result == 0; i++)
		result = put_choice(bootfd, m, c.images.at[i], queue, changed,
		    why);
	if (result == 0)
		result = remove_choices(bootfd, wanted ? &c.images : &none,
		    changed, why);
	choices_free(&c);
	return result;
}

static enum render_result
put(int bootfd, const struct machine_facts *m, struct publish_queue *queue,
    struct why *why)
{
	struct pages pages;
	bool changed = false;
	int result;

	if (mint(bootfd, m->name, why) == -1)
		return RENDER_FAILED;
	result = pages_make(&pages, bootfd, m, why);
	if (result == 0)
		result = put_choices(bootfd, m, queue, &changed, why);
	if (result == 0)
		result = rendered_put(bootfd, &pages, queue, &changed, why);
	if (result == 0)
		result = alias_set(bootfd, m->name, pages.has_apkovl, why);
	if (result == 0)
		result = alias_pxelinux(bootfd, m->name,
		    *pages.pxelinux != '\0', why);
	pages_free(&pages);
	if (result == -1)
		return RENDER_FAILED;
	return changed ? RENDER_CHANGED : RENDER_SAME;
}

static enum render_result
take_away(int bootfd, const char *name, struct why *why)
{
	const struct strings none = { NULL, 0 };
	bool changed = false;

	if (strcmp(name, "default") == 0 &&
	    remove_choices(bootfd, &none, &changed, why) == -1)
		return RENDER_FAILED;
	if (alias_set(bootfd, name, false, why) == -1 ||
	    alias_pxelinux(bootfd, name, false, why) == -1)
		return RENDER_FAILED;
	switch (rendered_remove(bootfd, name, why)) {
	case RENDERED_NONE:
		return RENDER_SAME;
	case RENDERED_REMOVED:
		return RENDER_REMOVED;
	case RENDERED_FAILED:
		break;
	}
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

/* As render_machine(), but what is written waits in the queue. */
static enum render_result
render_into(struct publish_queue *queue, int bootfd, const char *name,
    struct why *why)
{
	struct machine_facts m;
	bool settled;

	if (!is_listed(bootfd, name))
		return take_away(bootfd, name, why);
	if (next_settle(bootfd, name, &settled, why) == -1)
		return RENDER_FAILED;
	if (settled)
		log_info("%s has booted what it was to boot once", name);
	if (facts_machine(bootfd, name, &m, why) == -1)
		return RENDER_FAILED;
	if (*facts_boots(&m) == '\0')
		return take_away(bootfd, name, why);
	return put(bootfd, &m, queue, why);
}

enum render_result
render_machine(int bootfd, const char *name, struct why *why)
{
	struct publish_queue queue = { NULL, 0 };
	enum render_result result;

	result = render_into(&queue, bootfd, name, why);
	if (publish_flush(&queue) == 0)
		return result;
	(void)why_not(why, "pub/machine/%s: %s", name, strerror(errno));
	return RENDER_FAILED;
}

/* Who is listed, and who was rendered once. */
static bool
all_names(int bootfd, struct strings *names, struct why *why)
{
	if (facts_machines(bootfd, names) == -1 ||
	    facts_list(bootfd, "pub/machine", names) == -1) {
		(void)why_not(why, "machine/ or pub/machine/: %s",
		    strerror(errno));
		return false;
	}
	/* Those in both were added twice; sorting leaves one of each. */
	strings_sort(names);
	return true;
}

/* For parallel_run(): many machines. */
struct batch {
	int bootfd;
	const struct strings *names;
	struct publish_queue queue;
};

static int
render_nth(void *context, size_t i, struct why *why)
{
	struct batch *b = context;

	return name_is_machine(b->names->at[i]) ?
	    (int)render_into(&b->queue, b->bootfd, b->names->at[i], why) :
	    RENDER_SAME;
}

static int
flush(void *context)
{
	struct batch *b = context;

	if (publish_flush(&b->queue) == 0)
		return 0;
	log_warn("pub/machine/: %s; some files there stand as they were",
	    strerror(errno));
	return -1;
}

bool
render_list(int bootfd, const struct strings *names,
    void (*report)(const char *, enum render_result, const struct why *))
{
	struct batch batch = { .bootfd = bootfd, .names = names };
	struct parallel_result *done;
	bool ok;
	size_t i;

	done = parallel_run(names->n, render_nth, flush, &batch, &ok);
	for (i = 0; done != NULL && i < names->n; i++) {
		if (done[i].value == -1)
			done[i].value = RENDER_FAILED;
		report(names->at[i], (enum render_result)done[i].value,
		    &done[i].why);
		ok = ok && done[i].value != RENDER_FAILED;
	}
	free(done);
	return ok;
}

bool
render_all(int bootfd, void (*report)(const char *, enum render_result,
    const struct why *))
{
	struct strings names = { NULL, 0 };
	struct why why = { "" };
	bool ok = all_names(bootfd, &names, &why);

	if (!ok)
		report("", RENDER_FAILED, &why);
	ok = render_list(bootfd, &names, report) && ok;
	strings_free(&names);
	return ok;
}

static bool
pages_are_current(int bootfd, const struct machine_facts *m)
{
	struct pages pages;
	struct why why = { "" };
	bool current;

	current = pages_make(&pages, bootfd, m, &why) == 0 &&
	    rendered_is_current(bootfd, &pages);
	pages_free(&pages);
	return current;
}

bool
render_is_stale(int bootfd, const char *name)
{
	struct machine_facts m;
	struct why why = { "" };
	char path[sizeof("pub/machine/") + NAME_MACHINE_SIZE];

	(void)snprintf(path, sizeof(path), "pub/machine/%s", name);
	if (!is_listed(bootfd, name))
		return bootdir_exists(bootfd, path);
	if (facts_machine(bootfd, name, &m, &why) == -1)
		return true;
	if (*facts_boots(&m) == '\0')
		return bootdir_exists(bootfd, path);
	return !pages_are_current(bootfd, &m);
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
	struct why why = { "" };
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
	if (names.n == 0)
		enrol_all(bootfd, NULL);
	ok = names.n == 0 ? render_all(bootfd, render_print) :
	    render_named(bootfd, &names);
	if (hosts_write(bootfd, &why) == -1) {
		log_warn("%s", why.text);
		ok = false;
	}
	close(lock);
	close(bootfd);
	strings_free(&names);
	return ok ? EXIT_OK : EXIT_USER;
}
