/* SPDX-License-Identifier: ISC */
/* What a source of an image is told to be. */
#include "tests/unit/unit.h"

#include <string.h>

#include "mkboot/recognise.h"

/* Names with blanks between, recognised. */
static struct recognition
recognise(const char *text, const char *flavour)
{
	static struct strings names;
	struct recognition r;
	char copy[1024], *rest = copy, *name;

	strings_free(&names);
	(void)strlcpy(copy, text, sizeof(copy));
	while ((name = strsep(&rest, " ")) != NULL)
		assert_int_equal(strings_add(&names, name), 0);
	strings_sort(&names);
	recognise_names(&names, flavour, &r);
	return r;
}

static const char *
part(const struct recognition *r, const char *file)
{
	size_t i;

	for (i = 0; i < r->parts; i++)
		if (strcmp(r->part[i].file, file) == 0)
			return r->part[i].name;
	return "";
}

static void
debians_installer_is_told_wherever_it_lies(void **state)
{
	struct recognition r = recognise("pxelinux.0 ldlinux.c32 "
	    "debian-installer/amd64/linux debian-installer/amd64/initrd.gz "
	    "debian-installer/amd64/grubx64.efi", NULL);

	(void)state;
	assert_int_equal(r.what, RECOGNISED_INSTALLER);
	assert_string_equal(part(&r, "kernel"), "debian-installer/amd64/linux");
	assert_string_equal(part(&r, "initrd"),
	    "debian-installer/amd64/initrd.gz");
	assert_int_equal(recognise("a/linux b/initrd.gz", NULL).what,
	    RECOGNISED_PAIR);
	assert_int_equal(recognise("gtk/linux gtk/initrd.gz text/linux "
	    "text/initrd.gz", NULL).what, RECOGNISED_SEVERAL);
}

static void
alpine_is_three_files_of_one_flavour(void **state)
{
	struct recognition r = recognise("boot/vmlinuz-lts boot/modloop-lts "
	    "boot/initramfs-lts boot/config-lts apks/.boot_repository", NULL);

	(void)state;
	assert_int_equal(r.what, RECOGNISED_ALPINE);
	assert_string_equal(part(&r, "modloop"), "boot/modloop-lts");
	assert_string_equal(r.packages, "apks/.boot_repository");
	r = recognise("vmlinuz-lts modloop-lts initramfs-lts vmlinuz-virt "
	    "modloop-virt initramfs-virt", NULL);
	assert_int_equal(r.what, RECOGNISED_SEVERAL);
	assert_string_equal(r.choice, "lts virt");
	r = recognise("vmlinuz-lts modloop-lts initramfs-lts vmlinuz-virt "
	    "modloop-virt initramfs-virt", "virt");
	assert_int_equal(r.what, RECOGNISED_ALPINE);
	assert_string_equal(part(&r, "kernel"), "vmlinuz-virt");
	assert_int_not_equal(recognise("modloop-lts vmlinuz-virt "
	    "initramfs-lts", NULL).what, RECOGNISED_ALPINE);
}

static void
a_system_is_one_whatever_kernels_it_has(void **state)
{
	(void)state;
	assert_int_equal(recognise("bin/sh etc/passwd boot/vmlinuz-lts "
	    "boot/initramfs-lts", NULL).what, RECOGNISED_SYSTEM);
	assert_int_equal(recognise("usr/bin/bash usr/lib/os-release", NULL)
	    .what, RECOGNISED_SYSTEM);
	assert_int_equal(recognise("bin/sh etc/rc bsd bsd.rd "
	    "usr/mdec/pxeboot", NULL).what, RECOGNISED_OPENBSD_ROOT);
	assert_int_not_equal(recognise("etc/passwd", NULL).what,
	    RECOGNISED_SYSTEM);
}

static void
openbsd_pairs_and_programs_are_told(void **state)
{
	struct recognition r = recognise("7.5/pxeboot 7.5/bsd.rd", NULL);

	(void)state;
	assert_int_equal(r.what, RECOGNISED_OPENBSD);
	assert_string_equal(part(&r, "bsd.rd"), "7.5/bsd.rd");
	r = recognise("vmlinuz-6.1 initrd.img-6.1 README", NULL);
	assert_int_equal(r.what, RECOGNISED_PAIR);
	assert_int_equal(recognise("vmlinuz-1 vmlinuz-2 initrd", NULL).what,
	    RECOGNISED_SEVERAL);
	r = recognise("EFI/BOOT/BOOTX64.EFI README", NULL);
	assert_int_equal(r.what, RECOGNISED_PROGRAM);
	assert_string_equal(part(&r, "program.efi"), "EFI/BOOT/BOOTX64.EFI");
	assert_int_equal(recognise("a.efi b.efi", NULL).what,
	    RECOGNISED_SEVERAL);
	assert_int_equal(recognise("README vmlinuz", NULL).what,
	    RECOGNISED_NOTHING);
}

static void
a_file_is_told_by_its_first_octets(void **state)
{
	static uint8_t head[RECOGNISE_HEAD];

	(void)state;
	assert_int_equal(recognise_file(head, 0), FILE_OTHER);
	assert_int_equal(recognise_file(head, sizeof(head)), FILE_OTHER);
	memcpy(head, "\x1f\x8b", 2);
	assert_int_equal(recognise_file(head, 2), FILE_COMPRESSED);
	memcpy(head, "hsqs", 4);
	assert_int_equal(recognise_file(head, 4), FILE_SQUASHFS);
	memcpy(head, "070701", 6);
	assert_int_equal(recognise_file(head, 6), FILE_CPIO);
	memset(head, 0, 6);
	memcpy(head + 56, "ARM\x64", 4);
	assert_int_equal(recognise_file(head, 60), FILE_LINUX);
	assert_int_equal(recognise_file(head, 59), FILE_OTHER);
	memset(head, 0, 64);
	memcpy(head, "MZ", 2);
	head[60] = 0x80;
	memcpy(head + 0x80, "PE\0", 4);
	assert_int_equal(recognise_file(head, 0x84), FILE_PROGRAM);
	assert_int_equal(recognise_file(head, 0x83), FILE_OTHER);
	/* A kernel with an EFI stub is a kernel. */
	memcpy(head + 0x202, "HdrS", 4);
	assert_int_equal(recognise_file(head, sizeof(head)), FILE_LINUX);
	head[0x20e] = 0x10;
	memcpy(head + 0x210, "Memtest86+ v6.10", 17);
	assert_int_equal(recognise_file(head, sizeof(head)), FILE_MEMTEST);
}

static void
an_iso_says_how_long_it_is(void **state)
{
	static uint8_t head[RECOGNISE_HEAD];

	(void)state;
	assert_int_equal(recognise_iso_size(head, sizeof(head)), 0);
	memcpy(head + 32769, "CD001", 5);
	head[32768 + 81] = 2;
	head[32768 + 129] = 8;
	assert_int_equal(recognise_file(head, sizeof(head)), FILE_ISO);
	assert_int_equal(recognise_iso_size(head, sizeof(head)), 512 * 2048);
	assert_int_equal(recognise_iso_size(head, 32774), 0);
}

static void
a_tarballs_name_has_alpines_branch(void **state)
{
	char branch[16];

	(void)state;
	assert_string_equal(recognise_alpine_branch(
	    "/x/alpine-netboot-3.20.3-x86_64.tar.gz", branch), "v3.20");
	assert_string_equal(recognise_alpine_branch("netboot.tar", branch),
	    "latest-stable");
	assert_string_equal(recognise_alpine_branch("alpine-9", branch),
	    "latest-stable");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(debians_installer_is_told_wherever_it_lies),
		cmocka_unit_test(alpine_is_three_files_of_one_flavour),
		cmocka_unit_test(a_system_is_one_whatever_kernels_it_has),
		cmocka_unit_test(openbsd_pairs_and_programs_are_told),
		cmocka_unit_test(a_file_is_told_by_its_first_octets),
		cmocka_unit_test(an_iso_says_how_long_it_is),
		cmocka_unit_test(a_tarballs_name_has_alpines_branch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
