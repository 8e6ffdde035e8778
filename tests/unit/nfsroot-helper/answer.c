/* SPDX-License-Identifier: ISC */
/* Tests of whole calls: octets in, octets out, over a real tree. */
#include "tests/unit/nfsroot-helper/world.h"

#define HEAD 24		/* octets of a reply before the results */

struct exchange {
	struct asker asker;
	uint8_t call[4096];
	struct wire_out args;
	uint8_t reply[ANSWER_MAX];
	struct answer answer;
	struct wire_in in;	/* the results, from their first octet */
	size_t len;		/* of the reply */
};

/* As root of a client, by AUTH_UNIX. */
static void
begin_as(struct exchange *x, uint32_t program, uint32_t version,
    uint32_t proc, uint32_t uid)
{
	memset(&x->asker, 0, sizeof(x->asker));
	x->asker.host = "192.0.2.1";
	wire_out_init(&x->args, x->call, sizeof(x->call));
	wire_put_n32(&x->args, 7);
	wire_put_n32(&x->args, 0);
	wire_put_n32(&x->args, 2);
	wire_put_n32(&x->args, program);
	wire_put_n32(&x->args, version);
	wire_put_n32(&x->args, proc);
	wire_put_n32(&x->args, 1);
	wire_put_n32(&x->args, 24);
	wire_put_n32(&x->args, 0);
	xdr_put_opaque(&x->args, "m", 1);
	wire_put_n32(&x->args, uid);
	wire_put_n32(&x->args, uid);
	wire_put_n32(&x->args, 0);
	wire_put_zeros(&x->args, 8);
}

static void
begin(struct exchange *x, enum nfs3_proc proc, const struct octets *o)
{
	begin_as(x, NFS3_PROGRAM, 3, proc, 0);
	if (o != NULL)
		xdr_put_opaque(&x->args, o->data, o->len);
}

static void
put_name(struct exchange *x, const char *name)
{
	xdr_put_opaque(&x->args, name, strlen(name));
}

static void
ask(struct world *w, struct exchange *x)
{
	struct wire_out out;

	wire_out_init(&out, x->reply, sizeof(x->reply));
	answer_call(&w->service, &x->asker, x->call, x->args.len, 0, &out,
	    &x->answer);
	assert_false(out.bad);
	x->len = out.len;
	wire_in_init(&x->in, x->reply, out.len);
	if (x->answer.fault == RPC_NO_FAULT)
		wire_get_span(&x->in, HEAD);
}

static struct nfs3_attr
get_attr(struct exchange *x)
{
	struct nfs3_attr a;

	a.type = wire_get_n32(&x->in);
	a.mode = wire_get_n32(&x->in);
	a.nlink = wire_get_n32(&x->in);
	a.uid = wire_get_n32(&x->in);
	a.gid = wire_get_n32(&x->in);
	a.size = xdr_get_hyper(&x->in);
	a.used = xdr_get_hyper(&x->in);
	a.rdev_major = wire_get_n32(&x->in);
	a.rdev_minor = wire_get_n32(&x->in);
	a.fsid = xdr_get_hyper(&x->in);
	a.fileid = xdr_get_hyper(&x->in);
	wire_get_span(&x->in, 24);
	return a;
}

static struct nfs3_attr
get_post_op(struct exchange *x)
{
	assert_int_equal(wire_get_n32(&x->in), 1);
	return get_attr(x);
}

static uint32_t
get_status(struct exchange *x)
{
	return wire_get_n32(&x->in);
}

static void
expect_end(const struct exchange *x)
{
	assert_false(x->in.bad);
	assert_int_equal(x->in.left, 0);
}

static void
mount_gives_the_handle_of_a_folder(void **state)
{
	struct world *w = *state;
	struct octets root = handle_of(w, "demo", ""), sub;
	struct xdr_span handle;
	struct exchange x;

	write_file("root/demo/usr/lib/file", "x");
	sub = handle_of(w, "demo", "usr/lib");
	begin_as(&x, MOUNT3_PROGRAM, 3, MOUNT3_MNT, 0);
	put_name(&x, "/demo");
	ask(w, &x);
	assert_int_equal(get_status(&x), MNT3_OK);
	handle = xdr_get_opaque(&x.in, 64);
	assert_int_equal(handle.len, root.len);
	assert_memory_equal(handle.data, root.data, root.len);
	assert_int_equal(wire_get_n32(&x.in), 1);
	assert_int_equal(wire_get_n32(&x.in), 1);
	expect_end(&x);
	assert_int_equal(x.answer.event, EVENT_MOUNTED);

	begin_as(&x, MOUNT3_PROGRAM, 3, MOUNT3_MNT, 0);
	put_name(&x, "/demo/usr/lib/");
	ask(w, &x);
	assert_int_equal(get_status(&x), MNT3_OK);
	handle = xdr_get_opaque(&x.in, 64);
	assert_memory_equal(handle.data, sub.data, sub.len);
}

static void
expect_refused(struct world *w, const char *path, uint32_t status)
{
	struct exchange x;

	begin_as(&x, MOUNT3_PROGRAM, 3, MOUNT3_MNT, 0);
	put_name(&x, path);
	ask(w, &x);
	assert_int_equal(get_status(&x), status);
	expect_end(&x);
	assert_int_equal(x.answer.event, EVENT_REFUSED);
	assert_true(x.answer.why[0] != '\0');
	assert_string_equal(x.answer.path, path);
}

static void
mounts_of_anything_else_are_refused_with_a_reason(void **state)
{
	struct world *w = *state;

	write_file("root/demo/file", "x");
	write_file("root/plain", "x");
	assert_int_equal(symlink("..", "root/up"), 0);
	assert_int_equal(symlink("..", "root/demo/up"), 0);
	expect_refused(w, "/nothing", MNT3ERR_NOENT);
	expect_refused(w, "/demo/nothing", MNT3ERR_NOENT);
	expect_refused(w, "/demo/file", MNT3ERR_NOTDIR);
	expect_refused(w, "/demo/up", MNT3ERR_NOTDIR);
	expect_refused(w, "/demo/up/up", MNT3ERR_NOTDIR);
	expect_refused(w, "/demo/../..", MNT3ERR_ACCES);
	expect_refused(w, "/plain", MNT3ERR_NOTDIR);
	expect_refused(w, "/up", MNT3ERR_ACCES);
	expect_refused(w, "/", MNT3ERR_NOENT);
}

static void
dump_and_export_are_lists(void **state)
{
	struct world *w = *state;
	struct xdr_span text;
	struct exchange x;

	write_file("root/file", "not an export");
	begin_as(&x, MOUNT3_PROGRAM, 3, MOUNT3_MNT, 0);
	put_name(&x, "/demo");
	ask(w, &x);
	begin_as(&x, MOUNT3_PROGRAM, 1, MOUNT3_DUMP, 0);
	ask(w, &x);
	assert_true(xdr_get_bool(&x.in));
	text = xdr_get_opaque(&x.in, 255);
	assert_memory_equal(text.data, "192.0.2.1", 9);
	text = xdr_get_opaque(&x.in, 1024);
	assert_memory_equal(text.data, "/demo", 5);
	assert_false(xdr_get_bool(&x.in));
	expect_end(&x);

	begin_as(&x, MOUNT3_PROGRAM, 3, MOUNT3_EXPORT, 0);
	ask(w, &x);
	assert_true(xdr_get_bool(&x.in));
	text = xdr_get_opaque(&x.in, 1024);
	assert_int_equal(text.len, 5);
	assert_memory_equal(text.data, "/demo", 5);
	assert_false(xdr_get_bool(&x.in));
	assert_false(xdr_get_bool(&x.in));
	expect_end(&x);

	begin_as(&x, MOUNT3_PROGRAM, 3, MOUNT3_UMNT, 0);
	put_name(&x, "/demo");
	ask(w, &x);
	assert_int_equal(x.answer.event, EVENT_UNMOUNTED);
	expect_end(&x);
	begin_as(&x, MOUNT3_PROGRAM, 3, MOUNT3_DUMP, 0);
	ask(w, &x);
	assert_false(xdr_get_bool(&x.in));
	expect_end(&x);
}

static void
attributes_are_those_of_the_file(void **state)
{
	struct world *w = *state;
	struct nfs3_attr a;
	struct exchange x;
	struct octets o;
	struct stat st;

	write_file("root/demo/file", "twelve chars");
	assert_int_equal(chmod("root/demo/file", 04750), 0);
	assert_int_equal(link("root/demo/file", "root/demo/link"), 0);
	assert_int_equal(stat("root/demo/file", &st), 0);
	o = handle_of(w, "demo", "file");
	begin(&x, NFS3_GETATTR, &o);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3_OK);
	a = get_attr(&x);
	expect_end(&x);
	assert_int_equal(a.type, NFS3_REG);
	assert_int_equal(a.mode, 04750);
	assert_int_equal(a.nlink, 2);
	assert_int_equal(a.uid, st.st_uid);
	assert_int_equal(a.size, 12);
	assert_int_equal(a.used, st.st_blocks * 512);
	assert_int_equal(a.fileid, st.st_ino);
	assert_int_equal(a.fsid, handle_export_id("demo"));
}

static void
each_type_is_told(void **state)
{
	struct world *w = *state;
	struct exchange x;
	struct octets o;

	assert_int_equal(mkfifo("root/demo/fifo", 0600), 0);
	assert_int_equal(mknod("root/demo/sock", S_IFSOCK | 0600, 0), 0);
	assert_int_equal(symlink("target/of/link", "root/demo/link"), 0);
	o = handle_of(w, "demo", "fifo");
	begin(&x, NFS3_GETATTR, &o);
	ask(w, &x);
	get_status(&x);
	assert_int_equal(get_attr(&x).type, NFS3_FIFO);
	o = handle_of(w, "demo", "sock");
	begin(&x, NFS3_GETATTR, &o);
	ask(w, &x);
	get_status(&x);
	assert_int_equal(get_attr(&x).type, NFS3_SOCK);
	o = handle_of(w, "demo", "link");
	begin(&x, NFS3_READLINK, &o);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3_OK);
	assert_int_equal(get_post_op(&x).size, 14);
	assert_memory_equal(xdr_get_opaque(&x.in, 1024).data,
	    "target/of/link", 14);
	expect_end(&x);
	/* Reading a FIFO would wait for ever. */
	o = handle_of(w, "demo", "fifo");
	begin(&x, NFS3_READ, &o);
	xdr_put_hyper(&x.args, 0);
	wire_put_n32(&x.args, 100);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3ERR_INVAL);
}

static void
lookup_finds_names_and_dots_and_nothing_else(void **state)
{
	static const struct {
		const char *name;
		uint32_t status;
	} cases[] = {
		{ "file", NFS3_OK }, { "nothing", NFS3ERR_NOENT },
		{ ".", NFS3_OK }, { "..", NFS3_OK }, { "", NFS3ERR_ACCES },
		{ "a/b", NFS3ERR_ACCES }, { "/", NFS3ERR_ACCES },
	};
	struct world *w = *state;
	char name[NFS3_NAME_MAX + 2];
	struct octets root;
	struct exchange x;
	size_t i;

	write_file("root/demo/file", "x");
	root = handle_of(w, "demo", "");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&x, NFS3_LOOKUP, &root);
		put_name(&x, cases[i].name);
		ask(w, &x);
		assert_int_equal(get_status(&x), cases[i].status);
	}
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	begin(&x, NFS3_LOOKUP, &root);
	put_name(&x, name);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3ERR_NAMETOOLONG);
}

static void
dot_dot_of_the_root_is_the_root(void **state)
{
	struct world *w = *state;
	struct octets root = handle_of(w, "demo", "");
	struct xdr_span handle;
	struct exchange x;

	begin(&x, NFS3_LOOKUP, &root);
	put_name(&x, "..");
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3_OK);
	handle = xdr_get_opaque(&x.in, 64);
	assert_int_equal(handle.len, root.len);
	assert_memory_equal(handle.data, root.data, root.len);
	assert_int_equal(get_post_op(&x).fileid, inode_of("root/demo"));
	assert_int_equal(get_post_op(&x).fileid, inode_of("root/demo"));
	expect_end(&x);
}

static uint32_t
access_of(struct world *w, const char *path, uint32_t uid, uint32_t asked)
{
	struct octets o = handle_of(w, "demo", path);
	struct exchange x;

	begin_as(&x, NFS3_PROGRAM, 3, NFS3_ACCESS, uid);
	xdr_put_opaque(&x.args, o.data, o.len);
	wire_put_n32(&x.args, asked);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3_OK);
	get_post_op(&x);
	return wire_get_n32(&x.in);
}

static void
root_may_all_but_write_and_others_what_the_mode_says(void **state)
{
	struct world *w = *state;
	const uint32_t all = 0x3f;

	write_file("root/demo/secret", "x");
	write_file("root/demo/folder/tool", "x");
	assert_int_equal(chmod("root/demo/secret", 0600), 0);
	assert_int_equal(chmod("root/demo/folder/tool", 0711), 0);
	assert_int_equal(chmod("root/demo/folder", 0710), 0);
	assert_int_equal(access_of(w, "secret", 0, all), NFS3_ACCESS_READ);
	assert_int_equal(access_of(w, "folder/tool", 0, all),
	    NFS3_ACCESS_READ | NFS3_ACCESS_EXECUTE);
	assert_int_equal(access_of(w, "folder", 0, all), NFS3_ACCESS_READ |
	    NFS3_ACCESS_LOOKUP | NFS3_ACCESS_EXECUTE);
	assert_int_equal(access_of(w, "folder", 0, NFS3_ACCESS_LOOKUP),
	    NFS3_ACCESS_LOOKUP);
	assert_int_equal(access_of(w, "secret", 12345, all), 0);
	assert_int_equal(access_of(w, "folder", 12345, all), 0);
	assert_int_equal(access_of(w, "folder/tool", 12345, all),
	    NFS3_ACCESS_EXECUTE);
}

static void
read_at(struct world *w, struct exchange *x, const struct octets *o,
    uint64_t offset, uint32_t count)
{
	begin(x, NFS3_READ, o);
	xdr_put_hyper(&x->args, offset);
	wire_put_n32(&x->args, count);
	ask(w, x);
}

static void
expect_data(struct world *w, const struct octets *o, uint64_t offset,
    uint32_t count, const char *want, bool eof)
{
	struct xdr_span data;
	struct exchange x;

	read_at(w, &x, o, offset, count);
	assert_int_equal(get_status(&x), NFS3_OK);
	get_post_op(&x);
	assert_int_equal(wire_get_n32(&x.in), strlen(want));
	assert_int_equal(xdr_get_bool(&x.in), eof);
	data = xdr_get_opaque(&x.in, 65536);
	assert_int_equal(data.len, strlen(want));
	assert_memory_equal(data.data, want, data.len);
	expect_end(&x);
	assert_int_equal(x.answer.length, 0);
}

static void
reads_end_where_the_file_ends(void **state)
{
	struct world *w = *state;
	struct octets o;

	write_file("root/demo/file", "0123456789");
	o = handle_of(w, "demo", "file");
	expect_data(w, &o, 0, 4, "0123", false);
	expect_data(w, &o, 4, 5, "45678", false);
	expect_data(w, &o, 4, 6, "456789", true);
	expect_data(w, &o, 0, 1 << 20, "0123456789", true);
	expect_data(w, &o, 10, 4, "", true);
	expect_data(w, &o, 11, 4, "", true);
	expect_data(w, &o, UINT64_MAX, UINT32_MAX, "", true);
	expect_data(w, &o, 3, 0, "", false);
}

static void
a_long_read_is_bounded_and_need_not_be_kept(void **state)
{
	struct world *w = *state;
	struct exchange x;
	struct octets o;

	write_file("root/demo/file", "");
	assert_int_equal(truncate("root/demo/file", 3 << 20), 0);
	o = handle_of(w, "demo", "file");
	read_at(w, &x, &o, 5, UINT32_MAX);
	assert_int_equal(get_status(&x), NFS3_OK);
	get_post_op(&x);
	assert_int_equal(wire_get_n32(&x.in), ANSWER_READ_MAX);
	assert_false(xdr_get_bool(&x.in));
	assert_int_equal(xdr_get_opaque(&x.in, ANSWER_READ_MAX).len,
	    ANSWER_READ_MAX);
	expect_end(&x);
	assert_int_equal(x.answer.length, ANSWER_READ_MAX);
	assert_int_equal(x.answer.offset, 5);
	assert_true(x.answer.file >= 0);
	read_at(w, &x, &o, (3 << 20) - 100001, UINT32_MAX);
	assert_int_equal(x.answer.length, 100001);
	assert_true(x.answer.eof);
	read_at(w, &x, &o, 0, ANSWER_KEEP);
	assert_int_equal(x.answer.length, 0);
}

static void
the_first_read_of_a_mount_is_an_event(void **state)
{
	struct world *w = *state;
	struct exchange x;
	struct octets o;

	write_file("root/demo/file", "x");
	o = handle_of(w, "demo", "file");
	read_at(w, &x, &o, 0, 1);
	assert_int_equal(x.answer.event, EVENT_READING);
	assert_string_equal(x.answer.path, "/demo");
	read_at(w, &x, &o, 0, 1);
	assert_int_equal(x.answer.event, EVENT_NONE);
}

static void
reading_what_is_no_file_is_refused(void **state)
{
	struct world *w = *state;
	struct octets root = handle_of(w, "demo", "");
	struct exchange x;

	read_at(w, &x, &root, 0, 10);
	assert_int_equal(get_status(&x), NFS3ERR_ISDIR);
	get_post_op(&x);
	expect_end(&x);
	begin(&x, NFS3_READLINK, &root);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3ERR_INVAL);
}

struct seen_entry {
	uint64_t fileid, cookie;
	char name[NFS3_NAME_MAX + 1];
};

/* One page of a listing; how many entries, and *eof. */
static size_t
list_page(struct world *w, const struct octets *o, enum nfs3_proc proc,
    uint64_t cookie, uint32_t count, struct seen_entry *e, bool *eof)
{
	struct xdr_span name;
	struct exchange x;
	size_t n = 0;

	begin(&x, proc, o);
	xdr_put_hyper(&x.args, cookie);
	xdr_put_hyper(&x.args, 0);
	if (proc == NFS3_READDIRPLUS)
		wire_put_n32(&x.args, count);
	wire_put_n32(&x.args, count);
	ask(w, &x);
	assert_true(x.len - HEAD - 4 <= count);
	assert_int_equal(get_status(&x), NFS3_OK);
	assert_int_equal(get_post_op(&x).type, NFS3_DIR);
	xdr_get_hyper(&x.in);
	for (; xdr_get_bool(&x.in); n++) {
		e[n].fileid = xdr_get_hyper(&x.in);
		name = xdr_get_opaque(&x.in, NFS3_NAME_MAX);
		memcpy(e[n].name, name.data, name.len);
		e[n].name[name.len] = '\0';
		e[n].cookie = xdr_get_hyper(&x.in);
		if (proc == NFS3_READDIRPLUS) {
			assert_int_equal(get_post_op(&x).fileid, e[n].fileid);
			assert_true(xdr_get_bool(&x.in));
			assert_true(xdr_get_opaque(&x.in, 64).len >= 24);
		}
	}
	*eof = xdr_get_bool(&x.in);
	expect_end(&x);
	return n;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct seen_entry *)a)->name,
	    ((const struct seen_entry *)b)->name);
}

static void
expect_listing(struct world *w, enum nfs3_proc proc, uint32_t count)
{
	static struct seen_entry e[4096];
	struct octets o = handle_of(w, "demo", "many");
	char name[32];
	size_t n = 0, i;
	bool eof = false;

	while (!eof) {
		n += list_page(w, &o, proc, n == 0 ? 0 : e[n - 1].cookie,
		    count, e + n, &eof);
		assert_true(n < 1000);
		world_restart(w);	/* cookies outlive the daemon */
	}
	assert_int_equal(n, 302);
	qsort(e, n, sizeof(*e), by_name);
	assert_string_equal(e[0].name, ".");
	assert_int_equal(e[0].fileid, inode_of("root/demo/many"));
	assert_string_equal(e[1].name, "..");
	assert_int_equal(e[1].fileid, inode_of("root/demo"));
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "file%03zu", i);
		assert_string_equal(e[i + 2].name, name);
	}
}

static void
listings_are_whole_whatever_the_page(void **state)
{
	struct world *w = *state;
	char path[64];
	int i;

	for (i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "root/demo/many/file%03d", i);
		write_file(path, "");
	}
	expect_listing(w, NFS3_READDIR, 400);
	expect_listing(w, NFS3_READDIR, 4096);
	expect_listing(w, NFS3_READDIR, 1 << 20);
	expect_listing(w, NFS3_READDIRPLUS, 512);
	expect_listing(w, NFS3_READDIRPLUS, 4096);
	expect_listing(w, NFS3_READDIRPLUS, 65536);
}

static void
the_root_has_no_parent_in_its_listing(void **state)
{
	struct world *w = *state;
	struct octets o = handle_of(w, "demo", "");
	struct seen_entry e[16];
	size_t n, i;
	bool eof;

	n = list_page(w, &o, NFS3_READDIRPLUS, 0, 8192, e, &eof);
	assert_int_equal(n, 2);
	for (i = 0; i < n; i++)
		assert_int_equal(e[i].fileid, inode_of("root/demo"));
}

static void
a_page_without_room_for_an_entry_is_too_small(void **state)
{
	struct world *w = *state;
	struct octets o = handle_of(w, "demo", "");
	struct exchange x;
	uint32_t count;

	for (count = 0; count < 128; count += 16) {
		begin(&x, NFS3_READDIR, &o);
		xdr_put_hyper(&x.args, 0);
		xdr_put_hyper(&x.args, 0);
		wire_put_n32(&x.args, count);
		ask(w, &x);
		assert_int_equal(get_status(&x), NFS3ERR_TOOSMALL);
		get_post_op(&x);
		expect_end(&x);
	}
	begin(&x, NFS3_READDIR, &o);
	xdr_put_hyper(&x.args, UINT64_MAX);
	xdr_put_hyper(&x.args, 0);
	wire_put_n32(&x.args, 4096);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3ERR_BAD_COOKIE);
}

static void
fsinfo_says_what_linux_needs(void **state)
{
	struct world *w = *state;
	struct octets o = handle_of(w, "demo", "");
	struct exchange x;
	int i;

	begin(&x, NFS3_FSINFO, &o);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3_OK);
	get_post_op(&x);
	assert_int_equal(wire_get_n32(&x.in), 1 << 20);
	assert_int_equal(wire_get_n32(&x.in), 1 << 20);
	for (i = 0; i < 4; i++)
		assert_int_not_equal(wire_get_n32(&x.in), 0);
	assert_true(wire_get_n32(&x.in) >= 32768);
	assert_true(xdr_get_hyper(&x.in) == INT64_MAX);
	xdr_get_hyper(&x.in);
	assert_int_equal(wire_get_n32(&x.in), 0x0b);
	expect_end(&x);
	begin(&x, NFS3_FSSTAT, &o);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3_OK);
	get_post_op(&x);
	wire_get_span(&x.in, 6 * 8 + 4);
	expect_end(&x);
	begin(&x, NFS3_PATHCONF, &o);
	ask(w, &x);
	assert_int_equal(get_status(&x), NFS3_OK);
	get_post_op(&x);
	wire_get_n32(&x.in);
	assert_int_equal(wire_get_n32(&x.in), 255);
	wire_get_span(&x.in, 16);
	expect_end(&x);
}

/* Each one's arguments behind the handle, as few as there may be. */
static void
put_write_arguments(struct exchange *x, enum nfs3_proc proc,
    const struct octets *o)
{
	static const size_t zeros[NFS3_NPROCS] = {
		[NFS3_SETATTR] = 28, [NFS3_WRITE] = 20, [NFS3_COMMIT] = 12,
		[NFS3_CREATE] = 28, [NFS3_MKDIR] = 24, [NFS3_SYMLINK] = 28,
		[NFS3_MKNOD] = 4,
	};
	const bool named = proc != NFS3_SETATTR && proc != NFS3_WRITE &&
	    proc != NFS3_COMMIT && proc != NFS3_LINK;

	if (named)
		put_name(x, "new");
	wire_put_zeros(&x->args, zeros[proc]);
	if (proc == NFS3_RENAME || proc == NFS3_LINK) {
		xdr_put_opaque(&x->args, o->data, o->len);
		put_name(x, "newer");
	}
}

static void
all_that_writes_is_refused_with_wcc_data(void **state)
{
	static const enum nfs3_proc procs[] = {
		NFS3_SETATTR, NFS3_WRITE, NFS3_CREATE, NFS3_MKDIR,
		NFS3_SYMLINK, NFS3_MKNOD, NFS3_REMOVE, NFS3_RMDIR,
		NFS3_RENAME, NFS3_LINK, NFS3_COMMIT,
	};
	struct world *w = *state;
	struct octets o = handle_of(w, "demo", "");
	struct exchange x;
	size_t i;

	for (i = 0; i < sizeof(procs) / sizeof(procs[0]); i++) {
		begin(&x, procs[i], &o);
		put_write_arguments(&x, procs[i], &o);
		ask(w, &x);
		assert_int_equal(x.answer.fault, RPC_NO_FAULT);
		assert_int_equal(get_status(&x), NFS3ERR_ROFS);
		if (procs[i] == NFS3_LINK)
			get_post_op(&x);
		assert_true(xdr_get_bool(&x.in));
		assert_true(xdr_get_hyper(&x.in) > 0);
		wire_get_span(&x.in, 16);
		assert_int_equal(get_post_op(&x).fileid,
		    inode_of("root/demo"));
		if (procs[i] == NFS3_RENAME) {
			assert_true(xdr_get_bool(&x.in));
			wire_get_span(&x.in, 24);
			get_post_op(&x);
		}
		expect_end(&x);
	}
}

static enum rpc_fault
fault_of(struct world *w, uint32_t program, uint32_t version, uint32_t proc)
{
	struct exchange x;

	begin_as(&x, program, version, proc, 0);
	ask(w, &x);
	return x.answer.fault;
}

static void
strange_calls_are_answered_by_rpc_itself(void **state)
{
	struct world *w = *state;

	assert_int_equal(fault_of(w, NFS3_PROGRAM, 3, 0), RPC_NO_FAULT);
	assert_int_equal(fault_of(w, MOUNT3_PROGRAM, 1, 0), RPC_NO_FAULT);
	assert_int_equal(fault_of(w, 100021, 4, 0), RPC_NO_PROGRAM);
	assert_int_equal(fault_of(w, NFS3_PROGRAM, 4, 0), RPC_NO_VERSION);
	assert_int_equal(fault_of(w, MOUNT3_PROGRAM, 2, 0), RPC_NO_FAULT);
	assert_int_equal(fault_of(w, MOUNT3_PROGRAM, 4, 0), RPC_NO_VERSION);
	assert_int_equal(fault_of(w, PORTMAP_PROGRAM, 3, 0), RPC_NO_VERSION);
	assert_int_equal(fault_of(w, BOOTPARAM_PROGRAM, 2, 0),
	    RPC_NO_VERSION);
	assert_int_equal(fault_of(w, BOOTPARAM_PROGRAM, 1, 3),
	    RPC_NO_PROCEDURE);
	assert_int_equal(fault_of(w, NFS3_PROGRAM, 3, 22), RPC_NO_PROCEDURE);
	assert_int_equal(fault_of(w, MOUNT3_PROGRAM, 3, 6),
	    RPC_NO_PROCEDURE);
	assert_int_equal(fault_of(w, NFS3_PROGRAM, 3, NFS3_GETATTR),
	    RPC_GARBAGE_ARGUMENTS);
	assert_int_equal(fault_of(w, MOUNT3_PROGRAM, 3, MOUNT3_MNT),
	    RPC_GARBAGE_ARGUMENTS);
}

static void
mount_version_1_gives_no_handle(void **state)
{
	struct world *w = *state;
	struct exchange x;

	begin_as(&x, MOUNT3_PROGRAM, 1, MOUNT3_MNT, 0);
	put_name(&x, "/demo");
	ask(w, &x);
	assert_int_equal(get_status(&x), MNT3ERR_ACCES);
	expect_end(&x);
}

static void
a_file_that_changes_is_read_as_it_is_now(void **state)
{
	struct world *w = *state;
	struct octets o;

	write_file("root/demo/file", "before");
	o = handle_of(w, "demo", "file");
	expect_data(w, &o, 0, 100, "before", true);
	write_file("root/demo/file", "and after");
	expect_data(w, &o, 0, 100, "and after", true);
	assert_int_equal(truncate("root/demo/file", 3), 0);
	expect_data(w, &o, 0, 100, "and", true);
}

#define WORLD(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(mount_gives_the_handle_of_a_folder),
		WORLD(mounts_of_anything_else_are_refused_with_a_reason),
		WORLD(dump_and_export_are_lists),
		WORLD(attributes_are_those_of_the_file),
		WORLD(each_type_is_told),
		WORLD(lookup_finds_names_and_dots_and_nothing_else),
		WORLD(dot_dot_of_the_root_is_the_root),
		WORLD(root_may_all_but_write_and_others_what_the_mode_says),
		WORLD(reads_end_where_the_file_ends),
		WORLD(a_long_read_is_bounded_and_need_not_be_kept),
		WORLD(the_first_read_of_a_mount_is_an_event),
		WORLD(reading_what_is_no_file_is_refused),
		WORLD(listings_are_whole_whatever_the_page),
		WORLD(the_root_has_no_parent_in_its_listing),
		WORLD(a_page_without_room_for_an_entry_is_too_small),
		WORLD(fsinfo_says_what_linux_needs),
		WORLD(all_that_writes_is_refused_with_wcc_data),
		WORLD(strange_calls_are_answered_by_rpc_itself),
		WORLD(mount_version_1_gives_no_handle),
		WORLD(a_file_that_changes_is_read_as_it_is_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
