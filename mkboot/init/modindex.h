/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_MODINDEX_H
#define MKBOOT_INIT_MODINDEX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The index of an initrd's modules, /lib/modules/pixie.index: a text that
 * `mkboot initrd' writes.  Modules are sorted by name, and the lines beneath
 * one belong to it:
 *
 *	pixie-modules 1 VERSION
 *	m NAME PATH [NAME ...]	below lib/modules/VERSION, and what goes
 *				before it, in load order
 *	p NAME ...		what is to be loaded behind it
 *	i			insert it without being asked
 *	a PATTERN		a device or a request that it answers
 *				(fnmatch(3); goes to the end of the line)
 */
#define MODINDEX_MAX (16 * 1024 * 1024)	/* octets of the file */

struct modindex_module {
	const char *name;
	const char *path;
	const char *before;	/* names with blanks between; may be empty */
	const char *after;
	bool insert;
};

struct modindex_alias {
	const char *pattern;
	size_t module;
};

struct modindex {
	const char *version;
	struct modindex_module *module;
	size_t modules;
	struct modindex_alias *alias;
	size_t aliases;
	unsigned bad_line;	/* where parsing stopped; 0: no memory */
};

/*
 * Reads the text in place: it must end in a NUL at text[len], and must stay as
 * long as the index does.  False when it is not well formed, and then there
 * is nothing to free.
 */
bool modindex_parse(struct modindex *, char *text, size_t len);
void modindex_free(struct modindex *);

/* A module's number by its name, '-' and '_' being the same; -1: none. */
int modindex_find(const struct modindex *, const char *name);

/*
 * The next module from alias number *at on that answers, or -1; *at moves on.
 * Begin with 0.
 */
int modindex_match(const struct modindex *, const char *alias, size_t *at);

/*
 * What is to be loaded so that `module' is, in order and itself with it, less
 * those that `done' (one for each module) names already; they are marked.
 * Returns how many stand in `order', which must have room for all modules.
 */
size_t modindex_order(const struct modindex *, size_t module, bool *done,
    size_t *order);

#endif
