/* SPDX-License-Identifier: ISC */
/* Tests of NFS version 3's octets: arguments in, failures out. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/nfs3.h"

#include <string.h>

struct args {
	uint8_t octets[1024];
	struct wire_out out;
};

static void
begin(struct args *a)
{
	wire_out_init(&a->out, a->octets, sizeof(a->octets));
	xdr_put_opaque(&a->out, "HANDLE", 6);
}

/* mode and size set, atime by the server, mtime by the client. */
static void
put_sattr(struct args *a)
{
	xdr_put_bool(&a->out, true);
	wire_put_n32(&a->out, 0644);
	xdr_put_bool(&a->out, false);
	xdr_put_bool(&a->out, false);
	xdr_put_bool(&a->out, true);
	xdr_put_hyper(&a->out, 0);
	wire_put_n32(&a->out, 1);
	wire_put_n32(&a->out, 2);
	xdr_put_hyper(&a->out, 0);
}

static void
put_name(struct args *a, const char *name)
{
	xdr_put_opaque(&a->out, name, strlen(name));
}

static void
put_arguments(struct args *a, enum nfs3_proc proc)
{
	begin(a);
	switch (proc) {
	case NFS3_SETATTR:
		put_sattr(a);
		xdr_put_bool(&a->out, true);
		xdr_put_hyper(&a->out, 0);
		break;
	case NFS3_ACCESS:
		wire_put_n32(&a->out, 0x3f);
		break;
	case NFS3_READ:
	case NFS3_COMMIT:
		xdr_put_hyper(&a->out, UINT64_C(0x100000002));
		wire_put_n32(&a->out, 77);
		break;
	case NFS3_WRITE:
		xdr_put_hyper(&a->out, UINT64_C(0x100000002));
		wire_put_n32(&a->out, 77);
		wire_put_n32(&a->out, 2);
		put_name(a, "data!");
		break;
	case NFS3_CREATE:
		put_name(a, "name");
		wire_put_n32(&a->out, 1);
		put_sattr(a);
		break;
	case NFS3_MKDIR:
		put_name(a, "name");
		put_sattr(a);
		break;
	case NFS3_SYMLINK:
		put_name(a, "name");
		put_sattr(a);
		put_name(a, "target");
		break;
	case NFS3_MKNOD:
		put_name(a, "name");
		wire_put_n32(&a->out, NFS3_CHR);
		put_sattr(a);
		xdr_put_hyper(&a->out, 0);
		break;
	case NFS3_LOOKUP:
	case NFS3_REMOVE:
	case NFS3_RMDIR:
		put_name(a, "name");
		break;
	case NFS3_RENAME:
		put_name(a, "name");
		put_name(a, "TO");
		put_name(a, "new");
		break;
	case NFS3_LINK:
		put_name(a, "TO");
		put_name(a, "new");
		break;
	case NFS3_READDIR:
	case NFS3_READDIRPLUS:
		xdr_put_hyper(&a->out, UINT64_C(0x100000002));
		xdr_put_hyper(&a->out, 0);
		if (proc == NFS3_READDIRPLUS)
			wire_put_n32(&a->out, 55);
		wire_put_n32(&a->out, 77);
		break;
	default:
		break;
	}
}

static bool
parse(const struct args *a, enum nfs3_proc proc, size_t len,
    struct nfs3_args *args)
{
	uint8_t exact[sizeof(a->octets)];

	memcpy(exact, a->octets, len);
	return nfs3_parse(args, proc, exact, len);
}

static void
every_procedure_takes_its_arguments_and_no_fewer(void **state)
{
	struct nfs3_args args;
	enum nfs3_proc proc;
	struct args a;
	size_t len;

	(void)state;
	for (proc = NFS3_GETATTR; proc < NFS3_NPROCS; proc++) {
		put_arguments(&a, proc);
		assert_true(nfs3_parse(&args, proc, a.octets, a.out.len));
		assert_int_equal(args.object.len, 6);
		assert_memory_equal(args.object.data, "HANDLE", 6);
		for (len = 0; len < a.out.len; len++)
			assert_false(parse(&a, proc, len, &args));
	}
}

static void
the_members_are_where_they_belong(void **state)
{
	struct nfs3_args args;
	struct args a;

	(void)state;
	put_arguments(&a, NFS3_READDIRPLUS);
	nfs3_parse(&args, NFS3_READDIRPLUS, a.octets, a.out.len);
	assert_int_equal(args.offset, UINT64_C(0x100000002));
	assert_int_equal(args.dircount, 55);
	assert_int_equal(args.count, 77);
	put_arguments(&a, NFS3_RENAME);
	nfs3_parse(&args, NFS3_RENAME, a.octets, a.out.len);
	assert_memory_equal(args.name.data, "name", 4);
	assert_memory_equal(args.to_object.data, "TO", 2);
	assert_memory_equal(args.to_name.data, "new", 3);
	put_arguments(&a, NFS3_LINK);
	nfs3_parse(&args, NFS3_LINK, a.octets, a.out.len);
	assert_null(args.name.data);
	assert_int_equal(args.to_object.len, 2);
	put_arguments(&a, NFS3_ACCESS);
	nfs3_parse(&args, NFS3_ACCESS, a.octets, a.out.len);
	assert_int_equal(args.access, 0x3f);
}

static void
values_outside_an_enum_are_garbage(void **state)
{
	struct nfs3_args args;
	struct args a;

	(void)state;
	put_arguments(&a, NFS3_SETATTR);
	a.octets[15] = 2;	/* a bool */
	assert_false(nfs3_parse(&args, NFS3_SETATTR, a.octets, a.out.len));
	put_arguments(&a, NFS3_CREATE);
	a.octets[23] = 3;	/* createmode3 */
	assert_false(nfs3_parse(&args, NFS3_CREATE, a.octets, a.out.len));
	put_arguments(&a, NFS3_WRITE);
	a.octets[27] = 3;	/* stable_how */
	assert_false(nfs3_parse(&args, NFS3_WRITE, a.octets, a.out.len));
}

static void
a_handle_of_65_octets_is_garbage(void **state)
{
	static const uint8_t zeros[65];
	struct nfs3_args args;
	struct args a;

	(void)state;
	wire_out_init(&a.out, a.octets, sizeof(a.octets));
	xdr_put_opaque(&a.out, zeros, 64);
	assert_true(nfs3_parse(&args, NFS3_GETATTR, a.octets, a.out.len));
	wire_out_init(&a.out, a.octets, sizeof(a.octets));
	xdr_put_opaque(&a.out, zeros, 65);
	assert_false(nfs3_parse(&args, NFS3_GETATTR, a.octets, a.out.len));
}

static const struct nfs3_attr attr = {
	.type = NFS3_CHR, .mode = 0620, .nlink = 2, .uid = 3, .gid = 4,
	.size = UINT64_C(0x500000006), .used = 7, .rdev_major = 8,
	.rdev_minor = 9, .fsid = 10, .fileid = UINT64_C(0xb0000000c),
	.atime = { 13, 14 }, .mtime = { 15, 16 }, .ctime = { 17, 18 },
};

#define W(n) 0, 0, 0, n
#define FATTR W(4), 0, 0, 1, 0x90, W(2), W(3), W(4), W(5), W(6), W(0), W(7), \
	W(8), W(9), W(0), W(10), W(11), W(12), W(13), W(14), W(15), W(16), \
	W(17), W(18)
#define WCC W(1), W(5), W(6), W(15), W(16), W(17), W(18), W(1), FATTR

static void
expect(enum nfs3_proc proc, const struct nfs3_attr *a,
    const struct nfs3_attr *to, const uint8_t *want, size_t len)
{
	uint8_t octets[512];
	struct wire_out out;

	wire_out_init(&out, octets, sizeof(octets));
	nfs3_put_failure(&out, proc, NFS3ERR_ROFS, a, to);
	assert_int_equal(out.len, len);
	assert_memory_equal(octets, want, len);
}

static void
failures_have_the_form_of_their_procedure(void **state)
{
	static const uint8_t bare[] = { W(30) }, none[] = { W(30), W(0) },
	    post_op[] = { W(30), W(1), FATTR }, wcc[] = { W(30), WCC },
	    no_wcc[] = { W(30), W(0), W(0) }, two[] = { W(30), WCC, WCC },
	    link[] = { W(30), W(1), FATTR, WCC },
	    one[] = { W(30), WCC, W(0), W(0) };

	(void)state;
	expect(NFS3_GETATTR, &attr, NULL, bare, sizeof(bare));
	expect(NFS3_LOOKUP, NULL, NULL, none, sizeof(none));
	expect(NFS3_LOOKUP, &attr, NULL, post_op, sizeof(post_op));
	expect(NFS3_FSINFO, &attr, NULL, post_op, sizeof(post_op));
	expect(NFS3_WRITE, &attr, NULL, wcc, sizeof(wcc));
	expect(NFS3_COMMIT, NULL, NULL, no_wcc, sizeof(no_wcc));
	expect(NFS3_RENAME, &attr, &attr, two, sizeof(two));
	expect(NFS3_RENAME, &attr, NULL, one, sizeof(one));
	expect(NFS3_LINK, &attr, &attr, link, sizeof(link));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_procedure_takes_its_arguments_and_no_fewer),
		cmocka_unit_test(the_members_are_where_they_belong),
		cmocka_unit_test(values_outside_an_enum_are_garbage),
		cmocka_unit_test(a_handle_of_65_octets_is_garbage),
		cmocka_unit_test(failures_have_the_form_of_their_procedure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
