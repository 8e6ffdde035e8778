/* SPDX-License-Identifier: ISC */
/* System calls: what the boot directory says of a client. */
#include "proxydhcpd/lookup.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"

/* As many links in a row as the kernel follows: path_resolution(7). */
#define LINKS_MAX 40

#define SCRIPT "boot.ipxe"
#define ARCH_DIGITS 5	/* of a 16-bit number */

/* The target of the symbolic link at pub/NAME; false when it is none. */
static bool
read_link(int bootfd, const char *name, char target[BOOTDIR_PATH_MAX])
{
	char path[sizeof("pub/") + BOOT_NAME_MAX];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "pub/%s", name);
	fd = bootdir_openat(bootfd, path, O_PATH | O_NOFOLLOW);
	if (fd == -1)
		return false;
	/* An empty path means the link that the descriptor is. */
	len = readlinkat(fd, "", target, BOOTDIR_PATH_MAX - 1);
	close(fd);
	if (len <= 0)
		return false;
	target[len] = '\0';
	return true;
}

/* One step of a path: into `part', or out again by `..'. */
static enum pub_answer
step(char name[BOOT_NAME_MAX], const char *part)
{
	char *last;

	if (*part == '\0' || strcmp(part, ".") == 0)
		return PUB_OK;
	if (strcmp(part, "..") == 0) {
		if (*name == '\0')
			return PUB_LEADS_OUT;
		last = strrchr(name, '/');
		*(last == NULL ? name : last) = '\0';
		return PUB_OK;
	}
	if (*name != '\0')
		strlcat(name, "/", BOOT_NAME_MAX);
	return strlcat(name, part, BOOT_NAME_MAX) < BOOT_NAME_MAX ? PUB_OK :
	    PUB_BAD_NAME;
}

/* From the name of a link to the name that it leads to, both below pub/. */
static enum pub_answer
follow(char name[BOOT_NAME_MAX], char *target)
{
	enum pub_answer answer;
	char *part;

	if (*target == '/')
		return PUB_LEADS_OUT;
	answer = step(name, "..");
	while (answer == PUB_OK && (part = strsep(&target, "/")) != NULL)
		answer = step(name, part);
	return answer;
}

/* Can anybody fetch this? */
static enum pub_answer
look(int bootfd, const char *name)
{
	enum pub_answer answer;
	struct stat st;
	int fd;

	answer = pub_open(bootfd, name, NULL, &fd, &st);
	if (fd != -1)
		close(fd);
	return answer;
}

/*
 * The program's own name, not the link's (empty, if that leads out): the
 * firmware's user sees it, UEFI HTTP boot goes by its suffix, and it asks for
 * more beside it.
 */
static enum pub_answer
resolve(int bootfd, char name[BOOT_NAME_MAX])
{
	char target[BOOTDIR_PATH_MAX];
	enum pub_answer answer;
	int links;

	for (links = 0; links < LINKS_MAX; links++) {
		if (!read_link(bootfd, name, target))
			break;
		answer = follow(name, target);
		if (answer != PUB_OK) {
			name[0] = '\0';
			return answer;
		}
	}
	return look(bootfd, name);
}

static void
find_program(int bootfd, const struct client *c, struct boot *b)
{
	if (c->class == CLIENT_IPXE) {
		strlcpy(b->program, SCRIPT, sizeof(b->program));
		b->found = look(bootfd, b->program);
	} else {
		snprintf(b->program, sizeof(b->program), "loader/%u", c->arch);
		b->found = resolve(bootfd, b->program);
	}
}

void
lookup_boot(int bootfd, const struct client *c, struct boot *b)
{
	char path[sizeof(b->machine) + sizeof("/image")], text[MAC_TEXT];

	memset(b, 0, sizeof(*b));
	if (c->class == CLIENT_IPXE)
		strlcpy(b->entry, "pub/" SCRIPT, sizeof(b->entry));
	else
		snprintf(b->entry, sizeof(b->entry), "pub/loader/%u", c->arch);
	b->known = bootdir_machine(bootfd, &c->mac, b->machine,
	    sizeof(b->machine)) != NULL;
	if (!b->known) {
		snprintf(b->machine, sizeof(b->machine), "machine/%s",
		    mac_format(&c->mac, text));
		return;
	}
	snprintf(path, sizeof(path), "%s/image", b->machine);
	b->image = bootdir_exists(bootfd, path);
	if (b->image)
		find_program(bootfd, c, b);
}

bool
lookup_named(int bootfd, const struct mac *mac)
{
	char path[sizeof("machine/") + MAC_TEXT], text[MAC_TEXT];

	snprintf(path, sizeof(path), "machine/%s", mac_format(mac, text));
	return bootdir_exists(bootfd, path);
}

bool
lookup_advertise(int bootfd, const struct mac *mac)
{
	char path[sizeof("machine/default/advertise") + MAC_TEXT];

	if (bootdir_machine(bootfd, mac, path, sizeof(path)) == NULL)
		return false;
	strlcat(path, "/advertise", sizeof(path));
	return bootdir_exists(bootfd, path);
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
check_loaders(int bootfd, DIR *dir, char *why, size_t size)
{
	char name[BOOT_NAME_MAX];
	struct dirent *entry;
	enum pub_answer answer;
	size_t n = 0;

	while ((entry = readdir(dir)) != NULL) {
		if (!is_arch(entry->d_name))
			continue;
		snprintf(name, sizeof(name), "loader/%.5s", entry->d_name);
		answer = resolve(bootfd, name);
		if (answer != PUB_OK) {
			snprintf(why, size, "pub/loader/%s: %s%s%s",
			    entry->d_name, name, *name == '\0' ? "" : ": ",
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

bool
lookup_check(int bootfd, char *why, size_t size)
{
	enum pub_answer answer;
	bool fit;
	DIR *dir;
	int fd;

	answer = look(bootfd, SCRIPT);
	if (answer != PUB_OK) {
		snprintf(why, size, "pub/" SCRIPT ": %s; iPXE starts there",
		    pub_answer_words(answer));
		return false;
	}
	if (!bootdir_exists(bootfd, "machine")) {
		snprintf(why, size, "machine: no such folder; no machine is "
		    "answered without machine/MAC/image or "
		    "machine/default/image");
		return false;
	}
	fd = bootdir_openat(bootfd, "pub/loader", O_RDONLY | O_DIRECTORY);
	if (fd == -1 || (dir = fdopendir(fd)) == NULL) {
		snprintf(why, size, "pub/loader: %s", strerror(errno));
		if (fd != -1)
			close(fd);
		return false;
	}
	fit = check_loaders(bootfd, dir, why, size) > 0;
	closedir(dir);
	return fit;
}
