/* SPDX-License-Identifier: ISC */
/* Bonds (by sysfs) and VLANs (by ioctl) out of the cards that are there. */
#include "mkboot/init/stack.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/if_vlan.h>
#include <linux/sockios.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/nic.h"
#include "mkboot/init/say.h"

#define MASTERS "/sys/class/net/bonding_masters"

static bool
exists(const char *name)
{
	struct nic nic;

	return nic_find(name, &nic);
}

/* 0, or -1 with errno. */
static int
put(const char *path, const char *prefix, const char *value)
{
	char text[VIRTUAL_OPTIONS + 2];
	int error, fd, len;

	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	len = snprintf(text, sizeof(text), "%s%s", prefix, value);
	error = write(fd, text, (size_t)len) == len ? 0 : errno;
	close(fd);
	errno = error;
	return error == 0 ? 0 : -1;
}

static void
put_bond(const struct bond_param *b, const char *what, const char *prefix,
    const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/bonding/%s", b->name,
	    what);
	if (put(path, prefix, value) == -1)
		say_warn("%s: %s=%s: %s", b->name, what, value,
		    strerror(errno));
}

/* Its mode must stand before it has cards, and those must be down. */
static void
make_bond(const struct bond_param *b)
{
	char name[64], value[64];
	const char *options = b->options;
	size_t i;

	if (put(MASTERS, "+", b->name) == -1 && errno != EEXIST) {
		say_warn("bond=%s: %s%s", b->name, strerror(errno),
		    errno == ENOENT ? "; make the initrd with -m bonding" :
		    "");
		return;
	}
	(void)nic_down(b->name);
	/* Without it a bond does not see that a cable is out. */
	if (strstr(b->options, "miimon=") == NULL)
		put_bond(b, "miimon", "", "100");
	while (virtual_option(&options, name, value, sizeof(name)))
		if (name[0] != '\0')
			put_bond(b, name, "", value);
	for (i = 0; i < b->cards; i++) {
		(void)nic_down(b->card[i]);
		put_bond(b, "slaves", "+", b->card[i]);
	}
	if (nic_up(b->name) == -1)
		say_warn("%s: %s", b->name, strerror(errno));
}

static bool
bond_has_cards(const struct bond_param *b)
{
	size_t i;

	for (i = 0; i < b->cards; i++)
		if (!exists(b->card[i]))
			return false;
	return true;
}

static int
add_vlan(int fd, const char *card, const struct vlan_param *v)
{
	struct vlan_ioctl_args a = { .cmd = SET_VLAN_NAME_TYPE_CMD };

	a.u.name_type = VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD;
	if (ioctl(fd, SIOCSIFVLAN, &a) == -1)
		return -1;
	memset(&a, 0, sizeof(a));
	a.cmd = ADD_VLAN_CMD;
	strlcpy(a.device1, card, sizeof(a.device1));
	a.u.VID = (int)v->id;
	return ioctl(fd, SIOCSIFVLAN, &a);
}

static int
rename_card(int fd, const char *from, const char *to)
{
	struct ifreq r;

	memset(&r, 0, sizeof(r));
	strlcpy(r.ifr_name, from, sizeof(r.ifr_name));
	strlcpy(r.ifr_newname, to, sizeof(r.ifr_newname));
	return ioctl(fd, SIOCSIFNAME, &r);
}

static void
make_vlan(const char *card, const struct vlan_param *v)
{
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char name[VIRTUAL_NAME + 8];

	snprintf(name, sizeof(name), "%s.%u", card, v->id);
	if (nic_up(card) == -1)
		say_warn("%s: %s", card, strerror(errno));
	if (add_vlan(fd, card, v) == -1)
		say_warn("vlan=%s:%s: %s%s", v->name, card, strerror(errno),
		    errno == ENOPKG || errno == ENOTTY || errno == EINVAL ?
		    "; make the initrd with -m 8021q" : "");
	else if (strcmp(name, v->name) != 0 &&
	    rename_card(fd, name, v->name) == -1)
		say_warn("vlan=%s: %s", v->name, strerror(errno));
	close(fd);
}

/* What a VLAN stands on: as it was said, or the bond, or BOOTIF's card. */
static bool
vlan_card(const struct cmdline *c, char card[VIRTUAL_NAME])
{
	struct nic nic[NIC_MAX];
	size_t i, n;

	strlcpy(card, c->vlan.card[0] != '\0' ? c->vlan.card : c->bond.name,
	    VIRTUAL_NAME);
	if (card[0] != '\0')
		return exists(card);
	n = nic_list(nic);
	for (i = 0; i < n; i++)
		if (!c->have_bootif || memcmp(&nic[i].mac, &c->bootif,
		    sizeof(c->bootif)) == 0) {
			strlcpy(card, nic[i].name, VIRTUAL_NAME);
			return true;
		}
	return false;
}

void
stack_make(struct stack *s, const struct cmdline *c, struct coldplug *coldplug)
{
	char card[VIRTUAL_NAME];

	if (c->bond.name[0] != '\0' && !s->bonded) {
		if (!bond_has_cards(&c->bond))
			return;
		s->bonded = true;
		coldplug_named(coldplug, "bonding");
		make_bond(&c->bond);
	}
	if (c->vlan.name[0] != '\0' && !s->tagged && vlan_card(c, card)) {
		s->tagged = true;
		coldplug_named(coldplug, "8021q");
		make_vlan(card, &c->vlan);
	}
}

const char *
stack_top(const struct cmdline *c)
{
	return c->vlan.name[0] != '\0' ? c->vlan.name :
	    c->bond.name[0] != '\0' ? c->bond.name : NULL;
}
