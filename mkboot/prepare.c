/* SPDX-License-Identifier: ISC */
/* Makes a system's tree fit for machines without a disk. */
#include "mkboot/prepare.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/diskless.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/publish.h"

#define TEXT_MAX (1024 * 1024)

static const struct timespec begin_of_time[2] = { { 0, 0 }, { 0, 0 } };

/* What is written only where the folder is, whose program reads it. */
static const struct {
	const char *folder, *path, *text;
} told[] = {
	{ "etc", "etc/machine-id", "" },
	/*
	 * The card that booted has its address already: NetworkManager takes
	 * a card as it finds it, unless it makes up a profile of its own.
	 */
	{ "etc/NetworkManager/conf.d",
	    "etc/NetworkManager/conf.d/05-pixie.conf",
	    "# The card that booted is up: no profile is made up for it.\n"
	    "[main]\nno-auto-default=*\n" },
	/* networkd, and netplan's files for it, which sort behind. */
	{ "etc/systemd/network", "etc/systemd/network/05-pixie.network",
	    "# Booted from the network, the cards are as /init left them.\n"
	    "[Match]\nType=ether\nKernelCommandLine=BOOTIF\n\n"
	    "[Link]\nUnmanaged=yes\n" },
	{ "etc/cloud/cloud.cfg.d", "etc/cloud/cloud.cfg.d/99-pixie.cfg",
	    "# The card that booted is up.\nnetwork: {config: disabled}\n" },
};

/* What is one machine's, or would be taken from the wrong one. */
static const char *const gone[] = {
	"etc/hostname", "etc/resolv.conf", "etc/mtab",
	"var/lib/dbus/machine-id", "var/lib/systemd/random-seed",
	"etc/udev/rules.d/70-persistent-net.rules"
};

static bool
is_secret(const char *name)
{
	return strncmp(name, "ssh_host_", 9) == 0;
}

static bool
parent_of(const char *path, char parent[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return false;
	(void)strlcpy(parent, path, (size_t)(slash - path) + 1);
	return true;
}

/* The folder's time, to be put back by restore(). */
static bool
remember(int rootfd, const char *path, struct timespec times[2])
{
	char parent[PATH_MAX];
	struct stat st;

	if (!parent_of(path, parent) ||
	    fstatat(rootfd, parent, &st, 0) == -1)
		return false;
	times[0] = st.st_mtim;
	times[1] = st.st_mtim;
	return true;
}

static void
restore(int rootfd, const char *path, const struct timespec times[2])
{
	char parent[PATH_MAX];

	if (parent_of(path, parent))
		(void)utimensat(rootfd, parent, times, 0);
}

static int
put(int rootfd, const char *path, const char *text, struct why *why)
{
	struct timespec times[2];
	const bool known = remember(rootfd, path, times);

	if (publish_bytes(rootfd, path, 0644, text, strlen(text), NULL) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	(void)utimensat(rootfd, path, begin_of_time, AT_SYMLINK_NOFOLLOW);
	if (known)
		restore(rootfd, path, times);
	return 0;
}

static int
drop(int rootfd, const char *path, struct why *why)
{
	struct timespec times[2];
	const bool known = remember(rootfd, path, times);

	if (folder_unlink(rootfd, path) == -1 && errno != ENOTDIR)
		return why_not(why, "%s: %s", path, strerror(errno));
	if (known)
		restore(rootfd, path, times);
	return 0;
}

/* The text of a small file, to be freed; NULL where there is none. */
static char *
text_of(int rootfd, const char *path)
{
	int fd = bootdir_openat(rootfd, path, O_RDONLY | O_NONBLOCK);
	struct stat st;
	char *text = NULL;
	ssize_t n = -1;

	if (fd == -1)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size < TEXT_MAX)
		text = malloc((size_t)st.st_size + 1);
	if (text != NULL)
		n = read(fd, text, (size_t)st.st_size);
	if (n >= 0)
		text[n] = '\0';
	close(fd);
	if (n >= 0)
		return text;
	free(text);
	return NULL;
}

static int
change(int rootfd, const char *path, char *(*to)(const char *),
    struct why *why)
{
	char *text = text_of(rootfd, path), *changed;
	int result = 0;

	if (text == NULL)
		return 0;
	if ((changed = to(text)) == NULL)
		result = why_not(why, "%s: %s", path, strerror(errno));
	else if (strcmp(text, changed) != 0)
		result = put(rootfd, path, changed, why);
	free(changed);
	free(text);
	return result;
}

/* For each name in a folder, if it is there. */
static int
each(int rootfd, const char *folder, int (*what)(int, const char *,
    struct why *), struct why *why)
{
	struct strings names = { NULL, 0 };
	char path[PATH_MAX];
	int result = 0;
	size_t i;

	(void)facts_list(rootfd, folder, &names);
	for (i = 0; i < names.n && result == 0; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		    names.at[i]);
		result = what(rootfd, path, why);
	}
	strings_free(&names);
	return result;
}

static int
leave_cards(int rootfd, const char *path, struct why *why)
{
	return change(rootfd, path, diskless_interfaces, why);
}

/* Host keys: a shared tree has no secrets. */
static int
drop_secret(int rootfd, const char *path, struct why *why)
{
	const char *name = strrchr(path, '/') + 1;

	return is_secret(name) ? drop(rootfd, path, why) : 0;
}

static int
link_mtab(int rootfd, struct why *why)
{
	struct timespec times[2];
	const bool known = remember(rootfd, "etc/mtab", times);

	if (publish_link(rootfd, "etc/mtab", "/proc/self/mounts", NULL) == -1)
		return why_not(why, "etc/mtab: %s", strerror(errno));
	(void)utimensat(rootfd, "etc/mtab", begin_of_time,
	    AT_SYMLINK_NOFOLLOW);
	if (known)
		restore(rootfd, "etc/mtab", times);
	return 0;
}

/* Where /init and the system mount: missing in a tar of one's own making. */
static int
make_places(int rootfd, struct why *why)
{
	static const char *const places[] = { "dev", "proc", "sys", "run",
	    "tmp" };
	bool made;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (folder_make(rootfd, places[i], &made) == -1)
			return why_not(why, "%s: %s", places[i],
			    strerror(errno));
		else if (made)
			(void)utimensat(rootfd, places[i], begin_of_time, 0);
	(void)futimens(rootfd, begin_of_time);
	return 0;
}

int
prepare_system(int rootfd, struct why *why)
{
	size_t i;

	for (i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (drop(rootfd, gone[i], why) == -1)
			return -1;
	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (bootdir_exists(rootfd, told[i].folder) &&
		    put(rootfd, told[i].path, told[i].text, why) == -1)
			return -1;
	if (change(rootfd, "etc/fstab", diskless_fstab, why) == -1 ||
	    change(rootfd, "etc/network/interfaces", diskless_interfaces,
	    why) == -1 ||
	    each(rootfd, "etc/network/interfaces.d", leave_cards,
	    why) == -1 ||
	    each(rootfd, "etc/ssh", drop_secret, why) == -1)
		return -1;
	if (bootdir_exists(rootfd, "etc") && link_mtab(rootfd, why) == -1)
		return -1;
	return make_places(rootfd, why);
}
