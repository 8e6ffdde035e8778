/* SPDX-License-Identifier: ISC */
/* A root tree as one file, which machines fetch into memory. */
#include "mkboot/squashfs.h"

#include <sys/types.h>

#include <errno.h>
#include <limits.h>
#include <sha2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/run.h"

/*
 * mksquashfs's own 15 makes a small Debian 7 % smaller in twelve times the
 * time.
 */
#define LEVEL "6"

static int
write_sum(const char *file, struct why *why)
{
	char path[PATH_MAX], sum[SHA256_DIGEST_STRING_LENGTH];
	const char *name = strrchr(file, '/');
	FILE *out;

	if (SHA256File(file, sum) == NULL)
		return why_not(why, "%s: %s", file, strerror(errno));
	(void)snprintf(path, sizeof(path), "%s.sha256", file);
	if ((out = fopen(path, "we")) == NULL)
		return why_not(why, "%s: %s", path, strerror(errno));
	fprintf(out, "%s  %s\n", sum, name == NULL ? file : name + 1);
	if (fclose(out) == EOF)
		return why_not(why, "%s: %s", path, strerror(errno));
	return 0;
}

/*
 * The kernel and its initrd are fetched apart: /boot stays behind, as do what
 * is mounted over.  -mkfs-time: its own time of birth would differ each time.
 */
int
squashfs_make(const char *tree, const char *file, bool show,
    struct why *why)
{
	const char *const argv[] = {
		"mksquashfs", tree, file, "-noappend", "-comp", "zstd",
		"-Xcompression-level", LEVEL, "-mkfs-time", "0", "-no-exports",
		show ? "-quiet" : "-no-progress", "-wildcards", "-e",
		"boot/*", "dev/*", "proc/*", "sys/*", "run/*", "tmp/*", NULL
	};

	if (run(argv, show, why) == -1)
		return -1;
	return write_sum(file, why);
}
