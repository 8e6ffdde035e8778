/* SPDX-License-Identifier: ISC */
/* Tests of what connections are sent by. */
#include "tests/unit/unit.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/pace.h"

#define AVAILABLE "/proc/sys/net/ipv4/tcp_available_congestion_control"

static bool
choose(int fd, const char *name)
{
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name,
	    (socklen_t)strlen(name)) == 0;
}

static const char *
choice_of(int fd)
{
	static char name[32];
	socklen_t len = sizeof(name) - 1;

	memset(name, 0, sizeof(name));
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name,
	    &len), 0);
	return name;
}

static void
check_choice(const char *before, const char *after)
{
	if (strncmp(before, "bbr", 3) == 0)
		assert_true(strcmp(after, "cubic") == 0 ||
		    strcmp(after, "reno") == 0);
	else
		assert_string_equal(after, before);
}

/* A connection that was accepted by a listener with this choice. */
static void
check_accepted(const char *name)
{
	struct sockaddr_in here = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int listener = socket(AF_INET, SOCK_STREAM, 0);
	const int client = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(here);
	int fd;

	if (choose(listener, name)) {
		pace_leave(listener);
		assert_int_equal(listen(listener, 1), 0);
		assert_int_equal(getsockname(listener,
		    (struct sockaddr *)&here, &len), 0);
		assert_int_equal(connect(client, (struct sockaddr *)&here,
		    len), 0);
		fd = accept(listener, NULL, NULL);
		assert_int_not_equal(fd, -1);
		check_choice(name, choice_of(fd));
		close(fd);
	}
	close(client);
	close(listener);
}

/* All that this kernel has: reno at the least. */
static void
only_what_is_paced_is_left_by_who_is_accepted(void **state)
{
	FILE *f = fopen(AVAILABLE, "r");
	char name[32];

	(void)state;
	check_accepted("reno");
	while (f != NULL && fscanf(f, "%31s", name) == 1)
		check_accepted(name);
	if (f != NULL)
		fclose(f);
}

static void
what_is_no_tcp_socket_is_left_alone(void **state)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	pace_leave(fd);
	pace_leave(-1);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_paced_is_left_by_who_is_accepted),
		cmocka_unit_test(what_is_no_tcp_socket_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
