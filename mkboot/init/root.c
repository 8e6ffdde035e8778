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

static void
parse_nfs(struct nfsroot *n, const char *text)
{
	const enum nfsroot_error error = nfsroot_parse(n, text);

	if (error != NFSROOT_OK)
		say_fatal("root=nfs:%s: %s", text, nfsroot_error_words(error));
}

static void
parse_url(struct root *r, const char *text)
{
	const enum url_error error = url_parse(&r->url, text);

	if (error == URL_NO_SCHEME)
		say_fatal("root=%s: not known here; it is "
		    "root=nfs:SERVER:/PATH[,options] or "
		    "root=http://SERVER/PATH", text);
	if (error != URL_OK)
		say_fatal("root=%s: %s", text, url_error_words(error));
	r->is_image = true;
}

/* root=nfs:... or a URL, or the kernel's own root=/dev/nfs with nfsroot=. */
void
root_find(struct root *r, const struct cmdline *c)
{
	memset(r, 0, sizeof(*r));
	if (strncmp(c->root, "nfs:", 4) == 0)
		parse_nfs(&r->nfs, c->root + 4);
	else if (c->root[0] != '\0' && strcmp(c->root, "/dev/nfs") != 0)
		parse_url(r, c->root);
	else if (c->nfsroot[0] != '\0')
		parse_nfs(&r->nfs, c->nfsroot);
}

static const union address *
own_server(const struct root *r)
{
	return r->is_image ? &r->url.server : &r->nfs.server;
}

bool
root_is_ip6(const struct root *r, const struct cmdline *c)
{
	const struct in_addr none = { INADDR_ANY };
	struct servers s;

	servers_choose(&s, own_server(r), c, none);
	return s.n > 0 && s.server[0].sa.sa_family == AF_INET6;
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
mount_nfs(struct root *r, const struct cmdline *c, const struct net *net,
    const char *at)
{
	const char *path = net->lease.facts.root_path;
	struct servers servers;

	if (r->nfs.path[0] == '\0' && path[0] != '\0')
		parse_nfs(&r->nfs, path);
	if (r->nfs.path[0] == '\0')
		say_fatal("root=: not on the kernel's command line; it is "
		    "root=nfs:SERVER:/PATH[,options] or "
		    "root=http://SERVER/PATH");
	/* Several machines share it: only memory is written. */
	if (c->overlay)
		r->nfs.writable = false;
	find_servers(&servers, &r->nfs.server, c, net);
	nfsmount(&r->nfs, &servers, at);
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
		mount_nfs(r, c, net, at);
	if (c->overlay)
		mount_overlay(c->overlay_size);
}
