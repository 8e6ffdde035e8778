/* SPDX-License-Identifier: ISC */
/* mkboot image: makes an image of a root tree. */
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/copy.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/initrd.h"
#include "mkboot/render.h"
#include "mkboot/source.h"

#define USAGE "image [-c cmdline] [-d dir] [-k version] [-r root]\n" \
	"           [-b file] [-F dir] [-f feature,...] [-I init] " \
	"[-m module]\n" \
	"           [-z kind] name"

#define IMAGE_PATH (sizeof("pub/image//.initrd.tmp") + NAME_IMAGE_SIZE)

struct order {
	const char *dir, *name;
	const char *root, *version, *cmdline;	/* NULL: not said */
	struct strings initrd;			/* words for mkboot initrd */
};

static void
add_word(struct order *o, const char *word)
{
	if (strings_add(&o->initrd, word) == -1)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
}

static void
add_flag(struct order *o, const char *flag, const char *value)
{
	add_word(o, flag);
	add_word(o, value);
}

static void
read_flags(struct order *o, int argc, char **argv)
{
	char flag[3] = "-?";
	int c;

	while ((c = command_flag(argc, argv, "b:c:d:F:f:I:k:m:r:z:")) != -1)
		switch (c) {
		case 'c': o->cmdline = optarg; break;
		case 'd': o->dir = optarg; break;
		case 'k': o->version = optarg; break;
		case 'r': o->root = optarg; break;
		case 'b': case 'F': case 'f': case 'I': case 'm': case 'z':
			flag[1] = (char)c;
			add_flag(o, flag, optarg);
			break;
		case COMMAND_OPERAND:
			if (o->name == NULL) {
				o->name = optarg;
				break;
			}
			/* FALLTHROUGH */
		default:
			command_usage(USAGE);
		}
	if (o->name == NULL)
		command_usage(USAGE);
}

/* All that can be seen to be wrong before anything is written. */
static void
check_order(int bootfd, const struct order *o)
{
	enum script_error error;
	char path[IMAGE_PATH];

	if (!name_is_image(o->name))
		log_fatal(EXIT_USER, "image %s: a name has letters, digits, "
		    "`.', `_' and `-', and 64 of them at most", o->name);
	if (o->cmdline != NULL && (error = script_check_cmdline(o->cmdline)) !=
	    SCRIPT_OK)
		log_fatal(EXIT_USER, "the command line %s",
		    script_error_words(error));
	(void)snprintf(path, sizeof(path), "root/%s", o->name);
	if (!bootdir_exists(bootfd, path))
		log_fatal(EXIT_USER, "%s/%s is missing%s: put the system's "
		    "files there (debootstrap, apk --root, tar), or mount "
		    "them there", o->dir, path,
		    errno == EXDEV ? ", as it leads out of the boot directory" :
		    "");
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

/*
 * The kernel and its modules: where -r says; else of the tree itself; else,
 * where that has no kernel, of this host.
 */
static void
find_source(int bootfd, const struct order *o, struct source *s)
{
	char root[PATH_MAX], modules[PATH_MAX];
	struct why why = { "" };
	int found;

	(void)snprintf(root, sizeof(root), "%s/root/%s", o->dir, o->name);
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
	(void)snprintf(modules, sizeof(modules), "root/%s/lib/modules/%s",
	    o->name, s->version);
	if (!bootdir_exists(bootfd, modules))
		log_warn("%s is missing: the booted system will find no more "
		    "modules than the initrd loads; copy %s/lib/modules/%s "
		    "there", modules, s->root, s->version);
}

/*
 * In a process of its own, so that whatever ends it ends nothing here, and
 * what was begun can be taken back.
 */
static int
run_initrd(const struct order *o)
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
		argv = calloc(o->initrd.n + 1, sizeof(argv[0]));
		if (argv == NULL)
			log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
		memcpy(argv, o->initrd.at, o->initrd.n * sizeof(argv[0]));
		optind = 1;
		optreset = 1;
		status = initrd_main((int)o->initrd.n, argv);
		free(argv);
		exit(status);
	}
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			log_fatal(EXIT_SYSTEM, "wait: %s", strerror(errno));
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
}

static int
make_initrd(const struct order *o, const struct source *s)
{
	struct order with = *o;
	char output[PATH_MAX];
	size_t i;
	int status;

	(void)snprintf(output, sizeof(output), "%s/pub/image/%s/initrd",
	    o->dir, o->name);
	with.initrd = (struct strings){ NULL, 0 };
	add_word(&with, "initrd");
	for (i = 0; i < o->initrd.n; i++)
		add_word(&with, o->initrd.at[i]);
	add_flag(&with, "-d", o->dir);
	add_flag(&with, "-k", s->version);
	add_flag(&with, "-r", *s->root == '\0' ? "/" : s->root);
	add_flag(&with, "-o", output);
	status = run_initrd(&with);
	strings_free(&with.initrd);
	return status;
}

/*
 * Kernel and initrd, which are of one version: the kernel stands ready when
 * the initrd is put in its place, and follows at once.
 */
static void
put_files(int bootfd, const struct order *o, const struct source *s)
{
	char folder[IMAGE_PATH], path[IMAGE_PATH];
	struct publish kernel;
	int status = EXIT_SYSTEM;
	bool made;

	(void)snprintf(folder, sizeof(folder), "pub/image/%s", o->name);
	(void)snprintf(path, sizeof(path), "pub/image/%s/kernel", o->name);
	if (folder_make(bootfd, folder, &made) == -1)
		log_fatal(errno == ENOENT ? EXIT_USER : EXIT_SYSTEM,
		    "%s: %s%s", folder, strerror(errno), errno == ENOENT ?
		    "; `mkboot create' makes what is missing" : "");
	if (publish_begin(&kernel, bootfd, path, 0644) == -1) {
		log_warn("%s: %s", path, strerror(errno));
		goto out;
	}
	if (copy_into(&kernel, s->fd) == -1)
		log_warn("%s/%s to %s: %s", s->root, s->kernel, path,
		    strerror(errno));
	else
		status = make_initrd(o, s);
	if (status != EXIT_OK)
		publish_abort(&kernel);
	else if (publish_end_changed(&kernel, NULL) == -1) {
		log_warn("%s: %s", path, strerror(errno));
		status = EXIT_SYSTEM;
	}
out:
	if (status == EXIT_OK)
		return;
	if (made)
		(void)folder_remove(bootfd, folder);
	exit(status);
}

static void
put_line(int bootfd, const struct order *o, const char *file,
    const char *value)
{
	char path[IMAGE_PATH], line[SCRIPT_CMDLINE_SIZE + 1];

	(void)snprintf(path, sizeof(path), "image/%s/%s", o->name, file);
	(void)snprintf(line, sizeof(line), "%s\n", value);
	if (publish_bytes(bootfd, path, 0644, line, strlen(line), NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
}

/* image/NAME: what mkboot says of it, and what somebody else said stays. */
static void
put_facts(int bootfd, const struct order *o)
{
	char path[IMAGE_PATH], target[IMAGE_PATH];

	(void)snprintf(path, sizeof(path), "image/%s", o->name);
	if (folder_make(bootfd, path, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	(void)snprintf(path, sizeof(path), "image/%s/root", o->name);
	(void)snprintf(target, sizeof(target), "../../root/%s", o->name);
	if (publish_link(bootfd, path, target, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	put_line(bootfd, o, "kind", script_kind_name(SCRIPT_NFS));
	if (o->cmdline != NULL)
		put_line(bootfd, o, "cmdline", o->cmdline);
}

static off_t
size_of(int bootfd, const char *image, const char *file)
{
	char path[IMAGE_PATH];
	struct stat st = { .st_size = 0 };

	(void)snprintf(path, sizeof(path), "pub/image/%s/%s", image, file);
	return fstatat(bootfd, path, &st, 0) == -1 ? 0 : st.st_size;
}

int
image_main(int argc, char **argv)
{
	struct order o = { .dir = BOOTDIR_DEFAULT };
	struct source source;
	int bootfd, lock;

	read_flags(&o, argc, argv);
	bootfd = command_bootdir(o.dir);
	check_order(bootfd, &o);
	find_source(bootfd, &o, &source);
	put_files(bootfd, &o, &source);
	put_facts(bootfd, &o);
	printf("image %s: %s/%s, %jd KiB; initrd %jd KiB\n", o.name,
	    source.root, source.kernel,
	    (intmax_t)size_of(bootfd, o.name, "kernel") / 1024,
	    (intmax_t)size_of(bootfd, o.name, "initrd") / 1024);
	/*
	 * The machines that boot it may get another command line.  What is
	 * wrong with one of them is said, and no fault of the image.
	 */
	lock = command_render_lock(bootfd);
	(void)render_all(bootfd, render_print);
	close(lock);
	close(source.fd);
	close(bootfd);
	strings_free(&o.initrd);
	return EXIT_OK;
}
