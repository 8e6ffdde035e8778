/* SPDX-License-Identifier: ISC */
/* mkboot image: finds which of its jobs is meant. */
#include "mkboot/image.h"

#include <string.h>

#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/name.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} jobs[] = {
	{ "add", image_add },
	{ "check", image_check },
	{ "list", image_list },
	{ "rm", image_rm },
	{ "switch", image_switch },
};

void
image_check_name(const char *name)
{
	if (!name_is_image(name))
		log_fatal(EXIT_USER, "image %s: a name has letters, digits, "
		    "`.', `_' and `-', and 64 of them at most", name);
}

int
image_main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (strcmp(jobs[i].name, argv[1]) == 0)
			return jobs[i].run(argc - 1, argv + 1);
	command_usage("image add [flag ...] name [source ...]\n"
	    "       mkboot image check|list|rm|switch [-d dir] "
	    "[name [revision]]");
}
