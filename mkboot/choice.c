/* SPDX-License-Identifier: ISC */
/* The boot menu for people, as a script of iPXE's. */
#include "mkboot/choice.h"

#include <ctype.h>
#include <string.h>

#include "mkboot/text.h"

static const char head[] =
    "#!ipxe\n"
    "#\n"
    "# The boot menu.  Rendered by mkboot(8) from machine/default/menu and\n"
    "# image/: what is altered here is lost.\n"
    "\n"
    ":again\n"
    "menu %s\n";

/*
 * iPXE's menus take milliseconds, and 0 for `wait'.  --replace: as in the
 * first script, what the image's script returns is the last word.
 */
static const char tail[] =
    "item --gap\n"
    "item --key x local The next boot device\n"
    "choose%s --default %s image || goto local\n"
    "iseq ${image} local && goto local ||\n"
    "imgfetch --name chosen ../default.${image}/boot.ipxe && goto chosen ||\n"
    "echo Could not fetch what boots ${image}.\n"
    "sleep 5\n"
    "goto again\n"
    "\n"
    ":local\n"
    "exit 1\n"
    "\n"
    ":chosen\n"
    "chain --replace --autofree chosen\n";

bool
choice_prompt_is_good(const char *prompt)
{
	const char *p;

	if (*prompt == '\0' || *prompt == '-' || strstr(prompt, "||") != NULL ||
	    strstr(prompt, "&&") != NULL)
		return false;
	for (p = prompt; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p) || strchr("#;\\", *p) != NULL)
			return false;
	return true;
}

bool
choice_script(const struct choice *c, char text[SCRIPT_SIZE])
{
	struct text t = { text, 0, SCRIPT_SIZE, false };
	char timeout[sizeof(" --timeout 255000")] = "";
	struct text number = { timeout, 0, sizeof(timeout), false };
	size_t i;

	text_add(&t, head, *c->prompt == '\0' ? "What is this machine to boot?" :
	    c->prompt);
	for (i = 0; i < c->images.n; i++)
		text_add(&t, "item %s %s\n", c->images.at[i],
		    c->images.at[i]);
	if (c->timeout_s == 0)
		text_add(&number, " --timeout 1");
	else if (c->timeout_s < CHOICE_WAIT)
		text_add(&number, " --timeout %u000", c->timeout_s);
	text_add(&t, tail, timeout, c->usual);
	return !t.full;
}
