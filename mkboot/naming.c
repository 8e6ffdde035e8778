/* SPDX-License-Identifier: ISC */
/* Numbers and host names for new machines. */
#include "mkboot/naming.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/facts.h"
#include "mkboot/publish.h"
#include "mkboot/template.h"
#include "mkboot/values.h"

#define LAST "machine/default/number"
#define LIST "machine/default/hostnames"
#define PATTERN "machine/default/hostname"

static unsigned long
number_in(int bootfd, const char *path)
{
	char line[32];

	return bootdir_line(bootfd, path, line, sizeof(line)) ?
	    strtoul(line, NULL, 10) : 0;
}

/* The greatest number that a machine has; for who keeps no last one. */
static unsigned long
greatest(int bootfd)
{
	struct strings names = { NULL, 0 };
	unsigned long n, most = 0;
	char path[64];
	size_t i;

	(void)facts_machines(bootfd, &names);
	for (i = 0; i < names.n; i++) {
		(void)snprintf(path, sizeof(path), "machine/%s/number",
		    names.at[i]);
		n = number_in(bootfd, path);
		most = n > most ? n : most;
	}
	strings_free(&names);
	return most;
}

unsigned long
naming_number(int bootfd, struct why *why)
{
	unsigned long n = number_in(bootfd, LAST);
	char line[32];

	if (n == 0)
		n = greatest(bootfd);
	(void)snprintf(line, sizeof(line), "%lu\n", ++n);
	/* Without a default there is nowhere to keep it. */
	if (bootdir_exists(bootfd, "machine/default") &&
	    publish_bytes(bootfd, LAST, 0644, line, strlen(line), NULL) == -1) {
		(void)why_not(why, "%s: %s", LAST, strerror(errno));
		return 0;
	}
	return n;
}

/* The host names that machines have. */
static int
names_in_use(int bootfd, struct strings *used)
{
	struct strings machines = { NULL, 0 };
	char path[64], line[NAME_HOST_SIZE];
	int result;
	size_t i;

	result = facts_machines(bootfd, &machines);
	for (i = 0; i < machines.n && result == 0; i++) {
		(void)snprintf(path, sizeof(path), "machine/%s/hostname",
		    machines.at[i]);
		if (bootdir_line(bootfd, path, line, sizeof(line)))
			result = strings_add(used, line);
	}
	strings_free(&machines);
	strings_sort(used);
	return result;
}

static int
compare(const void *key, const void *name)
{
	return strcmp(key, *(char *const *)name);
}

static bool
is_in(const struct strings *sorted, const char *name)
{
	return sorted->n > 0 && bsearch(name, sorted->at, sorted->n,
	    sizeof(sorted->at[0]), compare) != NULL;
}

static int
from_list(FILE *list, const struct strings *used,
    char hostname[NAME_HOST_SIZE], struct why *why)
{
	char line[NAME_HOST_SIZE + 1];

	while (fgets(line, sizeof(line), list) != NULL) {
		line[strcspn(line, " \t\r\n")] = '\0';
		if (*line == '\0' || *line == '#' || is_in(used, line))
			continue;
		if (!name_is_host(line))
			return why_not(why, LIST ": %s is no host name "
			    "(RFC 1123)", line);
		(void)strlcpy(hostname, line, NAME_HOST_SIZE);
		return 0;
	}
	return why_not(why, LIST ": each name there has its machine already");
}

/* A pattern's values: a machine that is yet to be made has but its number. */
struct pattern {
	struct values values;
	unsigned long number;
};

static bool
pattern_value(void *context, const char *name,
    char value[TEMPLATE_VALUE_SIZE])
{
	struct pattern *p = context;

	if (strcmp(name, "N") != 0)
		return values_value(&p->values, name, value);
	(void)snprintf(value, TEMPLATE_VALUE_SIZE, "%lu", p->number);
	return true;
}

static int
from_pattern(int bootfd, const char *machine, unsigned long number,
    char hostname[NAME_HOST_SIZE], struct why *why)
{
	struct machine_facts m = { .name = "" };
	struct pattern p = { { bootfd, &m }, number };
	const struct template_values values = { pattern_value, &p };
	struct template_text made;
	char pattern[256];
	size_t len;

	hostname[0] = '\0';
	if (!bootdir_line(bootfd, PATTERN, pattern, sizeof(pattern)) ||
	    strchr(pattern, '@') == NULL)
		return 0;
	(void)strlcpy(m.name, machine, sizeof(m.name));
	if (template_expand(pattern, strlen(pattern), &values, &made) !=
	    TEMPLATE_OK)
		return why_not(why, PATTERN ": no value for @%s@ yet",
		    made.unknown);
	len = made.len < NAME_HOST_SIZE ? made.len : NAME_HOST_SIZE - 1;
	memcpy(hostname, made.text, len);
	hostname[len] = '\0';
	free(made.text);
	return name_is_host(hostname) && made.len == len ? 0 : why_not(why,
	    PATTERN ": %s is no host name (RFC 1123)", hostname);
}

int
naming_host(int bootfd, const char *machine, unsigned long number,
    char hostname[NAME_HOST_SIZE], struct why *why)
{
	struct strings used = { NULL, 0 };
	int result, fd = bootdir_openat(bootfd, LIST, O_RDONLY | O_NONBLOCK);
	FILE *list;

	if (fd == -1)
		return from_pattern(bootfd, machine, number, hostname, why);
	if ((list = fdopen(fd, "r")) == NULL) {
		close(fd);
		return why_not(why, LIST ": %s", strerror(errno));
	}
	result = names_in_use(bootfd, &used);
	if (result == -1)
		(void)why_not(why, "machine/: %s", strerror(errno));
	else
		result = from_list(list, &used, hostname, why);
	strings_free(&used);
	(void)fclose(list);
	return result;
}
