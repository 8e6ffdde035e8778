/* SPDX-License-Identifier: ISC */
/* What the boot directory says of a client, in a directory made here. */
#include "proxydhcpd/lookup.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct client pc = { .class = CLIENT_UEFI, .has_mac = true,
    .mac = { { 0x52, 0x54, 0, 0xab, 0xcd, 0xef } }, .has_arch = true,
    .arch = 7 };

/* A boot directory, its descriptor, and what it says of `pc'. */
struct place {
	char path[64];
	int fd;
	struct boot boot;
};

static void
file(const struct place *p, const char *name, mode_t mode)
{
	int fd = openat(p->fd, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static void
folder(const struct place *p, const char *name)
{
	assert_int_equal(mkdirat(p->fd, name, 0755), 0);
}

static void
symlink_to(const struct place *p, const char *target, const char *name)
{
	unlinkat(p->fd, name, 0);
	assert_int_equal(symlinkat(target, p->fd, name), 0);
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	strlcpy(p->path, "/tmp/proxydhcpd-lookup.XXXXXX", sizeof(p->path));
	assert_non_null(mkdtemp(p->path));
	p->fd = bootdir_open(p->path);
	assert_int_not_equal(p->fd, -1);
	folder(p, "pub");
	folder(p, "pub/loader");
	folder(p, "pub/other");
	folder(p, "image");
	folder(p, "image/x");
	folder(p, "machine");
	folder(p, "machine/default");
	symlink_to(p, "../../image/x", "machine/default/image");
	file(p, "pub/boot.ipxe", 0644);
	file(p, "pub/loader/snponly.efi", 0644);
	file(p, "pub/other/grub.efi", 0644);
	file(p, "image/secret", 0644);
	symlink_to(p, "snponly.efi", "pub/loader/7");
	*state = p;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	close(p->fd);
	assert_int_equal(nftw(p->path, remove_one, 8, FTW_DEPTH | FTW_PHYS),
	    0);
	free(p);
	return 0;
}

static const struct boot *
look_up(struct place *p)
{
	lookup_boot(p->fd, &pc, &p->boot);
	return &p->boot;
}

static void
a_link_names_the_program(void **state)
{
	const struct boot *b = look_up(*state);

	assert_true(b->known);
	assert_true(b->image);
	assert_string_equal(b->machine, "machine/default");
	assert_string_equal(b->entry, "pub/loader/7");
	assert_string_equal(b->program, "loader/snponly.efi");
	assert_int_equal(b->found, PUB_OK);
}

static void
links_are_followed_wherever_they_lead_below_pub(void **state)
{
	struct place *p = *state;

	symlink_to(p, ".//./../other/grub.efi", "pub/loader/7");
	assert_int_equal(look_up(p)->found, PUB_OK);
	assert_string_equal(p->boot.program, "other/grub.efi");
	symlink_to(p, "../first", "pub/loader/7");
	symlink_to(p, "loader/second", "pub/first");
	symlink_to(p, "snponly.efi", "pub/loader/second");
	assert_int_equal(look_up(p)->found, PUB_OK);
	assert_string_equal(p->boot.program, "loader/snponly.efi");
}

static void
a_plain_file_is_its_own_name(void **state)
{
	struct place *p = *state;

	unlinkat(p->fd, "pub/loader/7", 0);
	file(p, "pub/loader/7", 0644);
	assert_int_equal(look_up(p)->found, PUB_OK);
	assert_string_equal(p->boot.program, "loader/7");
}

static void
no_link_leads_out_of_pub(void **state)
{
	static const char *const out[] = { "../../image/secret", "/etc/passwd",
	    "../..", "../../../../../../etc/passwd" };
	struct place *p = *state;
	size_t i;

	for (i = 0; i < sizeof(out) / sizeof(out[0]); i++) {
		symlink_to(p, out[i], "pub/loader/7");
		assert_int_equal(look_up(p)->found, PUB_LEADS_OUT);
	}
}

static void
what_cannot_be_fetched_is_not_offered(void **state)
{
	struct place *p = *state;

	symlink_to(p, "gone.efi", "pub/loader/7");
	assert_int_equal(look_up(p)->found, PUB_NOT_FOUND);
	symlink_to(p, "../other", "pub/loader/7");
	assert_int_equal(look_up(p)->found, PUB_NOT_A_FILE);
	symlink_to(p, "7", "pub/loader/7");
	assert_int_not_equal(look_up(p)->found, PUB_OK);
	file(p, "pub/loader/private.efi", 0640);
	symlink_to(p, "private.efi", "pub/loader/7");
	assert_int_equal(look_up(p)->found, PUB_PRIVATE);
	unlinkat(p->fd, "pub/loader/7", 0);
	assert_int_equal(look_up(p)->found, PUB_NOT_FOUND);
}

static void
a_target_that_is_too_long_is_no_program(void **state)
{
	struct place *p = *state;
	char target[1000];

	memset(target, 'n', sizeof(target));
	target[sizeof(target) - 1] = '\0';
	symlink_to(p, target, "pub/loader/7");
	assert_int_equal(look_up(p)->found, PUB_BAD_NAME);
}

static void
a_machine_of_its_own_goes_before_the_default(void **state)
{
	struct place *p = *state;

	assert_false(lookup_named(p->fd, &pc.mac));
	folder(p, "machine/52-54-00-ab-cd-ef");
	assert_true(lookup_named(p->fd, &pc.mac));
	assert_true(look_up(p)->known);
	assert_string_equal(p->boot.machine, "machine/52-54-00-ab-cd-ef");
	assert_false(p->boot.image);
	symlink_to(p, "../../image/x", "machine/52-54-00-ab-cd-ef/image");
	assert_true(look_up(p)->image);
	symlink_to(p, "../../image/gone", "machine/52-54-00-ab-cd-ef/image");
	assert_false(look_up(p)->image);
}

static void
without_a_default_a_stranger_is_unknown(void **state)
{
	struct place *p = *state;

	unlinkat(p->fd, "machine/default/image", 0);
	unlinkat(p->fd, "machine/default", AT_REMOVEDIR);
	assert_false(look_up(p)->known);
	assert_string_equal(p->boot.machine, "machine/52-54-00-ab-cd-ef");
}

static void
ipxe_gets_the_script_whatever_its_architecture(void **state)
{
	struct place *p = *state;
	struct client c = pc;

	c.class = CLIENT_IPXE;
	c.has_arch = false;
	lookup_boot(p->fd, &c, &p->boot);
	assert_int_equal(p->boot.found, PUB_OK);
	assert_string_equal(p->boot.program, "boot.ipxe");
	unlinkat(p->fd, "pub/boot.ipxe", 0);
	lookup_boot(p->fd, &c, &p->boot);
	assert_int_equal(p->boot.found, PUB_NOT_FOUND);
}

static void
the_check_names_the_first_fault(void **state)
{
	struct place *p = *state;
	char why[512];

	assert_true(lookup_check(p->fd, why, sizeof(why)));
	symlink_to(p, "gone.efi", "pub/loader/11");
	assert_false(lookup_check(p->fd, why, sizeof(why)));
	assert_non_null(strstr(why, "pub/loader/11: loader/gone.efi"));
	unlinkat(p->fd, "pub/loader/11", 0);
	unlinkat(p->fd, "pub/loader/7", 0);
	assert_false(lookup_check(p->fd, why, sizeof(why)));
	assert_non_null(strstr(why, "no program for any"));
	symlink_to(p, "snponly.efi", "pub/loader/7");
	unlinkat(p->fd, "pub/boot.ipxe", 0);
	assert_false(lookup_check(p->fd, why, sizeof(why)));
	assert_non_null(strstr(why, "pub/boot.ipxe"));
}

static void
a_file_has_the_wait_for_a_router_ended(void **state)
{
	struct place *p = *state;

	assert_false(lookup_advertise(p->fd, &pc.mac));
	file(p, "machine/default/advertise", 0644);
	assert_true(lookup_advertise(p->fd, &pc.mac));
	folder(p, "machine/52-54-00-ab-cd-ef");
	assert_false(lookup_advertise(p->fd, &pc.mac));
	file(p, "machine/52-54-00-ab-cd-ef/advertise", 0644);
	assert_true(lookup_advertise(p->fd, &pc.mac));
}

int
main(void)
{
#define IN_A_PLACE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(a_link_names_the_program),
		IN_A_PLACE(links_are_followed_wherever_they_lead_below_pub),
		IN_A_PLACE(a_plain_file_is_its_own_name),
		IN_A_PLACE(no_link_leads_out_of_pub),
		IN_A_PLACE(what_cannot_be_fetched_is_not_offered),
		IN_A_PLACE(a_target_that_is_too_long_is_no_program),
		IN_A_PLACE(a_machine_of_its_own_goes_before_the_default),
		IN_A_PLACE(without_a_default_a_stranger_is_unknown),
		IN_A_PLACE(a_file_has_the_wait_for_a_router_ended),
		IN_A_PLACE(ipxe_gets_the_script_whatever_its_architecture),
		IN_A_PLACE(the_check_names_the_first_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
