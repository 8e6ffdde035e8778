/* SPDX-License-Identifier: ISC */
/* Configurations for the kernel's NFS server and for nfs-ganesha. */
#include "common/nfsexport.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_OCTETS 64	/* bootdir(7) */

/* FNV-1a. */
uint64_t
nfsexport_hash(const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *name != '\0'; name++) {
		hash ^= (uint8_t)*name;
		hash *= UINT64_C(0x100000001b3);
	}
	return hash;
}

bool
nfsexport_kind_parse(const char *word, enum nfsexport *kind)
{
	*kind = strcmp(word, "nfsd") == 0 ? NFSEXPORT_NFSD : NFSEXPORT_GANESHA;
	return *kind == NFSEXPORT_NFSD || strcmp(word, "ganesha") == 0;
}

bool
nfsexport_can_say(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789._@-";
	const size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX_OCTETS && name[0] != '.' &&
	    strspn(name, letters) == len;
}

/*
 * mountd takes the folder root/ for its own root, so that machines ask for
 * /NAME here as there: nfs.conf(5).
 */
static const char nfsd_head[] =
    "# exports(5) for what is below %s\n"
    "# In /etc/nfs.conf, so that machines find /NAME and MOUNT's port:\n"
    "#   [exports]\n"
    "#   rootdir=%s\n"
    "#   [mountd]\n"
    "#   port=20048\n"
    "# and in image/NAME/cmdline: root=nfs:${server}:/NAME,mountport=20048\n"
    "# Clients that speak UDP alone need: [nfsd] udp=y\n";

static const char ganesha_head[] =
    "# nfs-ganesha for what is below %s\n"
    "# In image/NAME/cmdline: root=nfs:${server}:/NAME,mountport=20048\n"
    "NFS_CORE_PARAM {\n"
    "\tNFS_Port = 2049;\n"
    "\tMNT_Port = 20048;\n"
    "\tProtocols = 3;\n"
    "\tmount_path_pseudo = true;\n"
    "\tEnable_NLM = false;\n"
    "\tEnable_RQUOTA = false;\n"
    "}\n";

/*
 * As a root file system wants it: nothing is written, root reads all, any
 * port may ask.  The number stands for the file system also where that has
 * none of its own, and tells exports apart that lie on one.
 */
static const char nfsd_export[] = "/%s *(ro,no_root_squash,no_subtree_check,"
    "insecure,fsid=%016" PRIx64 "%016" PRIx64 ")\n";

static const char ganesha_export[] =
    "EXPORT {\n"
    "\tExport_Id = %u;\n"
    "\tPath = \"%s\";\n"
    "\tPseudo = \"/%s\";\n"
    "\tAccess_Type = RO;\n"
    "\tSquash = No_Root_Squash;\n"
    "\tProtocols = 3;\n"
    "\tSecType = sys, none;\n"
    "\tFSAL { Name = VFS; }\n"
    "}\n";

/* Neither syntax has an escape for all of these that its readers agree on. */
static bool
is_plain_path(const char *path)
{
	return strpbrk(path, "\"\\\n\r#") == NULL;
}

const char *
nfsexport_head(enum nfsexport kind, const char *root, char *text, size_t size)
{
	int n;

	if (!is_plain_path(root))
		return NULL;
	if (kind == NFSEXPORT_NFSD)
		n = snprintf(text, size, nfsd_head, root, root);
	else
		n = snprintf(text, size, ganesha_head, root);
	return n < 0 || (size_t)n >= size ? NULL : text;
}

const char *
nfsexport_text(enum nfsexport kind, const char *path, const char *name,
    uint16_t id, char *text, size_t size)
{
	char salted[NAME_MAX_OCTETS + 2];
	int n;

	if (!is_plain_path(path) || !nfsexport_can_say(name))
		return NULL;
	/* A slash is in no name: it makes the second half another hash. */
	snprintf(salted, sizeof(salted), "/%s", name);
	if (kind == NFSEXPORT_NFSD)
		n = snprintf(text, size, nfsd_export, name,
		    nfsexport_hash(name), nfsexport_hash(salted));
	else
		n = snprintf(text, size, ganesha_export, id, path, name);
	return n < 0 || (size_t)n >= size ? NULL : text;
}

static bool
is_taken(uint16_t id, const uint16_t *taken, size_t n)
{
	while (n-- > 0)
		if (taken[n] == id)
			return true;
	return false;
}

uint16_t
nfsexport_id(const char *name, const uint16_t *taken, size_t n)
{
	uint16_t id = (uint16_t)(1 + nfsexport_hash(name) % NFSEXPORT_ID_MAX);

	while (is_taken(id, taken, n))
		id = id == NFSEXPORT_ID_MAX ? 1 : (uint16_t)(id + 1);
	return id;
}
