/* SPDX-License-Identifier: ISC */
/* A shell on the console, for who wants to look what went wrong. */
#include "mkboot/init/rescue.h"

#include <sys/ioctl.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <unistd.h>

#include "mkboot/init/say.h"

static const char *const shell[] = { "/bin/busybox", "/bin/sh" };

/* A session of its own, so that ^C works. */
static void __attribute__((noreturn))
become_shell(void)
{
	const char *program;
	size_t i;
	int fd;

	(void)setsid();
	fd = open("/dev/console", O_RDWR);
	(void)ioctl(fd, TIOCSCTTY, 1);
	for (i = 0; i < 3; i++)
		(void)dup2(fd, (int)i);
	for (i = 0; i < sizeof(shell) / sizeof(shell[0]); i++) {
		program = shell[i];
		execl(program, "sh", "-l", (char *)NULL);
	}
	_exit(127);
}

void
rescue_shell(void)
{
	int status = 0;
	pid_t child;

	if (access(shell[0], X_OK) == -1 && access(shell[1], X_OK) == -1) {
		say_warn("rescue: this initrd has no shell; make it with "
		    "-f rescue");
		return;
	}
	say_warn("rescue: a shell on the console; the machine reboots when "
	    "it ends");
	if ((child = fork()) == 0)
		become_shell();
	/* Others' children end here too, where we are process 1. */
	while (child > 0 && waitpid(-1, &status, 0) != child)
		continue;
}
