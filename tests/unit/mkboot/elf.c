/* SPDX-License-Identifier: ISC */
/* What an ELF file needs: of both classes and orders, and when it lies. */
#include "tests/unit/unit.h"

#include "mkboot/dlopen_note.h"
#include "mkboot/elf.h"
#include "mkboot/libpath.h"
#include "mkboot/microcode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE 0x10000	/* where the file's first octet is loaded */

/*
 * A program that is all tables: header, four segments, interpreter, texts,
 * dynamic section, note.
 */
struct program {
	uint8_t data[1024];
	size_t len;
	bool wide, big;
	size_t dynamic;		/* where it is, to be spoilt */
};

static void
put(struct program *p, size_t at, uint64_t value, size_t octets)
{
	size_t i;

	for (i = 0; i < octets; i++)
		p->data[at + (p->big ? octets - 1 - i : i)] =
		    (uint8_t)(value >> (8 * i));
}

static void
segment(struct program *p, size_t i, uint64_t type, uint64_t at, uint64_t len,
    uint64_t align)
{
	const size_t w = p->wide ? 8 : 4;
	const size_t from = p->wide ? 64 + i * 56 : 52 + i * 32;

	put(p, from, type, 4);
	put(p, from + w, at, w);			/* p_offset */
	put(p, from + 2 * w, BASE + at, w);		/* p_vaddr */
	put(p, from + (p->wide ? 32 : 16), len, w);	/* p_filesz */
	put(p, from + (p->wide ? 48 : 28), align, w);
}

static void
entry(struct program *p, size_t i, uint64_t tag, uint64_t value)
{
	const size_t w = p->wide ? 8 : 4;

	put(p, p->dynamic + 2 * i * w, tag, w);
	put(p, p->dynamic + (2 * i + 1) * w, value, w);
}

static const char texts[] =
    "\0libz.so.1\0libc.so.6\0me.so\0$ORIGIN/../lib:/opt/lib\0/old";
#define AT_TEXTS 400
#define AT_INTERPRETER 380
#define AT_NOTE 700
static const char json[] = "[{\"feature\":\"lzma\",\"priority\":\"required\","
    "\"soname\":[\"liblzma.so.5\",\"liblzma.so.4\"]}]";

static void
make(struct program *p, bool wide, bool big)
{
	*p = (struct program){ .wide = wide, .big = big, .dynamic = 480,
	    .len = 900 };
	memcpy(p->data, "\177ELF", 4);
	p->data[4] = wide ? 2 : 1;
	p->data[5] = big ? 2 : 1;
	put(p, 18, 62, 2);
	put(p, wide ? 32 : 28, wide ? 64 : 52, wide ? 8 : 4);
	put(p, wide ? 54 : 42, wide ? 56 : 32, 2);
	put(p, wide ? 56 : 44, 4, 2);
	segment(p, 0, 1, 0, p->len, 4096);
	segment(p, 1, 2, p->dynamic, wide ? 160 : 80, 8);
	segment(p, 2, 3, AT_INTERPRETER, 12, 1);
	segment(p, 3, 4, AT_NOTE, 12 + 4 + sizeof(json), 4);
	memcpy(p->data + AT_INTERPRETER, "/lib/ld.so.9", 12);
	p->data[AT_INTERPRETER + 11] = '\0';
	memcpy(p->data + AT_TEXTS, texts, sizeof(texts));
	entry(p, 0, 1, 1);
	entry(p, 1, 1, 11);
	entry(p, 2, 5, BASE + AT_TEXTS);
	entry(p, 3, 10, sizeof(texts));
	entry(p, 4, 14, 21);
	entry(p, 5, 29, 27);
	entry(p, 6, 15, 51);
	entry(p, 7, 0, 0);
	put(p, AT_NOTE, 4, 4);
	put(p, AT_NOTE + 4, sizeof(json), 4);
	put(p, AT_NOTE + 8, 0x407c0c0a, 4);
	memcpy(p->data + AT_NOTE + 12, "FDO", 4);
	memcpy(p->data + AT_NOTE + 16, json, sizeof(json));
}

static void
reads(bool wide, bool big)
{
	struct program p;
	struct elf e;
	size_t len;

	make(&p, wide, big);
	assert_int_equal(elf_parse(&e, p.data, p.len), ELF_OK);
	assert_string_equal(e.interpreter, "/lib/ld.so.");
	assert_string_equal(elf_needed(&e, 0), "libz.so.1");
	assert_string_equal(elf_needed(&e, 1), "libc.so.6");
	assert_null(elf_needed(&e, 2));
	assert_string_equal(e.soname, "me.so");
	assert_string_equal(e.runpath, "$ORIGIN/../lib:/opt/lib");
	assert_string_equal(e.rpath, "/old");
	assert_int_equal(e.machine, 62);
	assert_memory_equal(elf_dlopen_note(&e, 0, &len), json, sizeof(json));
	assert_int_equal(len, sizeof(json));
	assert_null(elf_dlopen_note(&e, 1, &len));
}

static void
a_program_of_any_class_and_order_says_what_it_needs(void **state)
{
	(void)state;
	reads(true, false);
	reads(true, true);
	reads(false, false);
	reads(false, true);
}

static void
programs_of_two_kinds_are_not_alike(void **state)
{
	struct program p, q;
	struct elf a, b;

	(void)state;
	make(&p, true, false);
	make(&q, false, false);
	assert_int_equal(elf_parse(&a, p.data, p.len), ELF_OK);
	assert_int_equal(elf_parse(&b, q.data, q.len), ELF_OK);
	assert_true(elf_alike(&a, &a));
	assert_false(elf_alike(&a, &b));
}

static void
another_kind_of_file_is_no_elf(void **state)
{
	struct elf e;

	(void)state;
	assert_int_equal(elf_parse(&e, (const uint8_t *)"#!/bin/sh\n", 10),
	    ELF_NONE);
	assert_int_equal(elf_parse(&e, (const uint8_t *)"", 0), ELF_NONE);
}

/* At whatever length it is cut, no octet beyond is read (ASan sees). */
static void
a_file_cut_short_is_bad(void **state)
{
	struct program p;
	struct elf e;
	uint8_t *copy;
	size_t len;

	(void)state;
	make(&p, true, false);
	for (len = 16; len < AT_NOTE; len++) {
		assert_non_null(copy = malloc(len));
		memcpy(copy, p.data, len);
		if (len < p.dynamic + 160)
			assert_int_equal(elf_parse(&e, copy, len), ELF_BAD);
		else
			(void)elf_parse(&e, copy, len);
		free(copy);
	}
}

static void
texts_outside_of_their_table_are_bad(void **state)
{
	struct program p;
	struct elf e;

	(void)state;
	make(&p, true, false);
	entry(&p, 0, 1, sizeof(texts));
	assert_int_equal(elf_parse(&e, p.data, p.len), ELF_BAD);
	make(&p, true, false);
	entry(&p, 3, 10, 55);		/* "/old" has no end then */
	assert_int_equal(elf_parse(&e, p.data, p.len), ELF_BAD);
	make(&p, true, false);
	entry(&p, 2, 5, BASE - 1);
	assert_int_equal(elf_parse(&e, p.data, p.len), ELF_BAD);
}

static void
a_note_names_libraries_by_priority(void **state)
{
	static const char two[] = "[ {\"soname\":[\"a.so.1\"],"
	    "\"priority\":\"suggested\"},\n {\"soname\" : [\"b\\\"c\" , \"d\"]} ]";
	struct dlopen_need d;
	size_t at = 0;

	(void)state;
	assert_int_equal(dlopen_note_next(json, sizeof(json), &at, &d), 1);
	assert_true(d.required && d.wanted);
	assert_int_equal(d.soname.n, 2);
	assert_string_equal(d.soname.at[1], "liblzma.so.4");
	strings_free(&d.soname);
	assert_int_equal(dlopen_note_next(json, sizeof(json), &at, &d), 0);
	at = 0;
	assert_int_equal(dlopen_note_next(two, sizeof(two), &at, &d), 1);
	assert_false(d.required || d.wanted);
	strings_free(&d.soname);
	assert_int_equal(dlopen_note_next(two, sizeof(two), &at, &d), 1);
	assert_true(!d.required && d.wanted);
	assert_string_equal(d.soname.at[0], "b\"c");
	strings_free(&d.soname);
	assert_int_equal(dlopen_note_next(two, sizeof(two), &at, &d), 0);
}

static void
a_note_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "{}", "[{\"soname\":\"x\"", "[{\"a\":[}]", "[1]",
		"[{\"a\":\"b\"} {", "[{\"a"
	};
	struct dlopen_need d;
	size_t i, at;
	int result;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		at = 0;
		do {
			errno = 0;
			result = dlopen_note_next(bad[i], strlen(bad[i]), &at,
			    &d);
			if (result == 1)
				strings_free(&d.soname);
		} while (result == 1);
		assert_int_equal(result, -1);
		assert_int_equal(errno, EINVAL);
	}
}

static void
a_runpath_has_origin_and_lib_in_it(void **state)
{
	struct libpath l = { .lib = strdup("lib/x86_64-linux-gnu") };
	struct strings dirs = { 0 };

	(void)state;
	assert_int_equal(libpath_expand(&l,
	    "$ORIGIN/../lib:/usr/${LIB}/x:/p/$PLATFORM::relative:/plain",
	    "usr/bin", &dirs), 0);
	assert_int_equal(dirs.n, 3);
	assert_string_equal(dirs.at[0], "/usr/bin/../lib");
	assert_string_equal(dirs.at[1], "/usr/lib/x86_64-linux-gnu/x");
	assert_string_equal(dirs.at[2], "/plain");
	strings_free(&dirs);
	libpath_free(&l);
}

static void
microcode_is_for_one_make_of_processor(void **state)
{
	static const char intel[] =
	    "cpu:type:x86,ven0000fam0006mod0055:feature:,0000";
	static const char amd[] = "cpu:type:x86,ven0002fam0017mod0001:feature:";

	(void)state;
	assert_true(microcode_suits("06-55-04", intel));
	assert_false(microcode_suits("06-56-04", intel));
	assert_false(microcode_suits("06-55-04", amd));
	assert_true(microcode_suits("microcode_amd_fam17h.bin", amd));
	assert_false(microcode_suits("microcode_amd_fam15h.bin", amd));
	assert_false(microcode_suits("microcode_amd.bin", amd));
	assert_false(microcode_suits("microcode_amd_fam17h.bin", intel));
	/* Where one cannot tell, it is carried. */
	assert_true(microcode_suits("readme", intel));
	assert_true(microcode_suits("06-55-04", "cpu:type:arm"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_program_of_any_class_and_order_says_what_it_needs),
		cmocka_unit_test(programs_of_two_kinds_are_not_alike),
		cmocka_unit_test(another_kind_of_file_is_no_elf),
		cmocka_unit_test(a_file_cut_short_is_bad),
		cmocka_unit_test(texts_outside_of_their_table_are_bad),
		cmocka_unit_test(a_note_names_libraries_by_priority),
		cmocka_unit_test(a_note_of_another_form_is_refused),
		cmocka_unit_test(a_runpath_has_origin_and_lib_in_it),
		cmocka_unit_test(microcode_is_for_one_make_of_processor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
