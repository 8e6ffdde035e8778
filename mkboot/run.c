/* SPDX-License-Identifier: ISC */
/* Runs other programs: cp, mksquashfs, debootstrap, apk. */
#include "mkboot/run.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
become(const char *const argv[], int said, bool show)
{
	char *words[RUN_WORDS];
	size_t n = 1;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)signal(SIGTERM, SIG_DFL);
	/* Words that are compared and shown are in one language. */
	(void)setenv("LC_ALL", "C", 1);
	/* mksquashfs takes no -mkfs-time where it stands. */
	(void)unsetenv("SOURCE_DATE_EPOCH");
	(void)dup2(null, STDIN_FILENO);
	if (!show)
		(void)dup2(null, STDOUT_FILENO);
	(void)dup2(said, STDERR_FILENO);
	while (argv[n] != NULL && n < RUN_WORDS - 1)
		n++;
	/* execvp(3) alters none of them, but does not say so. */
	memcpy(words, argv, n * sizeof(words[0]));
	words[n] = NULL;
	(void)execvp(words[0], words);
	(void)dprintf(STDERR_FILENO, "%s\n", errno == ENOENT ?
	    "not installed here" : strerror(errno));
	_exit(127);
}

/* The last line with something on it, of all that comes. */
static void
keep_last(int fd, char *last, size_t size)
{
	FILE *file = fdopen(fd, "r");
	char *line = NULL;
	size_t room = 0;

	*last = '\0';
	if (file == NULL) {
		close(fd);
		return;
	}
	while (getline(&line, &room, file) != -1) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line != '\0')
			(void)strlcpy(last, line, size);
	}
	free(line);
	fclose(file);
}

int
run(const char *const argv[], bool show, struct why *why)
{
	char last[400];
	int said[2], status;
	void (*before)(int);
	pid_t child;

	if (pipe2(said, O_CLOEXEC) == -1)
		return why_not(why, "pipe: %s", strerror(errno));
	(void)fflush(stdout);
	before = signal(SIGTERM, SIG_IGN);
	if ((child = fork()) == 0)
		become(argv, said[1], show);
	close(said[1]);
	keep_last(said[0], last, sizeof(last));
	while (child != -1 && waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			child = -1;
	(void)signal(SIGTERM, before);
	if (child == -1)
		return why_not(why, "%s: %s", argv[0], strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (*last == '\0')
		(void)snprintf(last, sizeof(last), WIFSIGNALED(status) ?
		    "ended by signal %d" : "failed, status %d",
		    WIFSIGNALED(status) ? WTERMSIG(status) :
		    WEXITSTATUS(status));
	return why_not(why, "%s: %s", argv[0], last);
}
