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

/* What goes before the command lines, for each kind. */
static const struct {
	enum script_kind kind;
	enum script_start start;
	const char *begin, *words;
} lines[] = {
	{ SCRIPT_NFS, SCRIPT_KERNEL, "\nkernel --name kernel ",
	    "kernel --name kernel ../../image/debian@3/kernel "
	    "initrd=machine.cpio initrd=initrd BOOTIF=01-${netX/mac:hexhyp} "
	    "ip=dhcp root=nfs:${server}:/debian report=${report}" },
	{ SCRIPT_RAM, SCRIPT_KERNEL, "\nkernel --name kernel ",
	    "kernel --name kernel ../../image/debian@3/kernel "
	    "initrd=machine.cpio initrd=initrd BOOTIF=01-${netX/mac:hexhyp} "
	    "ip=dhcp root=http://${server}/image/debian@3/rootfs.squashfs "
	    "report=${report}" },
	{ SCRIPT_ALPINE, SCRIPT_KERNEL, "\nkernel --name kernel ",
	    "kernel --name kernel ../../image/debian@3/kernel initrd=initrd "
	    "BOOTIF=01-${netX/mac:hexhyp} ip=dhcp "
	    "modloop=http://${server}/image/debian@3/modloop" },
	{ SCRIPT_ANY, SCRIPT_KERNEL, "\nkernel --name kernel ",
	    "kernel --name kernel ../../image/debian@3/kernel "
	    "BOOTIF=01-${netX/mac:hexhyp}" },
	{ SCRIPT_ANY, SCRIPT_PROGRAM, "\nchain ",
	    "chain ../../image/debian@3/program.efi" },
	{ SCRIPT_ANY, SCRIPT_PXEBOOT, "\nchain ",
	    "chain ../../image/debian@3/pxeboot" },
};

static void
check_line(const struct script_facts *f, const char *text, size_t i)
{
	const char *line = find_line(text, lines[i].begin);

	expect_words(&line, lines[i].words);
	expect_words(&line, f->image_cmdline);
	expect_words(&line, f->machine_cmdline);
	expect_words(&line, "|| goto failed");
	assert(*line == '\n');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char image[CMDLINE_MAX] = "", machine[CMDLINE_MAX] = "";
	char text[SCRIPT_SIZE], plain[SCRIPT_SIZE];
	struct script_facts f = {
		.machine = "52-54-00-12-34-56", .image = "debian",
		.files = "debian@3", .root = "debian", .sha256 = ""
	};
	size_t i, len, half = size / 2;

	if (size >= CMDLINE_MAX)
		return 0;
	memcpy(image, data, half);
	memcpy(machine, data + half, size - half);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		f.kind = lines[i].kind;
		f.start = lines[i].start;
		f.image_cmdline = f.machine_cmdline = "";
		assert(script_machine(&f, plain, &len) == SCRIPT_OK);
		f.image_cmdline = image;
		f.machine_cmdline = machine;
		if (script_machine(&f, text, &len) != SCRIPT_OK)
			return 0;
		assert(len == strlen(text) && len < SCRIPT_SIZE);
		assert(count_lines(text) == count_lines(plain));
		check_line(&f, text, i);
	}
	return 0;
}
