/* SPDX-License-Identifier: ISC */
/* Strangers become machines. */
#include "mkboot/enrol.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/naming.h"
#include "mkboot/publish.h"

#define DEFAULT "machine/default"
#define ENROL DEFAULT "/enrol"
#define HOOK DEFAULT "/enrol.hook"
/* A machine is made under this name, and renamed when it is whole. */
#define MADE "machine/.enrol"
#define PATH_SIZE (sizeof(MADE "/") + NAME_MAX)

static int
failed(struct why *why, const char *path)
{
	return why_not(why, "%s: %s", path, strerror(errno));
}

/* machine/WHAT, where seen/MAC/FACT names a machine that is listed so. */
static bool
known_as(int bootfd, const char *mac, const char *fact,
    char name[NAME_IMAGE_SIZE])
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "seen/%s/%s", mac, fact);
	if (!bootdir_line(bootfd, path, name, NAME_IMAGE_SIZE) ||
	    !name_is_image(name) || name_is_machine(name))
		return false;
	(void)snprintf(path, sizeof(path), "machine/%s", name);
	return bootdir_exists(bootfd, path);
}

/* A card of a machine that is listed by its UUID or serial number. */
static enum enrol_result
join(int bootfd, const char *mac, struct why *why)
{
	char path[PATH_SIZE], name[NAME_IMAGE_SIZE];

	if (!known_as(bootfd, mac, "uuid", name) &&
	    !known_as(bootfd, mac, "serial", name))
		return ENROL_OFF;
	(void)snprintf(path, sizeof(path), "machine/%s", mac);
	if (publish_link(bootfd, path, name, NULL) == 0)
		return ENROL_SAME;
	(void)failed(why, path);
	return ENROL_FAILED;
}

static bool
within_limit(int bootfd, struct why *why)
{
	struct strings names = { NULL, 0 };
	char line[32] = "";
	unsigned long limit;
	bool within;

	(void)bootdir_line(bootfd, ENROL, line, sizeof(line));
	limit = *line == '\0' ? ENROL_LIMIT : strtoul(line, NULL, 10);
	(void)facts_machines(bootfd, &names);
	within = names.n < limit + bootdir_exists(bootfd, DEFAULT);
	strings_free(&names);
	if (!within)
		(void)why_not(why, "there are %lu machines, and " ENROL
		    " allows no more", limit);
	return within;
}

/* Runs the hook in the boot directory: its exit status, or -1 with errno. */
static int
run_hook(int bootfd, const char *mac)
{
	const char *const argv[] = { HOOK, mac, NULL };
	posix_spawn_file_actions_t there;
	extern char **environ;
	pid_t child;
	int status;

	posix_spawn_file_actions_init(&there);
	posix_spawn_file_actions_addfchdir_np(&there, bootfd);
	posix_spawn_file_actions_addopen(&there, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	errno = posix_spawn(&child, "./" HOOK, &there, NULL,
	    (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&there);
	if (errno != 0)
		return -1;
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static bool
hook_agrees(int bootfd, const char *mac, struct why *why)
{
	int status;

	if (!bootdir_exists(bootfd, HOOK))
		return true;
	status = run_hook(bootfd, mac);
	if (status == -1)
		(void)failed(why, HOOK);
	else if (status != 0)
		(void)why_not(why, HOOK " says no (%d)", status);
	return status == 0;
}

/* What the default has for itself, and no machine gets from it. */
static bool
is_the_defaults(const char *name)
{
	static const char *const own[] = {
		"enrol", "enrol.hook", "hostname", "hostnames", "number",
		"identity", "next", "menu"
	};
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i], name) == 0)
			return true;
	return false;
}

/* A link of the default's as it is; a link to its file or folder else. */
static int
share(int bootfd, int folder, const char *name, struct why *why)
{
	char path[PATH_SIZE], target[PATH_MAX];
	ssize_t n = readlinkat(folder, name, target, sizeof(target) - 1);

	if (n == -1 && errno != EINVAL)
		return failed(why, name);
	if (n == -1)
		(void)snprintf(target, sizeof(target), "../default/%s", name);
	else
		target[n] = '\0';
	(void)snprintf(path, sizeof(path), MADE "/%s", name);
	return publish_link(bootfd, path, target, NULL) == -1 ?
	    failed(why, path) : 0;
}

static int
share_default(int bootfd, struct why *why)
{
	struct strings names = { NULL, 0 };
	int folder, result;
	size_t i;

	folder = bootdir_openat(bootfd, DEFAULT, O_RDONLY | O_DIRECTORY);
	if (folder == -1)
		return failed(why, DEFAULT);
	result = facts_list(bootfd, DEFAULT, &names);
	if (result == -1)
		(void)failed(why, DEFAULT);
	for (i = 0; i < names.n && result == 0; i++)
		if (!is_the_defaults(names.at[i]))
			result = share(bootfd, folder, names.at[i], why);
	strings_free(&names);
	close(folder);
	return result;
}

static int
put_line(int bootfd, const char *file, const char *value, struct why *why)
{
	char path[PATH_SIZE], line[NAME_HOST_SIZE + 1];

	(void)snprintf(path, sizeof(path), MADE "/%s", file);
	(void)snprintf(line, sizeof(line), "%s\n", value);
	return publish_bytes(bootfd, path, 0644, line, strlen(line), NULL) ==
	    -1 ? failed(why, path) : 0;
}

/* What somebody left who was killed here; it is of links and lines alone. */
static int
sweep(int bootfd, struct why *why)
{
	struct strings names = { NULL, 0 };
	char path[PATH_SIZE];
	int folder, result = 0;
	size_t i;

	folder = bootdir_openat(bootfd, MADE, O_RDONLY | O_DIRECTORY);
	if (folder == -1)
		return 0;
	(void)facts_names(folder, &names);
	close(folder);
	for (i = 0; i < names.n && result == 0; i++) {
		(void)snprintf(path, sizeof(path), MADE "/%s", names.at[i]);
		if (folder_unlink(bootfd, path) == -1)
			result = failed(why, path);
	}
	strings_free(&names);
	return result;
}

/*
 * Whole under another name first: a machine without an image would be one to
 * leave alone.
 */
static int
make(int bootfd, const char *mac, struct why *why)
{
	char number[32], hostname[NAME_HOST_SIZE], path[PATH_SIZE];
	unsigned long n;

	if ((n = naming_number(bootfd, why)) == 0 ||
	    naming_host(bootfd, mac, n, hostname, why) == -1 ||
	    sweep(bootfd, why) == -1)
		return -1;
	(void)snprintf(number, sizeof(number), "%lu", n);
	if (folder_make(bootfd, MADE, NULL) == -1)
		return failed(why, MADE);
	if (share_default(bootfd, why) == -1 ||
	    put_line(bootfd, "number", number, why) == -1 ||
	    (*hostname != '\0' &&
	    put_line(bootfd, "hostname", hostname, why) == -1))
		return -1;
	(void)snprintf(path, sizeof(path), "machine/%s", mac);
	return renameat(bootfd, MADE, bootfd, path) == -1 ?
	    failed(why, path) : 0;
}

enum enrol_result
enrol_machine(int bootfd, const char *mac, struct why *why)
{
	char path[PATH_SIZE];
	enum enrol_result result;

	(void)snprintf(path, sizeof(path), "machine/%s", mac);
	if (bootdir_exists(bootfd, path))
		return ENROL_KNOWN;
	if ((result = join(bootfd, mac, why)) != ENROL_OFF ||
	    !bootdir_exists(bootfd, ENROL))
		return result;
	if (!within_limit(bootfd, why) || !hook_agrees(bootfd, mac, why))
		return ENROL_REFUSED;
	return make(bootfd, mac, why) == 0 ? ENROL_DONE : ENROL_FAILED;
}

static bool
is_in(const struct strings *list, const char *name)
{
	size_t i;

	for (i = 0; list != NULL && i < list->n; i++)
		if (strcmp(list->at[i], name) == 0)
			return true;
	return false;
}

bool
enrol_stranger(int bootfd, const char *mac, struct strings *refused)
{
	struct why why = { "" };

	switch (enrol_machine(bootfd, mac, &why)) {
	case ENROL_DONE:
		log_info("enrolled %s", mac);
		return true;
	case ENROL_SAME:
		log_info("enrolled %s as the other card of a machine", mac);
		return true;
	case ENROL_KNOWN:
		return true;
	case ENROL_OFF:
		break;
	case ENROL_REFUSED:
	case ENROL_FAILED:
		if (!is_in(refused, mac))
			log_warn("%s not enrolled: %s", mac, why.text);
		if (refused != NULL && !is_in(refused, mac))
			(void)strings_add(refused, mac);
		break;
	}
	return false;
}

void
enrol_all(int bootfd, struct strings *refused)
{
	struct strings names = { NULL, 0 };
	char good[NAME_MACHINE_SIZE];
	size_t i;

	(void)facts_list(bootfd, "seen", &names);
	for (i = 0; i < names.n; i++)
		if (strcmp(names.at[i], "default") != 0 &&
		    name_machine(names.at[i], good) &&
		    strcmp(names.at[i], good) == 0)
			(void)enrol_stranger(bootfd, names.at[i], refused);
	strings_free(&names);
}
