/* SPDX-License-Identifier: ISC */
/* Reports of a boot: targets to words, and how often they may come. */
#include "tests/unit/unit.h"

#include <string.h>

#include "httpbootd/report.h"

static struct report report;

static void
a_report_has_stage_state_and_why(void **state)
{
	(void)state;
	assert_int_equal(report_parse(&report,
	    "/report?stage=root&state=failed&why=no%20such+export%3A%0Ax"),
	    REPORT_GOOD);
	assert_string_equal(report.stage, "root");
	assert_string_equal(report.state, "failed");
	assert_string_equal(report.why, "no such export:\nx");
}

static void
the_order_and_unknown_names_do_not_matter(void **state)
{
	(void)state;
	assert_int_equal(report_parse(&report,
	    "http://10.0.0.1/report?x=%zz&state=ok&&stage=net#why=no"),
	    REPORT_GOOD);
	assert_string_equal(report.stage, "net");
	assert_string_equal(report.why, "");
}

static void
files_are_no_reports(void **state)
{
	(void)state;
	assert_int_equal(report_parse(&report, "/report"), REPORT_NONE);
	assert_int_equal(report_parse(&report, "/report/x?stage=a&state=b"),
	    REPORT_NONE);
	assert_int_equal(report_parse(&report, "/a/report?stage=a&state=b"),
	    REPORT_NONE);
	assert_int_equal(report_parse(&report, "*"), REPORT_NONE);
	assert_int_equal(report_parse(&report, ""), REPORT_NONE);
}

static void
what_is_ill_formed_is_bad(void **state)
{
	static const char *const bad[] = {
		"/report?", "/report?stage=a", "/report?state=a",
		"/report?stage=&state=b", "/report?stage=a%20b&state=c",
		"/report?stage=a&state=b%0a", "/report?stage=a&state=b&why=%0",
		"/report?stage=a&state=b&why=%00", "/report?stage=%&state=b",
		"/report?stage=a&state=../b",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(report_parse(&report, bad[i]), REPORT_BAD);
}

static void
what_is_too_long_is_cut(void **state)
{
	char target[1024] = "/report?stage=a&state=b&why=";
	const size_t head = strlen(target);

	(void)state;
	memset(target + head, 'x', sizeof(target) - 1 - head);
	target[sizeof(target) - 1] = '\0';
	assert_int_equal(report_parse(&report, target), REPORT_GOOD);
	assert_int_equal(strlen(report.why), REPORT_WHY - 1);
}

static void
the_fact_is_one_printable_line(void **state)
{
	char line[REPORT_FACT];

	(void)state;
	report_parse(&report, "/report?stage=a&state=b&why=x%0ay%ff%1bz");
	assert_string_equal(report_fact(&report, line), "a b x?y??z");
	report_parse(&report, "/report?stage=a&state=b");
	assert_string_equal(report_fact(&report, line), "a b");
}

static void
who_may_report_and_how(void **state)
{
	const struct request get = { .method = "GET" };
	const struct request post = { .method = "POST" };
	const struct request head = { .method = "HEAD" };

	(void)state;
	assert_int_equal(report_decide(REPORT_GOOD, &get, true, true),
	    REASON_NOTED);
	assert_int_equal(report_decide(REPORT_GOOD, &post, true, true),
	    REASON_NOTED);
	assert_int_equal(report_decide(REPORT_GOOD, &head, true, true),
	    REASON_METHOD);
	assert_int_equal(report_decide(REPORT_BAD, &get, true, true),
	    REASON_BAD_REPORT);
	assert_int_equal(report_decide(REPORT_GOOD, &get, false, false),
	    REASON_STRANGER);
	assert_int_equal(report_decide(REPORT_GOOD, &get, true, false),
	    REASON_OFTEN);
}

static void
a_machine_that_reports_too_often_must_wait(void **state)
{
	static struct report_budget budget;
	const struct mac a = { { 0x52, 0x54, 0, 0, 0, 1 } };
	const struct mac b = { { 0x52, 0x54, 0, 0, 0, 2 } };
	int i;

	(void)state;
	for (i = 0; i < REPORT_BURST; i++)
		assert_true(report_allowed(&budget, &a, 1000 + i));
	assert_false(report_allowed(&budget, &a, 2000));
	assert_true(report_allowed(&budget, &b, 2000));
	assert_false(report_allowed(&budget, &a, 1000 + REPORT_SPAN_MS - 1));
	assert_true(report_allowed(&budget, &a, 1000 + REPORT_SPAN_MS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_has_stage_state_and_why),
		cmocka_unit_test(the_order_and_unknown_names_do_not_matter),
		cmocka_unit_test(files_are_no_reports),
		cmocka_unit_test(what_is_ill_formed_is_bad),
		cmocka_unit_test(what_is_too_long_is_cut),
		cmocka_unit_test(the_fact_is_one_printable_line),
		cmocka_unit_test(who_may_report_and_how),
		cmocka_unit_test(a_machine_that_reports_too_often_must_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
