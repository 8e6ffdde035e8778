/* SPDX-License-Identifier: ISC */
/* What a machine is told apart by: minted once, then kept. */
#include "mkboot/identity.h"

#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/facts.h"
#include "mkboot/folder.h"
#include "mkboot/publish.h"

#define ID_OCTETS 16		/* 128 bits, as machine-id(5) has it */
#define SEED_OCTETS 32
#define KEY_FILE_MAX 16384
#define PATH_SIZE (sizeof("machine//identity/") + NAME_MACHINE_SIZE + 64)

static const char *const key_types[] = { "ed25519", "ecdsa", "rsa" };
#define KEY_TYPES (sizeof(key_types) / sizeof(key_types[0]))

static void
path_of(char path[PATH_SIZE], const char *machine, const char *file)
{
	(void)snprintf(path, PATH_SIZE, "machine/%s/identity/%s", machine,
	    file);
}

/* `between' after each octet but the last, or '\0' for none. */
static void
hex(char *text, const uint8_t *octets, size_t n, char between)
{
	size_t i;

	for (i = 0; i < n; i++) {
		text += sprintf(text, "%02x", octets[i]);
		if (between != '\0' && i + 1 < n)
			*text++ = between;
	}
	*text = '\0';
}

/*
 * A file that is not there yet, of `n' random octets in hex, behind `head'.
 * A random UUID has its version and variant in it: RFC 4122, section 4.4.
 */
static int
mint(int bootfd, const char *machine, const char *file, const char *head,
    size_t n, char between, struct why *why)
{
	char path[PATH_SIZE], line[128];
	uint8_t random[SEED_OCTETS];
	size_t len;

	path_of(path, machine, file);
	if (bootdir_exists(bootfd, path))
		return 0;
	if (getrandom(random, n, 0) != (ssize_t)n)
		return why_not(why, "random octets: %s", strerror(errno));
	if (n == ID_OCTETS) {
		random[6] = (uint8_t)((random[6] & 0x0f) | 0x40);
		random[8] = (uint8_t)((random[8] & 0x3f) | 0x80);
	}
	strlcpy(line, head, sizeof(line));
	hex(line + strlen(line), random, n, between);
	len = strlcat(line, "\n", sizeof(line));
	if (publish_bytes(bootfd, path, 0600, line, len, NULL) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	return 0;
}

/* Runs ssh-keygen.  -1 with errno, ENOENT: there is none. */
static int
run_keygen(const char *type, const char *file, const char *comment)
{
	const char *const argv[] = { "ssh-keygen", "-q", "-t", type, "-N", "",
	    "-C", comment, "-f", file, NULL };
	posix_spawn_file_actions_t quiet;
	extern char **environ;
	pid_t child;
	int status;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	errno = posix_spawnp(&child, argv[0], &quiet, NULL,
	    (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (errno != 0)
		return -1;
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	errno = EIO;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int
sync_and_rename(int folder, const char *from, const char *to)
{
	int fd = openat(folder, from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int result;

	if (fd == -1)
		return -1;
	result = fsync(fd) == -1 || renameat(folder, from, folder, to) == -1 ?
	    -1 : 0;
	close(fd);
	return result;
}

#define KEY_NAME 64

/* "ssh_host_TYPE_key" between what stands before and behind it. */
static void
key_name(char name[KEY_NAME], const char *before, const char *type,
    const char *behind)
{
	(void)strlcpy(name, before, KEY_NAME);
	(void)strlcat(name, "ssh_host_", KEY_NAME);
	(void)strlcat(name, type, KEY_NAME);
	(void)strlcat(name, "_key", KEY_NAME);
	(void)strlcat(name, behind, KEY_NAME);
}

/*
 * The key is made under a name with a dot.  Its public half goes first to its
 * place: where the private one is, both are.
 */
static int
mint_key(int folder, const char *machine, const char *type)
{
	char name[KEY_NAME], public[KEY_NAME], temporary[KEY_NAME];
	char temporary_public[KEY_NAME], file[PATH_MAX];

	key_name(name, "", type, "");
	key_name(public, "", type, ".pub");
	key_name(temporary, ".", type, ".tmp");
	key_name(temporary_public, ".", type, ".tmp.pub");
	if (faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	(void)unlinkat(folder, temporary, 0);
	(void)unlinkat(folder, temporary_public, 0);
	(void)snprintf(file, sizeof(file), "/proc/%ld/fd/%d/%s",
	    (long)getpid(), folder, temporary);
	if (run_keygen(type, file, machine) == -1)
		return -1;
	if (sync_and_rename(folder, temporary_public, public) == -1)
		return -1;
	return sync_and_rename(folder, temporary, name);
}

static int
mint_keys(int bootfd, const char *machine, bool *keyless, struct why *why)
{
	char path[PATH_SIZE];
	int folder, result = 0;
	size_t i;

	path_of(path, machine, ".");
	folder = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);
	if (folder == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	for (i = 0; i < KEY_TYPES && result == 0; i++)
		result = mint_key(folder, machine, key_types[i]);
	*keyless = result == -1 && errno == ENOENT;
	if (*keyless)
		result = 0;
	else if (result == -1)
		(void)why_not(why, "%s: ssh-keygen: %s", path,
		    strerror(errno));
	close(folder);
	return result;
}

int
identity_mint(int bootfd, const char *machine, bool *keyless, struct why *why)
{
	char path[PATH_SIZE];
	bool made;

	(void)snprintf(path, sizeof(path), "machine/%s/identity", machine);
	if (folder_make(bootfd, path, &made) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	/* Whoever has these files can pass for the machine. */
	if (made && folder_mode(bootfd, path, 0700) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	if (mint(bootfd, machine, "machine-id", "", ID_OCTETS, '\0', why) == -1 ||
	    mint(bootfd, machine, "hostid", "", 4, '\0', why) == -1 ||
	    mint(bootfd, machine, "duid", "00:04:", ID_OCTETS, ':', why) == -1 ||
	    mint(bootfd, machine, "random-seed", "", SEED_OCTETS, '\0', why) == -1)
		return -1;
	return mint_keys(bootfd, machine, keyless, why);
}

/* One file of the identity, whole; its length, or -1 with errno. */
static ssize_t
read_file(int bootfd, const char *machine, const char *file,
    char octets[KEY_FILE_MAX])
{
	char path[PATH_SIZE];
	ssize_t n;
	int fd;

	path_of(path, machine, file);
	if ((fd = bootdir_openat(bootfd, path, O_RDONLY | O_NONBLOCK)) == -1)
		return -1;
	n = read(fd, octets, KEY_FILE_MAX);
	close(fd);
	return n;
}

/* What is missing is not laid: somebody wants the root's own. */
static int
add(struct layers *l, int bootfd, const char *machine, const char *file,
    const char *to, mode_t mode, struct why *why)
{
	char octets[KEY_FILE_MAX];
	ssize_t n = read_file(bootfd, machine, file, octets);

	if (n == -1 && errno == ENOENT)
		return 0;
	if (n == -1)
		return why_not(why, "machine/%s/identity/%s: %s", machine,
		    file, strerror(errno));
	return layers_add_file(l, to, mode, octets, (size_t)n,
	    (mode & S_IROTH) == 0, why);
}

static int
add_keys(struct layers *l, int bootfd, const char *machine, struct why *why)
{
	char file[KEY_NAME], to[KEY_NAME];
	size_t i;

	for (i = 0; i < KEY_TYPES; i++) {
		key_name(file, "", key_types[i], "");
		key_name(to, "etc/ssh/", key_types[i], "");
		if (add(l, bootfd, machine, file, to, 0600, why) == -1)
			return -1;
		key_name(file, "", key_types[i], ".pub");
		key_name(to, "etc/ssh/", key_types[i], ".pub");
		if (add(l, bootfd, machine, file, to, 0644, why) == -1)
			return -1;
	}
	return 0;
}

/* gethostid(3) keeps the number as the processor does: little-endian here. */
static int
add_hostid(struct layers *l, int bootfd, const char *machine,
    struct why *why)
{
	char text[KEY_FILE_MAX];
	ssize_t n = read_file(bootfd, machine, "hostid", text);
	uint32_t id;

	if (n < 8)
		return 0;
	text[8] = '\0';
	id = (uint32_t)strtoul(text, NULL, 16);
	return layers_add_file(l, "etc/hostid", 0644, &id, sizeof(id), false,
	    why);
}

int
identity_add(struct layers *l, int bootfd, const char *machine,
    struct why *why)
{
	if (add(l, bootfd, machine, "machine-id", "etc/machine-id", 0444,
	    why) == -1 ||
	    add_hostid(l, bootfd, machine, why) == -1 ||
	    add(l, bootfd, machine, "random-seed",
	    "var/lib/systemd/random-seed", 0600, why) == -1)
		return -1;
	return add_keys(l, bootfd, machine, why);
}
