/* SPDX-License-Identifier: ISC */
/* Whose Ethernet address: the kernel's answers, made by hand. */
#include "tests/unit/unit.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "common/address.h"
#include "common/neighbour.h"

static union {
	struct nlmsghdr align;
	char octet[1024];
} answer;
static size_t len;

static void
put_attribute(struct nlmsghdr *message, unsigned short type, const void *data,
    unsigned short size)
{
	struct rtattr *a = (void *)((char *)message +
	    NLMSG_ALIGN(message->nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(size);
	memcpy(RTA_DATA(a), data, size);
	message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) +
	    (unsigned)RTA_ALIGN(a->rta_len);
}

/* The last octet of the MAC is `last'. */
static void
put(const char *host, int ifindex, unsigned short state, uint8_t last)
{
	const uint8_t mac[6] = { 0x52, 0x54, 0, 0, 0, last };
	struct nlmsghdr *message = (void *)(answer.octet + len);
	struct ndmsg *entry = NLMSG_DATA(message);
	union address a;

	assert_true(address_parse(host, 0, &a));
	message->nlmsg_type = RTM_NEWNEIGH;
	message->nlmsg_len = NLMSG_LENGTH(sizeof(*entry));
	memset(entry, 0, sizeof(*entry));
	entry->ndm_family = (unsigned char)a.sa.sa_family;
	entry->ndm_ifindex = ifindex;
	entry->ndm_state = state;
	if (a.sa.sa_family == AF_INET)
		put_attribute(message, NDA_DST, &a.in.sin_addr, 4);
	else
		put_attribute(message, NDA_DST, &a.in6.sin6_addr, 16);
	if (state != NUD_INCOMPLETE)
		put_attribute(message, NDA_LLADDR, mac, sizeof(mac));
	len += message->nlmsg_len;
}

static int
table(void **state)
{
	(void)state;
	memset(&answer, 0, sizeof(answer));
	len = 0;
	put("10.0.0.1", 2, NUD_REACHABLE, 1);
	put("10.0.0.2", 2, NUD_STALE, 2);
	put("10.0.0.3", 2, NUD_FAILED, 3);
	put("10.0.0.4", 2, NUD_INCOMPLETE, 4);
	put("fe80::1", 2, NUD_REACHABLE, 5);
	put("fe80::1", 3, NUD_REACHABLE, 6);
	return 0;
}

/* The last octet of the MAC; -1: none. */
static int
find(const char *host, unsigned scope)
{
	struct mac mac;
	union address a;
	bool done;

	assert_true(address_parse(host, 0, &a));
	if (scope != 0)
		a.in6.sin6_scope_id = scope;
	return neighbour_find(&answer, len, &a.sa, &mac, &done) ?
	    mac.octet[5] : -1;
}

static void
an_address_has_its_mac(void **state)
{
	(void)state;
	assert_int_equal(find("10.0.0.1", 0), 1);
	assert_int_equal(find("10.0.0.2", 0), 2);
	assert_int_equal(find("10.0.0.9", 0), -1);
}

static void
ipv4_may_come_mapped(void **state)
{
	(void)state;
	assert_int_equal(find("::ffff:10.0.0.2", 0), 2);
}

static void
an_entry_that_failed_says_nothing(void **state)
{
	(void)state;
	assert_int_equal(find("10.0.0.3", 0), -1);
	assert_int_equal(find("10.0.0.4", 0), -1);
}

static void
a_link_local_address_goes_by_its_link(void **state)
{
	(void)state;
	assert_int_equal(find("fe80::1", 2), 5);
	assert_int_equal(find("fe80::1", 3), 6);
	assert_int_equal(find("fe80::1", 4), -1);
}

static void
an_answer_cut_short_is_no_harm(void **state)
{
	const size_t whole = len;

	(void)state;
	for (len = 0; len < whole; len++)
		assert_in_range(find("fe80::1", 3) + 1, 0, 7);
}

static void
the_end_is_known(void **state)
{
	struct nlmsghdr *message = (void *)(answer.octet + len);
	struct mac mac;
	union address a;
	bool done;

	(void)state;
	assert_true(address_parse("10.0.0.9", 0, &a));
	assert_false(neighbour_find(&answer, len, &a.sa, &mac, &done));
	assert_false(done);
	message->nlmsg_type = NLMSG_DONE;
	message->nlmsg_len = NLMSG_LENGTH(0);
	assert_false(neighbour_find(&answer, len + message->nlmsg_len, &a.sa,
	    &mac, &done));
	assert_true(done);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_address_has_its_mac, table),
		cmocka_unit_test_setup(ipv4_may_come_mapped, table),
		cmocka_unit_test_setup(an_entry_that_failed_says_nothing,
		    table),
		cmocka_unit_test_setup(a_link_local_address_goes_by_its_link,
		    table),
		cmocka_unit_test_setup(an_answer_cut_short_is_no_harm, table),
		cmocka_unit_test_setup(the_end_is_known, table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
