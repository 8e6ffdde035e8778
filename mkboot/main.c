/* SPDX-License-Identifier: ISC */
/* mkboot: makes what the daemons hand out.  Finds the command. */
#include <sys/stat.h>

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/initrd.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *job;
} commands[] = {
	{ "create", create_main, "make an empty boot directory" },
	{ "loader", loader_main, "bring iPXE into it" },
	{ "image", image_main, "make, list and check images" },
	{ "initrd", initrd_main, "make an initial RAM file system" },
	{ "machine", machine_main, "list machines, or say what one is" },
	{ "render", render_main, "make what each machine fetches" },
	{ "watch", watch_main, "render what changes, as it does" },
	{ "export", export_main, "let another server serve it" },
	{ "check", check_main, "say what is wrong" },
};
#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static int
usage(void)
{
	size_t i;

	fprintf(stderr, "usage: mkboot command [flag ...] [name ...]\n");
	for (i = 0; i < NCOMMANDS; i++)
		fprintf(stderr, "  %-8s %s\n", commands[i].name,
		    commands[i].job);
	return EXIT_USER;
}

int
main(int argc, char **argv)
{
	int status;
	size_t i;

	log_open("mkboot", false, false);
	/* What is made here is for daemons that run as another user. */
	umask(022);
	if (argc < 2)
		return usage();
	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			break;
	if (i == NCOMMANDS)
		return usage();
	status = commands[i].run(argc - 1, argv + 1);
	if (fflush(stdout) == EOF && status == EXIT_OK)
		log_fatal(EXIT_SYSTEM, "standard output cannot be written");
	return status;
}
