/* SPDX-License-Identifier: ISC */
/* known_hosts, hosts and ethers of all machines. */
#include "mkboot/hosts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bootdir.h"
#include "mkboot/facts.h"
#include "mkboot/publish.h"

#define KEY_LINE 2048		/* a public key of RSA with 8192 bits fits */
#define ADDRESS_SIZE 64

/* A file that grows in memory. */
struct text {
	const char *name;
	FILE *stream;
	char *octets;
	size_t len;
};

enum { KNOWN_HOSTS, HOSTS, ETHERS, TEXTS };

static const char head[] =
    "# Made by mkboot(8) of machine/: what is altered here is lost.\n";

/* `type key', without the comment behind. */
static bool
public_key(int bootfd, const char *machine, const char *type,
    char line[KEY_LINE])
{
	char path[128], *blank;

	(void)snprintf(path, sizeof(path),
	    "machine/%s/identity/ssh_host_%s_key.pub", machine, type);
	if (!bootdir_line(bootfd, path, line, KEY_LINE))
		return false;
	blank = strchr(line, ' ');
	if (blank != NULL && (blank = strchr(blank + 1, ' ')) != NULL)
		*blank = '\0';
	return true;
}

static void
add_keys(FILE *known_hosts, int bootfd, const char *machine,
    const char *names)
{
	static const char *const types[] = { "ed25519", "ecdsa", "rsa" };
	char line[KEY_LINE];
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (public_key(bootfd, machine, types[i], line))
			fprintf(known_hosts, "%s %s\n", names, line);
}

/* One machine, in all three. */
static void
add_machine(const struct text *t, int bootfd, const char *machine)
{
	char path[64], name[NAME_HOST_SIZE], address[ADDRESS_SIZE];
	char names[NAME_HOST_SIZE + ADDRESS_SIZE];
	char mac[NAME_MACHINE_SIZE], *p;

	(void)snprintf(path, sizeof(path), "machine/%s/hostname", machine);
	if (!bootdir_line(bootfd, path, name, sizeof(name)) ||
	    !name_is_host(name))
		name[0] = '\0';
	(void)snprintf(path, sizeof(path), "seen/%s/ip", machine);
	if (!bootdir_line(bootfd, path, address, sizeof(address)))
		address[0] = '\0';
	(void)snprintf(names, sizeof(names), "%s%s%s", name,
	    *name != '\0' && *address != '\0' ? "," : "", address);
	if (*names != '\0')
		add_keys(t[KNOWN_HOSTS].stream, bootfd, machine, names);
	if (*name == '\0')
		return;
	if (*address != '\0')
		fprintf(t[HOSTS].stream, "%s\t%s\n", address, name);
	(void)strlcpy(mac, machine, sizeof(mac));
	for (p = mac; *p != '\0'; p++)
		if (*p == '-')
			*p = ':';
	fprintf(t[ETHERS].stream, "%s\t%s\n", mac, name);
}

static int
add_machines(const struct text *t, int bootfd)
{
	struct strings names = { NULL, 0 };
	int result = facts_machines(bootfd, &names);
	size_t i;

	for (i = 0; i < names.n; i++)
		if (strcmp(names.at[i], "default") != 0)
			add_machine(t, bootfd, names.at[i]);
	strings_free(&names);
	return result;
}

static int
open_texts(struct text *t)
{
	size_t i;

	for (i = 0; i < TEXTS; i++) {
		t[i].stream = open_memstream(&t[i].octets, &t[i].len);
		if (t[i].stream == NULL)
			return -1;
		fputs(head, t[i].stream);
	}
	return 0;
}

/* Ends them all; -1 when one of them is not whole. */
static int
close_texts(struct text *t)
{
	int result = 0;
	size_t i;

	for (i = 0; i < TEXTS; i++)
		if (t[i].stream == NULL || fclose(t[i].stream) != 0)
			result = -1;
	return result;
}

int
hosts_write(int bootfd, struct why *why)
{
	struct text t[TEXTS] = {
		[KNOWN_HOSTS] = { .name = "known_hosts" },
		[HOSTS] = { .name = "hosts" },
		[ETHERS] = { .name = "ethers" }
	};
	int result = open_texts(t);
	size_t i;

	if (result == 0)
		result = add_machines(t, bootfd);
	if (close_texts(t) == -1 || result == -1)
		result = why_not(why, "hosts: %s", strerror(errno));
	for (i = 0; i < TEXTS; i++) {
		if (result == 0 && publish_bytes(bootfd, t[i].name, 0644,
		    t[i].octets, t[i].len, NULL) == -1)
			result = why_not(why, "%s: %s", t[i].name,
			    strerror(errno));
		free(t[i].octets);
	}
	return result;
}
