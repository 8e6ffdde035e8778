/* SPDX-License-Identifier: ISC */
/* mkboot export: prints the configuration of somebody else's server. */
#include "mkboot/export.h"

#include <sys/stat.h>

#include <arpa/inet.h>
#include <net/if.h>

#include <errno.h>
#include <grp.h>
#include <ifaddrs.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/exportable.h"

#define GROUPS 64

static const struct kind {
	const char *name;
	void (*print)(struct lines *, const struct export_facts *);
	bool address;		/* is this server's address in it? */
	const char *user;	/* whom Debian runs it as; NULL: root */
} kinds[] = {
	{ "dnsmasq", export_dnsmasq, true, "dnsmasq" },
	{ "isc-dhcpd", export_isc_dhcpd, true, NULL },
	{ "kea", export_kea, true, NULL },
	{ "nginx", export_nginx, true, "www-data" },
	{ "lighttpd", export_lighttpd, true, "www-data" },
	{ "tftpd-hpa", export_tftpd_hpa, true, "tftp" },
	{ "openbsd-tftpd", export_openbsd_tftpd, false, NULL },
	{ "nfsd", export_nfsd, false, NULL },
	{ "ganesha", export_ganesha, false, NULL },
	{ "bootparamd", export_bootparamd, true, NULL },
};
#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

static void usage(void) __attribute__((noreturn));

static void
usage(void)
{
	command_usage("export [-d dir] [-l addr] dnsmasq | isc-dhcpd | kea | "
	    "nginx | lighttpd |\n    tftpd-hpa | openbsd-tftpd | nfsd | "
	    "ganesha | bootparamd");
}

static const struct kind *
kind_named(const char *name)
{
	size_t i;

	for (i = 0; i < NKINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	usage();
}

/* The only address of this host that others can ask; or the end. */
static void
find_address(char address[EXPORT_ADDRESS_SIZE])
{
	struct ifaddrs *all, *a;
	struct sockaddr_in in;
	size_t n = 0;

	if (getifaddrs(&all) == -1)
		log_fatal(EXIT_SYSTEM, "this host's addresses: %s",
		    strerror(errno));
	for (a = all; a != NULL; a = a->ifa_next)
		if (a->ifa_addr != NULL && (a->ifa_flags & IFF_LOOPBACK) == 0 &&
		    a->ifa_addr->sa_family == AF_INET) {
			memcpy(&in, a->ifa_addr, sizeof(in));
			inet_ntop(AF_INET, &in.sin_addr, address,
			    EXPORT_ADDRESS_SIZE);
			n++;
		}
	freeifaddrs(all);
	if (n != 1)
		log_fatal(EXIT_USER, "this host has %s; -l says by which one "
		    "machines reach the server", n == 0 ? "no address" :
		    "several addresses");
}

static void
take_address(const char *text, char address[EXPORT_ADDRESS_SIZE])
{
	struct in_addr in;

	if (inet_pton(AF_INET, text, &in) != 1)
		log_fatal(EXIT_USER, "%s: no IPv4 address in figures", text);
	inet_ntop(AF_INET, &in, address, EXPORT_ADDRESS_SIZE);
}

/* One who is in the group of seen/ can read what is for one machine alone. */
static void
look_at_user(const struct kind *kind, int bootfd, const char *group)
{
	gid_t groups[GROUPS];
	const struct passwd *user;
	struct stat st;
	int i, n = GROUPS;

	if (kind->user == NULL || (user = getpwnam(kind->user)) == NULL ||
	    fstatat(bootfd, "seen", &st, 0) == -1 ||
	    getgrouplist(user->pw_name, user->pw_gid, groups, &n) == -1)
		return;
	for (i = 0; i < n; i++)
		if (groups[i] == st.st_gid)
			log_warn("the user %s is in the group %s, that of "
			    "seen/: %s could hand out what is for one machine "
			    "alone; give seen/ a group of its own, and render "
			    "anew", user->pw_name, group == NULL ? "?" : group,
			    kind->name);
}

static void
print(const struct kind *kind, const struct export_facts *f)
{
	struct lines lines = { NULL, 0, 0, false };

	kind->print(&lines, f);
	if (lines.failed)
		log_fatal(EXIT_SYSTEM, "%s: there is no memory for it, or "
		    "the path of %s cannot be said", kind->name, f->boot);
	fputs(lines.text, stdout);
	lines_free(&lines);
}

static const struct kind *
parse_flags(int argc, char **argv, const char **dir, const char **addr)
{
	const struct kind *kind = NULL;
	int c;

	while ((c = command_flag(argc, argv, "d:l:")) != -1)
		switch (c) {
		case 'd':
			*dir = optarg;
			break;
		case 'l':
			*addr = optarg;
			break;
		case COMMAND_OPERAND:
			if (kind != NULL)
				usage();
			kind = kind_named(optarg);
			break;
		default:
			usage();
		}
	if (kind == NULL)
		usage();
	return kind;
}

int
export_main(int argc, char **argv)
{
	const char *dir = BOOTDIR_DEFAULT, *addr = NULL;
	char address[EXPORT_ADDRESS_SIZE] = "", boot[PATH_MAX];
	const struct kind *kind = parse_flags(argc, argv, &dir, &addr);
	struct export_facts f;
	struct why why;
	int bootfd;

	if (addr != NULL)
		take_address(addr, address);
	else if (kind->address)
		find_address(address);
	bootfd = command_bootdir(dir);
	if (realpath(dir, boot) == NULL)
		log_fatal(EXIT_SYSTEM, "%s: %s", dir, strerror(errno));
	if (!exportable_word(boot))
		log_fatal(EXIT_USER, "%s: such a path cannot be said to other "
		    "servers: blanks, quotes, #, $, ;, { or }", boot);
	memset(&f, 0, sizeof(f));
	f.boot = boot;
	f.address = address;
	if (exportable_read(bootfd, &f, &why) == -1)
		log_fatal(EXIT_SYSTEM, "%s", why.text);
	look_at_user(kind, bootfd, f.group);
	print(kind, &f);
	exportable_free(&f);
	close(bootfd);
	return EXIT_OK;
}
