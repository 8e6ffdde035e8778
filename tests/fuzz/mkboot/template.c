/* SPDX-License-Identifier: ISC */
/*
 * Any text: what is made of it is what the plainest reading of the rule makes
 * of it, and a name without a value is told with the line that it stands in.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/template.h"

#define TEXT_MAX 4096
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Names that begin with U are unknown; the others are worth a `<'. */
static bool
value(void *context, const char *name, char value[TEMPLATE_VALUE_SIZE])
{
	(void)context;
	strlcpy(value, "<", TEMPLATE_VALUE_SIZE);
	return *name != 'U';
}

/* Octets of a whole @NAME@ at `p', or 0. */
static size_t
reference_length(const char *p)
{
	size_t n;

	if (*p != '@' || p[1] == '\0' || strchr(UPPER, p[1]) == NULL)
		return 0;
	n = strspn(p + 1, UPPER "0123456789_");
	return n < TEMPLATE_NAME_SIZE && p[1 + n] == '@' ? n + 2 : 0;
}

/* False when there is an unknown name, in line *line. */
static bool
reference(const char *text, char *out, size_t *line)
{
	size_t n;

	for (*line = 1; *text != '\0'; text += n == 0 ? 1 : n) {
		n = reference_length(text);
		if (n > 0 && text[1] == 'U')
			return false;
		*out++ = n == 0 ? *text : strncmp(text, "@AT@", 4) == 0 ?
		    '@' : '<';
		*line += *text == '\n';
	}
	*out = '\0';
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct template_values values = { value, NULL };
	char text[TEXT_MAX], want[TEXT_MAX];
	struct template_text made;
	enum template_result result;
	size_t line;

	if (size >= sizeof(text) ||
	    !template_is_text((const char *)data, size))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	result = template_expand(text, size, &values, &made);
	if (!reference(text, want, &line)) {
		assert(result == TEMPLATE_UNKNOWN && made.text == NULL);
		assert(made.unknown[0] == 'U' && made.line == line);
		return 0;
	}
	assert(result == TEMPLATE_OK && made.len == strlen(want));
	assert(memcmp(made.text == NULL ? "" : made.text, want,
	    made.len) == 0);
	free(made.text);
	return 0;
}
