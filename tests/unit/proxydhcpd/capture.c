/* SPDX-License-Identifier: ISC */
/* UDP datagrams out of capture files. */
#include "proxydhcpd/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t ip4[] = {
	0x46, 0, 0, 35, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	1, 1, 1, 0,		/* an option */
	0, 68, 0, 67, 0, 11, 0, 0, 'a', 'b', 'c',
	0, 0, 0			/* Ethernet's padding */
};
static const uint8_t ip6[] = {
	0x60, 0, 0, 0, 0, 10, 17, 64,
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2,
	2, 34, 2, 35, 0, 10, 0, 0, 'x', 'y'
};

struct file {
	uint8_t octets[1024];
	struct wire_out w;
	bool little;
};

static void
put_32(struct file *f, uint32_t v)
{
	wire_put_n32(&f->w, f->little ? __builtin_bswap32(v) : v);
}

static void
begin(struct file *f, bool little, uint32_t magic, uint32_t link)
{
	f->little = little;
	wire_out_init(&f->w, f->octets, sizeof(f->octets));
	put_32(f, magic);
	wire_put_zeros(&f->w, 16);
	put_32(f, link);
}

static void
put_frame(struct file *f, const void *head, size_t head_len, const void *ip,
    size_t ip_len)
{
	wire_put_zeros(&f->w, 8);
	put_32(f, (uint32_t)(head_len + ip_len));
	put_32(f, (uint32_t)(head_len + ip_len));
	wire_put_bytes(&f->w, head, head_len);
	wire_put_bytes(&f->w, ip, ip_len);
	assert_false(f->w.bad);
}

static void
assert_next_is_4(struct capture *c)
{
	struct capture_datagram d;
	char text[ADDRESS_TEXT];

	assert_true(capture_next(c, &d));
	assert_string_equal(address_format(&d.from.sa, text), "10.0.0.1");
	assert_string_equal(address_format(&d.to.sa, text), "10.0.0.2");
	assert_int_equal(address_port(&d.from.sa), 68);
	assert_int_equal(address_port(&d.to.sa), 67);
	assert_int_equal(d.len, 3);
	assert_memory_equal(d.payload, "abc", 3);
}

static void
assert_next_is_6(struct capture *c)
{
	struct capture_datagram d;
	char text[ADDRESS_TEXT];

	assert_true(capture_next(c, &d));
	assert_string_equal(address_format(&d.from.sa, text), "fe80::1");
	assert_string_equal(address_format(&d.to.sa, text), "ff02::1:2");
	assert_int_equal(address_port(&d.from.sa), 546);
	assert_int_equal(address_port(&d.to.sa), 547);
	assert_int_equal(d.len, 2);
	assert_memory_equal(d.payload, "xy", 2);
}

static void
both_families_come_from_every_link(void **state)
{
	static const struct {
		uint32_t link;
		size_t len;
		uint8_t head4[24], head6[24];
	} links[] = {
		{ 1, 14, { [12] = 8, 0 }, { [12] = 0x86, 0xdd } },
		{ 1, 18, { [12] = 0x81, 0, 0, 7, 8, 0 },
		    { [12] = 0x81, 0, 0, 7, 0x86, 0xdd } },
		{ 1, 22, { [12] = 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 8, 0 },
		    { [12] = 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 0x86, 0xdd } },
		{ 113, 16, { [14] = 8, 0 }, { [14] = 0x86, 0xdd } },
		{ 276, 20, { 8, 0 }, { 0x86, 0xdd } },
		{ 101, 0, { 0 }, { 0 } },
	};
	struct capture_datagram d;
	struct capture c;
	struct file f;
	size_t i, little;

	(void)state;
	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		for (little = 0; little < 2; little++) {
			begin(&f, little == 1, i % 2 == 0 ? 0xa1b2c3d4u :
			    0xa1b23c4du, links[i].link);
			put_frame(&f, links[i].head4, links[i].len, ip4,
			    sizeof(ip4));
			put_frame(&f, links[i].head6, links[i].len, ip6,
			    sizeof(ip6));
			assert_int_equal(capture_open(&c, f.octets, f.w.len),
			    CAPTURE_READY);
			assert_next_is_4(&c);
			assert_next_is_6(&c);
			assert_int_equal(c.frame, 2);
			assert_false(capture_next(&c, &d));
		}
}

static void
put_block(struct file *f, uint32_t kind, const uint32_t *words, size_t n,
    const void *data, size_t len)
{
	const size_t pad = -len & 3;
	const uint32_t total = (uint32_t)(12 + 4 * n + len + pad);
	size_t i;

	put_32(f, kind);
	put_32(f, total);
	for (i = 0; i < n; i++)
		put_32(f, words[i]);
	wire_put_bytes(&f->w, data, len);
	wire_put_zeros(&f->w, pad);
	put_32(f, total);
	assert_false(f->w.bad);
}

/* A section of Wireshark's, with two interfaces and one that is unknown. */
static void
put_section(struct file *f)
{
	const uint32_t order[] = { 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff };
	const uint32_t ip4_at[] = { 1, 0, 0, sizeof(ip4), sizeof(ip4) };
	const uint32_t nowhere[] = { 7, 0, 0, sizeof(ip4), sizeof(ip4) };
	const uint32_t simple[] = { sizeof(ip6) };
	const uint8_t raw[] = { f->little ? 101 : 0, f->little ? 0 : 101, 0,
	    0, 0, 0, 0, 0 };

	put_block(f, 0x0a0d0d0a, order, 4, NULL, 0);
	put_block(f, 1, NULL, 0, raw, sizeof(raw));
	put_block(f, 1, NULL, 0, raw, sizeof(raw));
	put_block(f, 4, NULL, 0, "names", 5);
	put_block(f, 6, nowhere, 5, ip4, sizeof(ip4));
	put_block(f, 6, ip4_at, 5, ip4, sizeof(ip4));
	put_block(f, 3, simple, 1, ip6, sizeof(ip6));
}

static void
wiresharks_files_are_read_in_either_order_of_octets(void **state)
{
	struct capture_datagram d;
	struct capture c;
	struct file f;
	size_t len, whole;

	(void)state;
	wire_out_init(&f.w, f.octets, sizeof(f.octets));
	f.little = true;
	put_section(&f);
	whole = f.w.len;
	f.little = false;
	put_section(&f);
	assert_int_equal(capture_open(&c, f.octets, f.w.len), CAPTURE_READY);
	assert_next_is_4(&c);
	assert_next_is_6(&c);
	assert_int_equal(c.frame, 3);
	assert_next_is_4(&c);
	assert_next_is_6(&c);
	assert_int_equal(c.frame, 6);
	assert_false(capture_next(&c, &d));
	/* Cut anywhere in its last block, it ends before that. */
	for (len = whole - sizeof(ip6) - 18; len < whole; len++) {
		assert_int_equal(capture_open(&c, f.octets, len),
		    CAPTURE_READY);
		assert_next_is_4(&c);
		assert_false(capture_next(&c, &d));
	}
}

/* Whatever is not UDP, or not the beginning of it, is stepped over. */
static void
other_frames_are_passed_by(void **state)
{
	uint8_t tcp[sizeof(ip4)], later[sizeof(ip4)];
	struct capture c;
	struct file f;

	(void)state;
	memcpy(tcp, ip4, sizeof(ip4));
	tcp[9] = 6;
	memcpy(later, ip4, sizeof(ip4));
	later[7] = 1;
	begin(&f, true, 0xa1b2c3d4u, 101);
	put_frame(&f, NULL, 0, tcp, sizeof(tcp));
	put_frame(&f, NULL, 0, later, sizeof(later));
	put_frame(&f, NULL, 0, ip4, 27);
	put_frame(&f, NULL, 0, NULL, 0);
	put_frame(&f, NULL, 0, ip6, sizeof(ip6));
	assert_int_equal(capture_open(&c, f.octets, f.w.len), CAPTURE_READY);
	assert_next_is_6(&c);
	assert_int_equal(c.frame, 5);
}

static void
a_file_that_is_cut_ends_there(void **state)
{
	struct capture_datagram d;
	struct capture c;
	struct file f;
	size_t len;

	(void)state;
	begin(&f, true, 0xa1b2c3d4u, 101);
	put_frame(&f, NULL, 0, ip4, sizeof(ip4));
	for (len = 24; len < f.w.len; len++) {
		assert_int_equal(capture_open(&c, f.octets, len),
		    CAPTURE_READY);
		assert_false(capture_next(&c, &d));
	}
	for (len = 0; len < 4; len++)
		assert_int_equal(capture_open(&c, f.octets, len),
		    CAPTURE_NONE);
}

static void
other_files_are_told_apart(void **state)
{
	struct capture c;
	struct file f;

	(void)state;
	begin(&f, true, 0xa1b2c3d4u, 127);
	assert_int_equal(capture_open(&c, f.octets, f.w.len),
	    CAPTURE_OTHER_LINK);
	assert_int_equal(c.link[0], 127);
	assert_int_equal(capture_open(&c, ip4, sizeof(ip4)), CAPTURE_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_families_come_from_every_link),
		cmocka_unit_test(wiresharks_files_are_read_in_either_order_of_octets),
		cmocka_unit_test(other_frames_are_passed_by),
		cmocka_unit_test(a_file_that_is_cut_ends_there),
		cmocka_unit_test(other_files_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
