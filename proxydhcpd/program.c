/* SPDX-License-Identifier: ISC */
/* System calls: follows links of the boot directory to a program. */
#include "proxydhcpd/program.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As many links in a row as the kernel follows: path_resolution(7). */
#define LINKS_MAX 40
#define PUB "pub/"
#define PATH_MAX_OCTETS (sizeof(PUB) + BOOT_NAME_MAX)

bool
program_link(int bootfd, const char *path, char *target, size_t size)
{
	ssize_t len;
	int fd;

	fd = bootdir_openat(bootfd, path, O_PATH | O_NOFOLLOW);
	if (fd == -1)
		return false;
	/* An empty path means the link that the descriptor is. */
	len = readlinkat(fd, "", target, size - 1);
	close(fd);
	if (len <= 0)
		return false;
	target[len] = '\0';
	return true;
}

/* One step of a path: into `part', or out again by `..'. */
static enum pub_answer
step(char path[PATH_MAX_OCTETS], const char *part)
{
	char *last;

	if (*part == '\0' || strcmp(part, ".") == 0)
		return PUB_OK;
	if (strcmp(part, "..") == 0) {
		if (*path == '\0')
			return PUB_LEADS_OUT;
		last = strrchr(path, '/');
		*(last == NULL ? path : last) = '\0';
		return PUB_OK;
	}
	if (*path != '\0')
		strlcat(path, "/", PATH_MAX_OCTETS);
	return strlcat(path, part, PATH_MAX_OCTETS) < PATH_MAX_OCTETS ?
	    PUB_OK : PUB_BAD_NAME;
}

/* From the path of a link to the one that it leads to. */
static enum pub_answer
follow(char path[PATH_MAX_OCTETS], char *target)
{
	enum pub_answer answer;
	char *part;

	if (*target == '/')
		return PUB_LEADS_OUT;
	answer = step(path, "..");
	while (answer == PUB_OK && (part = strsep(&target, "/")) != NULL)
		answer = step(path, part);
	return answer;
}

enum pub_answer
program_look(int bootfd, const char *name)
{
	enum pub_answer answer;
	struct stat st;
	int fd;

	answer = pub_open(bootfd, name, NULL, &fd, &st);
	if (fd != -1)
		close(fd);
	return answer;
}

static enum pub_answer
resolve(int bootfd, char path[PATH_MAX_OCTETS])
{
	char target[BOOTDIR_PATH_MAX];
	enum pub_answer answer = PUB_OK;
	int links;

	for (links = 0; links < LINKS_MAX && answer == PUB_OK; links++) {
		if (!program_link(bootfd, path, target, sizeof(target)))
			break;
		answer = follow(path, target);
	}
	return answer;
}

bool
program_is_folder(int bootfd, const char *path)
{
	int fd = bootdir_openat(bootfd, path, O_PATH | O_DIRECTORY);

	if (fd == -1)
		return false;
	close(fd);
	return true;
}

/* What a path below pub/ has, with its name there; empty, if it leads out. */
static enum pub_answer
look_below(int bootfd, const char *path, char program[BOOT_NAME_MAX])
{
	program[0] = '\0';
	if (strncmp(path, PUB, strlen(PUB)) != 0)
		return PUB_LEADS_OUT;
	if (strlcpy(program, path + strlen(PUB), BOOT_NAME_MAX) >=
	    BOOT_NAME_MAX)
		return PUB_BAD_NAME;
	return program_look(bootfd, program);
}

enum pub_answer
program_find(int bootfd, const char *path, unsigned arch,
    char program[BOOT_NAME_MAX])
{
	char at[PATH_MAX_OCTETS], digits[8];
	enum pub_answer answer;

	program[0] = '\0';
	strlcpy(at, path, sizeof(at));
	answer = resolve(bootfd, at);
	if (answer != PUB_OK)
		return answer;
	answer = look_below(bootfd, at, program);
	if (answer == PUB_OK || answer == PUB_NOT_FOUND ||
	    !program_is_folder(bootfd, at))
		return answer;
	program[0] = '\0';
	snprintf(digits, sizeof(digits), "%u", arch);
	answer = step(at, digits);
	if (answer == PUB_OK && !bootdir_exists(bootfd, at))
		return PUB_NOT_FOUND;
	if (answer == PUB_OK)
		answer = resolve(bootfd, at);
	return answer == PUB_OK ? look_below(bootfd, at, program) : answer;
}
