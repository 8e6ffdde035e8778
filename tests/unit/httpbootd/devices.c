/* SPDX-License-Identifier: ISC */
#include "tests/unit/unit.h"

#include <string.h>

#include "httpbootd/devices.h"

static struct devices d;

static void
feed(const char *text)
{
	devices_feed(&d, text, strlen(text));
}

static void
each_line_is_kept_however_it_comes(void **state)
{
	(void)state;
	memset(&d, 0, sizeof(d));
	feed("pci:v00001AF4d00001000\nvirtio:d0000");
	feed("0001v00001AF4\n");
	feed("cpu:type:x86,ven0000fam0006mod0055:feature:,0000\n");
	assert_true(devices_end(&d));
	assert_string_equal(d.text, "pci:v00001AF4d00001000\n"
	    "virtio:d00000001v00001AF4\n"
	    "cpu:type:x86,ven0000fam0006mod0055:feature:,0000\n");
	assert_int_equal(d.len, strlen(d.text));
}

static void
what_can_be_no_modalias_is_left_out(void **state)
{
	(void)state;
	memset(&d, 0, sizeof(d));
	feed("\n\npci:a\n\033[2Jclear\nusb:two words\n../etc\n/x\nof:N\xc3\xbc\n");
	devices_feed(&d, "nul\0octet\n", 10);
	feed("usb:b\nacpi:cut off");
	assert_true(devices_end(&d));
	assert_string_equal(d.text, "pci:a\nusb:b\n");
}

static void
a_line_is_no_longer_than_sysfs_shows(void **state)
{
	char line[5000];

	(void)state;
	memset(&d, 0, sizeof(d));
	memset(line, 'a', sizeof(line));
	devices_feed(&d, line, 4096);
	feed("\n");
	assert_false(devices_end(&d));
	memset(&d, 0, sizeof(d));
	devices_feed(&d, line, 4095);
	feed("\n");
	assert_true(devices_end(&d));
	assert_int_equal(d.len, 4096);
}

static void
a_body_that_is_too_long_is_none(void **state)
{
	size_t i;

	(void)state;
	memset(&d, 0, sizeof(d));
	for (i = 0; i < DEVICES_BODY / 8; i++)
		feed("pci:abc\n");
	assert_true(devices_end(&d));
	assert_int_equal(d.len, DEVICES_BODY);
	feed("x");
	assert_false(devices_end(&d));
	memset(&d, 0, sizeof(d));
	assert_false(devices_end(&d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_kept_however_it_comes),
		cmocka_unit_test(what_can_be_no_modalias_is_left_out),
		cmocka_unit_test(a_line_is_no_longer_than_sysfs_shows),
		cmocka_unit_test(a_body_that_is_too_long_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
