/* SPDX-License-Identifier: ISC */
/* The pages that GRUB and PXELINUX read. */
#include "tests/unit/unit.h"

#include <string.h>

#include "mkboot/grub.h"
#include "mkboot/pxelinux.h"

static const struct script_facts usual = {
	.machine = "52-54-00-12-34-56", .image = "debian", .kind = SCRIPT_NFS,
	.files = "debian@2", .root = "debian@2", .sha256 = "",
	.image_cmdline = "console=ttyS0", .machine_cmdline = "quiet"
};

static const char *
grub_of(const struct script_facts *f)
{
	static char text[SCRIPT_SIZE];

	assert_true(grub_can(f));
	assert_true(grub_machine(f, text));
	return text;
}

static const char *
pxelinux_of(const struct script_facts *f)
{
	static char text[SCRIPT_SIZE];

	assert_true(pxelinux_can(f));
	assert_true(pxelinux_machine(f, text));
	return text;
}

static void
grub_has_the_kernel_its_root_and_all_words(void **state)
{
	(void)state;
	assert_non_null(strstr(grub_of(&usual),
	    "\tif linux /image/debian@2/kernel BOOTIF=01-52-54-00-12-34-56"
	    " ip=dhcp root=nfs:$server:/debian@2 report=$server"
	    " 'console=ttyS0' 'quiet'; then\n"));
}

static void
grub_has_the_machines_files_before_the_initrd(void **state)
{
	(void)state;
	assert_non_null(strstr(grub_of(&usual),
	    "if initrd /machine/52-54-00-12-34-56/machine.cpio"
	    " /image/debian@2/initrd; then boot; fi\n"));
}

static void
grub_boots_without_private_files_that_are_refused(void **state)
{
	struct script_facts f = usual;
	const char *with, *without;

	(void)state;
	f.has_private = true;
	with = strstr(grub_of(&f), "private.cpio /image");
	assert_non_null(with);
	without = strstr(with, "machine.cpio /image");
	assert_non_null(without);
}

static void
grub_gets_blanks_and_quotes_in_one_argument(void **state)
{
	struct script_facts f = usual;

	(void)state;
	f.image_cmdline = "dyndbg=\"file a.c +p\" it's $HOME;";
	assert_non_null(strstr(grub_of(&f),
	    " 'dyndbg=file a.c +p' 'it'\\''s' '$HOME;' 'quiet'; then\n"));
}

static void
grub_names_the_card_where_the_page_is_for_all(void **state)
{
	struct script_facts f = usual;

	(void)state;
	f.machine = "default";
	assert_non_null(strstr(grub_of(&f), "BOOTIF=01-$pixie_mac "));
	assert_non_null(strstr(grub_first(), "export pixie_mac\n"));
}

static void
grub_boots_other_kinds(void **state)
{
	struct script_facts f = usual;

	(void)state;
	f.kind = SCRIPT_RAM;
	f.sha256 = "00ff";
	assert_non_null(strstr(grub_of(&f), " root=http://$server/image/"
	    "debian@2/rootfs.squashfs sha256=00ff report=$server"));
	f.kind = SCRIPT_ALPINE;
	assert_non_null(strstr(grub_of(&f),
	    " modloop=http://$server/image/debian@2/modloop 'console"));
	assert_null(strstr(grub_of(&f), "machine.cpio"));
	f.kind = SCRIPT_ANY;
	f.start = SCRIPT_PROGRAM;
	assert_non_null(strstr(grub_of(&f),
	    "if chainloader /image/debian@2/program.efi"));
	f.start = SCRIPT_DISC;
	assert_false(grub_can(&f));
	f.start = SCRIPT_PXEBOOT;
	assert_false(grub_can(&f));
}

static void
pxelinux_names_files_from_the_root_of_the_server(void **state)
{
	struct script_facts f = usual;

	(void)state;
	f.has_private = true;
	assert_non_null(strstr(pxelinux_of(&f),
	    "\tKERNEL ::image/debian@2/kernel\n"
	    "\tINITRD ::machine/52-54-00-12-34-56/machine.cpio,"
	    "::machine/52-54-00-12-34-56/private.cpio,"
	    "::image/debian@2/initrd\n"
	    "\tIPAPPEND 3\n"
	    "\tAPPEND root=nfs:/debian@2 console=ttyS0 quiet\n"));
}

static void
pxelinux_has_no_page_for_what_http_must_bring(void **state)
{
	struct script_facts f = usual;

	(void)state;
	f.kind = SCRIPT_RAM;
	assert_false(pxelinux_can(&f));
	f.kind = SCRIPT_ALPINE;
	assert_false(pxelinux_can(&f));
	f.kind = SCRIPT_ANY;
	f.start = SCRIPT_PXEBOOT;
	assert_non_null(strstr(pxelinux_of(&f),
	    "\tPXE ::image/debian@2/pxeboot\n"));
}

static void
the_longest_command_line_fits(void **state)
{
	static char words[SCRIPT_CMDLINE_SIZE];
	struct script_facts f = usual;

	(void)state;
	memset(words, '\'', sizeof(words) - 8);
	f.image_cmdline = words;
	f.has_private = true;
	(void)grub_of(&f);
	(void)pxelinux_of(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grub_has_the_kernel_its_root_and_all_words),
		cmocka_unit_test(grub_has_the_machines_files_before_the_initrd),
		cmocka_unit_test(
		    grub_boots_without_private_files_that_are_refused),
		cmocka_unit_test(grub_gets_blanks_and_quotes_in_one_argument),
		cmocka_unit_test(grub_names_the_card_where_the_page_is_for_all),
		cmocka_unit_test(grub_boots_other_kinds),
		cmocka_unit_test(
		    pxelinux_names_files_from_the_root_of_the_server),
		cmocka_unit_test(pxelinux_has_no_page_for_what_http_must_bring),
		cmocka_unit_test(the_longest_command_line_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
