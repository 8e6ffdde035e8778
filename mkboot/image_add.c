/* SPDX-License-Identifier: ISC */
/* mkboot image add: an image, or the next revision of one. */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/image.h"
#include "mkboot/publish.h"

#define USAGE "image add [-c cmdline] [-d dir] [-k version] [-r root] " \
	"[-w kind]\n" \
	"           [-B script] [-b file] [-F dir] [-f feature,...] " \
	"[-I init]\n" \
	"           [-m module] [-z kind] name [source ...]"

#define IMAGE_PATH (sizeof("image//cmdline") + NAME_IMAGE_SIZE)

static void
add_word(struct strings *words, const char *word)
{
	if (strings_add(words, word) == -1)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
}

static void
add_operand(struct image_order *o, const char *word)
{
	if (o->name == NULL)
		o->name = word;
	else if (strcmp(word, "host") == 0)
		o->host = true;
	else
		add_word(&o->source, word);
}

static void
read_flags(struct image_order *o, int argc, char **argv)
{
	char flag[3] = "-?";
	int c;

	while ((c = command_flag(argc, argv, "B:b:c:d:F:f:I:k:m:r:w:z:")) !=
	    -1)
		switch (c) {
		case 'B': o->bootstrap = optarg; break;
		case 'c': o->cmdline = optarg; break;
		case 'd': o->dir = optarg; break;
		case 'k': o->version = optarg; break;
		case 'r': o->root = optarg; break;
		case 'w':
			o->kind_given = true;
			if (!script_kind_parse(optarg, &o->kind))
				log_fatal(EXIT_USER, "-w %s: nfs, ram, alpine "
				    "or any", optarg);
			break;
		case 'b': case 'F': case 'f': case 'I': case 'm': case 'z':
			flag[1] = (char)c;
			add_word(&o->initrd, flag);
			add_word(&o->initrd, optarg);
			break;
		case COMMAND_OPERAND: add_operand(o, optarg); break;
		default: command_usage(USAGE);
		}
	if (o->name == NULL)
		command_usage(USAGE);
	if (o->host && o->root == NULL)
		o->root = "/";
}

/* An image that is there keeps its kind: what boots it relies on that. */
static void
check_kind(struct image_order *o)
{
	char path[IMAGE_PATH], line[16];
	enum script_kind kind;

	(void)snprintf(path, sizeof(path), "image/%s/kind", o->name);
	if (!bootdir_line(o->bootfd, path, line, sizeof(line)) ||
	    !script_kind_parse(line, &kind))
		return;
	if (o->kind_given && o->kind != kind)
		log_fatal(EXIT_USER, "image %s is booted as `%s'; what is "
		    "booted as `%s' needs a name of its own", o->name, line,
		    script_kind_name(o->kind));
	if (kind == SCRIPT_RAM || o->source.n == 0) {
		o->kind_given = true;
		o->kind = kind;
	}
}

/* All that can be seen to be wrong before anything is written. */
static void
check_order(struct image_order *o)
{
	enum script_error error;
	char path[IMAGE_PATH];

	image_check_name(o->name);
	if (o->cmdline != NULL && (error = script_check_cmdline(o->cmdline)) !=
	    SCRIPT_OK)
		log_fatal(EXIT_USER, "the command line %s",
		    script_error_words(error));
	check_kind(o);
	(void)snprintf(path, sizeof(path), "root/%s", o->name);
	if (o->source.n == 0 && !bootdir_exists(o->bootfd, path))
		log_fatal(EXIT_USER, "%s/%s is missing%s: put the system's "
		    "files there (debootstrap, apk --root, tar), or mount "
		    "them there, or say what the image is made of", o->dir,
		    path, errno == EXDEV ?
		    ", as it leads out of the boot directory" : "");
}

static void
put_line(const struct image_order *o, const char *file, const char *value)
{
	char path[IMAGE_PATH], line[SCRIPT_CMDLINE_SIZE + 1];

	(void)snprintf(path, sizeof(path), "image/%s/%s", o->name, file);
	(void)snprintf(line, sizeof(line), "%s\n", value);
	if (publish_bytes(o->bootfd, path, 0644, line, strlen(line),
	    NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
}

/* image/NAME: what mkboot says of it, and what somebody else said stays. */
static void
put_facts(const struct image_order *o, const struct image_made *made)
{
	char path[IMAGE_PATH], target[IMAGE_PATH + 6];

	(void)snprintf(path, sizeof(path), "image/%s", o->name);
	if (folder_make(o->bootfd, path, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	(void)snprintf(path, sizeof(path), "image/%s/root", o->name);
	(void)snprintf(target, sizeof(target), "../../root/%s", o->name);
	if (o->source.n == 0 && !bootdir_exists(o->bootfd, path) &&
	    publish_link(o->bootfd, path, target, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	put_line(o, "kind", script_kind_name(made->kind));
	(void)snprintf(path, sizeof(path), "image/%s/cmdline", o->name);
	if (o->cmdline != NULL)
		put_line(o, "cmdline", o->cmdline);
	else if (*made->cmdline != '\0' && !bootdir_exists(o->bootfd, path))
		put_line(o, "cmdline", made->cmdline);
}

/* Signals are waited for, in the child they do what they do. */
static void
block_signals(sigset_t *set, int how)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGCHLD);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGTERM);
	(void)sigaddset(set, SIGHUP);
	(void)sigprocmask(how, set, NULL);
}

/*
 * The work is a child's, so that whatever ends it, a signal, a full disk or a
 * mistake, what was begun is taken back here.
 */
static int
in_child(const struct image_order *o, struct image_made *made)
{
	sigset_t set;
	int status, signal;
	pid_t child;

	(void)fflush(stdout);
	block_signals(&set, SIG_BLOCK);
	child = fork();
	if (child == 0) {
		block_signals(&set, SIG_UNBLOCK);
		(void)setpgid(0, 0);
		image_content(o, made);
		exit(fflush(stdout) == EOF ? EXIT_SYSTEM : EXIT_OK);
	}
	if (child == -1)
		log_fatal(EXIT_SYSTEM, "fork: %s", strerror(errno));
	while (waitpid(child, &status, WNOHANG) == 0)
		if (sigwait(&set, &signal) == 0 && signal != SIGCHLD)
			(void)kill(-child, SIGTERM);
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
}

static int
add_revision(const struct image_order *o)
{
	struct image_made *made = mmap(NULL, sizeof(*made),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int lock, status;
	unsigned number;

	if (made == MAP_FAILED)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
	lock = image_stage_begin(o);
	status = in_child(o, made);
	if (status != EXIT_OK) {
		image_stage_remove(o);
		return status;
	}
	number = image_stage_settle(o);
	put_facts(o, made);
	image_use(o->bootfd, o->name, number);
	printf("image %s: revision %u, booted as `%s'\n", o->name, number,
	    script_kind_name(made->kind));
	close(lock);
	return EXIT_OK;
}

/* The tree root/NAME as it stands, its kernel and initrd made anew. */
static int
add_here(const struct image_order *o)
{
	const struct image_made made = { .kind = SCRIPT_NFS };
	char root[PATH_MAX];

	(void)snprintf(root, sizeof(root), "%s/root/%s", o->dir, o->name);
	image_make(o, root, o->name);
	put_facts(o, &made);
	image_render(o->bootfd);
	return EXIT_OK;
}

int
image_add(int argc, char **argv)
{
	struct image_order o = {
		.dir = BOOTDIR_DEFAULT, .bootstrap = BOOTSTRAP_FILE
	};
	int status;

	read_flags(&o, argc, argv);
	o.bootfd = command_bootdir(o.dir);
	check_order(&o);
	status = o.source.n == 0 && (!o.kind_given || o.kind == SCRIPT_NFS) ?
	    add_here(&o) : add_revision(&o);
	close(o.bootfd);
	strings_free(&o.initrd);
	strings_free(&o.source);
	return status;
}
