/* SPDX-License-Identifier: ISC */
/* mkboot initrd: gathers modules, firmware and /init into an archive. */
#include "mkboot/initrd.h"

#include <sys/sysmacros.h>
#include <sys/utsname.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/compress.h"
#include "mkboot/cpio.h"
#include "mkboot/feature.h"
#include "mkboot/modules.h"
#include "mkboot/plan.h"
#include "mkboot/publish.h"
#include "mkboot/strings.h"

#define USAGE "usage: mkboot initrd [-d dir] [-F dir] [-f feature] " \
	"[-I init] [-k version] [-m module]\n" \
	"                     [-o file] [-r root] [-z none|gzip|zstd]\n"

/* What the user asked for. */
struct request {
	const char *root;
	const char *version;	/* NULL: choose */
	const char *output;	/* NULL: standard output */
	const char *bootdir;
	const char *feature_dir;
	const char *init;
	enum compress_kind kind;
	struct strings feature;
	struct strings module;
};

static void __attribute__((noreturn))
usage(void)
{
	fputs(USAGE, stderr);
	exit(EXIT_USER);
}

/* Features stand one a flag, or several with commas between. */
static int
add_features(struct request *r, const char *list)
{
	char name[NAME_MAX + 1];
	size_t len;

	while (*list != '\0') {
		len = strcspn(list, ",");
		if (len > 0 && len < sizeof(name)) {
			memcpy(name, list, len);
			name[len] = '\0';
			if (strings_add(&r->feature, name) == -1)
				return -1;
		}
		list += len;
		list += *list == ',';
	}
	return 0;
}

static void
flag(struct request *r, int c, const char *value)
{
	int result = 0;

	switch (c) {
	case 'd': r->bootdir = value; break;
	case 'F': r->feature_dir = value; break;
	case 'f': result = add_features(r, value); break;
	case 'I': r->init = value; break;
	case 'k': r->version = value; break;
	case 'm': result = strings_add(&r->module, value); break;
	case 'o': r->output = value; break;
	case 'r': r->root = value; break;
	case 'z':
		if (!compress_kind_parse(value, &r->kind))
			usage();
		break;
	default:
		usage();
	}
	if (result == -1)
		log_fatal(EXIT_SYSTEM, "initrd: %s", strerror(errno));
}

static void
read_flags(struct request *r, int argc, char **argv)
{
	int c;

	*r = (struct request){
		.root = "/",
		.bootdir = BOOTDIR_DEFAULT,
		.feature_dir = FEATURE_DIR,
		.init = INIT_FILE,
		.kind = COMPRESS_ZSTD
	};
	while ((c = getopt(argc, argv, "d:F:f:I:k:m:o:r:z:")) != -1)
		flag(r, c, optarg);
	if (optind != argc)
		usage();
	if (r->feature.n == 0 && add_features(r, "net,nfs") == -1)
		log_fatal(EXIT_SYSTEM, "initrd: %s", strerror(errno));
	if (r->output == NULL && isatty(STDOUT_FILENO))
		log_fatal(EXIT_USER, "initrd: standard output is a terminal: "
		    "say where to with -o FILE");
}

/* The texts with blanks between, for a line that helps. */
static const char *
joined(const struct strings *s, char *text, size_t size)
{
	size_t i;

	text[0] = '\0';
	for (i = 0; i < s->n; i++) {
		strlcat(text, " ", size);
		strlcat(text, s->at[i], size);
	}
	return text;
}

static bool
holds(const struct strings *s, const char *text)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->at[i], text) == 0)
			return true;
	return false;
}

/* The kernel asked for; else the running one; else the only one there is. */
static void
choose_version(struct request *r, struct utsname *running)
{
	struct strings there = { 0 };
	char list[1024];

	if (modules_versions(r->root, &there) == -1 && errno != ENOENT)
		log_fatal(EXIT_SYSTEM, "initrd: %s/lib/modules: %s", r->root,
		    strerror(errno));
	if (r->version == NULL && uname(running) == 0 &&
	    holds(&there, running->release))
		r->version = running->release;
	if (r->version == NULL && there.n == 1) {
		strlcpy(running->release, there.at[0],
		    sizeof(running->release));
		r->version = running->release;
	}
	if (there.n == 0)
		log_fatal(EXIT_USER, "initrd: %s/lib/modules: no kernel has "
		    "modules there (or depmod was not run): install one, or "
		    "name another root with -r", r->root);
	if (r->version == NULL)
		log_fatal(EXIT_USER, "initrd: which kernel?  -k VERSION is one "
		    "of:%s", joined(&there, list, sizeof(list)));
	if (!holds(&there, r->version))
		log_fatal(EXIT_USER, "initrd: no modules for kernel %s: there "
		    "are:%s", r->version, joined(&there, list, sizeof(list)));
	strings_free(&there);
}

static void
add_named(struct modules *ms, const char *name, bool optional,
    const char *whence)
{
	switch (modules_add(ms, name)) {
	case MODULES_ERROR:
		log_fatal(EXIT_SYSTEM, "initrd: module %s: %s", name,
		    strerror(errno));
	case MODULES_ABSENT:
		if (!optional)
			log_fatal(EXIT_USER, "initrd: module %s (%s): this "
			    "kernel has none of that name", name, whence);
		break;
	case MODULES_BUILTIN:
	case MODULES_TAKEN:
		break;
	}
}

static void
add_feature(struct modules *ms, const char *feature, FILE *list)
{
	char *line = NULL;
	const char *what;
	size_t size = 0;

	while (getline(&line, &size, list) != -1)
		switch (feature_parse(line, &what)) {
		case FEATURE_NOTHING:
			break;
		case FEATURE_NAME:
			add_named(ms, what, false, feature);
			break;
		case FEATURE_OPTIONAL:
			add_named(ms, what, true, feature);
			break;
		case FEATURE_PATTERN:
			if (modules_add_matching(ms, what) == -1)
				log_fatal(EXIT_SYSTEM, "initrd: %s: %s", what,
				    strerror(errno));
		}
	free(line);
}

/* One's own list, BOOT/feature/NAME, goes before the one that came along. */
static FILE *
open_feature(const struct request *r, const char *name)
{
	char path[PATH_MAX];
	FILE *list;

	snprintf(path, sizeof(path), "%s/feature/%s", r->bootdir, name);
	if ((list = fopen(path, "re")) != NULL || errno != ENOENT)
		return list;
	snprintf(path, sizeof(path), "%s/%s", r->feature_dir, name);
	return fopen(path, "re");
}

static void __attribute__((noreturn))
no_such_feature(const struct request *r, const char *name)
{
	struct strings there = { 0 };
	struct dirent *entry;
	char list[1024];
	int error = errno;
	DIR *dir;

	if (error != ENOENT)
		log_fatal(EXIT_SYSTEM, "initrd: feature %s: %s", name,
		    strerror(error));
	if ((dir = opendir(r->feature_dir)) == NULL)
		log_fatal(EXIT_SYSTEM, "initrd: %s: %s: say where the lists "
		    "of features are with -F DIR", r->feature_dir,
		    strerror(errno));
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			(void)strings_add(&there, entry->d_name);
	closedir(dir);
	strings_sort(&there);
	log_fatal(EXIT_USER, "initrd: no feature %s in %s/feature or %s: "
	    "there are:%s", name, r->bootdir, r->feature_dir,
	    joined(&there, list, sizeof(list)));
}

static void
gather_modules(const struct request *r, struct modules *ms)
{
	FILE *list;
	size_t i;

	for (i = 0; i < r->feature.n; i++) {
		if (strchr(r->feature.at[i], '/') != NULL)
			log_fatal(EXIT_USER, "initrd: feature %s: a name, not "
			    "a path; -F says where", r->feature.at[i]);
		if ((list = open_feature(r, r->feature.at[i])) == NULL)
			no_such_feature(r, r->feature.at[i]);
		add_feature(ms, r->feature.at[i], list);
		fclose(list);
	}
	for (i = 0; i < r->module.n; i++)
		add_named(ms, r->module.at[i], false, "-m");
}

static void
put_words(FILE *out, const struct strings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		fprintf(out, " %s", s->at[i]);
	fputc('\n', out);
}

/* What /init knows of the modules: see mkboot/init/modindex.h. */
static void
put_index(FILE *out, struct modules *ms, const char *version)
{
	const struct module *m;
	size_t i, a;

	fprintf(out, "pixie-modules 1 %s\n", version);
	for (i = 0; i < modules_count(ms); i++) {
		m = modules_at(ms, i);
		fprintf(out, "m %s %s", m->name, m->path);
		put_words(out, &m->before);
		if (m->after.n > 0) {
			fputc('p', out);
			put_words(out, &m->after);
		}
		if (m->insert)
			fputs("i\n", out);
		for (a = 0; a < m->alias.n; a++)
			fprintf(out, "a %s\n", m->alias.at[a]);
	}
}

static int
plan_index(struct plan *p, struct modules *ms, const char *version)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;
	int result;

	if ((out = open_memstream(&text, &len)) == NULL)
		return -1;
	put_index(out, ms, version);
	result = fclose(out) == 0 ?
	    plan_bytes(p, "lib/modules/pixie.index", 0644, text, len) : -1;
	free(text);
	return result;
}

static int
plan_modules(struct plan *p, struct modules *ms, const char *version)
{
	const struct module *m;
	char path[PATH_MAX];
	size_t i;
	int result;

	for (i = 0; i < modules_count(ms); i++) {
		m = modules_at(ms, i);
		snprintf(path, sizeof(path), "lib/modules/%s/%s", version,
		    m->path);
		/* What is plain already need not go through memory. */
		if (strcmp(m->file + strlen(m->file) - 3, ".ko") == 0)
			result = plan_file(p, path, 0644, m->file);
		else
			result = plan_decoded(p, path, 0644, m->file);
		if (result == -1)
			return -1;
	}
	return plan_index(p, ms, version);
}

/*
 * One firmware file, from the first place where the kernel would look; 1 when
 * there is none, which is nothing unusual.
 */
static int
plan_one_firmware(struct plan *p, const struct request *r, const char *name)
{
	static const char *const suffix[] = { "", ".xz", ".zst" };
	char from[PATH_MAX], path[PATH_MAX], place[2][NAME_MAX + 16];
	size_t i, s;

	snprintf(path, sizeof(path), "lib/firmware/%s", name);
	snprintf(place[0], sizeof(place[0]), "updates/");
	snprintf(place[1], sizeof(place[1]), "%s/", r->version);
	for (i = 0; i < 3; i++)
		for (s = 0; s < sizeof(suffix) / sizeof(suffix[0]); s++) {
			snprintf(from, sizeof(from), "%s/lib/firmware/%s%s%s",
			    r->root, i < 2 ? place[i] : "", name, suffix[s]);
			if (access(from, R_OK) == 0)
				return plan_decoded(p, path, 0644, from);
		}
	return 1;
}

static int
plan_firmware(struct plan *p, const struct request *r, struct modules *ms,
    size_t *found)
{
	const struct strings *firmware = modules_firmware(ms);
	size_t i;
	int result;

	*found = 0;
	for (i = 0; i < firmware->n; i++) {
		if (strstr(firmware->at[i], "..") != NULL)
			continue;
		result = plan_one_firmware(p, r, firmware->at[i]);
		if (result == -1)
			return -1;
		*found += result == 0;
	}
	return 0;
}

/* What /init itself needs before it has mounted anything. */
static int
plan_skeleton(struct plan *p, const char *init)
{
	static const char *const folder[] = {
		"dev", "newroot", "proc", "run", "sys"
	};
	size_t i;

	for (i = 0; i < sizeof(folder) / sizeof(folder[0]); i++)
		if (plan_dir(p, folder[i], 0755) == -1)
			return -1;
	if (plan_device(p, "dev/console", 0600, makedev(5, 1)) == -1 ||
	    plan_device(p, "dev/kmsg", 0600, makedev(1, 11)) == -1 ||
	    plan_file(p, "init", 0755, init) == -1)
		return -1;
	/* The kernel calls it to ask for a module; /init knows by its name. */
	return plan_link(p, "sbin/modprobe", "../init");
}

static void
show_step(size_t i, size_t n)
{
	if (i % 16 == 0 || i + 1 == n)
		fprintf(stderr, "\rmkboot: %zu of %zu files%s", i + 1, n,
		    i + 1 == n ? "\r\033[K" : "");
}

/* SOURCE_DATE_EPOCH where it is set, so that two builds are the same. */
static int64_t
archive_time(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH"), *error;
	int64_t when;

	if (epoch == NULL)
		return 0;
	when = strtonum(epoch, 0, UINT32_MAX, &error);
	if (error != NULL)
		log_fatal(EXIT_USER, "initrd: SOURCE_DATE_EPOCH=%s: %s", epoch,
		    error);
	return when;
}

/* -1 with errno and, for a file that cannot be read, its path. */
static int
write_archive(struct plan *p, int fd, enum compress_kind kind,
    const char **culprit)
{
	struct compress *stream;
	struct cpio c;
	int error = 0;

	*culprit = NULL;
	if ((stream = compress_begin(fd, kind)) == NULL)
		return -1;
	cpio_begin(&c, compress_write, stream, archive_time());
	if (plan_write(p, &c, isatty(STDERR_FILENO) ? show_step : NULL,
	    culprit) == -1)
		error = errno;
	if (cpio_end(&c) == -1 && error == 0)
		error = errno;
	if (compress_end(stream) == -1 && error == 0)
		error = errno;
	errno = error;
	return error == 0 ? 0 : -1;
}

static void __attribute__((noreturn))
fatal_write(const struct request *r, const char *culprit, int error)
{
	log_fatal(EXIT_SYSTEM, "initrd: %s: %s", culprit != NULL ? culprit :
	    r->output != NULL ? r->output : "standard output", strerror(error));
}

static void
output(const struct request *r, struct plan *p)
{
	struct publish file;
	const char *culprit = NULL;
	int error;

	if (r->output == NULL) {
		if (write_archive(p, STDOUT_FILENO, r->kind, &culprit) == -1)
			fatal_write(r, culprit, errno);
		return;
	}
	if (publish_begin(&file, AT_FDCWD, r->output, 0644) == -1)
		fatal_write(r, NULL, errno);
	if (write_archive(p, file.fd, r->kind, &culprit) == -1) {
		error = errno;
		publish_abort(&file);
		fatal_write(r, culprit, error);
	}
	if (publish_end(&file) == -1)
		fatal_write(r, NULL, errno);
}

int
initrd_main(int argc, char **argv)
{
	struct request r;
	struct utsname running;
	struct modules *ms;
	struct plan plan = { 0 };
	size_t firmware;

	read_flags(&r, argc, argv);
	if (access(r.init, R_OK) == -1)
		log_fatal(EXIT_SYSTEM, "initrd: %s: %s: say where /init is "
		    "with -I FILE", r.init, strerror(errno));
	choose_version(&r, &running);
	if ((ms = modules_open(r.root, r.version)) == NULL)
		log_fatal(EXIT_SYSTEM, "initrd: %s/lib/modules/%s: %s", r.root,
		    r.version, strerror(errno));
	gather_modules(&r, ms);
	if (plan_skeleton(&plan, r.init) == -1 ||
	    plan_modules(&plan, ms, r.version) == -1 ||
	    plan_firmware(&plan, &r, ms, &firmware) == -1)
		log_fatal(EXIT_SYSTEM, "initrd: %s", strerror(errno));
	output(&r, &plan);
	if (isatty(STDERR_FILENO))
		log_info("initrd: kernel %s: %zu modules, %zu firmware files",
		    r.version, modules_count(ms), firmware);
	plan_free(&plan);
	modules_close(ms);
	strings_free(&r.feature);
	strings_free(&r.module);
	return EXIT_OK;
}
