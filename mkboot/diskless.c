/* SPDX-License-Identifier: ISC */
/* fstab and interfaces of a machine that boots from the network. */
#include "mkboot/diskless.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK "# Not without a disk: "

/* The n-th word of a line, cut to fit; empty where there is none. */
static void
word_of(const char *line, size_t len, unsigned n, char *word, size_t size)
{
	size_t at = 0, end;

	for (;;) {
		while (at < len && strchr(" \t", line[at]) != NULL)
			at++;
		for (end = at; end < len && strchr(" \t", line[end]) == NULL;)
			end++;
		if (n-- == 0)
			break;
		at = end;
	}
	if (end - at >= size)
		end = at + size - 1;
	memcpy(word, line + at, end - at);
	word[end - at] = '\0';
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool
is_disk(const char *line, size_t len)
{
	char device[64], place[64];

	word_of(line, len, 0, device, sizeof(device));
	word_of(line, len, 1, place, sizeof(place));
	if (*device == '#' || *device == '\0')
		return false;
	return strcmp(place, "/") == 0 || begins(device, "/dev/") ||
	    begins(device, "UUID=") || begins(device, "LABEL=") ||
	    begins(device, "PARTUUID=") || begins(device, "PARTLABEL=") ||
	    begins(device, "ID=");
}

static bool
is_started(const char *line, size_t len)
{
	char verb[16], card[16], more[16];

	word_of(line, len, 0, verb, sizeof(verb));
	word_of(line, len, 1, card, sizeof(card));
	word_of(line, len, 2, more, sizeof(more));
	return (strcmp(verb, "auto") == 0 || begins(verb, "allow-")) &&
	    (strcmp(card, "lo") != 0 || *more != '\0');
}

/* "auto lo eth0": the first of them is wanted still. */
static bool
starts_lo(const char *line, size_t len)
{
	char verb[16], card[16];

	word_of(line, len, 0, verb, sizeof(verb));
	word_of(line, len, 1, card, sizeof(card));
	return strcmp(verb, "auto") == 0 && strcmp(card, "lo") == 0;
}

/* Each line of which this is true is made a comment. */
static char *
comment_out(const char *text, bool (*matches)(const char *, size_t))
{
	size_t len, size;
	bool match, lo;
	char *out = NULL;
	FILE *file;

	if ((file = open_memstream(&out, &size)) == NULL)
		return NULL;
	for (; *text != '\0'; text += len) {
		len = strcspn(text, "\n");
		match = matches(text, len);
		lo = match && starts_lo(text, len);
		if (match)
			fputs(MARK, file);
		if (text[len] == '\n')
			len++;
		fwrite(text, 1, len, file);
		if (lo)
			fputs("auto lo\n", file);
	}
	if (fclose(file) == EOF) {
		free(out);
		return NULL;
	}
	return out;
}

char *
diskless_fstab(const char *text)
{
	return comment_out(text, is_disk);
}

char *
diskless_interfaces(const char *text)
{
	return comment_out(text, is_started);
}
