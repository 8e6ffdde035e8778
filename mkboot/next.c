/* SPDX-License-Identifier: ISC */
/* An image to be booted once, and the end of that. */
#include "mkboot/next.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/seen.h"
#include "mkboot/evidence.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"

#define PATH_SIZE 128
/* A line may be written after the bound was passed. */
#define LOG_MAX (SEEN_LOG_MAX + 4096)

static enum evidence_kind
kind_of(int bootfd, const char *image)
{
	char path[PATH_SIZE], line[16];

	(void)snprintf(path, sizeof(path), "image/%s/done", image);
	return bootdir_line(bootfd, path, line, sizeof(line)) &&
	    strcmp(line, "up") == 0 ? EVIDENCE_UP : EVIDENCE_KERNEL;
}

/* Does this log show it?  One that is not there shows nothing. */
static bool
shown_by(int bootfd, const char *machine, const char *log, double since,
    const char *image)
{
	char path[PATH_SIZE], *text;
	ssize_t n = -1;
	bool shown;
	int fd;

	(void)snprintf(path, sizeof(path), "seen/%s/%s", machine, log);
	fd = bootdir_openat(bootfd, path, O_RDONLY | O_NONBLOCK);
	if (fd == -1)
		return false;
	if ((text = malloc(LOG_MAX)) != NULL)
		n = read(fd, text, LOG_MAX);
	close(fd);
	shown = n > 0 && evidence_found(text, (size_t)n, since,
	    kind_of(bootfd, image), image);
	free(text);
	return shown;
}

int
next_settle(int bootfd, const char *machine, bool *gone, struct why *why)
{
	struct machine_facts m;
	char path[PATH_SIZE];
	struct stat st;
	double since;
	int folder, result;

	*gone = false;
	if ((folder = facts_machine_folder(bootfd, machine)) == -1)
		return errno == ENOENT ? 0 : why_not(why, "machine/%s: %s",
		    machine, strerror(errno));
	result = fstatat(folder, "next", &st, AT_SYMLINK_NOFOLLOW);
	close(folder);
	if (result == -1 || facts_machine(bootfd, machine, &m, why) == -1 ||
	    *m.next == '\0')
		return 0;
	since = (double)st.st_mtim.tv_sec +
	    (double)st.st_mtim.tv_nsec / 1e9;
	if (!shown_by(bootfd, machine, "log", since, m.next) &&
	    !shown_by(bootfd, machine, "log.0", since, m.next))
		return 0;
	(void)snprintf(path, sizeof(path), "machine/%s/next", machine);
	if (folder_unlink(bootfd, path) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	*gone = true;
	return 0;
}
