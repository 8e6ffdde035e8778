/* SPDX-License-Identifier: ISC */
/* iPXE's targets, and the script that is built into them. */
#include "mkboot/embed.h"

#include <ctype.h>
#include <string.h>

/*
 * The proxy's server goes before the DHCP server's, which beside one that
 * names itself as next-server is the router.  HTTP first, which is quicker.
 * A dozen tries take five minutes: a network or a server that comes up after
 * its machines is waited for.
 */
static const char script[] =
    "#!ipxe\n"
    "set tried:int32 0\n"
    ":again\n"
    "clear server ||\n"
    "set failed no address by DHCP\n"
    "dhcp || goto failed\n"
    "isset ${proxydhcp/next-server} &&"
    " set server ${proxydhcp/next-server} ||\n"
    "isset ${server} || set server ${proxydhcp/dhcp-server} ||\n"
    "isset ${server} || set server ${net0/next-server} ||\n"
    "isset ${server} || set server ${next-server} ||\n"
    "set failed nobody names a server\n"
    "isset ${server} || goto failed\n"
    "set failed no boot.ipxe from ${server}\n"
    "imgfetch --name first http://${server}/boot.ipxe && goto first ||\n"
    "imgfetch --name first tftp://${server}/boot.ipxe && goto first ||\n"
    "\n"
    ":failed\n"
    "inc tried\n"
    "echo Try ${tried} of 12: ${failed}.\n"
    "iseq ${tried} 12 && exit 1 ||\n"
    "sleep 15\n"
    "ifclose ||\n"
    "goto again\n"
    "\n"
    ":first\n"
    "chain --replace --autofree first\n";

bool
embed_target_is_good(const char *target)
{
	const char *p;

	if (strncmp(target, "bin", 3) != 0 || strchr(target, '/') == NULL ||
	    strstr(target, "..") != NULL)
		return false;
	for (p = target; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-/", *p) == NULL)
			return false;
	return true;
}

/* `bin' alone is a PC's BIOS. */
static const char *
machine_of(const char *target)
{
	if (strncmp(target, "bin-arm64", 9) == 0)
		return "aarch64";
	if (strncmp(target, "bin-arm32", 9) == 0)
		return "arm";
	return "x86_64";
}

const char *
embed_cross(const char *target, const char *host)
{
	const char *machine = machine_of(target);

	if (strncmp(host, machine, strlen(machine)) == 0)
		return "";
	if (strcmp(machine, "aarch64") == 0)
		return "aarch64-linux-gnu-";
	return strcmp(machine, "arm") == 0 ? "arm-linux-gnueabihf-" :
	    "x86_64-linux-gnu-";
}

bool
embed_is_disc(const char *target)
{
	const char *dot = strrchr(target, '.');

	return dot != NULL && (strcmp(dot, ".iso") == 0 ||
	    strcmp(dot, ".usb") == 0 || strcmp(dot, ".dsk") == 0);
}

const char *
embed_script(void)
{
	return script;
}
