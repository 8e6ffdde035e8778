/* SPDX-License-Identifier: ISC */
/* What other servers are told. */
#include "tests/unit/unit.h"

#include <string.h>

#include "mkboot/export.h"
#include "mkboot/exportable.h"

static char snponly[] = "loader/snponly.efi", undionly[] =
    "loader/undionly.kpxe";
static char one[] = "52:54:00:00:00:01", two[] = "52:54:00:00:00:02";
static char *first[] = { one }, *second[] = { two };

static struct export_facts
facts(void)
{
	struct export_facts f = {
		.boot = "/srv/boot", .address = "192.0.2.1", .group = "boot",
		.loader = { { 0, undionly }, { 7, snponly }, { 16, snponly } },
		.nloaders = 3, .anybody = true,
		.boots = { first, 1 }, .alone = { second, 1 }
	};

	return f;
}

static void
assert_says(const struct lines *l, const char *text)
{
	assert_false(l->failed);
	if (strstr(l->text, text) == NULL)
		fail_msg("`%s' is not in:\n%s", text, l->text);
}

static void
assert_does_not_say(const struct lines *l, const char *text)
{
	assert_false(l->failed);
	assert_null(strstr(l->text, text));
}

static void
dnsmasq_proxies_to_each_architecture_and_to_ipxe(void **state)
{
	struct export_facts f = facts();
	struct lines l = { NULL, 0, 0, false };

	(void)state;
	export_dnsmasq(&l, &f);
	assert_says(&l, "\ndhcp-range=192.0.2.1,proxy\n");
	assert_says(&l, "\ntftp-root=/srv/boot/pub\n");
	assert_says(&l, "\ndhcp-boot=tag:ipxe,http://192.0.2.1/boot.ipxe,,"
	    "192.0.2.1\n");
	assert_says(&l, "\ndhcp-boot=tag:!ipxe,tag:arch7,loader/7,,"
	    "192.0.2.1\n");
	assert_says(&l, "\ndhcp-mac=set:alone,52:54:00:00:00:02\n");
	assert_says(&l, "\ndhcp-ignore=tag:alone\n");
	assert_does_not_say(&l, one);
	lines_free(&l);
}

static void
without_a_default_only_who_is_listed_is_answered(void **state)
{
	struct export_facts f = facts();
	struct lines l = { NULL, 0, 0, false };

	(void)state;
	f.anybody = false;
	export_dnsmasq(&l, &f);
	assert_says(&l, "\ndhcp-mac=set:boots,52:54:00:00:00:01\n"
	    "dhcp-ignore=tag:!boots\n");
	lines_free(&l);
	export_isc_dhcpd(&l, &f);
	assert_says(&l, "\nif (hardware = 1:52:54:00:00:00:01) {\n");
	lines_free(&l);
	export_kea(&l, &f);
	assert_says(&l, "\"test\": \"(pkt4.mac == 0x525400000001)\" }");
	lines_free(&l);
	/* And with nobody listed, nobody. */
	f.boots.n = 0;
	export_isc_dhcpd(&l, &f);
	assert_says(&l, "\nif (hardware = 00) {\n");
	lines_free(&l);
	export_kea(&l, &f);
	assert_says(&l, "\"test\": \"(pkt4.mac == 0x00)\" }");
	lines_free(&l);
}

static void
http_firmware_is_told_a_url_by_the_files_own_name(void **state)
{
	struct export_facts f = facts();
	struct lines l = { NULL, 0, 0, false };

	(void)state;
	export_isc_dhcpd(&l, &f);
	assert_says(&l, "= 00:10 {\n\t\tfilename "
	    "\"http://192.0.2.1/loader/snponly.efi\";\n");
	assert_says(&l, "= 00:00 {\n\t\tfilename \"loader/0\";\n\t}\n"
	    "\telsif");
	lines_free(&l);
	export_kea(&l, &f);
	assert_says(&l, "== 0x0010\",\n");
	assert_says(&l, "\"boot-file-name\": "
	    "\"http://192.0.2.1/loader/snponly.efi\" }\n]\n");
	lines_free(&l);
}

static void
web_servers_have_the_type_that_edk2_wants(void **state)
{
	struct export_facts f = facts();
	struct lines l = { NULL, 0, 0, false };

	(void)state;
	export_nginx(&l, &f);
	assert_says(&l, "location = /loader/16 { types { } default_type "
	    "application/efi; }\n");
	assert_says(&l, "\tlocation ~ /\\. { return 404; }\n");
	assert_says(&l, "nor in the group of seen/, boot.\n");
	lines_free(&l);
	export_lighttpd(&l, &f);
	assert_says(&l, "\t\"/loader/16\" => \"application/efi\",\n");
	assert_says(&l, "\t\"/loader/0\" => \"application/octet-stream\",\n");
	lines_free(&l);
}

static void
bootparams_has_a_line_for_each_machine_that_boots_so(void **state)
{
	char root[] = "192.0.2.1:/bsd", swap[] = "192.0.2.1:/swap";
	struct export_diskless machines[] = {
		{ "52:54:00:00:00:01", "alpha", "192.0.2.11", root, swap },
		{ "52:54:00:00:00:02", "beta", "", root, NULL }
	};
	struct export_facts f = facts();
	struct lines l = { NULL, 0, 0, false };

	(void)state;
	f.diskless = machines;
	f.ndiskless = 2;
	export_bootparamd(&l, &f);
	assert_says(&l, "\nalpha root=192.0.2.1:/bsd swap=192.0.2.1:/swap\n");
	assert_says(&l, "\nbeta root=192.0.2.1:/bsd\n");
	assert_says(&l, "\n#hosts 192.0.2.11\talpha\n"
	    "#ethers 52:54:00:00:00:01\talpha\n");
	assert_says(&l, "\n# beta: no address is known");
	lines_free(&l);
}

static void
both_nfs_servers_are_told_each_root(void **state)
{
	char name[] = "debian", path[] = "/srv/boot/root/debian";
	char *names[] = { name }, *paths[] = { path };
	struct export_facts f = facts();
	struct lines l = { NULL, 0, 0, false };

	(void)state;
	f.roots.at = names;
	f.paths.at = paths;
	f.roots.n = f.paths.n = 1;
	export_nfsd(&l, &f);
	assert_says(&l, "\n/debian *(ro,no_root_squash,");
	assert_says(&l, "\n#   rootdir=/srv/boot/root\n");
	lines_free(&l);
	export_ganesha(&l, &f);
	assert_says(&l, "\tPath = \"/srv/boot/root/debian\";\n"
	    "\tPseudo = \"/debian\";\n");
	lines_free(&l);
}

static void
the_rewriter_looks_below_this_boot_directory(void **state)
{
	struct export_facts f = facts();
	struct lines l = { NULL, 0, 0, false };

	(void)state;
	export_openbsd_tftpd(&l, &f);
	assert_says(&l, "\nmy $boot = '/srv/boot';\n");
	assert_says(&l, "\nmy %rest;\n");
	lines_free(&l);
	export_tftpd_hpa(&l, &f);
	assert_says(&l, "\nrg \\\\ /\n");
	lines_free(&l);
}

static void
what_needs_quoting_is_not_said(void **state)
{
	static const char *const wrong[] = {
		"", "two words", "quo\"te", "it's", "a#b", "$x", "a;b", "{",
		"back\\slash", "\xc3\xa4", "a\nb"
	};
	size_t i;

	(void)state;
	assert_true(exportable_word("/srv/boot-1.2_x/pub"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(exportable_word(wrong[i]));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    dnsmasq_proxies_to_each_architecture_and_to_ipxe),
		cmocka_unit_test(
		    without_a_default_only_who_is_listed_is_answered),
		cmocka_unit_test(
		    http_firmware_is_told_a_url_by_the_files_own_name),
		cmocka_unit_test(
		    web_servers_have_the_type_that_edk2_wants),
		cmocka_unit_test(
		    bootparams_has_a_line_for_each_machine_that_boots_so),
		cmocka_unit_test(both_nfs_servers_are_told_each_root),
		cmocka_unit_test(the_rewriter_looks_below_this_boot_directory),
		cmocka_unit_test(what_needs_quoting_is_not_said)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
