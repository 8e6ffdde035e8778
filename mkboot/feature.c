/* SPDX-License-Identifier: ISC */
/* A line of a feature's list. */
#include "mkboot/feature.h"

#include <string.h>

#define BLANK " \t\r\n"

/* A word begins a comment, or has one at its end: `nfs#of old'. */
static void
cut_comment(char *line)
{
	size_t len = strcspn(line, "#");

	while (len > 0 && strchr(BLANK, line[len - 1]) != NULL)
		len--;
	line[len] = '\0';
}

/* Ends the first word, and returns what follows. */
static char *
split(char *word)
{
	char *rest = word + strcspn(word, BLANK);

	if (*rest != '\0')
		*rest++ = '\0';
	return rest + strspn(rest, BLANK);
}

/* A pattern may have "if MODULE" behind it, and nothing else. */
static void
read_condition(struct feature *f, char *rest)
{
	char *module = split(rest);

	if (*rest == '\0')
		return;
	f->condition = module;
	if (strcmp(rest, "if") != 0 || *module == '\0' ||
	    strpbrk(module, BLANK) != NULL)
		f->kind = FEATURE_BAD;
}

static void
read_file(struct feature *f, char *rest)
{
	f->kind = FEATURE_FILE;
	f->more = rest;
	if (strncmp(rest, "->", 2) != 0)
		return;
	f->kind = FEATURE_LINK;
	f->more = rest + 2 + strspn(rest + 2, BLANK);
	if (*f->more == '\0' || strpbrk(f->more, BLANK) != NULL)
		f->kind = FEATURE_BAD;
}

void
feature_parse(struct feature *f, char *line)
{
	char *rest;
	char sign = '\0';

	memset(f, 0, sizeof(*f));
	cut_comment(line);
	line += strspn(line, BLANK);
	if (*line != '\0' && strchr("-+=@", *line) != NULL)
		sign = *line++;
	rest = split(line);
	f->what = line;
	f->more = "";
	f->optional = sign == '-';
	f->whole = sign == '+';
	if (*line == '\0')
		f->kind = sign == '\0' ? FEATURE_NOTHING : FEATURE_BAD;
	else if (sign == '@')
		f->kind = *rest == '\0' ? FEATURE_LIST : FEATURE_BAD;
	else if (sign == '=') {
		f->kind = *rest == '/' ? FEATURE_EARLY : FEATURE_BAD;
		f->more = rest;
	} else if (*line == '/')
		read_file(f, rest);
	else if (strchr(line, '/') != NULL) {
		f->kind = FEATURE_PATTERN;
		read_condition(f, rest);
	} else
		f->kind = *rest == '\0' ? FEATURE_MODULE : FEATURE_BAD;
}
