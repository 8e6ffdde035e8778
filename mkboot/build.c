/* SPDX-License-Identifier: ISC */
/* Makes iPXE of its source: what it takes, make(1), and what that says. */
#include "mkboot/build.h"

#include <sys/stat.h>
#include <sys/utsname.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/child.h"
#include "mkboot/embed.h"
#include "mkboot/publish.h"

#define ERROR_SIZE 200
#define ARM64 "bin-arm64-efi/snponly.efi"

/* What is told of a target while it is made. */
struct progress {
	const struct build *build;
	const char *target;
	unsigned files;
	char error[ERROR_SIZE];		/* the first one; empty: none yet */
};

/* The folder src/ below these, if it is iPXE's. */
static bool
is_source(struct build *b, const char *folder, const char *below)
{
	char file[PATH_MAX];

	if (snprintf(b->src, sizeof(b->src), "%s%s", folder, below) >=
	    (int)sizeof(b->src) || snprintf(file, sizeof(file),
	    "%s/core/main.c", b->src) >= (int)sizeof(file))
		return false;
	return access(file, R_OK) == 0;
}

/* A tarball has all in a folder of its own, mostly. */
static bool
find_below(struct build *b, const char *folder)
{
	char pattern[PATH_MAX];
	glob_t g = { 0 };
	bool found;
	size_t i;

	found = is_source(b, folder, "/src") || is_source(b, folder, "");
	(void)snprintf(pattern, sizeof(pattern), "%s/*", folder);
	if (!found && glob(pattern, 0, NULL, &g) == 0)
		for (i = 0; i < g.gl_pathc && !found; i++)
			found = is_source(b, g.gl_pathv[i], "/src");
	globfree(&g);
	return found;
}

static int
unpack(struct build *b, struct why *why)
{
	const char *tmp = getenv("TMPDIR");
	char option[] = "-xf", folder[] = "-C", tar[] = "tar";
	char source[PATH_MAX];
	char *argv[] = { tar, option, source, folder, b->unpacked, NULL };

	(void)snprintf(b->unpacked, sizeof(b->unpacked), "%s/mkboot.XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(b->unpacked) == NULL) {
		(void)why_not(why, "%s: %s", b->unpacked, strerror(errno));
		*b->unpacked = '\0';
		return -1;
	}
	(void)strlcpy(source, b->source, sizeof(source));
	if (child_quiet(argv) != 0)
		return why_not(why, "%s: tar cannot unpack it whole",
		    b->source);
	return 0;
}

int
build_open(struct build *b, struct why *why)
{
	const char *folder = b->source;
	struct stat st;

	if (stat(b->source, &st) == -1)
		return why_not(why, "%s: %s", b->source, strerror(errno));
	if (S_ISREG(st.st_mode)) {
		if (unpack(b, why) == -1)
			return -1;
		folder = b->unpacked;
	}
	if (!find_below(b, folder))
		return why_not(why, "%s: no source of iPXE: there is no "
		    "src/core/main.c in it", b->source);
	return 0;
}

static const char *
host_machine(struct utsname *u)
{
	return uname(u) == 0 ? u->machine : "";
}

static bool
has_compiler(const char *cross)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%sgcc", cross);
	return child_has(name);
}

int
build_usual_targets(struct build *b, struct why *why)
{
	struct utsname u;

	if (strings_add(&b->targets, "bin/undionly.kpxe") == -1 ||
	    strings_add(&b->targets, "bin-x86_64-efi/snponly.efi") == -1 ||
	    strings_add(&b->targets, "bin-i386-efi/snponly.efi") == -1 ||
	    (has_compiler(embed_cross(ARM64, host_machine(&u))) &&
	    strings_add(&b->targets, ARM64) == -1))
		return why_not(why, "%s", strerror(errno));
	return 0;
}

static int
check_program(const char *program, const char *package, struct why *why)
{
	return child_has(program) ? 0 : why_not(why, "%s is missing: the "
	    "package %s brings it", program, package);
}

/* zbin, which packs a BIOS's programs, is made with liblzma. */
static int
check_header(const char *header, const char *package, struct why *why)
{
	char gcc[] = "gcc", only[] = "-E", include[] = "-include", name[64];
	char language[] = "-x", c[] = "c", null[] = "/dev/null";
	char *argv[] = { gcc, only, include, name, language, c, null, NULL };

	(void)strlcpy(name, header, sizeof(name));
	return child_quiet(argv) == 0 ? 0 : why_not(why, "%s is missing: the "
	    "package %s brings it", header, package);
}

static int
check_disc(struct why *why)
{
	if (!child_has("xorriso") && !child_has("genisoimage") &&
	    !child_has("mkisofs"))
		return why_not(why, "xorriso is missing: the package xorriso "
		    "brings it");
	return check_program("mcopy", "mtools", why);
}

static int
check_target(const char *target, struct why *why)
{
	struct utsname u;
	const char *cross = embed_cross(target, host_machine(&u));
	char package[64];

	if (!embed_target_is_good(target))
		return why_not(why, "%s: no target of iPXE's, which are like "
		    "bin/undionly.kpxe and bin-x86_64-efi/snponly.efi",
		    target);
	(void)snprintf(package, sizeof(package), "gcc-%.*s",
	    *cross == '\0' ? 0 : (int)strlen(cross) - 1, cross);
	if (strcmp(package, "gcc-x86_64-linux-gnu") == 0)
		(void)strlcpy(package, "gcc-x86-64-linux-gnu",
		    sizeof(package));
	if (!has_compiler(cross))
		return why_not(why, "%s: %sgcc is missing: the package %s "
		    "brings it", target, cross, *cross == '\0' ? "gcc" :
		    package);
	return embed_is_disc(target) ? check_disc(why) : 0;
}

static int
check_all(const struct build *b, struct why *why)
{
	size_t i;

	if (check_program("make", "make", why) == -1 ||
	    check_program("gcc", "gcc", why) == -1 ||
	    check_program("ld", "binutils", why) == -1 ||
	    check_program("perl", "perl", why) == -1 ||
	    check_header("stdlib.h", "libc6-dev", why) == -1 ||
	    check_header("lzma.h", "liblzma-dev", why) == -1)
		return -1;
	for (i = 0; i < b->targets.n; i++)
		if (check_target(b->targets.at[i], why) == -1)
			return -1;
	return 0;
}

static void
look_at(void *context, const char *line)
{
	struct progress *p = context;

	if (strstr(line, "[BUILD]") != NULL) {
		p->files++;
		if (p->build->progress)
			fprintf(stderr, "\r%s: %u files", p->target, p->files);
	}
	if (*p->error == '\0' && (strstr(line, "rror:") != NULL ||
	    strstr(line, "*** ") != NULL))
		(void)snprintf(p->error, sizeof(p->error), "%.*s",
		    (int)strcspn(line, "\n"), line);
}

static int
make_target(const struct build *b, char *target, const char *embed,
    struct why *why)
{
	struct progress p = { .build = b, .target = target };
	char make[] = "make", folder[] = "-C", src[PATH_MAX], jobs[32];
	char script[PATH_MAX + 8], cross[64], warnings[] = "NO_WERROR=1";
	char *argv[] = { make, folder, src, jobs, target, script, cross,
	    warnings, NULL };
	struct utsname u;
	int status;

	(void)strlcpy(src, b->src, sizeof(src));
	(void)snprintf(jobs, sizeof(jobs), "-j%ld",
	    sysconf(_SC_NPROCESSORS_ONLN));
	(void)snprintf(script, sizeof(script), "EMBED=%s", embed);
	(void)snprintf(cross, sizeof(cross), "CROSS_COMPILE=%s",
	    embed_cross(target, host_machine(&u)));
	status = child_watched(argv, b->log, look_at, &p);
	if (b->progress && p.files > 0)
		fprintf(stderr, "\n");
	if (status == 0)
		return 0;
	if (status == -1)
		return why_not(why, "make: %s", strerror(errno));
	return why_not(why, "%s: make failed: %s; all that it said: "
	    BUILD_LOG, target, *p.error == '\0' ? "it does not say why" :
	    p.error);
}

/* iPXE divides the names of scripts by commas. */
static int
choose_script(const struct build *b, char path[PATH_MAX], struct why *why)
{
	const char *text = embed_script();

	if (b->embed != NULL) {
		if (realpath(b->embed, path) == NULL)
			return why_not(why, "%s: %s", b->embed,
			    strerror(errno));
		return strpbrk(path, ", ") == NULL ? 0 : why_not(why, "%s: "
		    "iPXE takes no script with a comma or a blank in its "
		    "path", path);
	}
	if (snprintf(path, PATH_MAX, "%s/pixie.ipxe", b->src) >= PATH_MAX)
		return why_not(why, "%s: %s", b->src, strerror(ENAMETOOLONG));
	if (publish_bytes(AT_FDCWD, path, 0644, text, strlen(text),
	    NULL) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	/* make is run in src/ itself. */
	(void)strlcpy(path, "pixie.ipxe", PATH_MAX);
	return 0;
}

int
build_make(struct build *b, struct why *why)
{
	char embed[PATH_MAX];
	size_t i;

	if (check_all(b, why) == -1 || choose_script(b, embed, why) == -1)
		return -1;
	for (i = 0; i < b->targets.n; i++)
		if (make_target(b, b->targets.at[i], embed, why) == -1)
			return -1;
	return 0;
}

void
build_close(struct build *b)
{
	char rm[] = "rm", flags[] = "-rf", end[] = "--";
	char *argv[] = { rm, flags, end, b->unpacked, NULL };

	if (*b->unpacked != '\0')
		(void)child_quiet(argv);
	strings_free(&b->targets);
}
