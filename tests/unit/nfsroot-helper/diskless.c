/* SPDX-License-Identifier: ISC */
/*
 * Tests of what an old diskless machine asks before it has its root, and of
 * calls by UDP: octets in, octets out, over a real boot directory.
 */
#include "tests/unit/nfsroot-helper/world.h"

#include <arpa/inet.h>

#include "common/address.h"
#include "nfsroot-helper/diskless.h"
#include "nfsroot-helper/nearby.h"
#include "nfsroot-helper/ports.h"

#define MACHINE "machine/52-54-00-12-34-56"
#define HEAD 24		/* octets of a reply before the results */

struct exchange {
	struct asker asker;
	struct seen seen;
	uint8_t call[4096], reply[ANSWER_DATAGRAM];
	struct wire_out args, out;
	struct answer answer;
	struct wire_in in;	/* the results, from their first octet */
};

/* By UDP, from 10.0.0.5 to 10.0.0.1. */
static void
begin(struct exchange *x, uint32_t program, uint32_t version, uint32_t proc)
{
	memset(&x->asker, 0, sizeof(x->asker));
	x->asker.host = "10.0.0.5";
	x->asker.local.s_addr = inet_addr("10.0.0.1");
	x->asker.datagram = x->asker.trusted = true;
	wire_out_init(&x->args, x->call, sizeof(x->call));
	rpc_put_call(&x->args, 7, program, version, proc);
}

static void
ask(struct world *w, struct exchange *x)
{
	x->seen.fd = open("seen", O_PATH | O_DIRECTORY);
	w->service.seen = &x->seen;
	wire_out_init(&x->out, x->reply, sizeof(x->reply));
	answer_call(&w->service, &x->asker, x->call, x->args.len, 0, &x->out,
	    &x->answer);
	if (x->seen.fd != -1)
		close(x->seen.fd);
	assert_false(x->out.bad);
	wire_in_init(&x->in, x->reply, x->out.len);
	wire_get_span(&x->in, HEAD);
}

static void
put_address(struct wire_out *out, const char *text)
{
	const uint32_t host = ntohl(inet_addr(text));
	int shift;

	wire_put_n32(out, 1);
	for (shift = 24; shift >= 0; shift -= 8)
		wire_put_n32(out, host >> shift & 0xff);
}

static void
expect_address(struct wire_in *in, const char *text)
{
	uint8_t wanted[20];
	struct wire_out out;

	wire_out_init(&out, wanted, sizeof(wanted));
	put_address(&out, text);
	assert_memory_equal(wire_get_span(in, 20), wanted, 20);
}

static void
expect_text(struct wire_in *in, const char *text)
{
	struct xdr_span span = xdr_get_opaque(in, 2000);

	assert_int_equal(span.len, strlen(text));
	assert_memory_equal(span.data, text, span.len);
}

static void
call_it(struct world *w, struct exchange *x, const char *address)
{
	begin(x, PORTMAP_PROGRAM, PORTMAP_VERSION, PORTMAP_CALLIT);
	wire_put_n32(&x->args, BOOTPARAM_PROGRAM);
	wire_put_n32(&x->args, 1);
	wire_put_n32(&x->args, BOOTPARAM_WHOAMI);
	wire_put_n32(&x->args, 20);
	put_address(&x->args, address);
	ask(w, x);
}

static void
get_file(struct world *w, struct exchange *x, const char *client,
    const char *key)
{
	begin(x, BOOTPARAM_PROGRAM, 1, BOOTPARAM_GETFILE);
	xdr_put_opaque(&x->args, client, strlen(client));
	xdr_put_opaque(&x->args, key, strlen(key));
	ask(w, x);
}

static void
a_broadcast_whoami_is_answered_with_name_and_port(void **state)
{
	struct world *w = *state;
	struct exchange x;

	write_file(MACHINE "/ip", "10.0.0.5\n");
	write_file(MACHINE "/hostname", "alpha\n");
	write_file(MACHINE "/bootparam/router", "10.0.0.254\n");
	ports_note(&w->service.portmap, 2049, PORTMAP_UDP);
	call_it(w, &x, "10.0.0.5");
	assert_int_equal(x.answer.kind, ANSWER_REPLY);
	assert_int_equal(wire_get_n32(&x.in), 2049);
	assert_int_equal(wire_get_n32(&x.in), 36);
	assert_int_equal(x.in.left, 36);
	expect_text(&x.in, "alpha");
	expect_text(&x.in, "");
	expect_address(&x.in, "10.0.0.254");
	assert_int_equal(x.in.left, 0);
	assert_int_equal(x.answer.event, EVENT_NAMED);
}

static void
of_whom_we_know_nothing_we_say_nothing(void **state)
{
	struct world *w = *state;
	struct exchange x;

	write_file(MACHINE "/ip", "10.0.0.5\n");
	call_it(w, &x, "10.0.0.6");
	assert_int_equal(x.answer.kind, ANSWER_SILENCE);
	assert_int_equal(x.out.len, 0);
	/* Known, but nobody said that it boots so. */
	call_it(w, &x, "10.0.0.5");
	assert_int_equal(x.answer.kind, ANSWER_SILENCE);
	write_file(MACHINE "/bootparam/root", "/bsd\n");
	call_it(w, &x, "10.0.0.5");
	assert_int_equal(x.answer.kind, ANSWER_REPLY);
}

static void
no_other_call_is_passed_on(void **state)
{
	struct world *w = *state;
	struct exchange x;

	begin(&x, PORTMAP_PROGRAM, PORTMAP_VERSION, PORTMAP_CALLIT);
	wire_put_n32(&x.args, MOUNT3_PROGRAM);
	wire_put_n32(&x.args, 3);
	wire_put_n32(&x.args, MOUNT3_NULL);
	wire_put_n32(&x.args, 0);
	ask(w, &x);
	assert_int_equal(x.answer.kind, ANSWER_SILENCE);
	assert_int_equal(x.out.len, 0);
}

static void
getfile_says_where_the_root_is(void **state)
{
	struct world *w = *state;
	struct exchange x;

	write_file(MACHINE "/hostname", "alpha\n");
	write_file(MACHINE "/bootparam/swap", "10.0.0.9:/swap/alpha\n");
	write_file("seen/ip/none", "");
	assert_int_equal(symlink("../52-54-00-12-34-56", "seen/ip/10.0.0.5"),
	    0);
	get_file(w, &x, "alpha", "swap");
	expect_text(&x.in, "10.0.0.9");
	expect_address(&x.in, "10.0.0.9");
	expect_text(&x.in, "/swap/alpha");
	write_file(MACHINE "/bootparam/root", "/bsd\n");
	get_file(w, &x, "alpha", "root");
	expect_text(&x.in, "10.0.0.1");
	expect_address(&x.in, "10.0.0.1");
	expect_text(&x.in, "/bsd");
	assert_int_equal(x.answer.event, EVENT_TOLD);
}

static void
without_a_root_it_is_the_machines_own_view(void **state)
{
	struct world *w = *state;
	struct exchange x;

	write_file(MACHINE "/ip", "10.0.0.5\n");
	write_file(MACHINE "/bootparam/domain", "example.org\n");
	get_file(w, &x, "52-54-00-12-34-56", "root");
	expect_text(&x.in, "10.0.0.1");
	expect_address(&x.in, "10.0.0.1");
	expect_text(&x.in, "/" MACHINE);
}

static void
what_a_machine_mounts_is_told_to_it_alone(void **state)
{
	struct world *w = *state;
	struct exchange x;

	write_file(MACHINE "/ip", "10.0.0.5\n");
	write_file(MACHINE "/hostname", "alpha\n");
	write_file(MACHINE "/bootparam/root", "/bsd\n");
	get_file(w, &x, "beta", "root");
	assert_int_equal(x.answer.fault, RPC_SYSTEM_TROUBLE);
	get_file(w, &x, "alpha", "../hostname");
	assert_int_equal(x.answer.fault, RPC_SYSTEM_TROUBLE);
	get_file(w, &x, "alpha", "root");
	assert_int_equal(x.answer.fault, RPC_NO_FAULT);
}

static void
a_machine_has_the_address_that_its_file_says(void **state)
{
	static const struct mac mac = { { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };
	struct world *w = *state;
	struct in_addr address;
	struct diskless d;
	const char *why;

	write_file("machine/default/bootparam/root", "/bsd\n");
	write_file("machine/default/ip", "10.0.0.77\n");
	assert_true(diskless_by_mac(w->bootfd, &mac, &d, &why));
	assert_string_equal(d.folder, "machine/default");
	assert_string_equal(d.name, "52-54-00-12-34-56");
	/* What stands there would be everybody's. */
	assert_false(diskless_address(w->bootfd, &d, &address));
	write_file("seen/52-54-00-12-34-56/ip", "10.0.0.6\n");
	assert_true(diskless_address(w->bootfd, &d, &address));
	assert_int_equal(address.s_addr, inet_addr("10.0.0.6"));
	write_file(MACHINE "/ip", "10.0.0.5\n");
	write_file(MACHINE "/bootparam/root", "/bsd\n");
	assert_true(diskless_by_mac(w->bootfd, &mac, &d, &why));
	assert_true(diskless_address(w->bootfd, &d, &address));
	assert_int_equal(address.s_addr, inet_addr("10.0.0.5"));
}

static void
the_port_mapper_lets_nobody_register(void **state)
{
	struct world *w = *state;
	struct exchange x;
	uint32_t proc;

	ports_note(&w->service.portmap, 2049, PORTMAP_TCP);
	for (proc = PORTMAP_SET; proc <= PORTMAP_UNSET; proc++) {
		begin(&x, PORTMAP_PROGRAM, PORTMAP_VERSION, proc);
		portmap_put_mapping(&x.args, &(struct portmap_mapping){
		    NFS3_PROGRAM, 3, PORTMAP_TCP, 666 });
		ask(w, &x);
		assert_int_equal(wire_get_n32(&x.in), 0);
		assert_int_equal(x.in.left, 0);
	}
	begin(&x, PORTMAP_PROGRAM, PORTMAP_VERSION, PORTMAP_GETPORT);
	portmap_put_mapping(&x.args, &(struct portmap_mapping){
	    NFS3_PROGRAM, 3, PORTMAP_TCP, 0 });
	ask(w, &x);
	assert_int_equal(wire_get_n32(&x.in), 2049);
}

static void
dump_lists_all_services(void **state)
{
	struct world *w = *state;
	struct exchange x;
	size_t n = 0;

	ports_note(&w->service.portmap, 111, PORTMAP_UDP);
	ports_note(&w->service.portmap, 627, PORTMAP_UDP);
	ports_note(&w->service.portmap, 2049, PORTMAP_UDP);
	begin(&x, PORTMAP_PROGRAM, PORTMAP_VERSION, PORTMAP_DUMP);
	ask(w, &x);
	for (; wire_get_n32(&x.in) == 1; n++)
		wire_get_span(&x.in, 16);
	assert_false(x.in.bad);
	assert_int_equal(x.in.left, 0);
	/* The port mapper, NFS, MOUNT 1 to 3, BOOTPARAM. */
	assert_int_equal(n, 6);
}

static void
replies_by_udp_fit_into_a_datagram(void **state)
{
	struct world *w = *state;
	struct octets o;
	struct exchange x;
	char *big = malloc(100001);

	assert_non_null(big);
	memset(big, 'x', 100000);
	big[100000] = '\0';
	write_file("root/demo/big", big);
	free(big);
	o = handle_of(w, "demo", "big");
	begin(&x, NFS3_PROGRAM, 3, NFS3_FSINFO);
	xdr_put_opaque(&x.args, o.data, o.len);
	ask(w, &x);
	wire_get_span(&x.in, 4 + 4 + 84);
	assert_int_equal(wire_get_n32(&x.in), ANSWER_DATAGRAM_DATA);
	begin(&x, NFS3_PROGRAM, 3, NFS3_READ);
	xdr_put_opaque(&x.args, o.data, o.len);
	xdr_put_hyper(&x.args, 0);
	wire_put_n32(&x.args, 65536);
	ask(w, &x);
	assert_int_equal(x.answer.count, ANSWER_DATAGRAM_DATA);
	wire_get_span(&x.in, 4 + 4 + 84 + 12);
	assert_int_equal(x.in.left, ANSWER_DATAGRAM_DATA);
}

static void
a_network_is_as_wide_as_its_mask(void **state)
{
	union address a, ours, mask, v6, v6mask;

	(void)state;
	address_parse("10.0.0.1", 0, &ours);
	address_parse("255.255.254.0", 0, &mask);
	address_parse("10.0.1.255", 0, &a);
	assert_true(nearby_same_network(&a.sa, &ours.sa, &mask.sa));
	address_parse("10.0.2.0", 0, &a);
	assert_false(nearby_same_network(&a.sa, &ours.sa, &mask.sa));
	address_parse("2001:db8::1", 0, &v6);
	address_parse("ffff:ffff:ffff:ffff::", 0, &v6mask);
	assert_false(nearby_same_network(&a.sa, &v6.sa, &v6mask.sa));
	address_parse("2001:db8::ffff:1", 0, &a);
	assert_true(nearby_same_network(&a.sa, &v6.sa, &v6mask.sa));
	address_parse("2001:db8:0:1::1", 0, &a);
	assert_false(nearby_same_network(&a.sa, &v6.sa, &v6mask.sa));
}

#define WORLD(test) \
	cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(a_broadcast_whoami_is_answered_with_name_and_port),
		WORLD(of_whom_we_know_nothing_we_say_nothing),
		WORLD(no_other_call_is_passed_on),
		WORLD(getfile_says_where_the_root_is),
		WORLD(without_a_root_it_is_the_machines_own_view),
		WORLD(what_a_machine_mounts_is_told_to_it_alone),
		WORLD(a_machine_has_the_address_that_its_file_says),
		WORLD(the_port_mapper_lets_nobody_register),
		WORLD(dump_lists_all_services),
		WORLD(replies_by_udp_fit_into_a_datagram),
		cmocka_unit_test(a_network_is_as_wide_as_its_mask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
