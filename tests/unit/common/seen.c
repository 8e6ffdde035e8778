/* SPDX-License-Identifier: ISC */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/seen.h"

static const struct mac mac = { { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

static void
assert_file(int bootfd, const char *path, const char *wanted)
{
	char text[64] = "";
	const int fd = openat(bootfd, path, O_RDONLY);

	assert_int_not_equal(fd, -1);
	assert_int_not_equal(read(fd, text, sizeof(text) - 1), -1);
	assert_string_equal(text, wanted);
	close(fd);
}

/* By the caller, or by the thread of seen_start(). */
static void
write_texts(bool threaded)
{
	char dir[] = "/tmp/seen-XXXXXX";
	struct seen s;
	int fd;

	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	seen_open(&s, fd, "test");
	if (threaded)
		seen_start(&s);
	seen_text(&s, &mac, "modalias", "pci:a\npci:b\nusb:c\n");
	seen_text(&s, &mac, "modalias", "pci:a\n");
	seen_fact(&s, &mac, "stage", "root ok");
	seen_text(&s, &mac, "empty", "");
	seen_stop(&s);
	assert_file(fd, "seen/52-54-00-12-34-56/modalias", "pci:a\n");
	assert_file(fd, "seen/52-54-00-12-34-56/stage", "root ok\n");
	assert_file(fd, "seen/52-54-00-12-34-56/empty", "");
	/* No temporary file is left. */
	assert_int_equal(unlinkat(fd, "seen/52-54-00-12-34-56/modalias", 0), 0);
	assert_int_equal(unlinkat(fd, "seen/52-54-00-12-34-56/stage", 0), 0);
	assert_int_equal(unlinkat(fd, "seen/52-54-00-12-34-56/empty", 0), 0);
	assert_int_equal(unlinkat(fd, "seen/52-54-00-12-34-56",
	    AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(fd, "seen", AT_REMOVEDIR), 0);
	close(fd);
	assert_int_equal(rmdir(dir), 0);
}

static void
the_last_text_replaces_the_one_before(void **state)
{
	(void)state;
	write_texts(false);
}

static void
a_thread_writes_the_same(void **state)
{
	(void)state;
	write_texts(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_text_replaces_the_one_before),
		cmocka_unit_test(a_thread_writes_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
