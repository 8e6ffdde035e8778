/* SPDX-License-Identifier: ISC */
/*
 * Whatever stands in a command line: either it is refused, or iPXE's own way
 * of reading a line (core/exec.c: split_command, command_terminator) hands
 * just these words to the kernel, and no other line of the script changes.
 */
#include <assert.h>
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/script.h"

#define CMDLINE_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The one line that begins so; `begin' has the newline before it. */
static const char *
find_line(const char *text, const char *begin)
{
	const char *line = strstr(text, begin);

	assert(line != NULL && strstr(line + 1, begin) == NULL);
	return line + 1;
}

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

/* The next word as iPXE sees it; NULL at the line's end. */
static const char *
next_word(const char **line, size_t *len)
{
	const char *word;

	while (**line != '\n' && isspace((unsigned char)**line))
		(*line)++;
	word = *line;
	while (**line != '\n' && !isspace((unsigned char)**line))
		(*line)++;
	*len = (size_t)(*line - word);
	return *len == 0 ? NULL : word;
}

/* These words come next on the line, and no others between them. */
static void
expect_words(const char **line, const char *words)
{
	const char *want;
	size_t len, got;
	const char *word;

	for (;;) {
		words += strspn(words, " ");
		if ((len = strcspn(words, " ")) == 0)
			return;
		want = words;
		words += len;
		word = next_word(line, &got);
		assert(word != NULL && got == len);
		assert(memcmp(word, want, len) == 0);
		assert(*word != '#');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char image[CMDLINE_MAX] = "", machine[CMDLINE_MAX] = "";
	char text[SCRIPT_SIZE], plain[SCRIPT_SIZE];
	struct script_facts f = {
		.machine = "52-54-00-12-34-56", .image = "debian",
		.kind = SCRIPT_NFS, .image_cmdline = "",
		.machine_cmdline = ""
	};
	const char *line;
	size_t len, half = size / 2;

	if (size >= CMDLINE_MAX)
		return 0;
	assert(script_machine(&f, plain, &len) == SCRIPT_OK);
	memcpy(image, data, half);
	memcpy(machine, data + half, size - half);
	f.image_cmdline = image;
	f.machine_cmdline = machine;
	if (script_machine(&f, text, &len) != SCRIPT_OK)
		return 0;
	assert(len == strlen(text) && len < SCRIPT_SIZE);
	assert(count_lines(text) == count_lines(plain));
	line = find_line(text, "\nkernel --name kernel ");
	expect_words(&line, "kernel --name kernel ../../image/debian/kernel "
	    "initrd=machine.cpio initrd=initrd BOOTIF=01-${netX/mac:hexhyp} "
	    "ip=dhcp root=nfs:${server}:/debian report=${report}");
	expect_words(&line, image);
	expect_words(&line, machine);
	expect_words(&line, "|| goto failed");
	assert(*line == '\n');
	return 0;
}
