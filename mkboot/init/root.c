/* SPDX-License-Identifier: ISC */
/* Mounts the root: NFS or an image below, memory above. */
#include "mkboot/init/root.h"

#include <sys/mount.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mkboot/init/nfsmount.h"
#include "mkboot/init/ramroot.h"
#include "mkboot/init/say.h"

/* Below /run, so that the running system can look at both. */
#define LOWER "/run/pixie/lower"
#define UPPER "/run/pixie/upper"

static const char *
nfs_text(const struct cmdline *c, const struct net *net)
{
	if (strncmp(c->root, "nfs:", 4) == 0)
		return c->root + 4;
	if (c->nfsroot[0] != '\0')
		return c->nfsroot;
	return net->lease.facts.root_path;
}

/*
 * root=nfs:..., or the kernel's own root=/dev/nfs with nfsroot=, or else what
 * DHCP's root path says; or a URL.
 */
void
root_find(struct root *r, const struct cmdline *c)
{
	enum url_error error;

	memset(r, 0, sizeof(*r));
	if (c->root[0] == '\0' || strncmp(c->root, "nfs:", 4) == 0 ||
	    strcmp(c->root, "/dev/nfs") == 0)
		return;
	error = url_parse(&r->url, c->root);
	if (error == URL_NO_SCHEME)
		say_fatal("root=%s: not known here; it is "
		    "root=nfs:SERVER:/PATH[,options] or "
		    "root=http://SERVER/PATH", c->root);
	if (error != URL_OK)
		say_fatal("root=%s: %s", c->root, url_error_words(error));
	r->is_image = true;
}

static void
find_nfs(struct nfsroot *n, const struct cmdline *c, const struct net *net)
{
	const char *text = nfs_text(c, net);
	enum nfsroot_error error;

	if (text[0] == '\0')
		say_fatal("root=: not on the kernel's command line; it is "
		    "root=nfs:SERVER:/PATH[,options] or "
		    "root=http://SERVER/PATH");
	if ((error = nfsroot_parse(n, text)) != NFSROOT_OK)
		say_fatal("root=nfs:%s: %s", text, nfsroot_error_words(error));
}

static void
find_servers(struct servers *s, const union address *own,
    const struct cmdline *c, const struct net *net)
{
	servers_choose(s, own, c, net->lease.facts.next_server);
	if (s->n == 0)
		say_fatal("root=%s: which server?  Say it there, or by "
		    "server=ADDRESS", c->root);
}

/* What the system writes goes to memory; nobody else sees it. */
static void
mount_overlay(const char *size)
{
	char options[64];

	snprintf(options, sizeof(options), "mode=0755%s%s",
	    size[0] != '\0' ? ",size=" : "", size);
	(void)mkdir(UPPER, 0755);
	if (mount("upper", UPPER, "tmpfs", MS_NODEV | MS_NOSUID,
	    options) == -1)
		say_fatal("overlay: tmpfs with %s: %s", options,
		    strerror(errno));
	if (mkdir(UPPER "/upper", 0755) == -1 ||
	    mkdir(UPPER "/work", 0755) == -1)
		say_fatal("overlay: %s", strerror(errno));
	if (mount("overlay", ROOT_NEW, "overlay", 0, "lowerdir=" LOWER
	    ",upperdir=" UPPER "/upper,workdir=" UPPER "/work") == -1)
		say_fatal("overlay: %s%s", strerror(errno), errno == ENODEV ?
		    "; make the initrd with -m overlay, or boot with "
		    "overlay=none" : "");
}

static void
mount_image(struct root *r, const struct cmdline *c, const struct net *net,
    struct coldplug *coldplug, const char *at)
{
	struct servers servers;

	find_servers(&servers, &r->url.server, c, net);
	/* Nothing asks for it by itself before its nodes are there. */
	coldplug_named(coldplug, "loop");
	ramroot(&r->url, &servers, c->sha256, at);
}

static void
mount_nfs(const struct cmdline *c, const struct net *net, const char *at)
{
	struct servers servers;
	struct nfsroot n;

	find_nfs(&n, c, net);
	/* Several machines share it: only memory is written. */
	if (c->overlay)
		n.writable = false;
	find_servers(&servers, &n.server, c, net);
	nfsmount(&n, &servers, at);
}

void
root_mount(struct root *r, const struct cmdline *c, const struct net *net,
    struct coldplug *coldplug)
{
	const char *at = c->overlay ? LOWER : ROOT_NEW;

	(void)mkdir(LOWER, 0755);
	if (r->is_image)
		mount_image(r, c, net, coldplug, at);
	else
		mount_nfs(c, net, at);
	if (c->overlay)
		mount_overlay(c->overlay_size);
}
