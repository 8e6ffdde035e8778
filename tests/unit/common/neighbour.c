/* SPDX-License-Identifier: ISC */
/* Tests of the neighbour table's messages. */
#include "tests/unit/unit.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <stdlib.h>
#include <string.h>

#include "common/address.h"
#include "common/neighbour.h"

struct table {
	uint8_t data[512];
	size_t len;
};

static void
add(struct table *t, const void *data, size_t len)
{
	assert_true(t->len + len + 3 < sizeof(t->data));
	memcpy(t->data + t->len, data, len);
	t->len = (t->len + len + 3) & ~(size_t)3;
}

static void
add_attribute(struct table *t, unsigned short type, const void *data,
    size_t len)
{
	struct rtattr a = { .rta_len = (unsigned short)(sizeof(a) + len),
	    .rta_type = type };

	memcpy(t->data + t->len, &a, sizeof(a));
	t->len += sizeof(a);
	add(t, data, len);
}

/* An entry for 10.0.0.HOST; its hardware address ends with the same octet. */
static void
add_entry(struct table *t, uint8_t host, unsigned short state)
{
	const uint8_t ip[] = { 10, 0, 0, host };
	const uint8_t mac[] = { 0x52, 0x54, 0, 0, 0, host };
	struct nlmsghdr head = { .nlmsg_type = RTM_NEWNEIGH };
	struct ndmsg entry = { .ndm_family = AF_INET, .ndm_state = state };
	const size_t start = t->len;

	add(t, &head, sizeof(head));
	add(t, &entry, sizeof(entry));
	add_attribute(t, NDA_DST, ip, sizeof(ip));
	add_attribute(t, NDA_LLADDR, mac, sizeof(mac));
	head.nlmsg_len = (unsigned)(t->len - start);
	memcpy(t->data + start, &head, sizeof(head));
}

static bool
whose(const struct table *t, const char *address, struct mac *mac, bool *more)
{
	union address a;

	assert_true(address_parse(address, 0, &a));
	return neighbour_parse(t->data, t->len, &a.sa, mac, more);
}

static void
the_entry_of_an_address_says_whose_it_is(void **state)
{
	struct table t = { .len = 0 };
	char text[MAC_TEXT];
	struct mac mac;
	bool more;

	(void)state;
	add_entry(&t, 1, NUD_REACHABLE);
	add_entry(&t, 2, NUD_STALE);
	assert_true(whose(&t, "10.0.0.2", &mac, &more));
	assert_string_equal(mac_format(&mac, text), "52-54-00-00-00-02");
	assert_false(whose(&t, "10.0.0.3", &mac, &more));
	assert_true(more);
	assert_false(whose(&t, "fe80::1", &mac, &more));
}

static void
an_address_that_did_not_answer_is_nobodys(void **state)
{
	struct table t = { .len = 0 };
	struct mac mac;
	bool more;

	(void)state;
	add_entry(&t, 1, NUD_FAILED);
	add_entry(&t, 2, NUD_INCOMPLETE);
	assert_false(whose(&t, "10.0.0.1", &mac, &more));
	assert_false(whose(&t, "10.0.0.2", &mac, &more));
}

static void
the_table_ends_where_the_kernel_says_so(void **state)
{
	struct nlmsghdr done = { .nlmsg_len = sizeof(done),
	    .nlmsg_type = NLMSG_DONE };
	struct table t = { .len = 0 };
	struct mac mac;
	bool more;

	(void)state;
	add(&t, &done, sizeof(done));
	add_entry(&t, 1, NUD_REACHABLE);
	assert_false(whose(&t, "10.0.0.1", &mac, &more));
	assert_false(more);
}

static void
what_is_cut_off_is_not_read_beyond(void **state)
{
	struct table t = { .len = 0 };
	uint8_t *copy;
	union address a;
	struct mac mac;
	size_t len;
	bool more;

	(void)state;
	add_entry(&t, 1, NUD_REACHABLE);
	assert_true(address_parse("10.0.0.1", 0, &a));
	for (len = 0; len < t.len; len++) {
		copy = malloc(len + 1);		/* ASan sees its end */
		assert_non_null(copy);
		memcpy(copy, t.data, len);
		assert_false(neighbour_parse(copy, len, &a.sa, &mac, &more));
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_entry_of_an_address_says_whose_it_is),
		cmocka_unit_test(an_address_that_did_not_answer_is_nobodys),
		cmocka_unit_test(the_table_ends_where_the_kernel_says_so),
		cmocka_unit_test(what_is_cut_off_is_not_read_beyond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
