/* SPDX-License-Identifier: ISC */
/* The parameters vlan= and bond= of the kernel's command line. */
#include "mkboot/init/virtual.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* As the kernel's dev_valid_name(), and no dots that climb in sysfs. */
static bool
take_name(const char *text, size_t len, char name[VIRTUAL_NAME])
{
	size_t i;

	if (len == 0 || len >= VIRTUAL_NAME || text[0] == '.')
		return false;
	for (i = 0; i < len; i++)
		if (!isgraph((unsigned char)text[i]) ||
		    strchr("/:,", text[i]) != NULL)
			return false;
	memcpy(name, text, len);
	name[len] = '\0';
	return true;
}

/* The digits that the name ends in. */
static unsigned
vlan_id(const char *name)
{
	const char *p = name + strlen(name), *error;
	long long id;

	while (p > name && isdigit((unsigned char)p[-1]))
		p--;
	id = strtonum(p, 1, 4094, &error);
	return error == NULL ? (unsigned)id : 0;
}

const char *
virtual_vlan(struct vlan_param *v, const char *value)
{
	const size_t len = strcspn(value, ":");
	struct vlan_param new = { .id = 0 };

	if (!take_name(value, len, new.name) ||
	    (value[len] == ':' && !take_name(value + len + 1,
	    strlen(value + len + 1), new.card)))
		return "it is vlan=NAME:CARD, as in vlan=eth0.5:eth0";
	if ((new.id = vlan_id(new.name)) == 0)
		return "the name ends in the VLAN's number, 1 to 4094";
	*v = new;
	return NULL;
}

const char *
virtual_bond(struct bond_param *b, const char *value)
{
	static const char form[] =
	    "it is bond=NAME:CARD,CARD:mode=MODE, as in "
	    "bond=bond0:eth0,eth1:mode=active-backup";
	struct bond_param new = { .cards = 0 };
	const char *p = value + strcspn(value, ":");
	size_t len;

	if (!take_name(value, (size_t)(p - value), new.name) || *p == '\0')
		return form;
	do {
		len = strcspn(++p, ",:");
		if (new.cards == VIRTUAL_SLAVES ||
		    !take_name(p, len, new.card[new.cards++]))
			return form;
		p += len;
	} while (*p == ',');
	if (*p == ':' && strlcpy(new.options, p + 1, sizeof(new.options)) >=
	    sizeof(new.options))
		return "its options are too long";
	if (strpbrk(new.options, "/:") != NULL)
		return "no slash or colon stands in an option";
	*b = new;
	return NULL;
}

bool
virtual_option(const char **options, char *name, char *value, size_t size)
{
	const char *p = *options;
	size_t len, equals;

	p += strspn(p, ",");
	if (*p == '\0')
		return false;
	len = strcspn(p, ",");
	equals = strcspn(p, "=,");
	*options = p + len;
	name[0] = value[0] = '\0';
	if (equals < len && equals < size && len - equals - 1 < size) {
		memcpy(name, p, equals);
		name[equals] = '\0';
		memcpy(value, p + equals + 1, len - equals - 1);
		value[len - equals - 1] = '\0';
	}
	return true;
}
