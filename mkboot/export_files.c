/* SPDX-License-Identifier: ISC */
/* What HTTP and TFTP servers are told: nginx, lighttpd, tftpd-hpa. */
#include "mkboot/export.h"

#include <string.h>

static void
add_head(struct lines *l, const struct export_facts *f, const char *server,
    const char *ours)
{
	lines_add(l, "# %s for pub/ of the boot directory\n# %s, in place of"
	    " %s.  Made by mkboot export.\n", server, f->boot, ours);
	lines_add(l, "# Files of one machine alone, which are not"
	    " world-readable, it must not\n# give to others: its user is not"
	    " to be root, nor in the group of seen/%s%s.\n# Machines come up"
	    " without them, and say so.\n", f->group == NULL ? "" : ", ",
	    f->group == NULL ? "" : f->group);
}

/* EDK2 goes by the type where the name has no ending: loader/ARCH. */
static const char *
type_of(const char *file)
{
	const char *dot = strrchr(file, '.');

	if (dot == NULL || strcmp(dot, ".efi") == 0)
		return "application/efi";
	return strcmp(dot, ".iso") == 0 ? "application/vnd.efi-iso" :
	    strcmp(dot, ".img") == 0 ? "application/vnd.efi-img" :
	    "application/octet-stream";
}

void
export_nginx(struct lines *l, const struct export_facts *f)
{
	size_t i;

	add_head(l, f, "nginx(8), as /etc/nginx/conf.d/pixie.conf,",
	    "httpbootd(8)");
	lines_add(l, "# What it cannot do: keep seen/ (who fetched what, and"
	    " what machines report),\n# and the page that shows it.\n\n"
	    "server {\n"
	    "\tlisten %s:80;\n"
	    "\troot %s/pub;\n"
	    "\tdefault_type application/octet-stream;\n"
	    "\ttypes {\n"
	    "\t\tapplication/efi efi;\n"
	    "\t\tapplication/vnd.efi-iso iso;\n"
	    "\t\tapplication/vnd.efi-img img;\n"
	    "\t\ttext/plain ipxe txt cfg conf;\n"
	    "\t}\n"
	    "\tsendfile on;\n"
	    "\tautoindex off;\n"
	    "\t# A dot in front: it is just being written.\n"
	    "\tlocation ~ /\\. { return 404; }\n"
	    "\tlocation = /report { return 204; }\n", f->address, f->boot);
	for (i = 0; i < f->nloaders; i++)
		lines_add(l, "\tlocation = /loader/%u { types { }"
		    " default_type %s; }\n", f->loader[i].arch,
		    type_of(f->loader[i].file));
	lines_add(l, "}\n");
}

void
export_lighttpd(struct lines *l, const struct export_facts *f)
{
	size_t i;

	add_head(l, f, "lighttpd(8), as its whole configuration,",
	    "httpbootd(8)");
	lines_add(l, "# What it cannot do: keep seen/ (who fetched what, and"
	    " what machines report:\n# /report is an error to it, which they"
	    " bear), and the page that shows it.\n\n"
	    "server.modules = ( \"mod_access\" )\n"
	    "server.bind = \"%s\"\n"
	    "server.port = 80\n"
	    "server.username = \"www-data\"\n"
	    "server.groupname = \"www-data\"\n"
	    "server.document-root = \"%s/pub\"\n"
	    "server.follow-symlink = \"enable\"\n"
	    "# A dot in front: it is just being written.\n"
	    "$HTTP[\"url\"] =~ \"/\\.\" { url.access-deny = ( \"\" ) }\n"
	    "# By the end of the name; the first that fits.\n"
	    "mimetype.assign = (\n", f->address, f->boot);
	for (i = 0; i < f->nloaders; i++)
		lines_add(l, "\t\"/loader/%u\" => \"%s\",\n",
		    f->loader[i].arch, type_of(f->loader[i].file));
	lines_add(l, "\t\".efi\" => \"application/efi\",\n"
	    "\t\".iso\" => \"application/vnd.efi-iso\",\n"
	    "\t\".img\" => \"application/vnd.efi-img\",\n"
	    "\t\".ipxe\" => \"text/plain\",\n"
	    "\t\"\" => \"application/octet-stream\"\n)\n");
}

/* Its rules are regular expressions in turn: tftpd(8), FILENAME REMAPPING. */
void
export_tftpd_hpa(struct lines *l, const struct export_facts *f)
{
	add_head(l, f, "A map for tftpd-hpa(8), as /etc/tftpd.map,",
	    "tftpd(8)");
	lines_add(l, "# Its flags, on Debian in /etc/default/tftpd-hpa:\n"
	    "#   TFTP_USERNAME=\"tftp\"\n"
	    "#   TFTP_ADDRESS=\"%s:69\"\n"
	    "#   TFTP_DIRECTORY=\"%s/pub\"\n"
	    "#   TFTP_OPTIONS=\"--secure --map-file /etc/tftpd.map\"\n"
	    "# It reads world-readable files alone, as long as --permissive"
	    " is not said.\n"
	    "# What it cannot do: keep seen/; machine/MAC/NAME for who asks"
	    " for NAME;\n# etc/random.seed, fresh for each; windows"
	    " (RFC 7440).\n\n", f->address, f->boot);
	lines_add(l, "# ROMs with backslashes, and slashes in front or"
	    " doubled.\n"
	    "rg \\\\ /\n"
	    "rg //+ /\n"
	    "r ^/+\n"
	    "# A dot in front: it is just being written.\n"
	    "a (^|/)\\.\n");
}
