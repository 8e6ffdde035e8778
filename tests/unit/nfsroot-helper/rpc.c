/* SPDX-License-Identifier: ISC */
/* Tests of RPC heads: octets as RFC 5531 has them. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/rpc.h"

#include <string.h>

struct message {
	uint8_t octets[2048];
	struct wire_out out;
};

static void
begin(struct message *m, uint32_t rpcvers)
{
	wire_out_init(&m->out, m->octets, sizeof(m->octets));
	wire_put_n32(&m->out, 0xfeedbeef);
	wire_put_n32(&m->out, 0);
	wire_put_n32(&m->out, rpcvers);
	wire_put_n32(&m->out, 100003);
	wire_put_n32(&m->out, 3);
	wire_put_n32(&m->out, 1);
}

static void
put_auth(struct message *m, uint32_t flavor, const void *body, size_t len)
{
	wire_put_n32(&m->out, flavor);
	wire_put_n32(&m->out, (uint32_t)len);
	wire_put_bytes(&m->out, body, len);
	wire_put_zeros(&m->out, -len & 3);
}

/* AUTH_UNIX as Linux sends it: stamp, machine, uid, gid, groups. */
static const uint8_t unix_body[] = {
	0, 0, 0, 9, 0, 0, 0, 5, 'b', 'o', 'x', '-', '1', 0, 0, 0,
	0, 0, 3, 232, 0, 0, 0, 100, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 24,
};

static enum rpc_fault
parse(struct message *m, struct rpc_call *call)
{
	return rpc_parse(call, m->octets, m->out.len);
}

static void
a_call_with_auth_none_is_read(void **state)
{
	struct rpc_call call;
	struct message m;

	(void)state;
	begin(&m, 2);
	put_auth(&m, 0, NULL, 0);
	put_auth(&m, 0, NULL, 0);
	wire_put_bytes(&m.out, "args", 4);
	assert_int_equal(parse(&m, &call), RPC_NO_FAULT);
	assert_int_equal(call.xid, 0xfeedbeef);
	assert_int_equal(call.program, 100003);
	assert_int_equal(call.version, 3);
	assert_int_equal(call.procedure, 1);
	assert_false(call.caller.known);
	assert_int_equal(call.args_len, 4);
	assert_memory_equal(call.args, "args", 4);
}

static void
auth_unix_says_who_calls(void **state)
{
	struct rpc_call call;
	struct message m;

	(void)state;
	begin(&m, 2);
	put_auth(&m, 1, unix_body, sizeof(unix_body));
	put_auth(&m, 0, NULL, 0);
	assert_int_equal(parse(&m, &call), RPC_NO_FAULT);
	assert_true(call.caller.known);
	assert_string_equal(call.caller.machine, "box-1");
	assert_int_equal(call.caller.uid, 1000);
	assert_int_equal(call.caller.gid, 100);
	assert_int_equal(call.caller.ngroups, 2);
	assert_int_equal(call.caller.group[1], 24);
	assert_int_equal(call.args_len, 0);
}

static void
a_bad_credential_is_told_from_an_unknown_one(void **state)
{
	uint8_t body[sizeof(unix_body)];
	struct rpc_call call;
	struct message m;

	(void)state;
	begin(&m, 2);
	put_auth(&m, 1, unix_body, sizeof(unix_body) - 4);
	put_auth(&m, 0, NULL, 0);
	assert_int_equal(parse(&m, &call), RPC_BAD_CREDENTIAL);

	/* More groups than there may be. */
	memcpy(body, unix_body, sizeof(body));
	body[27] = 17;
	begin(&m, 2);
	put_auth(&m, 1, body, sizeof(body));
	put_auth(&m, 0, NULL, 0);
	assert_int_equal(parse(&m, &call), RPC_BAD_CREDENTIAL);

	begin(&m, 2);
	put_auth(&m, 6, "gssgssgs", 8);
	put_auth(&m, 0, NULL, 0);
	assert_int_equal(parse(&m, &call), RPC_UNKNOWN_AUTH);
}

static void
a_head_that_is_cut_off_anywhere_is_no_call(void **state)
{
	uint8_t exact[256];
	struct rpc_call call;
	struct message m;
	enum rpc_fault fault;
	size_t len;

	(void)state;
	begin(&m, 2);
	put_auth(&m, 1, unix_body, sizeof(unix_body));
	put_auth(&m, 0, NULL, 0);
	for (len = 0; len < m.out.len; len++) {
		memcpy(exact, m.octets, len);
		fault = rpc_parse(&call, exact, len);
		assert_true(fault == RPC_NOT_A_CALL ||
		    fault == RPC_BAD_HEADER);
	}
}

static void
a_credential_of_more_than_400_octets_is_no_call(void **state)
{
	static const uint8_t body[404];
	struct rpc_call call;
	struct message m;

	(void)state;
	begin(&m, 2);
	put_auth(&m, 0, body, sizeof(body));
	put_auth(&m, 0, NULL, 0);
	assert_int_equal(parse(&m, &call), RPC_BAD_HEADER);
}

static void
replies_are_not_answered(void **state)
{
	struct rpc_call call;
	struct message m;

	(void)state;
	begin(&m, 2);
	m.octets[7] = 1;
	assert_int_equal(parse(&m, &call), RPC_NOT_A_CALL);
	wire_out_init(&m.out, m.octets, sizeof(m.octets));
	assert_false(rpc_put_fault(&m.out, 1, RPC_NOT_A_CALL, 0, 0));
	assert_false(rpc_put_fault(&m.out, 1, RPC_BAD_HEADER, 0, 0));
	assert_int_equal(m.out.len, 0);
}

static void
another_rpc_version_is_owed_an_answer(void **state)
{
	struct rpc_call call;
	struct message m;

	(void)state;
	begin(&m, 3);
	assert_int_equal(parse(&m, &call), RPC_OTHER_RPC);
	assert_int_equal(call.xid, 0xfeedbeef);
}

static void
expect(enum rpc_fault fault, const uint8_t *want, size_t len)
{
	struct message m;

	wire_out_init(&m.out, m.octets, sizeof(m.octets));
	if (fault == RPC_NO_FAULT)
		rpc_put_success(&m.out, 0x01020304);
	else
		assert_true(rpc_put_fault(&m.out, 0x01020304, fault, 1, 3));
	assert_int_equal(m.out.len, len);
	assert_memory_equal(m.octets, want, len);
	assert_true(len <= RPC_REPLY_HEADER);
}

#define W(n) 0, 0, 0, n
#define HEAD 1, 2, 3, 4, W(1)

static void
replies_have_the_octets_of_the_rfc(void **state)
{
	static const uint8_t success[] = { HEAD, W(0), W(0), W(0), W(0) },
	    no_program[] = { HEAD, W(0), W(0), W(0), W(1) },
	    no_version[] = { HEAD, W(0), W(0), W(0), W(2), W(1), W(3) },
	    no_procedure[] = { HEAD, W(0), W(0), W(0), W(3) },
	    garbage[] = { HEAD, W(0), W(0), W(0), W(4) },
	    system[] = { HEAD, W(0), W(0), W(0), W(5) },
	    other_rpc[] = { HEAD, W(1), W(0), W(2), W(2) },
	    bad_credential[] = { HEAD, W(1), W(1), W(1) },
	    unknown_auth[] = { HEAD, W(1), W(1), W(2) };

	(void)state;
	expect(RPC_NO_FAULT, success, sizeof(success));
	expect(RPC_NO_PROGRAM, no_program, sizeof(no_program));
	expect(RPC_NO_VERSION, no_version, sizeof(no_version));
	expect(RPC_NO_PROCEDURE, no_procedure, sizeof(no_procedure));
	expect(RPC_GARBAGE_ARGUMENTS, garbage, sizeof(garbage));
	expect(RPC_SYSTEM_TROUBLE, system, sizeof(system));
	expect(RPC_OTHER_RPC, other_rpc, sizeof(other_rpc));
	expect(RPC_BAD_CREDENTIAL, bad_credential, sizeof(bad_credential));
	expect(RPC_UNKNOWN_AUTH, unknown_auth, sizeof(unknown_auth));
}

static void
a_reply_that_does_not_fit_is_bad(void **state)
{
	struct message m;

	(void)state;
	wire_out_init(&m.out, m.octets, 20);
	rpc_put_success(&m.out, 1);
	assert_true(m.out.bad);
}

static void
a_call_of_ours_is_one_that_we_read(void **state)
{
	struct rpc_call call;
	struct message m;

	(void)state;
	wire_out_init(&m.out, m.octets, sizeof(m.octets));
	rpc_put_call(&m.out, 7, 100000, 2, 1);
	wire_put_bytes(&m.out, "args", 4);
	assert_int_equal(parse(&m, &call), RPC_NO_FAULT);
	assert_int_equal(call.xid, 7);
	assert_int_equal(call.program, 100000);
	assert_int_equal(call.version, 2);
	assert_int_equal(call.procedure, 1);
	assert_false(call.caller.known);
	assert_memory_equal(call.args, "args", 4);
}

static void
results_are_behind_a_reply_with_success(void **state)
{
	struct wire_in results;
	struct message m;

	(void)state;
	wire_out_init(&m.out, m.octets, sizeof(m.octets));
	rpc_put_success(&m.out, 7);
	wire_put_n32(&m.out, 1);
	assert_true(rpc_parse_reply(m.octets, m.out.len, 7, &results));
	assert_int_equal(wire_get_n32(&results), 1);
	assert_int_equal(results.left, 0);
	assert_false(rpc_parse_reply(m.octets, m.out.len, 8, &results));
	assert_false(rpc_parse_reply(m.octets, 20, 7, &results));
}

static void
a_fault_has_no_results(void **state)
{
	struct wire_in results;
	struct message m;

	(void)state;
	wire_out_init(&m.out, m.octets, sizeof(m.octets));
	assert_true(rpc_put_fault(&m.out, 7, RPC_NO_VERSION, 2, 4));
	assert_false(rpc_parse_reply(m.octets, m.out.len, 7, &results));
	m.out.len = 0;
	assert_true(rpc_put_fault(&m.out, 7, RPC_OTHER_RPC, 0, 0));
	assert_false(rpc_parse_reply(m.octets, m.out.len, 7, &results));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_with_auth_none_is_read),
		cmocka_unit_test(auth_unix_says_who_calls),
		cmocka_unit_test(a_bad_credential_is_told_from_an_unknown_one),
		cmocka_unit_test(a_head_that_is_cut_off_anywhere_is_no_call),
		cmocka_unit_test(
		    a_credential_of_more_than_400_octets_is_no_call),
		cmocka_unit_test(replies_are_not_answered),
		cmocka_unit_test(another_rpc_version_is_owed_an_answer),
		cmocka_unit_test(replies_have_the_octets_of_the_rfc),
		cmocka_unit_test(a_reply_that_does_not_fit_is_bad),
		cmocka_unit_test(a_call_of_ours_is_one_that_we_read),
		cmocka_unit_test(results_are_behind_a_reply_with_success),
		cmocka_unit_test(a_fault_has_no_results),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
