/* SPDX-License-Identifier: ISC */
/* Configuration of a machine that has no disk any more. */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "mkboot/diskless.h"

#define MARK "# Not without a disk: "

static void
becomes(char *(*change)(const char *), const char *from, const char *to)
{
	char *text = change(from);

	assert_non_null(text);
	assert_string_equal(text, to);
	free(text);
}

static void
what_names_a_disk_goes_from_an_fstab(void **state)
{
	(void)state;
	becomes(diskless_fstab, "UUID=1 / ext4 defaults 0 1\n",
	    MARK "UUID=1 / ext4 defaults 0 1\n");
	becomes(diskless_fstab, "/dev/sda2\tnone\tswap sw 0 0",
	    MARK "/dev/sda2\tnone\tswap sw 0 0");
	becomes(diskless_fstab, "  LABEL=x /boot ext4\n",
	    MARK "  LABEL=x /boot ext4\n");
	becomes(diskless_fstab, "server:/root / nfs\n",
	    MARK "server:/root / nfs\n");
}

static void
what_is_in_memory_or_on_a_server_stays(void **state)
{
	static const char same[] = "# UUID=1 / ext4\n\n"
	    "tmpfs /tmp tmpfs size=1g 0 0\n"
	    "server:/home /home nfs ro 0 0\nproc /proc proc\n";

	(void)state;
	becomes(diskless_fstab, same, same);
	becomes(diskless_fstab, "", "");
}

static void
no_card_is_started_but_lo(void **state)
{
	(void)state;
	becomes(diskless_interfaces, "auto lo\niface lo inet loopback\n"
	    "auto eth0\niface eth0 inet dhcp\n", "auto lo\n"
	    "iface lo inet loopback\n" MARK "auto eth0\n"
	    "iface eth0 inet dhcp\n");
	becomes(diskless_interfaces, "allow-hotplug eth0",
	    MARK "allow-hotplug eth0");
	becomes(diskless_interfaces, "auto lo eth0\n",
	    MARK "auto lo eth0\nauto lo\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_names_a_disk_goes_from_an_fstab),
		cmocka_unit_test(what_is_in_memory_or_on_a_server_stays),
		cmocka_unit_test(no_card_is_started_but_lo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
