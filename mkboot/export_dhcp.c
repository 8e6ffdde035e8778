/* SPDX-License-Identifier: ISC */
/* What DHCP servers are told: dnsmasq, ISC dhcpd, Kea. */
#include "mkboot/export.h"

#include <string.h>

#include "common/arch.h"

/* Where iPXE goes on: with what it found there all names are relative. */
#define SCRIPT "http://%s/boot.ipxe"

static void
add_head(struct lines *l, const struct export_facts *f, const char *server)
{
	lines_add(l, "# %s\n# for the boot directory %s,"
	    " whose pub/ is served by TFTP and\n# HTTP at %s.  Made by mkboot"
	    " export of machine/ and pub/loader/:\n# print it again when those"
	    " change.\n"
	    "# What it cannot do: the facts in seen/, and with them what our"
	    " servers give to\n# one machine alone; enrolment; menu/.\n",
	    server, f->boot, f->address);
	if (f->own_loader.n > 0)
		lines_add(l, "# %zu machines have a loader of their own;"
		    " here they get that of all.\n", f->own_loader.n);
}

/* Our proxy is not to answer beside it. */
static void
add_stop(struct lines *l)
{
	lines_add(l, "# Stop proxydhcpd first: one of the two is enough.\n\n");
}

/*
 * A proxy: it gives no addresses.  dhcp-boot, and not pxe-service, whose
 * names without a dot get an ending; without a service dnsmasq tells firmware
 * by 43.6 to take that file at once (rfc2131.c: pxe_opts), for which PXE has
 * to be on: that is what the prompt, which nobody sees, does.
 */
void
export_dnsmasq(struct lines *l, const struct export_facts *f)
{
	size_t i;

	add_head(l, f, "dnsmasq(8), as /etc/dnsmasq.d/pixie.conf");
	lines_add(l, "# It is a proxy beside the DHCP server that is there,"
	    " and a TFTP server.\n"
	    "# UEFI HTTP boot is not done by its proxy: PXE is.\n");
	add_stop(l);
	lines_add(l, "port=0\ndhcp-range=%s,proxy\n"
	    "enable-tftp\ntftp-root=%s/pub\n"
	    "pxe-prompt=\"Pixie\",0\n\n", f->address, f->boot);
	lines_add(l, "dhcp-match=set:ipxe,175\n"
	    "dhcp-userclass=set:ipxe,iPXE\n"
	    "dhcp-boot=tag:ipxe," SCRIPT ",,%s\n", f->address, f->address);
	for (i = 0; i < f->nloaders; i++)
		lines_add(l, "# %s\ndhcp-match=set:arch%u,option:client-arch,"
		    "%u\ndhcp-boot=tag:!ipxe,tag:arch%u,loader/%u,,%s\n",
		    arch_name(f->loader[i].arch), f->loader[i].arch,
		    f->loader[i].arch, f->loader[i].arch, f->loader[i].arch,
		    f->address);
	lines_add(l, "\n# Who is left alone; where dnsmasq gives addresses"
	    " as well, these get none.\n");
	for (i = 0; i < f->boots.n && !f->anybody; i++)
		lines_add(l, "dhcp-mac=set:boots,%s\n", f->boots.at[i]);
	for (i = 0; i < f->alone.n && f->anybody; i++)
		lines_add(l, "dhcp-mac=set:alone,%s\n", f->alone.at[i]);
	lines_add(l, "dhcp-ignore=tag:%s\n", f->anybody ? "alone" : "!boots");
}

/* Firmware that boots by HTTP takes URLs, by their ending (EDK2). */
static bool
is_http(const struct export_loader *loader)
{
	return arch_is_http(loader->arch);
}

/* hardware is the type, 1 for Ethernet, and the address: dhcp-eval(5). */
static void
add_isc_machines(struct lines *l, const struct strings *macs,
    const char *empty)
{
	size_t i;

	if (macs->n == 0)
		lines_add(l, "%s", empty);
	for (i = 0; i < macs->n; i++)
		lines_add(l, "%shardware = 1:%s", i == 0 ? "" : "\n    or ",
		    macs->at[i]);
}

static void
add_isc_loaders(struct lines *l, const struct export_facts *f, bool http)
{
	const char *otherwise = "";
	size_t i;

	for (i = 0; i < f->nloaders; i++) {
		if (is_http(&f->loader[i]) != http)
			continue;
		/* A list of them: the first is what the firmware is. */
		lines_add(l, "\t%sif substring(option pixie-arch, 0, 2) ="
		    " %02x:%02x {\n", otherwise, f->loader[i].arch >> 8,
		    f->loader[i].arch & 0xff);
		if (http)
			lines_add(l, "\t\tfilename \"http://%s/%s\";\n\t}\n",
			    f->address, f->loader[i].file);
		else
			lines_add(l, "\t\tfilename \"loader/%u\";\n\t}\n",
			    f->loader[i].arch);
		otherwise = "els";
	}
}

void
export_isc_dhcpd(struct lines *l, const struct export_facts *f)
{
	add_head(l, f, "ISC dhcpd(8), to be included by dhcpd.conf(5)");
	add_stop(l);
	/* RFC 4578's option 93, and iPXE's own. */
	lines_add(l, "option pixie-arch code 93 = string;\n"
	    "option pixie-ipxe code 175 = string;\n\n"
	    "if %s(", f->anybody ? "not " : "");
	add_isc_machines(l, f->anybody ? &f->alone : &f->boots,
	    "hardware = 00");
	lines_add(l, ") {\n    next-server %s;\n"
	    "    if exists pixie-ipxe or option user-class = \"iPXE\" {\n"
	    "\tfilename \"" SCRIPT "\";\n", f->address, f->address);
	lines_add(l, "    } elsif substring(option vendor-class-identifier,"
	    " 0, 9) = \"PXEClient\" {\n");
	add_isc_loaders(l, f, false);
	lines_add(l, "    } elsif substring(option vendor-class-identifier,"
	    " 0, 10) = \"HTTPClient\" {\n"
	    "\toption vendor-class-identifier \"HTTPClient\";\n");
	add_isc_loaders(l, f, true);
	lines_add(l, "    }\n}\n");
}

/* Kea's expressions have no list: one comparison after the other. */
static void
add_kea_machines(struct lines *l, const struct export_facts *f)
{
	const struct strings *macs = f->anybody ? &f->alone : &f->boots;
	const char *p;
	size_t i;

	lines_add(l, "    { \"name\": \"pixie\",\n      \"test\": \"%s(",
	    f->anybody ? "not " : "");
	for (i = 0; i < macs->n; i++) {
		lines_add(l, "%spkt4.mac == 0x", i == 0 ? "" : " or ");
		for (p = macs->at[i]; *p != '\0'; p++)
			if (*p != ':')
				lines_add(l, "%c", *p);
	}
	lines_add(l, "%s)\" },\n", macs->n == 0 ? "pkt4.mac == 0x00" : "");
}

static void
add_kea_loader(struct lines *l, const struct export_facts *f,
    const struct export_loader *loader)
{
	bool http = is_http(loader);

	lines_add(l, ",\n    { \"name\": \"pixie-%u\",\n      \"test\": \""
	    "member('pixie') and not member('pixie-ipxe') and"
	    " substring(option[60].hex,0,%d) == '%s' and"
	    " substring(option[93].hex,0,2) == 0x%04x\",\n"
	    "      \"next-server\": \"%s\",\n", loader->arch, http ? 10 : 9,
	    http ? "HTTPClient" : "PXEClient", loader->arch, f->address);
	if (http)
		lines_add(l, "      \"option-data\": [ { \"code\": 60,"
		    " \"data\": \"HTTPClient\", \"always-send\": true } ],\n"
		    "      \"boot-file-name\": \"http://%s/%s\" }",
		    f->address, loader->file);
	else
		lines_add(l, "      \"boot-file-name\": \"loader/%u\" }",
		    loader->arch);
}

void
export_kea(struct lines *l, const struct export_facts *f)
{
	size_t i;

	add_head(l, f, "Kea's kea-dhcp4(8), as a member of its \"Dhcp4\":"
	    "\n#   <?include \"/etc/kea/pixie.json\"?>,");
	add_stop(l);
	lines_add(l, "\"client-classes\": [\n");
	add_kea_machines(l, f);
	lines_add(l, "    { \"name\": \"pixie-ipxe\",\n      \"test\": \""
	    "member('pixie') and (option[175].exists or"
	    " option[77].hex == 'iPXE')\",\n"
	    "      \"next-server\": \"%s\",\n"
	    "      \"boot-file-name\": \"" SCRIPT "\" }", f->address,
	    f->address);
	for (i = 0; i < f->nloaders; i++)
		add_kea_loader(l, f, &f->loader[i]);
	lines_add(l, "\n]\n");
}
