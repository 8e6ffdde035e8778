/* SPDX-License-Identifier: ISC */
/* The scripts that iPXE runs. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "mkboot/script.h"

static const struct script_facts usual = {
	.machine = "52-54-00-12-34-56", .image = "debian", .kind = SCRIPT_NFS,
	.files = "debian@2", .root = "debian@2", .sha256 = "",
	.image_cmdline = "console=ttyS0", .machine_cmdline = "quiet"
};

/* The script of these facts, which must be good. */
static const char *
script_of(const struct script_facts *f)
{
	static char text[SCRIPT_SIZE];
	size_t len;

	assert_int_equal(script_machine(f, text, &len), SCRIPT_OK);
	assert_int_equal(len, strlen(text));
	return text;
}

/* How often `part' stands in `text'. */
static unsigned
count(const char *text, const char *part)
{
	unsigned n = 0;

	while ((text = strstr(text, part)) != NULL) {
		n++;
		text += strlen(part);
	}
	return n;
}

static void
every_script_begins_as_ipxe_wants_it(void **state)
{
	(void)state;
	assert_memory_equal(script_first(), "#!ipxe\n", 7);
	assert_memory_equal(script_of(&usual), "#!ipxe\n", 7);
}

static void
the_kernel_gets_its_root_its_card_and_all_command_lines(void **state)
{
	(void)state;
	assert_non_null(strstr(script_of(&usual),
	    "\nkernel --name kernel ../../image/debian@2/kernel"
	    " initrd=machine.cpio initrd=initrd"
	    " BOOTIF=01-${netX/mac:hexhyp} ip=dhcp"
	    " root=nfs:${server}:/debian@2"
	    " report=${report}"
	    " console=ttyS0 quiet || goto failed\n"));
}

static void
the_root_of_a_machine_with_a_view_is_that_of_its_card(void **state)
{
	struct script_facts f = usual;

	(void)state;
	f.view = true;
	assert_non_null(strstr(script_of(&f), " root=nfs:${server}:"
	    "/machine/${netX/mac:hexhyp} report="));
	assert_non_null(strstr(script_of(&f), "../../image/debian@2/initrd"));
}

static void
no_command_line_leaves_no_blank(void **state)
{
	struct script_facts f = usual;

	(void)state;
	f.image_cmdline = f.machine_cmdline = "";
	assert_non_null(strstr(script_of(&f), 
	    ":/debian@2 report=${report} || goto failed\n"));
}

static void
the_proxy_goes_before_the_dhcp_server(void **state)
{
	(void)state;
	assert_non_null(strstr(script_of(&usual),
	    "\nisset ${proxydhcp/next-server} &&"
	    " set server ${proxydhcp/next-server} ||"
	    " set server ${next-server}\n"));
}

static void
no_script_names_a_server_a_port_or_a_protocol(void **state)
{
	(void)state;
	assert_null(strstr(script_of(&usual), "://"));
	assert_null(strstr(script_first(), "://"));
}

static void
every_fetch_that_fails_is_told_and_ends(void **state)
{
	const char *text = script_of(&usual);

	(void)state;
	assert_int_equal(count(text, " || goto failed\n"), 3);
	assert_int_equal(count(text, "\n:failed\n"), 1);
	assert_int_equal(count(text, "\n:again\n"), 1);
	assert_int_equal(count(text, "\n:given_up\n"), 1);
	assert_non_null(strstr(text, "iseq ${tried} 5 && goto given_up ||\n"));
	assert_non_null(strstr(text, "echo Try ${tried} of 5: ${failed}.\n"));
	/* Failure, so that UEFI goes on to its next boot option. */
	assert_string_equal(text + strlen(text) - strlen("\nexit 1\n"),
	    "\nexit 1\n");
	assert_non_null(strstr(script_first(), "\nexit 1\n"));
}

static void
after_two_failures_all_servers_are_asked_anew(void **state)
{
	(void)state;
	assert_non_null(strstr(script_of(&usual),
	    "isset ${anew} || set anew:int32 0\n"
	    "iseq ${tried} 2 || goto again\n"
	    "iseq ${anew} 3 && goto again ||\n"
	    "inc anew\n"
	    "echo Asking all servers anew.\n"
	    "autoboot ||\n"
	    "goto again\n"));
	/* A server that went away before that, once: then there is none. */
	assert_non_null(strstr(script_first(),
	    "machine/default/boot.ipxe && goto own ||\n"
	    "isset ${asked} && goto nothing ||\n"
	    "set asked yes\n"
	    "echo Asking all servers anew.\n"
	    "autoboot ||\n"
	    "\n"
	    ":nothing\n"));
}

static void
the_first_script_tries_the_machine_and_then_the_default(void **state)
{
	const char *own = strstr(script_first(),
	    "machine/${netX/mac:hexhyp}/boot.ipxe");
	const char *other = strstr(script_first(),
	    "machine/default/boot.ipxe");

	(void)state;
	assert_non_null(own);
	assert_non_null(other);
	assert_true(own < other);
}

/* mkdir= and all else that builds of 2019 lack. */
static void
no_script_uses_what_the_ipxe_of_2019_does_not_know(void **state)
{
	(void)state;
	assert_null(strstr(script_of(&usual), "mkdir="));
	assert_null(strstr(script_first(), "shim"));
	assert_null(strstr(script_of(&usual), "shim"));
}

static void
what_ipxe_takes_for_its_own_is_refused(void **state)
{
	static const struct {
		const char *cmdline;
		enum script_error error;
	} wrong[] = {
		{ "a #b", SCRIPT_CMDLINE_COMMENT },
		{ "#", SCRIPT_CMDLINE_COMMENT },
		{ "a || b", SCRIPT_CMDLINE_OPERATOR },
		{ "a && b", SCRIPT_CMDLINE_OPERATOR },
		{ "a ;", SCRIPT_CMDLINE_OPERATOR },
		{ "a\\", SCRIPT_CMDLINE_BACKSLASH },
		{ "a\nb", SCRIPT_CMDLINE_CONTROL },
		{ "a\tb", SCRIPT_CMDLINE_CONTROL },
		{ "a\x7f", SCRIPT_CMDLINE_CONTROL },
	};
	struct script_facts f = usual;
	char text[SCRIPT_SIZE];
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(script_check_cmdline(wrong[i].cmdline),
		    wrong[i].error);
		f.image_cmdline = wrong[i].cmdline;
		assert_int_equal(script_machine(&f, text, &len),
		    wrong[i].error);
		f.image_cmdline = "";
		f.machine_cmdline = wrong[i].cmdline;
		assert_int_equal(script_machine(&f, text, &len),
		    wrong[i].error);
	}
}

static void
what_only_looks_like_it_is_a_kernels_business(void **state)
{
	(void)state;
	assert_int_equal(script_check_cmdline(""), SCRIPT_OK);
	assert_int_equal(script_check_cmdline("  a   b  "), SCRIPT_OK);
	assert_int_equal(script_check_cmdline(
	    "a=#b c=||d e;f g=\\h -- --init uuid=${uuid} ds=nocloud;s=/x"),
	    SCRIPT_OK);
}

static void
a_command_line_ends_where_the_kernels_room_does(void **state)
{
	char one[SCRIPT_CMDLINE_SIZE + 1], text[SCRIPT_SIZE];
	struct script_facts f = usual;
	size_t len;

	(void)state;
	memset(one, 'a', sizeof(one));
	one[SCRIPT_CMDLINE_SIZE] = '\0';
	assert_int_equal(script_check_cmdline(one), SCRIPT_CMDLINE_TOO_LONG);
	one[SCRIPT_CMDLINE_SIZE - 1] = '\0';
	assert_int_equal(script_check_cmdline(one), SCRIPT_OK);
	f.image_cmdline = one;
	assert_int_equal(script_machine(&f, text, &len),
	    SCRIPT_CMDLINE_TOO_LONG);
	one[SCRIPT_CMDLINE_SIZE - 1 - strlen(" quiet")] = '\0';
	assert_int_equal(script_machine(&f, text, &len), SCRIPT_OK);
	assert_int_equal(len, strlen(text));
	f.machine_cmdline = "quiet!";
	assert_int_equal(script_machine(&f, text, &len),
	    SCRIPT_CMDLINE_TOO_LONG);
}

/* Facts of another kind. */
static struct script_facts
of_kind(enum script_kind kind)
{
	struct script_facts f = usual;

	f.kind = kind;
	f.image = "thing";
	f.files = f.root = "thing@7";
	f.image_cmdline = "quiet";
	f.machine_cmdline = "";
	return f;
}

static void
a_root_in_memory_is_fetched_by_http_and_checked(void **state)
{
	struct script_facts f = of_kind(SCRIPT_RAM);
	const char *text;

	(void)state;
	f.sha256 = "abc123";
	text = script_of(&f);
	assert_non_null(strstr(text, "../../image/thing@7/kernel"
	    " initrd=machine.cpio initrd=initrd"
	    " BOOTIF=01-${netX/mac:hexhyp} ip=dhcp"
	    " root=http://${server}/image/thing@7/rootfs.squashfs"
	    " sha256=abc123 report=${report} quiet || goto failed\n"));
	assert_int_equal(count(text, " || goto failed\n"), 3);
	f.sha256 = "";
	assert_null(strstr(script_of(&f), "sha256"));
}

static void
alpine_is_told_where_its_parts_are(void **state)
{
	struct script_facts f = of_kind(SCRIPT_ALPINE);

	(void)state;
	assert_non_null(strstr(script_of(&f),
	    "\ninitrd --name initrd ../../image/thing@7/initrd"
	    " || goto failed\n"));
	assert_non_null(strstr(script_of(&f), "../../image/thing@7/kernel"
	    " initrd=initrd BOOTIF=01-${netX/mac:hexhyp} ip=dhcp"
	    " modloop=http://${server}/image/thing@7/modloop quiet ||"));
	f.has_packages = f.has_apkovl = true;
	assert_non_null(strstr(script_of(&f), "/modloop"
	    " alpine_repo=http://${server}/image/thing@7/apks"
	    " apkovl=http://${server}/machine/52-54-00-12-34-56/apkovl.tar.gz"
	    " quiet || goto failed\n"));
	assert_null(strstr(script_of(&f), "machine.cpio"));
}

static void
a_foreign_kernel_gets_its_own_initrd_alone(void **state)
{
	struct script_facts f = of_kind(SCRIPT_ANY);

	(void)state;
	f.has_initrd = true;
	assert_non_null(strstr(script_of(&f), "../../image/thing@7/kernel"
	    " initrd=initrd BOOTIF=01-${netX/mac:hexhyp} quiet ||"));
	assert_null(strstr(script_of(&f), "machine.cpio"));
	f.has_initrd = false;
	assert_null(strstr(script_of(&f), "initrd"));
}

static void
a_program_is_chained_on_its_own_platform_alone(void **state)
{
	struct script_facts f = of_kind(SCRIPT_ANY);

	(void)state;
	f.start = SCRIPT_PROGRAM;
	assert_non_null(strstr(script_of(&f), "\nchain "
	    "../../image/thing@7/program.efi quiet || goto failed\nexit\n"));
	assert_non_null(strstr(script_of(&f),
	    "\niseq ${platform} efi || goto failed\n"));
	f.start = SCRIPT_PXEBOOT;
	assert_non_null(strstr(script_of(&f), "\nchain "
	    "../../image/thing@7/pxeboot quiet || goto failed\nexit\n"));
	assert_non_null(strstr(script_of(&f),
	    "\niseq ${platform} pcbios || goto failed\n"));
	f.start = SCRIPT_DISC;
	assert_non_null(strstr(script_of(&f), "\nsanboot --no-describe "
	    "http://${server}/image/thing@7/image.iso || goto failed\n"));
}

static void
every_kind_ends_the_same_way(void **state)
{
	struct script_facts f;
	const char *text;
	int i;

	(void)state;
	for (i = SCRIPT_NFS; i <= SCRIPT_ANY + SCRIPT_PXEBOOT; i++) {
		f = of_kind(i < SCRIPT_ANY ? (enum script_kind)i : SCRIPT_ANY);
		if (i > SCRIPT_ANY)
			f.start = (enum script_start)(i - SCRIPT_ANY);
		text = script_of(&f);
		assert_int_equal(count(text, "\n:failed\n"), 1);
		assert_int_equal(count(text, "\n:again\n"), 1);
		assert_int_equal(count(text, "\n:given_up\n"), 1);
		assert_non_null(strstr(text, "Image thing does not boot"));
	}
}

static void
a_kind_is_known_by_its_name(void **state)
{
	enum script_kind kind;

	(void)state;
	assert_true(script_kind_parse("nfs", &kind));
	assert_int_equal(kind, SCRIPT_NFS);
	assert_string_equal(script_kind_name(kind), "nfs");
	assert_true(script_kind_parse("any", &kind));
	assert_int_equal(kind, SCRIPT_ANY);
	assert_false(script_kind_parse("", &kind));
	assert_false(script_kind_parse("NFS", &kind));
	assert_false(script_kind_parse("nfs4", &kind));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_script_begins_as_ipxe_wants_it),
		cmocka_unit_test(
		    the_kernel_gets_its_root_its_card_and_all_command_lines),
		cmocka_unit_test(
		    the_root_of_a_machine_with_a_view_is_that_of_its_card),
		cmocka_unit_test(no_command_line_leaves_no_blank),
		cmocka_unit_test(the_proxy_goes_before_the_dhcp_server),
		cmocka_unit_test(
		    no_script_names_a_server_a_port_or_a_protocol),
		cmocka_unit_test(every_fetch_that_fails_is_told_and_ends),
		cmocka_unit_test(after_two_failures_all_servers_are_asked_anew),
		cmocka_unit_test(
		    the_first_script_tries_the_machine_and_then_the_default),
		cmocka_unit_test(
		    no_script_uses_what_the_ipxe_of_2019_does_not_know),
		cmocka_unit_test(what_ipxe_takes_for_its_own_is_refused),
		cmocka_unit_test(
		    what_only_looks_like_it_is_a_kernels_business),
		cmocka_unit_test(
		    a_command_line_ends_where_the_kernels_room_does),
		cmocka_unit_test(
		    a_root_in_memory_is_fetched_by_http_and_checked),
		cmocka_unit_test(alpine_is_told_where_its_parts_are),
		cmocka_unit_test(a_foreign_kernel_gets_its_own_initrd_alone),
		cmocka_unit_test(
		    a_program_is_chained_on_its_own_platform_alone),
		cmocka_unit_test(every_kind_ends_the_same_way),
		cmocka_unit_test(a_kind_is_known_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
