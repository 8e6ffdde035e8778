/* SPDX-License-Identifier: ISC */
/* Tells by names and first octets what is given to be booted. */
#include "mkboot/recognise.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "mkboot/kernel.h"

/* The last part of a path. */
static const char *
base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool
ends(const char *text, const char *with)
{
	const size_t n = strlen(text), m = strlen(with);

	return n >= m && strcasecmp(text + n - m, with) == 0;
}

/* The name beside `path' whose last part is `a' and `b' together. */
static const char *
beside(const struct strings *names, const char *path, const char *a,
    const char *b)
{
	const size_t folder = (size_t)(base(path) - path);
	const char *name;
	size_t i;

	for (i = 0; i < names->n; i++) {
		name = base(names->at[i]);
		if ((size_t)(name - names->at[i]) == folder &&
		    strncmp(names->at[i], path, folder) == 0 &&
		    begins(name, a) && strcmp(name + strlen(a), b) == 0)
			return names->at[i];
	}
	return NULL;
}

static void
add_part(struct recognition *r, const char *name, const char *file)
{
	r->part[r->parts].name = name;
	r->part[r->parts++].file = file;
}

/* One more of its kind: the first is it, two are too many. */
static bool
is_first(struct recognition *r, enum recognised what, const char *name)
{
	(void)strlcat(r->choice, *r->choice == '\0' ? "" : " ",
	    sizeof(r->choice));
	(void)strlcat(r->choice, name, sizeof(r->choice));
	if (r->what == RECOGNISED_NOTHING) {
		r->what = what;
		return true;
	}
	r->what = RECOGNISED_SEVERAL;
	return false;
}

/* Three files of one flavour, and the packages of an ISO. */
static void
find_alpine(struct recognition *r, const struct strings *names,
    const char *flavour)
{
	const char *name, *kernel, *initrd, *of;
	size_t i;

	for (i = 0; i < names->n; i++) {
		name = names->at[i];
		if (ends(name, "apks/.boot_repository"))
			r->packages = name;
		if (!begins(base(name), "modloop-"))
			continue;
		of = base(name) + strlen("modloop-");
		kernel = beside(names, name, "vmlinuz-", of);
		initrd = beside(names, name, "initramfs-", of);
		if (kernel == NULL || initrd == NULL ||
		    (flavour != NULL && strcmp(of, flavour) != 0) ||
		    !is_first(r, RECOGNISED_ALPINE, of))
			continue;
		add_part(r, kernel, "kernel");
		add_part(r, initrd, "initrd");
		add_part(r, name, "modloop");
	}
}

/* Two names side by side. */
static void
find_two(struct recognition *r, const struct strings *names,
    enum recognised what, const char *const from[2], const char *const to[2])
{
	const char *other;
	size_t i;

	for (i = 0; i < names->n; i++) {
		if (strcmp(base(names->at[i]), from[0]) != 0)
			continue;
		other = beside(names, names->at[i], from[1], "");
		if (other == NULL || !is_first(r, what, names->at[i]))
			continue;
		add_part(r, names->at[i], to[0]);
		add_part(r, other, to[1]);
	}
}

static bool
is_kernel_name(const char *name)
{
	return begins(name, "vmlinuz") || begins(name, "bzImage") ||
	    begins(name, "kernel") || strcmp(name, "linux") == 0;
}

static bool
is_initrd_name(const char *name)
{
	return begins(name, "initrd") || begins(name, "initramfs");
}

/* One kernel and one initrd, wherever they are. */
static void
find_pair(struct recognition *r, const struct strings *names)
{
	const char *kernel = NULL, *initrd = NULL, *name;
	size_t i, kernels = 0, initrds = 0;

	for (i = 0; i < names->n; i++) {
		name = base(names->at[i]);
		if (is_kernel_name(name)) {
			kernel = names->at[i];
			kernels++;
		} else if (is_initrd_name(name)) {
			initrd = names->at[i];
			initrds++;
		} else
			continue;
		(void)strlcat(r->choice, *r->choice == '\0' ? "" : " ",
		    sizeof(r->choice));
		(void)strlcat(r->choice, names->at[i], sizeof(r->choice));
	}
	if (kernels == 0 || initrds == 0)
		return;
	r->what = RECOGNISED_SEVERAL;
	if (kernels > 1 || initrds > 1)
		return;
	r->what = RECOGNISED_PAIR;
	add_part(r, kernel, "kernel");
	add_part(r, initrd, "initrd");
}

static void
find_program(struct recognition *r, const struct strings *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (ends(names->at[i], ".efi") &&
		    is_first(r, RECOGNISED_PROGRAM, names->at[i]))
			add_part(r, names->at[i], "program.efi");
}

static bool
has_any(const struct strings *names, const char *const *any)
{
	for (; *any != NULL; any++)
		if (strings_has(names, *any))
			return true;
	return false;
}

/* A shell and accounts: whoever has these is a system. */
static bool
is_system(const struct strings *names)
{
	static const char *const shells[] = { "bin/sh", "usr/bin/sh",
	    "bin/busybox", "usr/bin/busybox", "bin/bash", "usr/bin/bash",
	    NULL };
	static const char *const basics[] = { "etc/passwd", "etc/os-release",
	    "usr/lib/os-release", "sbin/init", "usr/sbin/init", "etc/rc",
	    NULL };

	return has_any(names, shells) && has_any(names, basics);
}

void
recognise_names(const struct strings *names, const char *flavour,
    struct recognition *r)
{
	static const char *const bsd[] = { "pxeboot", "bsd.rd" };
	static const char *const installer[] = { "linux", "initrd.gz" };
	static const char *const linux[] = { "kernel", "initrd" };

	memset(r, 0, sizeof(*r));
	find_alpine(r, names, flavour);
	if (r->what == RECOGNISED_NOTHING && is_system(names))
		r->what = strings_has(names, "bsd") &&
		    strings_has(names, "etc/rc") ? RECOGNISED_OPENBSD_ROOT :
		    RECOGNISED_SYSTEM;
	if (r->what == RECOGNISED_NOTHING)
		find_two(r, names, RECOGNISED_OPENBSD, bsd, bsd);
	if (r->what == RECOGNISED_NOTHING)
		find_two(r, names, RECOGNISED_INSTALLER, installer, linux);
	if (r->what == RECOGNISED_NOTHING)
		find_pair(r, names);
	if (r->what == RECOGNISED_NOTHING)
		find_program(r, names);
}

static bool
has_octets(const uint8_t *head, size_t len, size_t at, const char *octets,
    size_t n)
{
	return len >= at + n && memcmp(head + at, octets, n) == 0;
}

/* "MZ", and where the word at 60 leads "PE": the UEFI specification, 2.1.1. */
static bool
is_program(const uint8_t *head, size_t len)
{
	size_t at;

	if (!has_octets(head, len, 0, "MZ", 2) || len < 64)
		return false;
	at = head[60] | (size_t)head[61] << 8 | (size_t)head[62] << 16;
	return has_octets(head, len, at, "PE\0", 4);
}

static bool
is_compressed(const uint8_t *head, size_t len)
{
	static const struct {
		const char *octets;
		size_t n;
	} magic[] = {
		{ "\x1f\x8b", 2 }, { "\xfd" "7zXZ", 5 },
		{ "\x28\xb5\x2f\xfd", 4 }, { "BZh", 3 },
		{ "\x02\x21\x4c\x18", 4 }, { "\x04\x22\x4d\x18", 4 },
		{ "\x5d\0\0", 3 }
	};
	size_t i;

	for (i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
		if (has_octets(head, len, 0, magic[i].octets, magic[i].n))
			return true;
	return false;
}

enum recognised_file
recognise_file(const uint8_t *head, size_t len)
{
	char version[KERNEL_VERSION_SIZE];

	if (has_octets(head, len, 32769, "CD001", 5))
		return FILE_ISO;
	/* Documentation/arch/x86/boot.rst, arm64/booting.rst in Linux. */
	if (has_octets(head, len, 0x202, "HdrS", 4))
		return kernel_version(head, len, version) &&
		    strncasecmp(version, "memtest", 7) == 0 ? FILE_MEMTEST :
		    FILE_LINUX;
	if (has_octets(head, len, 56, "ARM\x64", 4))
		return FILE_LINUX;
	if (is_program(head, len))
		return FILE_PROGRAM;
	if (has_octets(head, len, 0, "07070", 5))
		return FILE_CPIO;
	if (has_octets(head, len, 0, "hsqs", 4))
		return FILE_SQUASHFS;
	return is_compressed(head, len) ? FILE_COMPRESSED : FILE_OTHER;
}

uint64_t
recognise_iso_size(const uint8_t *head, size_t len)
{
	const size_t at = 32768;

	if (recognise_file(head, len) != FILE_ISO || len < at + 132)
		return 0;
	/* Both in little-endian: 8.4.8's blocks, 8.4.13's size of one. */
	return (head[at + 80] | (uint64_t)head[at + 81] << 8 |
	    (uint64_t)head[at + 82] << 16 | (uint64_t)head[at + 83] << 24) *
	    (head[at + 128] | (uint64_t)head[at + 129] << 8);
}

const char *
recognise_alpine_branch(const char *name, char branch[16])
{
	const char *p = base(name);
	unsigned major, minor;

	while ((p = strchr(p, '-')) != NULL)
		if (isdigit((unsigned char)*++p) &&
		    sscanf(p, "%3u.%3u", &major, &minor) == 2) {
			(void)snprintf(branch, 16, "v%u.%u", major, minor);
			return branch;
		}
	(void)strlcpy(branch, "latest-stable", 16);
	return branch;
}
