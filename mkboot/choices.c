/* SPDX-License-Identifier: ISC */
/* Reads what the boot menu for people has in it. */
#include "mkboot/choices.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bootdir.h"

#define MENU "machine/default/menu"
#define PREFIX "default."
#define USUAL_TIMEOUT_S 10

void
choices_folder(const char *image, char folder[CHOICES_FOLDER])
{
	(void)snprintf(folder, CHOICES_FOLDER, PREFIX "%s", image);
}

const char *
choices_image(const char *folder)
{
	return strncmp(folder, PREFIX, strlen(PREFIX)) == 0 ?
	    folder + strlen(PREFIX) : NULL;
}

/* The two values that a ROM's menu has as well: proxydhcpd(8). */
static int
read_values(struct choice *c, int bootfd, struct why *why)
{
	const char *error = NULL;
	char line[16];

	c->timeout_s = USUAL_TIMEOUT_S;
	if (bootdir_line(bootfd, MENU "/timeout", line, sizeof(line)))
		c->timeout_s = (unsigned)strtonum(line, 0, CHOICE_WAIT,
		    &error);
	if (error != NULL)
		return why_not(why, MENU "/timeout: %s: from 0 to 255 "
		    "seconds", error);
	if (bootdir_line(bootfd, MENU "/prompt", c->prompt,
	    sizeof(c->prompt)) && !choice_prompt_is_good(c->prompt))
		return why_not(why, MENU "/prompt: iPXE cannot show it");
	return 0;
}

/* What has a kind: folders of other purposes are no images. */
static int
read_images(struct choice *c, int bootfd, struct why *why)
{
	struct strings all = { NULL, 0 };
	char path[sizeof("image//kind") + NAME_IMAGE_SIZE];
	int result = facts_list(bootfd, "image", &all);
	size_t i;

	for (i = 0; i < all.n && result == 0; i++) {
		if (!name_is_image(all.at[i]))
			continue;
		(void)snprintf(path, sizeof(path), "image/%s/kind", all.at[i]);
		if (bootdir_exists(bootfd, path))
			result = strings_add(&c->images, all.at[i]);
	}
	strings_free(&all);
	return result == 0 ? 0 : why_not(why, "image/: %s", strerror(errno));
}

int
choices_read(struct choice *c, int bootfd, const struct machine_facts *m,
    bool *wanted, struct why *why)
{
	memset(c, 0, sizeof(*c));
	*wanted = false;
	if (strcmp(m->name, "default") != 0 || !bootdir_exists(bootfd, MENU))
		return 0;
	if (read_values(c, bootfd, why) == -1 ||
	    read_images(c, bootfd, why) == -1)
		return -1;
	(void)strlcpy(c->usual, facts_boots(m), sizeof(c->usual));
	*wanted = c->images.n > 1;
	return 0;
}

void
choices_free(struct choice *c)
{
	strings_free(&c->images);
}
