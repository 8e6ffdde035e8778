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

#include "proxydhcpd/check.h"

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
	/* A folder, but with no program for this processor in it. */
	symlink_to(p, "../other", "pub/loader/7");
	assert_int_equal(look_up(p)->found, PUB_NOT_FOUND);
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

	assert_true(check_bootdir(p->fd, why, sizeof(why)));
	symlink_to(p, "gone.efi", "pub/loader/11");
	assert_false(check_bootdir(p->fd, why, sizeof(why)));
	assert_non_null(strstr(why, "pub/loader/11: loader/gone.efi"));
	unlinkat(p->fd, "pub/loader/11", 0);
	unlinkat(p->fd, "pub/loader/7", 0);
	assert_false(check_bootdir(p->fd, why, sizeof(why)));
	assert_non_null(strstr(why, "no program for any"));
	symlink_to(p, "snponly.efi", "pub/loader/7");
	unlinkat(p->fd, "pub/boot.ipxe", 0);
	assert_false(check_bootdir(p->fd, why, sizeof(why)));
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
	unlinkat(p->fd, "machine/52-54-00-ab-cd-ef/advertise", 0);
	folder(p, "offer");
	file(p, "offer/advertise", 0644);
	assert_true(lookup_advertise(p->fd, &pc.mac));
}

static void
line(const struct place *p, const char *name, const char *text)
{
	int fd = openat(p->fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

static void
a_value_of_the_machine_goes_before_that_of_all(void **state)
{
	struct place *p = *state;

	folder(p, "offer");
	line(p, "offer/tftp", "10.0.0.9\n");
	line(p, "offer/delay", "8\n");
	line(p, "machine/default/delay", "2\n");
	line(p, "machine/default/http", "10.0.0.8:8080\n");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_string_equal(p->boot.fault, "");
	assert_int_equal(ntohl(p->boot.tftp.s_addr), 0x0a000009);
	assert_int_equal(p->boot.delay_s, 2);
	assert_string_equal(p->boot.http, "http://10.0.0.8:8080");
	assert_int_equal(p->boot.site & POLICY_TFTP, POLICY_TFTP);
	assert_int_equal(p->boot.own & POLICY_DELAY, POLICY_DELAY);
}

static void
a_value_that_is_none_is_named(void **state)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "tftp", "boot.example" }, { "tftp", "" },
		{ "tftp", "224.0.0.1" }, { "tftp", "fe80::1" },
		{ "delay", "soon" }, { "delay", "-1" }, { "delay", "61" },
		{ "http", "" }, { "http", "ftp://x" }, { "http", "a b" },
		{ "http", "http:///x" },
	};
	struct place *p = *state;
	char path[64], why[512];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(path, sizeof(path), "machine/default/%s",
		    cases[i].name);
		line(p, path, cases[i].text);
		lookup_boot(p->fd, &pc, &p->boot);
		assert_int_equal(strncmp(p->boot.fault, path, strlen(path)), 0);
		assert_false(check_bootdir(p->fd, why, sizeof(why)));
		assert_string_equal(why, p->boot.fault);
		unlinkat(p->fd, path, 0);
	}
}

static void
next_boots_a_machine_that_has_no_image(void **state)
{
	struct place *p = *state;

	folder(p, "machine/52-54-00-ab-cd-ef");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_true(p->boot.known);
	assert_false(p->boot.image);
	symlink_to(p, "../../image/x", "machine/52-54-00-ab-cd-ef/next");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_true(p->boot.image);
	symlink_to(p, "../../image/gone", "machine/52-54-00-ab-cd-ef/next");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_false(p->boot.image);
}

static void
a_machine_may_have_a_loader_of_its_own(void **state)
{
	struct place *p = *state;

	symlink_to(p, "../../pub/other/grub.efi", "machine/default/loader");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_int_equal(p->boot.found, PUB_OK);
	assert_string_equal(p->boot.program, "other/grub.efi");
	assert_string_equal(p->boot.entry, "machine/default/loader");
	symlink_to(p, "../../image/secret", "machine/default/loader");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_int_equal(p->boot.found, PUB_LEADS_OUT);
	assert_string_equal(p->boot.program, "");
}

static void
or_a_folder_of_loaders_by_architecture(void **state)
{
	struct place *p = *state;

	folder(p, "machine/default/loader");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_string_equal(p->boot.program, "loader/snponly.efi");
	symlink_to(p, "../../../pub/other/grub.efi",
	    "machine/default/loader/7");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_int_equal(p->boot.found, PUB_OK);
	assert_string_equal(p->boot.program, "other/grub.efi");
}

static void
a_menu_is_a_folder_and_an_entry_a_link(void **state)
{
	struct client c = pc;
	struct place *p = *state;

	folder(p, "machine/default/menu");
	symlink_to(p, "../../../pub/loader", "machine/default/menu/20-Usual");
	symlink_to(p, "../../../pub/other/grub.efi",
	    "machine/default/menu/10-Grub");
	symlink_to(p, "local", "machine/default/menu/30-Disk");
	symlink_to(p, "10.0.0.9", "machine/default/menu/40-There");
	line(p, "machine/default/menu/timeout", "3\n");
	line(p, "machine/default/menu/prompt", "Choose\n");
	line(p, "machine/default/menu/broadcast", "");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_string_equal(p->boot.fault, "");
	assert_int_equal(p->boot.menu.n, 4);
	assert_string_equal(menu_text(&p->boot.menu.entry[0]), "Grub");
	assert_int_equal(p->boot.menu.timeout, 3);
	assert_string_equal(p->boot.menu.prompt, "Choose");
	assert_true(p->boot.menu.broadcast);
	c.item = ITEM_ASKED;
	c.item_type = 0x8000 + 10;
	lookup_boot(p->fd, &c, &p->boot);
	assert_string_equal(p->boot.program, "other/grub.efi");
	assert_string_equal(p->boot.entry, "machine/default/menu/10-Grub");
	c.item_type = 0x8000 + 20;
	lookup_boot(p->fd, &c, &p->boot);
	assert_string_equal(p->boot.program, "loader/snponly.efi");
	/* A layer is a file beside the program. */
	c.item_layer = 1;
	lookup_boot(p->fd, &c, &p->boot);
	assert_int_equal(p->boot.found, PUB_NOT_FOUND);
	file(p, "pub/loader/snponly.efi.1", 0644);
	lookup_boot(p->fd, &c, &p->boot);
	assert_int_equal(p->boot.found, PUB_OK);
	assert_string_equal(p->boot.program, "loader/snponly.efi.1");
	symlink_to(p, "x", "machine/default/menu/20-Again");
	lookup_boot(p->fd, &pc, &p->boot);
	assert_non_null(strstr(p->boot.fault, "same number"));
}

static void
a_client_without_mac_gets_what_the_default_says(void **state)
{
	struct client c = pc;
	struct place *p = *state;

	c.has_mac = false;
	lookup_boot(p->fd, &c, &p->boot);
	assert_string_equal(p->boot.machine, "machine/default");
	assert_string_equal(p->boot.program, "loader/snponly.efi");
}

static void
what_was_read_lately_holds_for_milliseconds(void **state)
{
	struct lookup_memo memo = { .until_ms = 0 };
	struct place *p = *state;
	struct client other = pc;

	other.mac.octet[5]++;
	lookup_boot_lately(p->fd, &memo, 1000, &pc, &p->boot);
	assert_string_equal(p->boot.program, "loader/snponly.efi");
	symlink_to(p, "../other/grub.efi", "pub/loader/7");
	lookup_boot_lately(p->fd, &memo, 1000 + LOOKUP_LATELY_MS - 1, &other,
	    &p->boot);
	assert_string_equal(p->boot.program, "loader/snponly.efi");
	lookup_boot_lately(p->fd, &memo, 1000 + LOOKUP_LATELY_MS, &other,
	    &p->boot);
	assert_string_equal(p->boot.program, "other/grub.efi");
	/* A machine's own folder is read each time. */
	folder(p, "machine/52-54-00-ab-cd-ef");
	lookup_boot_lately(p->fd, &memo, 1000 + LOOKUP_LATELY_MS, &pc,
	    &p->boot);
	assert_false(p->boot.image);
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
		IN_A_PLACE(a_value_of_the_machine_goes_before_that_of_all),
		IN_A_PLACE(a_value_that_is_none_is_named),
		IN_A_PLACE(next_boots_a_machine_that_has_no_image),
		IN_A_PLACE(a_machine_may_have_a_loader_of_its_own),
		IN_A_PLACE(or_a_folder_of_loaders_by_architecture),
		IN_A_PLACE(a_menu_is_a_folder_and_an_entry_a_link),
		IN_A_PLACE(what_was_read_lately_holds_for_milliseconds),
		IN_A_PLACE(a_client_without_mac_gets_what_the_default_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
