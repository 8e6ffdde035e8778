/* SPDX-License-Identifier: ISC */
/* What a machine's log shows of an image. */
#include "mkboot/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_OCTETS 1100

/* Is this one of the line's words? */
static bool
has_word(const char *line, const char *word)
{
	const size_t len = strlen(word);
	const char *p = line;

	while ((p = strstr(p, word)) != NULL) {
		if ((p == line || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
		p += len;
	}
	return false;
}

/* What an image begins with, whatever its kind; one of them is fetched. */
static const char *const firsts[] = {
	"kernel", "program.efi", "image.iso", "pxeboot"
};

/*
 * "file=image/NAME/kernel" or "file=image/NAME@REVISION/kernel" of a line;
 * `begin' is "file=image/NAME".
 */
static bool
names_first(const char *line, const char *begin)
{
	const char *p = strstr(line, begin);
	size_t i;

	if (p == NULL || p == line || p[-1] != ' ')
		return false;
	p += strlen(begin);
	if (*p == '@')
		p += 1 + strspn(p + 1, "0123456789");
	if (*p++ != '/')
		return false;
	for (i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		if (strcspn(p, " ") == strlen(firsts[i]) &&
		    strncmp(p, firsts[i], strlen(firsts[i])) == 0)
			return true;
	return false;
}

/* "TIME PROGRAM sent file=image/NAME/kernel ...": `sent' is the whole. */
static bool
is_fetch(const char *line, const char *begin)
{
	return (has_word(line, "tftpd sent") ||
	    has_word(line, "httpbootd sent")) && names_first(line, begin);
}

static bool
is_report(const char *line)
{
	return has_word(line, "httpbootd report") &&
	    has_word(line, "stage=up") && !has_word(line, "state=failed");
}

bool
evidence_found(const char *log, size_t len, double since,
    enum evidence_kind kind, const char *image)
{
	const size_t enough = kind == EVIDENCE_KERNEL ? 1 : EVIDENCE_FETCHES;
	char line[LINE_OCTETS], file[128];
	size_t n, fetches = 0;

	(void)snprintf(file, sizeof(file), "file=image/%s", image);
	for (; len > 0; log += n, len -= n) {
		const char *end = memchr(log, '\n', len);

		n = end == NULL ? len : (size_t)(end - log) + 1;
		if (end == NULL || n > sizeof(line))
			continue;
		memcpy(line, log, n - 1);
		line[n - 1] = '\0';
		if (strtod(line, NULL) < since)
			continue;
		fetches += is_fetch(line, file);
		if (fetches == enough ||
		    (kind == EVIDENCE_UP && is_report(line)))
			return true;
	}
	return false;
}
