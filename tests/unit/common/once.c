/* SPDX-License-Identifier: ISC */
/* Files that a machine is given once a boot. */
#include "common/once.h"

#include <string.h>

#include "tests/unit/unit.h"

#define BOOT "1.0 proxydhcpd offer file=loader/7 server=10.0.0.1\n"
#define SENT "2.0 httpbootd sent file=machine/52-54-00-12-34-56/private.cpio b=1\n"

static enum once
once(const char *log)
{
	return once_in(log, strlen(log),
	    "machine/52-54-00-12-34-56/private.cpio");
}

static void
a_file_sent_whole_is_spent_until_the_next_boot(void **state)
{
	(void)state;
	assert_int_equal(once(BOOT), ONCE_FREE);
	assert_int_equal(once(BOOT SENT), ONCE_SPENT);
	assert_int_equal(once(BOOT SENT BOOT), ONCE_FREE);
	assert_int_equal(once(BOOT SENT BOOT SENT), ONCE_SPENT);
}

static void
over_ipv6_and_tftp_too(void **state)
{
	(void)state;
	assert_int_equal(once("1 proxydhcpd offer6 file=x\n"), ONCE_FREE);
	assert_int_equal(once("1 tftpd sent file="
	    "machine/52-54-00-12-34-56/private.cpio x=1\n"), ONCE_SPENT);
}

static void
where_no_boot_was_seen_it_is_given_once(void **state)
{
	(void)state;
	assert_int_equal(once(""), ONCE_NO_BOOT);
	assert_int_equal(once(SENT), ONCE_SPENT);
}

static void
other_files_parts_and_half_lines_say_nothing(void **state)
{
	static const char *const nothing[] = {
		"2 httpbootd part file=machine/52-54-00-12-34-56/private.cpio"
		    " b=1\n",
		"2 httpbootd refused file=machine/52-54-00-12-34-56/"
		    "private.cpio b=1\n",
		"2 httpbootd sent file=machine/52-54-00-12-34-56/machine.cpio"
		    " b=1\n",
		"2 httpbootd sent file=machine/52-54-00-12-34-56/"
		    "private.cpio.old b=1\n",
		"2 httpbootd sent file=machine/52-54-00-12-34-56/private.cpio",
		"2 proxydhcpd offer file=x", "\n\n", "2", "2 \n"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		assert_int_equal(once(nothing[i]), ONCE_NO_BOOT);
	/* Who asks again is no new boot. */
	assert_int_equal(once(BOOT SENT "3 proxydhcpd discover class=uefi\n"
	    "3 proxydhcpd request4011 class=uefi arch=7\n"), ONCE_SPENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_file_sent_whole_is_spent_until_the_next_boot),
		cmocka_unit_test(over_ipv6_and_tftp_too),
		cmocka_unit_test(where_no_boot_was_seen_it_is_given_once),
		cmocka_unit_test(other_files_parts_and_half_lines_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
