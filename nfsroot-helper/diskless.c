/* SPDX-License-Identifier: ISC */
/* What the boot directory says of machines that boot by BOOTPARAM. */
#include "nfsroot-helper/diskless.h"

#include <arpa/inet.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/bootdir.h"
#include "nfsroot-helper/folder.h"

#define PATH_OCTETS 128

/* A file of the machine with an IPv4 address in it. */
static bool
address_in(int bootfd, const char *path, struct in_addr *address)
{
	char line[ADDRESS_TEXT];

	return bootdir_line(bootfd, path, line, sizeof(line)) &&
	    inet_pton(AF_INET, line, address) == 1;
}

static void
set_name(int bootfd, struct diskless *d)
{
	char path[PATH_OCTETS], text[MAC_TEXT];

	snprintf(path, sizeof(path), "%s/hostname", d->folder);
	if (!bootdir_line(bootfd, path, d->name, sizeof(d->name)) ||
	    d->name[0] == '\0')
		strlcpy(d->name, mac_format(&d->mac, text), sizeof(d->name));
}

bool
diskless_by_mac(int bootfd, const struct mac *mac, struct diskless *d,
    const char **why)
{
	char path[PATH_OCTETS];

	d->mac = *mac;
	if (bootdir_machine(bootfd, mac, d->folder, sizeof(d->folder)) ==
	    NULL) {
		*why = "there is no machine/MAC for it, nor machine/default";
		return false;
	}
	snprintf(path, sizeof(path), "%s/bootparam", d->folder);
	if (!bootdir_exists(bootfd, path)) {
		*why = "its folder in machine/ has no bootparam/";
		return false;
	}
	set_name(bootfd, d);
	return true;
}

struct wanted {
	int bootfd;
	struct in_addr address;
	struct diskless *found;
	bool is_found;
};

static bool
try_machine(void *arg, const struct folder_entry *entry)
{
	struct wanted *w = arg;
	struct in_addr address;
	char path[PATH_OCTETS];
	const char *why;
	struct mac mac;

	if (!mac_parse(entry->name, &mac))
		return true;
	snprintf(path, sizeof(path), "machine/%.*s/ip", MAC_TEXT, entry->name);
	if (address_in(w->bootfd, path, &address) &&
	    address.s_addr == w->address.s_addr)
		w->is_found = diskless_by_mac(w->bootfd, &mac, w->found, &why);
	return !w->is_found;
}

bool
diskless_by_address(int bootfd, const struct seen *seen,
    struct in_addr address, struct diskless *d, const char **why)
{
	struct wanted w = { .bootfd = bootfd, .address = address, .found = d };
	const struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr = address };
	union address sa = { .in = sin };
	struct mac mac;
	int fd;

	*why = "neither seen/ip nor a machine's own ip knows the address";
	if (seen_whose(seen, &sa.sa, &mac) &&
	    diskless_by_mac(bootfd, &mac, d, why)) {
		*why = "seen/ip knows the address";
		return true;
	}
	fd = bootdir_openat(bootfd, "machine", O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return false;
	folder_each(fd, 0, try_machine, &w);
	close(fd);
	if (w.is_found)
		*why = "the machine's own ip has the address";
	return w.is_found;
}

bool
diskless_address(int bootfd, const struct diskless *d, struct in_addr *address)
{
	char path[PATH_OCTETS], text[MAC_TEXT];

	/* One that stands in machine/default would be everybody's. */
	snprintf(path, sizeof(path), "machine/%s/ip",
	    mac_format(&d->mac, text));
	if (address_in(bootfd, path, address))
		return true;
	snprintf(path, sizeof(path), "seen/%s/ip", text);
	return address_in(bootfd, path, address);
}

bool
diskless_line(int bootfd, const struct diskless *d, const char *key,
    char *line, size_t size)
{
	char path[PATH_OCTETS];

	snprintf(path, sizeof(path), "%s/bootparam/%s", d->folder, key);
	return bootdir_line(bootfd, path, line, size);
}
