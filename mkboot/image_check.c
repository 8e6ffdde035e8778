/* SPDX-License-Identifier: ISC */
/* mkboot image check: is all there that machines will ask for? */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/arch.h"
#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/facts.h"
#include "mkboot/image.h"
#include "mkboot/kernel.h"

#define PATH_SIZE 1024

struct check {
	int bootfd;
	struct image_facts image;
	size_t faults;
};

static void fault(struct check *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static void
fault(struct check *c, const char *format, ...)
{
	va_list args;

	printf("image %s: ", c->image.name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	c->faults++;
}

/* A file that machines fetch: there, regular, readable and not empty. */
static int
open_part(struct check *c, const char *part)
{
	char path[PATH_SIZE];
	struct stat st;
	int fd;

	(void)snprintf(path, sizeof(path), "pub/image/%s/%s", c->image.files,
	    part);
	fd = bootdir_openat(c->bootfd, path, O_RDONLY | O_NONBLOCK);
	if (fd == -1) {
		fault(c, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size == 0)
		fault(c, "%s is empty or no file", path);
	return fd;
}

static void
check_part(struct check *c, const char *part)
{
	int fd = open_part(c, part);

	if (fd != -1)
		close(fd);
}

/* A system that booted must find the modules of the kernel that it runs. */
static void
check_modules(struct check *c, const uint8_t *head, size_t len)
{
	char version[KERNEL_VERSION_SIZE], path[PATH_SIZE];

	if (!kernel_version(head, len, version))
		return;
	(void)snprintf(path, sizeof(path), "root/%s/lib/modules/%s",
	    c->image.root, version);
	if (!bootdir_exists(c->bootfd, path))
		fault(c, "its kernel is %s, and %s is missing", version,
		    path);
}

static bool
has_loader(int bootfd, unsigned arch)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "pub/loader/%u", arch);
	return bootdir_exists(bootfd, path);
}

/* Whoever can run this kernel needs a loader; so does arm64 (IANA: 11). */
static void
check_loaders(struct check *c, const uint8_t *head, size_t len)
{
	static const unsigned x86[] = { 0, 7 }, arm64[] = { 11 };
	const bool arm = len > 60 && memcmp(head + 56, "ARM\x64", 4) == 0;
	const unsigned *arch = arm ? arm64 : x86;
	size_t i, n = arm ? 1 : 2;

	for (i = 0; i < n; i++)
		if (!has_loader(c->bootfd, arch[i]))
			fault(c, "no loader for %s, pub/loader/%u: `mkboot "
			    "loader' brings it", arch_name(arch[i]), arch[i]);
}

static void
check_kernel(struct check *c, bool loaders)
{
	uint8_t head[KERNEL_HEAD];
	ssize_t n;
	int fd;

	if ((fd = open_part(c, "kernel")) == -1)
		return;
	n = pread(fd, head, sizeof(head), 0);
	close(fd);
	if (n == -1)
		return;
	if (c->image.kind == SCRIPT_NFS || c->image.kind == SCRIPT_RAM)
		check_modules(c, head, (size_t)n);
	if (loaders)
		check_loaders(c, head, (size_t)n);
}

static void
check_root(struct check *c)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "image/%s/root", c->image.name);
	if (!bootdir_exists(c->bootfd, path))
		fault(c, "%s leads to no root tree", path);
}

/* What /init would refuse is better known before. */
static void
check_squashfs(struct check *c)
{
	char path[PATH_SIZE], sum[SHA256_DIGEST_STRING_LENGTH];
	int fd = open_part(c, "rootfs.squashfs");

	if (fd == -1)
		return;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (*c->image.sha256 == '\0')
		fault(c, "pub/image/%s/rootfs.squashfs.sha256 is missing: "
		    "what a machine fetched is not compared",
		    c->image.files);
	else if (SHA256File(path, sum) == NULL)
		fault(c, "rootfs.squashfs: %s", strerror(errno));
	else if (strcmp(sum, c->image.sha256) != 0)
		fault(c, "rootfs.squashfs is not what its .sha256 says");
	close(fd);
}

static void
check_any(struct check *c, bool loaders)
{
	switch (c->image.start) {
	case SCRIPT_KERNEL:
		check_kernel(c, loaders);
		break;
	case SCRIPT_PROGRAM:
		check_part(c, "program.efi");
		break;
	case SCRIPT_DISC:
		check_part(c, "image.iso");
		break;
	case SCRIPT_PXEBOOT:
		check_part(c, "pxeboot");
		break;
	}
	if (c->image.has_initrd)
		check_part(c, "initrd");
}

size_t
image_faults(int bootfd, const char *name, bool loaders)
{
	struct check c = { .bootfd = bootfd };
	struct why why = { "" };

	(void)strlcpy(c.image.name, name, sizeof(c.image.name));
	if (facts_image(bootfd, name, &c.image, &why) == -1) {
		fault(&c, "%s", why.text);
		return c.faults;
	}
	switch (c.image.kind) {
	case SCRIPT_RAM:
		check_squashfs(&c);
		/* FALLTHROUGH */
	case SCRIPT_NFS:
		check_part(&c, "initrd");
		check_kernel(&c, loaders);
		check_root(&c);
		break;
	case SCRIPT_ALPINE:
		check_part(&c, "initrd");
		check_kernel(&c, loaders);
		check_part(&c, "modloop");
		break;
	case SCRIPT_ANY:
		check_any(&c, loaders);
		break;
	}
	return c.faults;
}

int
image_check(int argc, char **argv)
{
	struct strings names = { NULL, 0 };
	const char *dir = BOOTDIR_DEFAULT;
	size_t i, faults = 0;
	int bootfd, flag;

	while ((flag = command_flag(argc, argv, "d:")) != -1)
		if (flag == 'd')
			dir = optarg;
		else if (flag != COMMAND_OPERAND)
			command_usage("image check [-d dir] [name ...]");
		else if (strings_add(&names, optarg) == -1)
			log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
	bootfd = command_bootdir(dir);
	if (names.n == 0 && facts_list(bootfd, "image", &names) == -1)
		log_fatal(EXIT_SYSTEM, "image: %s", strerror(errno));
	for (i = 0; i < names.n; i++)
		faults += image_faults(bootfd, names.at[i], true);
	strings_free(&names);
	close(bootfd);
	if (faults == 0)
		puts("ok");
	return faults == 0 ? EXIT_OK : EXIT_USER;
}
