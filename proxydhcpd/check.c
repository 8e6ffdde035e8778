/* SPDX-License-Identifier: ISC */
/* System calls: is a boot directory fit to boot from? */
#include "proxydhcpd/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "proxydhcpd/lookup.h"
#include "proxydhcpd/program.h"

#define SCRIPT "boot.ipxe"
#define ARCH_DIGITS 5	/* of a 16-bit number */

static DIR *
open_folder(int bootfd, const char *path)
{
	int fd = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);
	DIR *dir;

	if (fd == -1)
		return NULL;
	dir = fdopendir(fd);
	if (dir == NULL)
		close(fd);
	return dir;
}

/* Does this name in pub/loader stand for an architecture? */
static bool
is_arch(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= ARCH_DIGITS &&
	    strspn(name, "0123456789") == len;
}

/* How many architectures have a program; a faulty one ends the count. */
static size_t
count_loaders(int bootfd, DIR *dir, char *why, size_t size)
{
	char path[BOOT_ENTRY_MAX], program[BOOT_NAME_MAX];
	struct dirent *entry;
	enum pub_answer answer;
	size_t n = 0;

	while ((entry = readdir(dir)) != NULL) {
		if (!is_arch(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "pub/loader/%.5s", entry->d_name);
		answer = program_find(bootfd, path, 0, program);
		if (answer != PUB_OK) {
			snprintf(why, size, "%s: %s%s%s", path, program,
			    *program == '\0' ? "" : ": ",
			    pub_answer_words(answer));
			return 0;
		}
		n++;
	}
	if (n == 0)
		snprintf(why, size, "pub/loader: no program for any "
		    "architecture; link one: ln -s snponly.efi pub/loader/7");
	return n;
}

static bool
check_loaders(int bootfd, char *why, size_t size)
{
	DIR *dir = open_folder(bootfd, "pub/loader");
	bool fit;

	if (dir == NULL) {
		snprintf(why, size, "pub/loader: %s", strerror(errno));
		return false;
	}
	fit = count_loaders(bootfd, dir, why, size) > 0;
	closedir(dir);
	return fit;
}

/* The values of each machine's folder, and with them those of all. */
static bool
check_machines(int bootfd, char *why, size_t size)
{
	DIR *dir = open_folder(bootfd, "machine");
	struct dirent *entry;
	struct boot b;
	bool fit = true;

	if (dir == NULL) {
		snprintf(why, size, "machine: no such folder; no machine is "
		    "answered without machine/MAC/image or "
		    "machine/default/image");
		return false;
	}
	while (fit && (entry = readdir(dir)) != NULL) {
		memset(&b, 0, sizeof(b));
		if (entry->d_name[0] == '.' || (size_t)snprintf(b.machine,
		    sizeof(b.machine), "machine/%s", entry->d_name) >=
		    sizeof(b.machine))
			continue;
		lookup_policies(bootfd, &b);
		fit = b.fault[0] == '\0';
		if (!fit)
			strlcpy(why, b.fault, size);
	}
	closedir(dir);
	return fit;
}

bool
check_bootdir(int bootfd, char *why, size_t size)
{
	const enum pub_answer script = program_look(bootfd, SCRIPT);

	if (script != PUB_OK) {
		snprintf(why, size, "pub/" SCRIPT ": %s; iPXE starts there",
		    pub_answer_words(script));
		return false;
	}
	return check_machines(bootfd, why, size) &&
	    check_loaders(bootfd, why, size);
}
