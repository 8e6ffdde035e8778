/* SPDX-License-Identifier: ISC */
/* Which names the boot directory takes. */
#include "mkboot/name.h"

#include <ctype.h>
#include <string.h>

#include "common/mac.h"

#define LABEL_MAX 63

bool
name_is_image(const char *name)
{
	const char *p;

	if (!isalnum((unsigned char)name[0]) ||
	    strlen(name) >= NAME_IMAGE_SIZE)
		return false;
	for (p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			return false;
	return true;
}

static bool
is_label(const char *label, size_t len)
{
	size_t i;

	if (len < 1 || len > LABEL_MAX || label[0] == '-' ||
	    label[len - 1] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)label[i]) && label[i] != '-')
			return false;
	return true;
}

bool
name_is_host(const char *name)
{
	const char *label = name, *last = name;
	size_t len;

	if (strlen(name) >= NAME_HOST_SIZE)
		return false;
	for (;;) {
		len = strcspn(label, ".");
		if (!is_label(label, len))
			return false;
		last = label;
		if (label[len] == '\0')
			break;
		label += len + 1;
	}
	/* A domain's last label is a word; only an address ends in digits. */
	return last == name || strspn(last, "0123456789") != strlen(last);
}

bool
name_machine(const char *text, char name[NAME_MACHINE_SIZE])
{
	struct mac mac;

	if (strcmp(text, "default") == 0)
		memcpy(name, text, sizeof("default"));
	else if (mac_parse(text, &mac))
		mac_format(&mac, name);
	else
		return false;
	return true;
}

bool
name_is_machine(const char *text)
{
	char name[NAME_MACHINE_SIZE];

	return name_machine(text, name) && strcmp(text, name) == 0;
}
