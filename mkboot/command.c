/* SPDX-License-Identifier: ISC */
/* What the commands share: flags, and beginnings that can fail. */
#include "mkboot/command.h"

#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/daemon.h"
#include "common/log.h"

int
command_flag(int argc, char **argv, const char *flags)
{
	static const struct option none[] = { { NULL, 0, NULL, 0 } };
	char spec[64] = "-";	/* operands come in turn, as flag 1 */
	int c;

	(void)strlcat(spec, flags, sizeof(spec));
	opterr = 0;
	if ((c = getopt_long(argc, argv, spec, none, NULL)) != -1)
		return c;
	/* After `--' all are operands. */
	if (optind >= argc)
		return -1;
	optarg = argv[optind++];
	return COMMAND_OPERAND;
}

void
command_usage(const char *line)
{
	fprintf(stderr, "usage: mkboot %s\n", line);
	exit(EXIT_USER);
}

int
command_bootdir(const char *path)
{
	struct daemon d;

	daemon_init(&d, "mkboot", 0);
	d.bootdir = path;
	return daemon_bootdir(&d);
}

void
command_machine(const char *text, char name[NAME_MACHINE_SIZE])
{
	if (!name_machine(text, name))
		log_fatal(EXIT_USER, "%s: neither a MAC, as in "
		    "52-54-00-12-34-56, nor `default'", text);
}

const struct passwd *
command_user(const char *name)
{
	const struct passwd *user;

	errno = 0;
	if ((user = getpwnam(name)) != NULL)
		return user;
	if (errno != 0 && errno != ENOENT)
		log_fatal(EXIT_SYSTEM, "user %s: %s", name, strerror(errno));
	log_fatal(EXIT_USER, "there is no user %s; -u names the one that the "
	    "daemons run as", name);
}

int
command_render_lock(int bootfd)
{
	int fd = bootdir_openat(bootfd, "pub/machine", O_RDONLY | O_DIRECTORY);

	if (fd == -1 && errno == ENOENT)
		log_fatal(EXIT_USER, "pub/machine is missing; `mkboot create' "
		    "makes it");
	if (fd == -1 || flock(fd, LOCK_EX) == -1)
		log_fatal(EXIT_SYSTEM, "pub/machine: %s", strerror(errno));
	return fd;
}
