/* SPDX-License-Identifier: ISC */
/* What hardware a machine said that it has. */
#include "mkboot/reported.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/name.h"

static int
read_lines(FILE *list, struct strings *devices)
{
	char *line = NULL;
	size_t size = 0;
	int result = 0;

	while (result == 0 && getline(&line, &size, list) != -1) {
		line[strcspn(line, " \t\r\n")] = '\0';
		if (*line != '\0')
			result = strings_add(devices, line);
	}
	free(line);
	strings_sort(devices);
	return ferror(list) ? -1 : result;
}

int
reported_devices(const char *bootdir, const char *machine,
    struct strings *devices, struct why *why)
{
	char path[PATH_MAX], name[NAME_MACHINE_SIZE];
	FILE *list;
	int result = 0;

	if (strchr(machine, '/') != NULL)
		(void)strlcpy(path, machine, sizeof(path));
	else if (!name_machine(machine, name))
		return why_not(why, "--for %s: neither a MAC, as in "
		    "52-54-00-12-34-56, nor a path", machine);
	else
		snprintf(path, sizeof(path), "%s/seen/%s/modalias", bootdir,
		    name);
	if ((list = fopen(path, "re")) == NULL)
		return why_not(why, "%s: %s%s", path, strerror(errno),
		    errno == ENOENT ? ": that machine has not said what "
		    "hardware it has" : "");
	if (read_lines(list, devices) == -1)
		result = why_not(why, "%s: %s", path, strerror(errno));
	else if (devices->n == 0)
		result = why_not(why, "%s: empty", path);
	fclose(list);
	return result;
}
