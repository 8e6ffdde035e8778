/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_FEATURE_H
#define MKBOOT_FEATURE_H

/*
 * A feature is a plain list, one a line, of the kernel modules that a
 * purpose needs.  `#' begins a comment.
 */
enum feature_kind {
	FEATURE_NOTHING,	/* blank, or a comment */
	FEATURE_NAME,		/* a module's name or alias: insert it */
	FEATURE_OPTIONAL,	/* "-name": the same, if the kernel has it */
	FEATURE_PATTERN		/* has a slash: carry all whose path matches */
};

/* Reads one line, in place; *what is the name or the pattern. */
enum feature_kind feature_parse(char *line, const char **what);

#endif
