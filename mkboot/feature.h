/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_FEATURE_H
#define MKBOOT_FEATURE_H

#include <stdbool.h>

/*
 * A feature is a plain list, one a line, of what a purpose needs in the
 * initrd.  `#' begins a comment.
 */
enum feature_kind {
	FEATURE_NOTHING,	/* blank, or a comment */
	FEATURE_MODULE,		/* nfs: a module's name or alias, inserted */
	FEATURE_PATTERN,	/* kernel/fs/x*: modules, by their paths */
	FEATURE_FILE,		/* /bin/x [/usr/bin/x ...]: of the root */
	FEATURE_LINK,		/* /bin/sh -> busybox */
	FEATURE_EARLY,		/* =kernel/x86/y /lib/firmware/x*: in front */
	FEATURE_LIST,		/* @usb-net: that list too */
	FEATURE_BAD		/* none of these */
};

struct feature {
	enum feature_kind kind;
	const char *what;	/* the first word, without its sign */
	const char *more;	/* alternatives, target or pattern; or "" */
	const char *condition;	/* of a pattern, "... if MODULE"; or NULL */
	bool optional;		/* "-what", as in make(1): if there is one */
	bool whole;		/* "+pattern": all of it, for any machine */
};

/* Reads one line, in place. */
void feature_parse(struct feature *, char *line);

#endif
