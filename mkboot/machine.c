/* SPDX-License-Identifier: ISC */
/* mkboot machine: lists machines, or says what one is. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/hosts.h"
#include "mkboot/naming.h"
#include "mkboot/publish.h"
#include "mkboot/render.h"
#include "mkboot/wake.h"

#define USAGE "machine [-x] [-c cmdline] [-d dir] [-h hostname] " \
	"[-i image] [-n image] [mac]\n       mkboot machine wake mac"

/* What is asked for; NULL: leave it as it is. */
struct wish {
	const char *dir, *machine;
	const char *image, *next, *hostname, *cmdline;
	bool leave_alone;	/* -x */
	bool wake;
};

static void
print_row(const char *name, const char *image, const char *hostname,
    const char *cmdline)
{
	printf("%-17s  %-20s  %-20s  %s\n", name, image, hostname, cmdline);
}

static const char *
or_none(const char *value)
{
	return *value == '\0' ? "-" : value;
}

/* False when what it says is no good: then with the reason, in the log. */
static bool
print_machine(int bootfd, const char *name)
{
	struct machine_facts m;
	struct why why = { "" };
	bool good = facts_machine(bootfd, name, &m, &why) == 0;

	if (!good)
		log_warn("%s: %s", name, why.text);
	print_row(name, !good ? "?" : or_none(m.image), or_none(m.hostname),
	    or_none(m.cmdline));
	return good;
}

static bool
is_link(int bootfd, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	(void)snprintf(path, sizeof(path), "machine/%s", name);
	return fstatat(bootfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode);
}

static int
list_machines(int bootfd)
{
	struct strings names = { NULL, 0 };
	bool good = true;
	size_t i;

	if (facts_list(bootfd, "machine", &names) == -1)
		log_fatal(EXIT_SYSTEM, "machine/: %s", strerror(errno));
	print_row("MACHINE", "IMAGE", "HOSTNAME", "CMDLINE");
	for (i = 0; i < names.n; i++) {
		if (name_is_machine(names.at[i])) {
			good = print_machine(bootfd, names.at[i]) && good;
			continue;
		}
		/* A link may be another name: a UUID, a serial number. */
		if (is_link(bootfd, names.at[i]))
			continue;
		log_warn("machine/%s: no MAC in lower case with hyphens, nor "
		    "`default': nobody is given it", names.at[i]);
		good = false;
	}
	strings_free(&names);
	return good ? EXIT_OK : EXIT_USER;
}

static int
show_machine(int bootfd, const char *name)
{
	int folder = facts_machine_folder(bootfd, name);

	if (folder == -1 && errno == ENOENT)
		log_fatal(EXIT_USER, "%s: no such machine; -i IMAGE makes it, "
		    "-x too, to leave it alone", name);
	if (folder == -1)
		log_fatal(EXIT_SYSTEM, "machine/%s: %s", name,
		    strerror(errno));
	close(folder);
	return print_machine(bootfd, name) ? EXIT_OK : EXIT_USER;
}

/* All is looked at before anything is written. */
static void
check_wish(int bootfd, const struct wish *w)
{
	struct image_facts image;
	enum script_error error;
	struct why why = { "" };

	if (w->image != NULL && w->leave_alone)
		command_usage(USAGE);
	if ((w->image != NULL &&
	    facts_image(bootfd, w->image, &image, &why) == -1) ||
	    (w->next != NULL && *w->next != '\0' &&
	    facts_image(bootfd, w->next, &image, &why) == -1))
		log_fatal(EXIT_USER, "%s", why.text);
	if (w->hostname != NULL && *w->hostname != '\0' &&
	    !name_is_host(w->hostname))
		log_fatal(EXIT_USER, "host name %s: letters, digits and inner "
		    "hyphens, with dots between (RFC 1123), 64 at most",
		    w->hostname);
	if (w->cmdline != NULL && (error = script_check_cmdline(w->cmdline)) !=
	    SCRIPT_OK)
		log_fatal(EXIT_USER, "the command line %s",
		    script_error_words(error));
}

/* A file with one line; an empty value takes the file away. */
static void
set_line(int bootfd, const char *machine, const char *file, const char *value)
{
	char path[64], line[SCRIPT_CMDLINE_SIZE + 1];
	int folder;

	if (value == NULL)
		return;
	(void)snprintf(path, sizeof(path), "machine/%s/%s", machine, file);
	(void)snprintf(line, sizeof(line), "%s\n", value);
	if (*value != '\0') {
		if (publish_bytes(bootfd, path, 0644, line, strlen(line),
		    NULL) == -1)
			log_fatal(EXIT_SYSTEM, "%s: %s", path,
			    strerror(errno));
		return;
	}
	folder = facts_machine_folder(bootfd, machine);
	if (folder == -1 ||
	    (unlinkat(folder, file, 0) == -1 && errno != ENOENT))
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	close(folder);
}

static void
set_image(int bootfd, const char *machine, const char *link,
    const char *image)
{
	char path[64], target[sizeof("../../image/") + NAME_IMAGE_SIZE];

	(void)snprintf(path, sizeof(path), "machine/%s/%s", machine, link);
	(void)snprintf(target, sizeof(target), "../../image/%s", image);
	if (publish_link(bootfd, path, target, NULL) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
}

/* A new machine has a number, and a name by the pattern if it has no other. */
static void
name_machine_anew(int bootfd, const struct wish *w)
{
	char number[32], hostname[NAME_HOST_SIZE];
	struct why why = { "" };
	unsigned long n;

	if (strcmp(w->machine, "default") == 0)
		return;
	if ((n = naming_number(bootfd, &why)) == 0)
		log_fatal(EXIT_SYSTEM, "%s", why.text);
	(void)snprintf(number, sizeof(number), "%lu", n);
	set_line(bootfd, w->machine, "number", number);
	if (w->hostname != NULL)
		return;
	if (naming_host(bootfd, w->machine, n, hostname, &why) == -1)
		log_warn("no host name: %s", why.text);
	else if (*hostname != '\0')
		set_line(bootfd, w->machine, "hostname", hostname);
}

static void
apply(int bootfd, const struct wish *w)
{
	char path[64];
	bool made;

	(void)snprintf(path, sizeof(path), "machine/%s", w->machine);
	if (folder_make(bootfd, path, &made) == -1)
		log_fatal(errno == ENOENT ? EXIT_USER : EXIT_SYSTEM,
		    "%s: %s%s", path, strerror(errno), errno == ENOENT ?
		    "; `mkboot create' makes what is missing" : "");
	if (made)
		name_machine_anew(bootfd, w);
	set_line(bootfd, w->machine, "hostname", w->hostname);
	set_line(bootfd, w->machine, "cmdline", w->cmdline);
	if (w->leave_alone)
		set_line(bootfd, w->machine, "image", "");
	if (w->image != NULL)
		set_image(bootfd, w->machine, "image", w->image);
	if (w->next != NULL && *w->next == '\0')
		set_line(bootfd, w->machine, "next", "");
	else if (w->next != NULL)
		set_image(bootfd, w->machine, "next", w->next);
}

static int
alter_machine(int bootfd, const struct wish *w)
{
	enum render_result result;
	struct why why = { "" };
	int lock;

	check_wish(bootfd, w);
	lock = command_render_lock(bootfd);
	apply(bootfd, w);
	result = render_machine(bootfd, w->machine, &why);
	render_print(w->machine, result, &why);
	if (hosts_write(bootfd, &why) == -1)
		log_warn("%s", why.text);
	close(lock);
	return result == RENDER_FAILED ? EXIT_USER : EXIT_OK;
}

static void
read_flags(struct wish *w, int argc, char **argv)
{
	int c;

	while ((c = command_flag(argc, argv, "c:d:h:i:n:x")) != -1)
		switch (c) {
		case 'c': w->cmdline = optarg; break;
		case 'd': w->dir = optarg; break;
		case 'h': w->hostname = optarg; break;
		case 'i': w->image = optarg; break;
		case 'n': w->next = optarg; break;
		case 'x': w->leave_alone = true; break;
		case COMMAND_OPERAND:
			if (w->machine == NULL && !w->wake &&
			    strcmp(optarg, "wake") == 0) {
				w->wake = true;
				break;
			}
			if (w->machine == NULL) {
				w->machine = optarg;
				break;
			}
			/* FALLTHROUGH */
		default:
			command_usage(USAGE);
		}
}

static int
wake_machine(const char *name)
{
	struct mac mac;
	int sent;

	if (!mac_parse(name, &mac))
		log_fatal(EXIT_USER, "wake: %s has no address", name);
	sent = wake_send(&mac);
	if (sent == -1)
		log_fatal(EXIT_SYSTEM, "wake: %s", strerror(errno));
	if (sent == 0)
		log_fatal(EXIT_SYSTEM, "wake: no network here takes a "
		    "broadcast");
	printf("woken %s on %d network%s\n", name, sent,
	    sent == 1 ? "" : "s");
	return EXIT_OK;
}

int
machine_main(int argc, char **argv)
{
	struct wish w = { .dir = BOOTDIR_DEFAULT };
	char name[NAME_MACHINE_SIZE];
	int bootfd, status;
	bool alters;

	read_flags(&w, argc, argv);
	alters = w.image != NULL || w.next != NULL || w.hostname != NULL ||
	    w.cmdline != NULL || w.leave_alone;
	if ((w.machine == NULL && (alters || w.wake)) || (w.wake && alters))
		command_usage(USAGE);
	if (w.machine != NULL) {
		command_machine(w.machine, name);
		w.machine = name;
	}
	if (w.wake)
		return wake_machine(name);
	bootfd = command_bootdir(w.dir);
	status = w.machine == NULL ? list_machines(bootfd) :
	    alters ? alter_machine(bootfd, &w) : show_machine(bootfd, name);
	close(bootfd);
	return status;
}
