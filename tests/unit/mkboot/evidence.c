/* SPDX-License-Identifier: ISC */
/* What a machine's log shows of an image that was to be booted once. */
#include "mkboot/evidence.h"

#include <string.h>

#include "tests/unit/unit.h"

static const char fetched[] =
    "100.000001 proxydhcpd offer file=loader/7 server=10.0.0.1\n"
    "101.000001 httpbootd sent file=image/setup/kernel bytes=9 ms=1\n";

static bool
found(const char *log, double since, enum evidence_kind kind)
{
	return evidence_found(log, strlen(log), since, kind, "setup");
}

static void
a_kernel_fetched_whole_shows_that_it_was_booted(void **state)
{
	(void)state;
	assert_true(found(fetched, 100, EVIDENCE_KERNEL));
	assert_true(found("9 tftpd sent file=image/setup/kernel x=1\n", 9,
	    EVIDENCE_KERNEL));
}

static void
a_revision_or_another_kinds_first_file_shows_it_too(void **state)
{
	static const char *const shows[] = {
		"9 httpbootd sent file=image/setup@12/kernel bytes=9\n",
		"9 httpbootd sent file=image/setup/program.efi bytes=9\n",
		"9 httpbootd sent file=image/setup@1/image.iso bytes=9\n",
		"9 tftpd sent client=10.0.0.1 file=image/setup/pxeboot\n"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shows) / sizeof(shows[0]); i++)
		assert_true(found(shows[i], 9, EVIDENCE_KERNEL));
	assert_false(found("9 tftpd sent file=image/setup@x/kernel\n", 9,
	    EVIDENCE_KERNEL));
	assert_false(found("9 tftpd sent file=image/setup@1kernel\n", 9,
	    EVIDENCE_KERNEL));
}

static void
what_came_before_the_link_shows_nothing(void **state)
{
	(void)state;
	assert_false(found(fetched, 102, EVIDENCE_KERNEL));
}

static void
part_of_a_kernel_or_another_file_shows_nothing(void **state)
{
	static const char *const nothing[] = {
		"9 httpbootd part file=image/setup/kernel bytes=5 of=9\n",
		"9 httpbootd sent file=image/setup/initrd bytes=9\n",
		"9 httpbootd sent file=image/setup2/kernel bytes=9\n",
		"9 httpbootd sent file=image/setup/kernel.old bytes=9\n",
		"9 mkboot sent file=image/setup/kernel\n",
		"9 httpbootd refused file=image/setup/kernel\n",
		"9 httpbootd sent file=image/setup/kernel",
		"", "\n", "\n\n \n"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		assert_false(found(nothing[i], 0, EVIDENCE_KERNEL));
}

static void
where_the_image_says_up_its_report_is_waited_for(void **state)
{
	(void)state;
	assert_false(found(fetched, 100, EVIDENCE_UP));
	assert_true(found("9 httpbootd report stage=up state=ok\n", 9,
	    EVIDENCE_UP));
	assert_false(found("9 httpbootd report stage=root state=ok\n", 9,
	    EVIDENCE_UP));
	assert_false(found("9 httpbootd report stage=up state=failed\n", 9,
	    EVIDENCE_UP));
}

static void
three_boots_without_a_report_are_enough(void **state)
{
	char log[1024] = "";

	(void)state;
	strlcat(log, fetched, sizeof(log));
	strlcat(log, fetched, sizeof(log));
	assert_false(found(log, 100, EVIDENCE_UP));
	strlcat(log, fetched, sizeof(log));
	assert_true(found(log, 100, EVIDENCE_UP));
}

static void
a_line_too_long_is_passed_over(void **state)
{
	char log[4096];

	(void)state;
	memset(log, 'x', sizeof(log));
	strlcpy(log + 2048, fetched, sizeof(log) - 2048);
	memmove(log + 2047, "\n", 1);
	assert_true(found(log, 100, EVIDENCE_KERNEL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_kernel_fetched_whole_shows_that_it_was_booted),
		cmocka_unit_test(
		    a_revision_or_another_kinds_first_file_shows_it_too),
		cmocka_unit_test(what_came_before_the_link_shows_nothing),
		cmocka_unit_test(
		    part_of_a_kernel_or_another_file_shows_nothing),
		cmocka_unit_test(
		    where_the_image_says_up_its_report_is_waited_for),
		cmocka_unit_test(three_boots_without_a_report_are_enough),
		cmocka_unit_test(a_line_too_long_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
