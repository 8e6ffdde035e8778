/* SPDX-License-Identifier: ISC */
/* The tables of mkboot loader. */
#include "mkboot/loaders.h"

#include <string.h>

/* Debian first, then Alpine, Fedora and Arch. */
static const char *const sources[] = {
	"/usr/lib/ipxe", "/usr/share/ipxe", "/usr/share/alpine-ipxe",
	"/usr/lib/PXELINUX", "/usr/lib/syslinux/modules/bios",
	"/usr/share/syslinux", "/usr/lib/syslinux/bios", "/usr/lib/shim",
	"/usr/lib/grub", NULL
};

/*
 * Debian's and Alpine's name first, then Fedora's, then the place in iPXE's
 * own source where `make' leaves it.  A shim asks for its second stage and
 * for MokManager beside itself, by these names (shim: globals.c, config.h).
 */
static const struct loader_file files[] = {
	{ "undionly.kpxe", { "undionly.kpxe", "bin/undionly.kpxe",
	    "src/bin/undionly.kpxe" } },
	{ "snponly.efi", { "snponly.efi", "ipxe-snponly-x86_64.efi",
	    "bin-x86_64-efi/snponly.efi", "src/bin-x86_64-efi/snponly.efi" } },
	{ "ipxe.efi", { "ipxe.efi", "ipxe-x86_64.efi",
	    "bin-x86_64-efi/ipxe.efi", "src/bin-x86_64-efi/ipxe.efi" } },
	{ "snponly-i386.efi", { "snponly-i386.efi", "ipxe-snponly-i386.efi",
	    "bin-i386-efi/snponly.efi", "src/bin-i386-efi/snponly.efi" } },
	{ "ipxe-i386.efi", { "ipxe-i386.efi", "bin-i386-efi/ipxe.efi",
	    "src/bin-i386-efi/ipxe.efi" } },
	{ "snponly-arm64.efi", { "snponly-arm64.efi", "arm64-efi/snponly.efi",
	    "bin-arm64-efi/snponly.efi", "src/bin-arm64-efi/snponly.efi" } },
	{ "ipxe-arm64.efi", { "ipxe-arm64.efi", "arm64-efi/ipxe.efi",
	    "bin-arm64-efi/ipxe.efi", "src/bin-arm64-efi/ipxe.efi" } },
	{ "pxelinux.0", { "pxelinux.0" } },
	{ "ldlinux.c32", { "ldlinux.c32" } },
	{ "shimx64.efi", { "shimx64.efi.signed" } },
	{ "grubx64.efi", { "x86_64-efi-signed/grubnetx64.efi.signed",
	    "grubnetx64.efi.signed" } },
	{ "mmx64.efi", { "mmx64.efi.signed" } },
	{ "shimia32.efi", { "shimia32.efi.signed" } },
	{ "grubia32.efi", { "i386-efi-signed/grubnetia32.efi.signed",
	    "grubnetia32.efi.signed" } },
	{ "mmia32.efi", { "mmia32.efi.signed" } },
	{ "shimaa64.efi", { "shimaa64.efi.signed" } },
	{ "grubaa64.efi", { "arm64-efi-signed/grubnetaa64.efi.signed",
	    "grubnetaa64.efi.signed" } },
	{ "mmaa64.efi", { "mmaa64.efi.signed" } },
	{ "grubnetx64.efi", { "x86_64-efi/monolithic/grubnetx64.efi",
	    "grubnetx64.efi" } },
	{ "grubnetia32.efi", { "i386-efi/monolithic/grubnetia32.efi",
	    "grubnetia32.efi" } },
	{ "grubnetaa64.efi", { "arm64-efi/monolithic/grubnetaa64.efi",
	    "grubnetaa64.efi" } },
};

/*
 * snponly.efi uses the firmware's own driver for the card that it booted
 * from, so it works with any card; ipxe.efi brings drivers of its own.
 */
#define IA32 { { LOADER_IPXE, "snponly-i386.efi", NULL }, \
	{ LOADER_IPXE, "ipxe-i386.efi", NULL }, \
	{ LOADER_SIGNED, "shimia32.efi", "grubia32.efi" }, \
	{ LOADER_GRUB, "grubnetia32.efi", NULL } }, \
	"`mkboot loader -b SOURCE', or grub-efi-ia32-bin"
#define X64 { { LOADER_IPXE, "snponly.efi", NULL }, \
	{ LOADER_IPXE, "ipxe.efi", NULL }, \
	{ LOADER_SIGNED, "shimx64.efi", "grubx64.efi" }, \
	{ LOADER_GRUB, "grubnetx64.efi", NULL } }, \
	"the package ipxe, or shim-signed and grub-efi-amd64-signed"
#define ARM64 { { LOADER_IPXE, "snponly-arm64.efi", NULL }, \
	{ LOADER_IPXE, "ipxe-arm64.efi", NULL }, \
	{ LOADER_SIGNED, "shimaa64.efi", "grubaa64.efi" }, \
	{ LOADER_GRUB, "grubnetaa64.efi", NULL } }, \
	"`mkboot loader -b SOURCE', or arm64's shim-signed and " \
	"grub-efi-arm64-signed"

static const struct loader_choice choices[] = {
	{ 0, { { LOADER_IPXE, "undionly.kpxe", NULL },
	    { LOADER_PXELINUX, "pxelinux.0", "ldlinux.c32" } },
	    "the package ipxe, or pxelinux and syslinux-common" },
	{ 6, IA32 },
	{ 7, X64 },
	{ 9, X64 },
	{ 11, ARM64 },
	{ 15, IA32 },
	{ 16, X64 },
	{ 19, ARM64 },
};

static const struct {
	const char *name, *title;
} kinds[] = {
	[LOADER_IPXE] = { "ipxe", "iPXE" },
	[LOADER_SIGNED] = { "signed", "shim and GRUB, signed" },
	[LOADER_GRUB] = { "grub", "GRUB" },
	[LOADER_PXELINUX] = { "pxelinux", "PXELINUX" },
};

const char *const *
loaders_sources(void)
{
	return sources;
}

const struct loader_file *
loaders_files(size_t *n)
{
	*n = sizeof(files) / sizeof(files[0]);
	return files;
}

const struct loader_choice *
loaders_choices(size_t *n)
{
	*n = sizeof(choices) / sizeof(choices[0]);
	return choices;
}

const char *
loaders_name(const char *target)
{
	const char *slash = strrchr(target, '/');
	size_t i, k;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		for (k = 0; k < LOADERS_FROM && files[i].from[k] != NULL; k++)
			if (strcmp(files[i].from[k], target) == 0)
				return files[i].name;
	return slash == NULL ? target : slash + 1;
}

bool
loaders_kind_parse(const char *name, enum loader_kind *kind)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0) {
			*kind = (enum loader_kind)i;
			return true;
		}
	return false;
}

const char *
loaders_kind_title(enum loader_kind kind)
{
	return kinds[kind].title;
}
