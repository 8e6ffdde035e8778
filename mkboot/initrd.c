/* SPDX-License-Identifier: ISC */
/* mkboot initrd: an initial RAM file system for a kernel below any root. */
#include "mkboot/initrd.h"

#include <sys/utsname.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "mkboot/archive.h"
#include "mkboot/binaries.h"
#include "mkboot/decoders.h"
#include "mkboot/decompress.h"
#include "mkboot/gather.h"
#include "mkboot/modfolder.h"
#include "mkboot/publish.h"
#include "mkboot/reported.h"
#include "mkboot/request.h"

#define CONFIG_MAX (4 * 1024 * 1024)
#define EXIT_DIFFERENT 1	/* as diff(1) and cmp(1) */

static void
open_tree(struct tree *t, const struct request *r)
{
	if (tree_open(t, r->root) == -1)
		log_fatal(errno == ENOENT || errno == ENOTDIR ? EXIT_USER :
		    EXIT_SYSTEM, "initrd: %s: %s", r->root, strerror(errno));
}

static bool
holds(const struct strings *s, const char *text)
{
	return text != NULL && strings_has(s, text);
}

/* The kernel asked for; else the running one; else the only one there is. */
static void
choose_version(const struct request *r, const struct tree *t,
    char version[sizeof(((struct utsname *)0)->release)])
{
	const size_t size = sizeof(((struct utsname *)0)->release);
	struct strings there = { 0 };
	struct utsname running;
	const char *chosen = r->version;
	char list[1024];

	if (modfolder_versions(t, &there) == -1 && errno != ENOENT)
		log_fatal(EXIT_SYSTEM, "initrd: %s/lib/modules: %s", r->root,
		    strerror(errno));
	if (chosen == NULL && uname(&running) == 0 &&
	    holds(&there, running.release))
		chosen = running.release;
	if (chosen == NULL && there.n == 1)
		chosen = there.at[0];
	if (there.n == 0)
		log_fatal(EXIT_USER, "initrd: %s/lib/modules: no kernel has "
		    "modules there (or depmod was not run): install one, or "
		    "name another root with -r", r->root);
	strings_join(&there, list, sizeof(list));
	if (chosen == NULL)
		log_fatal(EXIT_USER, "initrd: which kernel?  -k VERSION is one "
		    "of:%s", list);
	if (!holds(&there, chosen) || strlcpy(version, chosen, size) >= size)
		log_fatal(EXIT_USER, "initrd: no modules for kernel %s: there "
		    "are:%s", chosen, list);
	strings_free(&there);
}

/* The running kernel may have its config in itself. */
static char *
running_config(const struct request *r, const char *version)
{
	struct utsname running;
	void *text = NULL;
	char *grown;
	size_t len;

	if (strcmp(r->root, "/") != 0 || uname(&running) == -1 ||
	    strcmp(running.release, version) != 0 ||
	    decompress_file("/proc/config.gz", CONFIG_MAX, &text, &len) == -1)
		return NULL;
	if ((grown = realloc(text, len + 1)) == NULL) {
		free(text);
		return NULL;
	}
	grown[len] = '\0';
	return grown;
}

/* A kernel's config, where distributions put it; NULL: nowhere. */
static char *
find_config(const struct request *r, const struct tree *t,
    const char *version)
{
	static const char *const place[][2] = {
		{ "boot/config-", "" }, { "lib/modules/", "/config" },
		{ "usr/lib/modules/", "/config" }
	};
	char path[PATH_MAX], *text = NULL;
	size_t i;

	for (i = 0; i < sizeof(place) / sizeof(place[0]) && text == NULL; i++) {
		snprintf(path, sizeof(path), "%s%s%s", place[i][0], version,
		    place[i][1]);
		text = tree_text(t, path, CONFIG_MAX);
	}
	return text != NULL ? text : running_config(r, version);
}

/* The compression asked for, if the kernel decodes it; else its best. */
static enum compress_kind
choose_kind(const struct request *r, const struct tree *t,
    const char *version)
{
	char *config = find_config(r, t, version);
	struct decoders d;

	if (config != NULL)
		decoders_of_config(&d, config);
	else
		decoders_of_version(&d, version);
	free(config);
	if (!r->kind_given)
		return decoders_best(&d);
	if (!d.has[r->kind])
		log_fatal(EXIT_USER, "initrd: -z %s: kernel %s cannot decode "
		    "it%s; it does %s", compress_kind_name(r->kind), version,
		    d.known ? ", its config says" : "",
		    compress_kind_name(decoders_best(&d)));
	return r->kind;
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

static void __attribute__((noreturn))
fatal_write(const struct request *r, const char *culprit, int error)
{
	log_fatal(EXIT_SYSTEM, "initrd: %s: %s", culprit != NULL ? culprit :
	    r->output != NULL ? r->output : "standard output", strerror(error));
}

/* FILE.manifest: what went in, to be compared with another's. */
static void
write_manifest(const struct gather *g, struct manifest *list)
{
	const char *output = g->request->output;
	char path[PATH_MAX], features[1024], *text = NULL;
	size_t len = 0;
	FILE *out;

	snprintf(path, sizeof(path), "%s.manifest", output);
	if ((out = open_memstream(&text, &len)) == NULL)
		fatal_write(g->request, path, errno);
	manifest_settle(list);
	fprintf(out, "# mkboot initrd: kernel %s; features%s\n", g->version,
	    strings_join(&g->lists, features, sizeof(features)));
	manifest_write(list, out);
	if (fclose(out) != 0 || publish_bytes(AT_FDCWD, path, 0644, text, len,
	    NULL) == -1)
		fatal_write(g->request, path, errno);
	free(text);
}

static void
output_file(const struct gather *g, struct archive_order *o)
{
	struct publish file;
	struct manifest list;
	const char *culprit;
	int error;

	if (manifest_begin(&list) == -1 ||
	    publish_begin(&file, AT_FDCWD, g->request->output, 0644) == -1)
		fatal_write(g->request, NULL, errno);
	o->list = &list;
	if (archive_write(o, file.fd, &culprit) == -1) {
		error = errno;
		publish_abort(&file);
		fatal_write(g->request, culprit, error);
	}
	if (publish_end(&file) == -1)
		fatal_write(g->request, NULL, errno);
	write_manifest(g, &list);
	manifest_free(&list);
}

static void
output(struct gather *g, enum compress_kind kind)
{
	struct archive_order o = {
		.early = &g->early, .plan = &g->plan, .kind = kind,
		.mtime = archive_time(),
		.step = isatty(STDERR_FILENO) ? show_step : NULL
	};
	const char *culprit;

	if (g->request->output != NULL)
		output_file(g, &o);
	else if (archive_write(&o, STDOUT_FILENO, &culprit) == -1)
		fatal_write(g->request, culprit, errno);
}

static void
read_devices(struct gather *g)
{
	const struct request *r = g->request;
	struct why why;

	if (r->machine != NULL &&
	    reported_devices(r->bootdir, r->machine, &g->devices, &why) == -1)
		log_fatal(EXIT_USER, "initrd: %s", why.text);
}

static int
make(const struct request *r)
{
	struct gather g = { .request = r };
	char version[sizeof(((struct utsname *)0)->release)];
	enum compress_kind kind;
	struct tree tree;

	open_tree(&tree, r);
	choose_version(r, &tree, version);
	kind = choose_kind(r, &tree, version);
	g.tree = &tree;
	g.version = version;
	if ((g.modules = modules_open(&tree, version)) == NULL)
		log_fatal(EXIT_SYSTEM, "initrd: %s/lib/modules/%s: %s",
		    r->root, version, strerror(errno));
	read_devices(&g);
	gather_all(&g);
	output(&g, kind);
	if (isatty(STDERR_FILENO))
		log_info("initrd: kernel %s: %zu modules, %zu firmware files, "
		    "%s", version, modules_set(g.modules)->n, g.firmware,
		    compress_kind_name(kind));
	modules_close(g.modules);
	gather_free(&g);
	tree_close(&tree);
	return EXIT_OK;
}

static int
diff(const struct request *r)
{
	struct manifest list[2];
	size_t found;
	int i;

	for (i = 0; i < 2; i++) {
		if (manifest_begin(&list[i]) == -1)
			log_fatal(EXIT_SYSTEM, "initrd: %s", strerror(errno));
		if (archive_list(&list[i], r->operand[i]) == -1)
			log_fatal(errno == ENOENT || errno == EINVAL ?
			    EXIT_USER : EXIT_SYSTEM, "initrd: %s: %s",
			    r->operand[i], errno == EINVAL ?
			    "not an initrd" : strerror(errno));
	}
	found = manifest_diff(&list[0], &list[1], stdout);
	manifest_free(&list[0]);
	manifest_free(&list[1]);
	return found == 0 ? EXIT_OK : EXIT_DIFFERENT;
}

static int
print_need(void *context, const char *asked, const char *real)
{
	(void)context;
	(void)asked;
	return printf("%s\n", real) < 0 ? -1 : 0;
}

/* Each file with a colon, and beneath it all that -b would carry. */
static int
needs(const struct request *r)
{
	struct binaries b = { .put = print_need };
	struct tree tree;
	struct why why;
	int i, status, worst = EXIT_OK;

	open_tree(&tree, r);
	b.tree = &tree;
	for (i = 0; i < r->operands; i++) {
		printf("%s:\n", r->operand[i]);
		status = binaries_take(&b, r->operand[i], &why);
		if (status != EXIT_OK)
			log_warn("initrd: %s", why.text);
		worst = status > worst ? status : worst;
	}
	tree_close(&tree);
	return worst;
}

int
initrd_main(int argc, char **argv)
{
	struct request r;
	int status = EXIT_OK;

	request_read(&r, argc, argv);
	switch (r.job) {
	case REQUEST_MAKE:
		status = make(&r);
		break;
	case REQUEST_DIFF:
		status = diff(&r);
		break;
	case REQUEST_NEEDS:
		status = needs(&r);
		break;
	}
	request_free(&r);
	return status;
}
