/* SPDX-License-Identifier: ISC */
/* Other names of a machine's folder in pub/machine/. */
#include "mkboot/alias.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/folder.h"
#include "mkboot/name.h"
#include "mkboot/publish.h"

#define ALIAS_PATH (sizeof("pub/machine/") + NAME_IMAGE_SIZE)

/* Is it a link of ours, to this machine's folder? */
static bool
leads_to(int bootfd, const char *path, const char *machine)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(bootfd, path, target, sizeof(target) - 1);

	if (n == -1)
		return false;
	target[n] = '\0';
	return strcmp(target, machine) == 0;
}

static int
set_one(int bootfd, const char *name, const char *machine, bool wanted,
    struct why *why)
{
	char path[ALIAS_PATH];
	int result = 0;

	(void)snprintf(path, sizeof(path), "pub/machine/%s", name);
	if (wanted)
		result = publish_link(bootfd, path, machine, NULL);
	else if (leads_to(bootfd, path, machine))
		result = folder_unlink(bootfd, path);
	return result == 0 ? 0 : why_not(why, "%s: %s", path,
	    strerror(errno));
}

int
alias_pxelinux(int bootfd, const char *machine, bool wanted, struct why *why)
{
	const bool is_default = strcmp(machine, "default") == 0;
	char path[ALIAS_PATH + sizeof("loader/pxelinux.cfg/01-")];
	char target[ALIAS_PATH + sizeof("../..//pxelinux.cfg")];
	int result = 0;

	if (!bootdir_exists(bootfd, "pub/loader/pxelinux.cfg"))
		return 0;
	(void)snprintf(path, sizeof(path), "pub/loader/pxelinux.cfg/%s%s",
	    is_default ? "" : "01-", machine);
	(void)snprintf(target, sizeof(target), "../../machine/%s/pxelinux.cfg",
	    machine);
	result = wanted ? publish_link(bootfd, path, target, NULL) :
	    folder_unlink(bootfd, path);
	return result == 0 ? 0 : why_not(why, "%s: %s", path,
	    strerror(errno));
}

int
alias_set(int bootfd, const char *machine, bool wanted, struct why *why)
{
	char name[NAME_IMAGE_SIZE], path[64], *p;

	if (strcmp(machine, "default") == 0)
		return 0;
	(void)strlcpy(name, machine, sizeof(name));
	for (p = name; *p != '\0'; p++)
		if (*p == '-')
			*p = ':';
	if (set_one(bootfd, name, machine, wanted, why) == -1)
		return -1;
	(void)snprintf(path, sizeof(path), "seen/%s/uuid", machine);
	if (!bootdir_line(bootfd, path, name, sizeof(name)) ||
	    !name_is_image(name) || name_is_machine(name))
		return 0;
	return set_one(bootfd, name, machine, wanted, why);
}
