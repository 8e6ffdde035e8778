/* SPDX-License-Identifier: ISC */
/* What @NAME@ is worth for one machine. */
#include "mkboot/values.h"

#include <sys/socket.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/bootdir.h"

#define DISCARD_PORT 9
#define PATH_SIZE (NAME_IMAGE_SIZE + TEMPLATE_NAME_SIZE + 32)

/* The first line of FOLDER/OF/FILE below the boot directory. */
static bool
line_of(const struct values *v, const char *folder, const char *of,
    const char *file, char value[TEMPLATE_VALUE_SIZE])
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/%s/%s", folder, of, file);
	return *of != '\0' &&
	    bootdir_line(v->bootfd, path, value, TEMPLATE_VALUE_SIZE);
}

static bool
variable(const struct values *v, const char *name,
    char value[TEMPLATE_VALUE_SIZE])
{
	char file[TEMPLATE_NAME_SIZE + sizeof("var/")];

	(void)snprintf(file, sizeof(file), "var/%s", name);
	return line_of(v, "machine", v->machine->name, file, value) ||
	    line_of(v, "image", facts_boots(v->machine), file, value);
}

/* The MAC without what is not wanted. */
static bool
mac_value(const struct values *v, char between, size_t skip,
    char value[TEMPLATE_VALUE_SIZE])
{
	const char *p = v->machine->name;
	size_t n = 0;

	for (p += skip; *p != '\0'; p++) {
		if (*p != '-')
			value[n++] = *p;
		else if (between != '\0')
			value[n++] = between;
	}
	value[n] = '\0';
	return true;
}

/* The address that our packets to the machine have: no packet is sent. */
static bool
server_value(const struct values *v, char value[TEMPLATE_VALUE_SIZE])
{
	union address machine, self;
	socklen_t len = sizeof(self);
	char text[TEMPLATE_VALUE_SIZE];
	bool known = false;
	int fd;

	if (!line_of(v, "seen", v->machine->name, "ip", text) ||
	    !address_parse(text, DISCARD_PORT, &machine))
		return false;
	fd = socket(machine.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return false;
	if (connect(fd, &machine.sa, address_length(&machine.sa)) == 0 &&
	    getsockname(fd, &self.sa, &len) == 0)
		known = address_format(&self.sa, value) != NULL;
	close(fd);
	return known;
}

/* Values that a file of the boot directory has under another name. */
static const struct {
	const char *name, *folder, *file;
} files[] = {
	{ "N", "machine", "number" },
	{ "MACHINEID", "machine", "identity/machine-id" },
	{ "HOSTID", "machine", "identity/hostid" },
	{ "DUID", "machine", "identity/duid" },
	{ "IP", "seen", "ip" },
	{ "UUID", "seen", "uuid" },
	{ "SERIAL", "seen", "serial" },
};

static bool
file_value(const struct values *v, const char *name,
    char value[TEMPLATE_VALUE_SIZE])
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].name, name) == 0)
			return line_of(v, files[i].folder, v->machine->name,
			    files[i].file, value);
	return false;
}

/*
 * Whoever boots as machine/default is nobody in particular: what tells
 * machines apart is empty there, so that a template does for both.
 */
static bool
is_of_a_machine(const char *name)
{
	static const char *const others[] = {
		"MAC", "MACCOLONS", "MAC4", "HOSTNAME", "SERVER"
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i], name) == 0)
			return true;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].name, name) == 0)
			return true;
	return false;
}

bool
values_value(void *context, const char *name, char value[TEMPLATE_VALUE_SIZE])
{
	const struct values *v = context;
	const struct machine_facts *m = v->machine;

	if (variable(v, name, value))
		return true;
	if (strcmp(m->name, "default") == 0 && is_of_a_machine(name)) {
		value[0] = '\0';
		return true;
	}
	if (strcmp(name, "MAC") == 0)
		return mac_value(v, '-', 0, value);
	if (strcmp(name, "MACCOLONS") == 0)
		return mac_value(v, ':', 0, value);
	if (strcmp(name, "MAC4") == 0)
		return mac_value(v, '\0', sizeof("52-54-00-12"), value);
	if (strcmp(name, "HOSTNAME") == 0)
		return strlcpy(value, m->hostname, TEMPLATE_VALUE_SIZE) > 0;
	if (strcmp(name, "IMAGE") == 0)
		return strlcpy(value, facts_boots(m), TEMPLATE_VALUE_SIZE) > 0;
	if (strcmp(name, "SERVER") == 0)
		return server_value(v, value);
	return file_value(v, name, value);
}
