/* SPDX-License-Identifier: ISC */
/*
 * Every architecture that IANA has a number for: its firmware asks, in both
 * rounds, takes the answers, and they name the program of that number.
 */
#include "tests/unit/proxydhcpd/rules.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/arch.h"

#define ARCHS 42
#define CLIENT 0xc0000264u	/* 192.0.2.100, its lease */

struct place {
	char path[64];
	int fd;
};

/* A folder of the boot directory, a file of it, or a link: by what is given. */
static void
make(const struct place *p, const char *name, const char *target, bool folder)
{
	int fd;

	if (folder) {
		assert_int_equal(mkdirat(p->fd, name, 0755), 0);
	} else if (target != NULL) {
		assert_int_equal(symlinkat(target, p->fd, name), 0);
	} else {
		fd = openat(p->fd, name, O_WRONLY | O_CREAT, 0644);
		assert_int_not_equal(fd, -1);
		close(fd);
	}
}

static int
setup(void **state)
{
	static const char *const folders[] = { "pub", "pub/loader", "image",
	    "image/x", "machine", "machine/default" };
	struct place *p = calloc(1, sizeof(*p));
	char name[64], target[32];
	unsigned arch;
	size_t i;

	assert_non_null(p);
	strlcpy(p->path, "/tmp/proxydhcpd-archs.XXXXXX", sizeof(p->path));
	assert_non_null(mkdtemp(p->path));
	p->fd = bootdir_open(p->path);
	assert_int_not_equal(p->fd, -1);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		make(p, folders[i], NULL, true);
	make(p, "machine/default/image", "../../image/x", false);
	for (arch = 0; arch < ARCHS; arch++) {
		snprintf(target, sizeof(target), "of-%u.efi", arch);
		snprintf(name, sizeof(name), "pub/loader/%s", target);
		make(p, name, NULL, false);
		snprintf(name, sizeof(name), "pub/loader/%u", arch);
		make(p, name, target, false);
	}
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

/* A packet of firmware of this architecture, as EDK2 lays it out. */
static void
ask(struct asking *x, const struct place *p, unsigned arch,
    enum dhcp4_type type, bool item)
{
	static const uint8_t uuid[17], card[] = { 1, 3, 16 };
	static const uint8_t wanted[] = { 71, 4, 0x80, 0, 0, 0, 255 };
	struct dhcp4 d = { .op = DHCP4_BOOTREQUEST, .htype = 1, .hlen = 6,
	    .xid = 0x01020304, .chaddr = { 0x52, 0x54, 0, 1, 2, 3 } };
	const uint8_t code[] = { 0, (uint8_t)arch };
	struct wire_out w;
	char class[40];

	memset(x, 0, sizeof(*x));
	strlcpy(x->bootdir, p->path, sizeof(x->bootdir));
	if (type == DHCP4_REQUEST)
		d.ciaddr.s_addr = htonl(CLIENT);
	snprintf(class, sizeof(class), "%sClient:Arch:%05u:UNDI:003016",
	    arch_is_http(arch) ? "HTTP" : "PXE", arch);
	wire_out_init(&w, x->asked.octets, sizeof(x->asked.octets));
	dhcp4_put_header(&w, &d);
	dhcp4_put_8(&w, DHCP4_MESSAGE_TYPE, (uint8_t)type);
	dhcp4_put(&w, DHCP4_CLIENT_UUID, uuid, sizeof(uuid));
	dhcp4_put(&w, DHCP4_CLIENT_NII, card, sizeof(card));
	dhcp4_put(&w, DHCP4_CLIENT_ARCH, code, sizeof(code));
	dhcp4_put(&w, DHCP4_VENDOR_CLASS, class, strlen(class));
	if (item)
		dhcp4_put(&w, DHCP4_VENDOR, wanted, sizeof(wanted));
	dhcp4_put_end(&w);
	assert_false(w.bad);
	x->asked.len = w.len;
	x->asked.to = ntohl(inet_addr(SELF));
	x->asked.to_port = type == DHCP4_REQUEST ? 4011 : 67;
	x->asked.from = type == DHCP4_REQUEST ? CLIENT : 0;
	x->asked.from_port = type == DHCP4_REQUEST ? 4011 : 68;
	answer(x);
	if (x->reason != REASON_ANSWER || !accepts(x->class, &x->asked,
	    &x->answer))
		fail_msg("architecture %u, message %u: not accepted", arch,
		    (unsigned)type);
}

static void
each_architecture_is_told_its_program_in_the_way_it_takes(void **state)
{
	char want[64];
	struct asking x;
	unsigned arch;
	bool item;

	for (arch = 0; arch < ARCHS; arch++) {
		ask(&x, *state, arch, DHCP4_DISCOVER, false);
		item = vendor(&x.answer, 9).value != NULL;
		if (!arch_is_http(arch) && x.class != CLIENT_UBOOT)
			ask(&x, *state, arch, DHCP4_REQUEST, item);
		snprintf(want, sizeof(want), "%sloader/of-%u.efi",
		    arch_is_http(arch) ? "http://" SELF "/" : "", arch);
		assert_string_equal(boot_file(&x.answer), want);
	}
}

/* A ROM's kind of menu below 6; and U-Boot's four codes, of any class. */
static void
the_number_tells_whether_it_is_a_rom_or_uefi(void **state)
{
	struct asking x;
	unsigned arch;

	for (arch = 0; arch < ARCHS; arch++) {
		ask(&x, *state, arch, DHCP4_DISCOVER, false);
		assert_int_equal(x.class, arch_is_http(arch) ? CLIENT_HTTP :
		    arch < 6 ? CLIENT_BIOS :
		    arch == 21 || arch == 22 ? CLIENT_UBOOT : CLIENT_UEFI);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    each_architecture_is_told_its_program_in_the_way_it_takes,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    the_number_tells_whether_it_is_a_rom_or_uefi, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
