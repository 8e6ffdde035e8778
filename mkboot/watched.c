/* SPDX-License-Identifier: ISC */
/* Which watch tells of what, and what has to be rendered. */
#include "mkboot/watched.h"

#include <stdlib.h>
#include <string.h>

struct watched_entry {
	int wd;
	enum watched_kind kind;
	char machine[NAME_MACHINE_SIZE];
};

/* The first entry of this watch or of a later one; entries are sorted. */
static size_t
lower_bound(const struct watched *w, int wd)
{
	size_t low = 0, high = w->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (w->entry[middle].wd < wd)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
make_room(struct watched *w)
{
	struct watched_entry *entry;
	size_t room = w->room == 0 ? 64 : w->room * 2;

	if (w->n < w->room)
		return 0;
	entry = reallocarray(w->entry, room, sizeof(*entry));
	if (entry == NULL)
		return -1;
	w->entry = entry;
	w->room = room;
	return 0;
}

int
watched_add(struct watched *w, int wd, enum watched_kind kind,
    const char *machine)
{
	struct watched_entry *entry;
	size_t i;

	for (i = lower_bound(w, wd); i < w->n && w->entry[i].wd == wd; i++)
		if (w->entry[i].kind == kind &&
		    strcmp(w->entry[i].machine, machine) == 0)
			return 0;
	if (make_room(w) == -1)
		return -1;
	entry = &w->entry[i];
	memmove(entry + 1, entry, (w->n - i) * sizeof(*entry));
	w->n++;
	entry->wd = wd;
	entry->kind = kind;
	(void)strlcpy(entry->machine, machine, sizeof(entry->machine));
	return 0;
}

bool
watched_remove(struct watched *w, int wd)
{
	size_t first = lower_bound(w, wd), end;
	bool top = false;

	for (end = first; end < w->n && w->entry[end].wd == wd; end++)
		top = top || w->entry[end].kind == WATCHED_MACHINES ||
		    w->entry[end].kind == WATCHED_IMAGES ||
		    w->entry[end].kind == WATCHED_SEEN;
	if (end > first)
		memmove(&w->entry[first], &w->entry[end],
		    (w->n - end) * sizeof(w->entry[0]));
	w->n -= end - first;
	return top;
}

/* Without memory for one name, everything is rendered instead. */
static bool
mark(struct watched *w, struct strings *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	if (strings_add(names, name) == -1)
		w->all = true;
	return true;
}

static bool
mark_machine(struct watched *w, const char *machine)
{
	return mark(w, &w->changed, machine);
}

/* What an event on one watch means, by what the watch stands for. */
static bool
mark_entry(struct watched *w, const struct watched_entry *e, const char *name)
{
	/* Half-made files have a dot before their names; but files/ holds
	 * another system's names, where a dot says nothing. */
	bool hidden = *name == '.';

	switch (e->kind) {
	case WATCHED_MACHINES:
		/* The folder itself: it may have been moved away. */
		w->all = w->all || *name == '\0';
		return *name == '\0' || (!hidden &&
		    name_is_machine(name) && mark_machine(w, name));
	case WATCHED_MACHINE:
		return !hidden && mark_machine(w, e->machine);
	case WATCHED_FILES:
		return mark_machine(w, e->machine);
	case WATCHED_LOG:
		return strcmp(name, "log") == 0 && mark_machine(w, e->machine);
	case WATCHED_SEEN:
		return name_is_machine(name) && mark(w, &w->seen, name);
	case WATCHED_ADDRESSES:
		w->addresses = w->addresses || !hidden;
		return !hidden;
	case WATCHED_IMAGES:
	case WATCHED_IMAGE:
		if (!hidden)
			w->all = true;
		return !hidden;
	}
	return false;
}

bool
watched_mark(struct watched *w, int wd, const char *name)
{
	bool marked = false;
	size_t i;

	for (i = lower_bound(w, wd); i < w->n && w->entry[i].wd == wd; i++)
		marked = mark_entry(w, &w->entry[i], name) || marked;
	return marked;
}

void
watched_mark_all(struct watched *w)
{
	w->all = true;
}

bool
watched_all(const struct watched *w)
{
	return w->all;
}

const char *
watched_changed(const struct watched *w, size_t i)
{
	return i < w->changed.n ? w->changed.at[i] : NULL;
}

const char *
watched_seen(const struct watched *w, size_t i)
{
	return i < w->seen.n ? w->seen.at[i] : NULL;
}

void
watched_reset(struct watched *w)
{
	strings_free(&w->changed);
	strings_free(&w->seen);
	w->changed = w->seen = (struct strings){ NULL, 0 };
	w->all = w->addresses = false;
}

void
watched_free(struct watched *w)
{
	watched_reset(w);
	free(w->entry);
	*w = (struct watched){ .n = 0 };
}
