/* SPDX-License-Identifier: ISC */
/* What a kernel's file says about itself. */
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "mkboot/kernel.h"

/* An x86 kernel's beginning with this text at this place. */
static void
make_head(uint8_t *head, size_t size, size_t at, const char *text)
{
	memset(head, 0, size);
	memcpy(head + 0x202, "HdrS", 4);
	head[0x20e] = (uint8_t)(at - 0x200);
	head[0x20f] = (uint8_t)((at - 0x200) >> 8);
	memcpy(head + at, text, strlen(text));
}

static void
the_version_is_the_first_word_of_its_text(void **state)
{
	char version[KERNEL_VERSION_SIZE];
	uint8_t head[4096];

	(void)state;
	make_head(head, sizeof(head), 0x0c00,
	    "6.1.0-9-amd64 (builder@host) #1 SMP");
	assert_true(kernel_version(head, sizeof(head), version));
	assert_string_equal(version, "6.1.0-9-amd64");
}

static void
what_is_no_x86_kernel_has_no_version(void **state)
{
	char version[KERNEL_VERSION_SIZE] = "x";
	uint8_t head[4096];

	(void)state;
	make_head(head, sizeof(head), 0x0c00, "6.1.0");
	assert_false(kernel_version(head, 0, version));
	assert_string_equal(version, "");
	assert_false(kernel_version(head, 0x20f, version));
	head[0x202] = 'X';
	assert_false(kernel_version(head, sizeof(head), version));
	make_head(head, sizeof(head), 0x200, "");
	assert_false(kernel_version(head, sizeof(head), version));
}

/* The octets stand at the end of their room, for the sanitizer to see. */
static void
a_text_beyond_what_was_read_is_none(void **state)
{
	char version[KERNEL_VERSION_SIZE];
	uint8_t *head = malloc(0x300);

	(void)state;
	assert_non_null(head);
	make_head(head, 0x300, 0x2fd, "6.1");
	assert_false(kernel_version(head, 0x300, version));
	head[0x20e] = head[0x20f] = 0xff;
	assert_false(kernel_version(head, 0x300, version));
	free(head);
}

static void
a_version_longer_than_the_kernels_own_field_is_none(void **state)
{
	char version[KERNEL_VERSION_SIZE], text[KERNEL_VERSION_SIZE + 1];
	uint8_t head[4096];

	(void)state;
	memset(text, '6', sizeof(text));
	text[KERNEL_VERSION_SIZE] = '\0';
	make_head(head, sizeof(head), 0x0c00, text);
	assert_false(kernel_version(head, sizeof(head), version));
	text[KERNEL_VERSION_SIZE - 1] = '\0';
	make_head(head, sizeof(head), 0x0c00, text);
	assert_true(kernel_version(head, sizeof(head), version));
	assert_string_equal(version, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_version_is_the_first_word_of_its_text),
		cmocka_unit_test(what_is_no_x86_kernel_has_no_version),
		cmocka_unit_test(a_text_beyond_what_was_read_is_none),
		cmocka_unit_test(
		    a_version_longer_than_the_kernels_own_field_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
