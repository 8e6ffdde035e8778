/* SPDX-License-Identifier: ISC */
/* Runs other programs: fork(2), execvp(3). */
#include "mkboot/child.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <paths.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
child_has(const char *program)
{
	const char *path = getenv("PATH");
	char *copy = strdup(path == NULL ? _PATH_DEFPATH : path);
	char *rest = copy, *folder, file[PATH_MAX];
	bool found = false;

	while (!found && (folder = strsep(&rest, ":")) != NULL) {
		(void)snprintf(file, sizeof(file), "%s/%s", folder, program);
		found = access(file, X_OK) == 0;
	}
	free(copy);
	return found;
}

/* The child itself: what it says goes to `fd'. */
static void
become(char *const argv[], int fd)
{
	int null = open(_PATH_DEVNULL, O_RDONLY);

	if (null != -1 && dup2(null, STDIN_FILENO) != -1 &&
	    dup2(fd, STDOUT_FILENO) != -1 && dup2(fd, STDERR_FILENO) != -1)
		(void)execvp(argv[0], argv);
	_exit(127);
}

static int
end_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}

int
child_quiet(char *const argv[])
{
	int null = open(_PATH_DEVNULL, O_WRONLY | O_CLOEXEC);
	pid_t pid;

	if (null == -1)
		return -1;
	if ((pid = fork()) == 0)
		become(argv, null);
	close(null);
	return pid == -1 ? -1 : end_of(pid);
}

int
child_watched(char *const argv[], int log,
    void (*line)(void *, const char *), void *context)
{
	char *text = NULL;
	size_t size = 0;
	int ends[2], failed = 0;
	FILE *said;
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	if ((pid = fork()) == 0)
		become(argv, ends[1]);
	close(ends[1]);
	if (pid == -1 || (said = fdopen(ends[0], "r")) == NULL) {
		close(ends[0]);
		return -1;
	}
	while ((n = getline(&text, &size, said)) > 0) {
		if (write(log, text, (size_t)n) != n && failed == 0)
			failed = errno == 0 ? EIO : errno;
		line(context, text);
	}
	free(text);
	fclose(said);
	n = end_of(pid);
	errno = failed;
	return failed != 0 ? -1 : (int)n;
}
