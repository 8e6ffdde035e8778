/* SPDX-License-Identifier: ISC */
/* Tests of how a connection's socket behaves. */
#include "tests/unit/unit.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nfsroot-helper/stream.h"

#define AVAILABLE "/proc/sys/net/ipv4/tcp_available_congestion_control"

static int
option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	assert_int_equal(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

static void
a_machine_that_was_switched_off_is_noticed(void **state)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	stream_tune(fd);
	assert_int_equal(option(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	assert_in_range(option(fd, IPPROTO_TCP, TCP_KEEPIDLE), 1, 600);
	assert_int_equal(option(fd, IPPROTO_TCP, TCP_NODELAY), 1);
	close(fd);
}

/* What congestion control a socket with `name' has afterwards. */
static void
check_control(const char *name)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char after[32] = "";
	socklen_t len = sizeof(after) - 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name,
	    (socklen_t)strlen(name)) == 0) {
		stream_tune(fd);
		assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION,
		    after, &len), 0);
		if (strncmp(name, "bbr", 3) == 0)
			assert_true(strcmp(after, "cubic") == 0 ||
			    strcmp(after, "reno") == 0);
		else
			assert_string_equal(after, name);
	}
	close(fd);
}

/* All that this kernel has: reno at the least. */
static void
only_what_is_paced_is_replaced(void **state)
{
	FILE *f = fopen(AVAILABLE, "r");
	char name[32];

	(void)state;
	check_control("reno");
	while (f != NULL && fscanf(f, "%31s", name) == 1)
		check_control(name);
	if (f != NULL)
		fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_that_was_switched_off_is_noticed),
		cmocka_unit_test(only_what_is_paced_is_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
