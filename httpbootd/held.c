/* SPDX-License-Identifier: ISC */
/* Open files that transfers share: fstat, pread, dup. */
#include "httpbootd/held.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* FNV-1a: any spread will do, as a clash only costs an open. */
static unsigned
slot_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return (hash ^ hash >> 16) % HELD_SLOTS;
}

/*
 * Does the name lead to the file that we hold, and is that as it was?  Then
 * it was looked at by pub_open(), and each bit of that answer stands: a
 * change of mode, owner or contents is a change of ctime.
 */
static bool
is_current(const struct held *h, int bootfd)
{
	char path[sizeof("pub/") + BOOTDIR_PATH_MAX] = "pub/";
	const struct file *file = &h->lookup.found.file;
	struct stat st;

	strlcat(path, h->lookup.name, sizeof(path));
	return fstatat(bootfd, path, &st, 0) == 0 && st.st_ino == file->ino &&
	    st.st_dev == file->dev && (uint64_t)st.st_size == file->size &&
	    st.st_ctim.tv_sec == h->changed.tv_sec &&
	    st.st_ctim.tv_nsec == h->changed.tv_nsec;
}

/* What cannot be copied is sent from the file. */
static void
copy_if_small(struct held *h)
{
	const uint64_t size = h->lookup.found.file.size;

	if (size == 0 || size > HELD_COPY_MAX || !h->lookup.is_public)
		return;
	h->copy = malloc((size_t)size);
	if (h->copy == NULL ||
	    pread(h->lookup.fd, h->copy, (size_t)size, 0) == (ssize_t)size)
		return;
	free(h->copy);
	h->copy = NULL;
}

/* Lets go of what nobody uses, if it must. */
static bool
has_room(struct held_table *table)
{
	if (table->open >= table->room)
		held_expire(table, INT64_MAX);
	return table->open < table->room;
}

static struct held *
open_file(struct held_table *table, const char *name, const struct mac *who)
{
	struct held *h = calloc(1, sizeof(*h));
	struct stat st;

	if (h == NULL)
		return NULL;
	h->table = table;
	h->users = 1;
	lookup_name(&h->lookup, name);
	if (!has_room(table))
		h->lookup.found.reason = REASON_BUSY;
	lookup_file(&h->lookup, table->bootfd, who, &st);
	if (h->lookup.found.reason == REASON_WHOLE) {
		table->open++;
		LIST_INSERT_HEAD(&table->files, h, files);
		h->changed = st.st_ctim;
		copy_if_small(h);
	}
	return h;
}

struct held *
held_use(struct held *h)
{
	h->users++;
	return h;
}

void
held_put(struct held *h)
{
	if (--h->users > 0)
		return;
	if (h->lookup.fd != -1) {
		h->table->open--;
		LIST_REMOVE(h, files);
	}
	if (h->kept_lent)
		held_returned(h->table);
	lookup_close(&h->lookup);
	free(h->copy);
	free(h);
}

int
held_lend(struct held *h)
{
	int fd;

	if (h->table->open >= h->table->room / 2)
		return -1;
	fd = fcntl(h->lookup.fd, F_DUPFD_CLOEXEC, 0);
	if (fd != -1)
		h->table->open++;
	return fd;
}

void
held_returned(struct held_table *table)
{
	table->open--;
}

bool
held_look(struct held_table *table, int64_t now_ms)
{
	const struct file *file;
	bool any = false;
	struct held *h;
	struct stat st;

	if (now_ms - table->looked_ms < HELD_LOOK_MS)
		return false;
	table->looked_ms = now_ms;
	LIST_FOREACH(h, &table->files, files) {
		file = &h->lookup.found.file;
		h->altered = fstat(h->lookup.fd, &st) == -1 ||
		    (uint64_t)st.st_size != file->size ||
		    st.st_mtim.tv_sec != file->mtime ||
		    (uint32_t)st.st_mtim.tv_nsec != file->mtime_ns;
		any |= h->altered;
	}
	return any;
}

/* What is kept with a file may be using it: it goes first. */
static void
let_go(struct held_table *table, unsigned slot)
{
	struct held *h = table->slot[slot];

	if (h == NULL)
		return;
	table->slot[slot] = NULL;
	table->n--;
	if (h->kept != NULL)
		h->drop(h->kept);
	h->kept = NULL;
	held_put(h);
}

struct held *
held_get(struct held_table *table, const char *name, const struct mac *who,
    int64_t now_ms)
{
	const unsigned slot = slot_of(name);
	struct held *h = table->slot[slot];

	if (h != NULL && strcmp(h->lookup.name, name) == 0 &&
	    is_current(h, table->bootfd)) {
		h->used_ms = now_ms;
		return held_use(h);
	}
	h = open_file(table, name, who);
	if (h == NULL || h->lookup.found.reason != REASON_WHOLE ||
	    !h->lookup.is_public)
		return h;
	let_go(table, slot);
	h->used_ms = now_ms;
	h->is_shared = true;
	table->slot[slot] = held_use(h);
	table->n++;
	return h;
}

void
held_expire(struct held_table *table, int64_t now_ms)
{
	unsigned slot;

	for (slot = 0; slot < HELD_SLOTS && table->n > 0; slot++)
		if (table->slot[slot] != NULL && now_ms -
		    table->slot[slot]->used_ms >= HELD_KEEP_MS)
			let_go(table, slot);
}
