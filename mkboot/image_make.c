/* SPDX-License-Identifier: ISC */
/* Kernel and initrd of a root tree. */
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/copy.h"
#include "mkboot/folder.h"
#include "mkboot/image.h"
#include "mkboot/initrd.h"
#include "mkboot/run.h"

#define PUB_PATH (sizeof("pub/image//initrd") + NAME_MAX)

static void
add_word(struct strings *words, const char *word)
{
	if (strings_add(words, word) == -1)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
}

static void
add_flag(struct strings *words, const char *flag, const char *value)
{
	add_word(words, flag);
	add_word(words, value);
}

/* The host's running kernel, or else the newest that it has. */
static int
find_on_host(struct source *s, const char *version, struct why *why)
{
	struct utsname host;
	int found;

	if (version == NULL && uname(&host) == 0) {
		found = source_find(s, "/", host.release, why);
		if (found == 1)
			return found;
	}
	return source_find(s, "/", version, why);
}

/* Into the tree, whose system is to find them. */
static void
copy_modules(const struct source *s, const char *root)
{
	char from[PATH_MAX], to[PATH_MAX];
	const char *const place[] = { "mkdir", "-p", to, NULL };
	const char *const copy[] = { "cp", "-a", from, to, NULL };
	struct why why = { "" };

	if (snprintf(from, sizeof(from), "%s/lib/modules/%s", s->root,
	    s->version) >= (int)sizeof(from) ||
	    snprintf(to, sizeof(to), "%s/lib/modules", root) >=
	    (int)sizeof(to))
		log_fatal(EXIT_SYSTEM, "%s", strerror(ENAMETOOLONG));
	if (run(place, false, &why) == -1 || run(copy, false, &why) == -1)
		log_fatal(EXIT_SYSTEM, "%s", why.text);
}

/*
 * The kernel and its modules: where -r says; else of the tree itself; else,
 * where that has no kernel, of this host.
 */
static void
find_source(const struct image_order *o, const char *root, struct source *s)
{
	char modules[PATH_MAX];
	struct why why = { "" };
	int found;

	found = source_find(s, o->root != NULL ? o->root : root, o->version,
	    &why);
	if (found == 0 && o->root == NULL)
		found = find_on_host(s, o->version, &why);
	if (found == 0)
		log_fatal(EXIT_USER, "no kernel in %s/boot%s", s->root,
		    o->root != NULL ? "" : ", nor in the root tree; install "
		    "one in either");
	if (found == -1)
		log_fatal(EXIT_USER, "%s", why.text);
	if (snprintf(modules, sizeof(modules), "%s/lib/modules/%s", root,
	    s->version) >= (int)sizeof(modules) || access(modules, F_OK) == 0)
		return;
	if (o->host)
		copy_modules(s, root);
	else
		log_warn("%s is missing: the booted system will find no more "
		    "modules than the initrd loads; copy %s/lib/modules/%s "
		    "there", modules, s->root, s->version);
}

/*
 * In a process of its own, so that whatever ends it ends nothing here, and
 * what was begun can be taken back.
 */
static int
run_initrd(const struct strings *words)
{
	char **argv;
	int status;
	pid_t child;

	(void)fflush(stdout);
	child = fork();
	if (child == -1)
		log_fatal(EXIT_SYSTEM, "fork: %s", strerror(errno));
	if (child == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		argv = calloc(words->n + 1, sizeof(argv[0]));
		if (argv == NULL)
			log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
		memcpy(argv, words->at, words->n * sizeof(argv[0]));
		optind = 1;
		optreset = 1;
		status = initrd_main((int)words->n, argv);
		free(argv);
		exit(status);
	}
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			log_fatal(EXIT_SYSTEM, "wait: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
}

static int
make_initrd(const struct image_order *o, const struct source *s,
    const char *folder)
{
	struct strings words = { NULL, 0 };
	char output[PATH_MAX];
	size_t i;
	int status;

	(void)snprintf(output, sizeof(output), "%s/pub/image/%s/initrd",
	    o->dir, folder);
	add_word(&words, "initrd");
	for (i = 0; i < o->initrd.n; i++)
		add_word(&words, o->initrd.at[i]);
	add_flag(&words, "-d", o->dir);
	add_flag(&words, "-k", s->version);
	add_flag(&words, "-r", *s->root == '\0' ? "/" : s->root);
	add_flag(&words, "-o", output);
	status = run_initrd(&words);
	strings_free(&words);
	return status;
}

/*
 * Kernel and initrd, which are of one version: the kernel stands ready when
 * the initrd is put in its place, and follows at once.
 */
static int
put_files(const struct image_order *o, const struct source *s,
    const char *folder)
{
	char path[PUB_PATH];
	struct publish kernel;
	int status = EXIT_SYSTEM;

	(void)snprintf(path, sizeof(path), "pub/image/%s/kernel", folder);
	if (publish_begin(&kernel, o->bootfd, path, 0644) == -1) {
		log_warn("%s: %s", path, strerror(errno));
		return EXIT_SYSTEM;
	}
	if (copy_into(&kernel, s->fd) == -1)
		log_warn("%s/%s to %s: %s", s->root, s->kernel, path,
		    strerror(errno));
	else
		status = make_initrd(o, s, folder);
	if (status != EXIT_OK)
		publish_abort(&kernel);
	else if (publish_end_changed(&kernel, NULL) == -1) {
		log_warn("%s: %s", path, strerror(errno));
		status = EXIT_SYSTEM;
	}
	return status;
}

void
image_make(const struct image_order *o, const char *root, const char *folder)
{
	char path[PUB_PATH];
	struct source source;
	bool made;
	int status;

	find_source(o, root, &source);
	(void)snprintf(path, sizeof(path), "pub/image/%s", folder);
	if (folder_make(o->bootfd, path, &made) == -1)
		log_fatal(errno == ENOENT ? EXIT_USER : EXIT_SYSTEM,
		    "%s: %s%s", path, strerror(errno), errno == ENOENT ?
		    "; `mkboot create' makes what is missing" : "");
	status = put_files(o, &source, folder);
	close(source.fd);
	if (status == EXIT_OK) {
		printf("image %s: kernel %s of %s/%s\n", o->name,
		    source.version, source.root, source.kernel);
		return;
	}
	if (made)
		(void)folder_remove(o->bootfd, path);
	exit(status);
}
