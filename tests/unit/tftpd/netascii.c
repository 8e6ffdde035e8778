/* SPDX-License-Identifier: ISC */
/* Text into netascii: each newline and each CR makes two octets. */
#include "tests/unit/unit.h"

#include "tftpd/netascii.h"

#include <string.h>

static void
expect(const char *text, const char *out, size_t len)
{
	uint8_t got[64];

	assert_int_equal(netascii_length((const uint8_t *)text, strlen(text)),
	    len);
	netascii_convert(got, (const uint8_t *)text, strlen(text));
	assert_memory_equal(got, out, len);
}

static void
a_newline_goes_as_cr_lf(void **state)
{
	(void)state;
	expect("", "", 0);
	expect("a\nb\n", "a\r\nb\r\n", 6);
	expect("\n\n", "\r\n\r\n", 4);
}

static void
a_cr_goes_as_cr_nul(void **state)
{
	(void)state;
	expect("a\rb", "a\r\0b", 4);
	expect("a\r\n", "a\r\0\r\n", 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_newline_goes_as_cr_lf),
		cmocka_unit_test(a_cr_goes_as_cr_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
