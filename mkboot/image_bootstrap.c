/* SPDX-License-Identifier: ISC */
/* Systems made from a distribution's packages. */
#include <sys/utsname.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "mkboot/image_system.h"
#include "mkboot/run.h"

static void
bootstrap(const char *const argv[], const struct image_order *o,
    const char *what)
{
	struct why why = { "" };

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "image %s: making %s (a minute or more)\n",
		    o->name, what);
	if (run(argv, false, &why) == -1)
		log_fatal(EXIT_SYSTEM, "%s", why.text);
}

/*
 * A script does it, which also makes it fit for machines without a disk.  Its
 * kernel is Debian's for all hardware, unless another is asked for.
 */
void
system_debian(const struct image_order *o, struct image_made *made,
    const char *suite)
{
	const char *argv[8];
	char root[PATH_MAX];
	const char *version = o->version;
	struct image_order with = *o;
	struct utsname host;
	size_t n = 0;

	if (o->host && version == NULL && uname(&host) == 0)
		version = host.release;
	image_stage_root(o, root);
	argv[n++] = "sh";
	argv[n++] = o->bootstrap;
	argv[n++] = "-s";
	argv[n++] = *suite == '\0' ? "bookworm" : suite;
	argv[n++] = version == NULL ? "-g" :
	    strcmp(version, "cloud") == 0 ? "-K" : "-k";
	if (version != NULL && strcmp(version, "cloud") != 0)
		argv[n++] = version;
	argv[n++] = root;
	argv[n] = NULL;
	bootstrap(argv, o, "a small Debian");
	with.version = with.root = NULL;
	system_finish(&with, made, root);
}

/* The services that Alpine's initrd would add to a system in memory. */
static void
add_services(const char *root)
{
	static const char *const services[] = {
		"sysinit/devfs", "sysinit/dmesg", "sysinit/mdev",
		"sysinit/hwdrivers", "boot/modules", "boot/sysctl",
		"boot/hostname", "boot/bootmisc", "boot/syslog",
		"shutdown/mount-ro", "shutdown/killprocs"
	};
	char path[PATH_MAX + 64], target[64];
	size_t i;

	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/etc/runlevels/%s",
		    root, services[i]);
		(void)snprintf(target, sizeof(target), "/etc/init.d%s",
		    strchr(services[i], '/'));
		if (symlink(target, path) == -1 && errno != EEXIST)
			log_fatal(EXIT_SYSTEM, "%s: %s", path,
			    strerror(errno));
	}
}

void
system_alpine(const struct image_order *o, struct image_made *made,
    const char *branch)
{
	char root[PATH_MAX], site[128], kernel[80];
	const char *const argv[] = {
		"apk", "--root", root, "--initdb", "--keys-dir",
		"/etc/apk/keys", "--repository", site, "--no-cache", "add",
		"alpine-base", kernel, NULL
	};
	const char *const version[] = { "apk", "--version", NULL };
	struct image_order with = *o;
	struct why why = { "" };

	if (run(version, false, &why) == -1)
		log_fatal(EXIT_USER, "alpine: apk is not installed here; give "
		    "Alpine's netboot tarball or its ISO as a file instead");
	image_stage_root(o, root);
	close(system_make_root(o));
	(void)snprintf(site, sizeof(site), ALPINE_SITE "%s/main",
	    *branch == '\0' ? "latest-stable" : branch);
	(void)snprintf(kernel, sizeof(kernel), "linux-%s",
	    o->version == NULL ? "lts" : o->version);
	bootstrap(argv, o, "a small Alpine");
	add_services(root);
	with.version = NULL;
	system_take(&with, made, RECOGNISED_SYSTEM);
}
