/* SPDX-License-Identifier: ISC */
/* Where an NFS root is, from its text to mount(2)'s options. */
#include "mkboot/init/nfsroot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/init/url.h"

#define NFS_PORT 2049

const char *
nfsroot_error_words(enum nfsroot_error error)
{
	static const char *const words[] = {
		[NFSROOT_OK] = "ok",
		[NFSROOT_EMPTY] = "nothing there; "
		    "it is root=nfs:SERVER:/PATH[,options]",
		[NFSROOT_NOT_ABSOLUTE] = "the path begins with no slash; "
		    "it is root=nfs:SERVER:/PATH[,options]",
		[NFSROOT_BAD_SERVER] = "the server is no IPv4 address and no "
		    "[IPv6] one; names are not looked up here",
		[NFSROOT_TOO_LONG] = "path or options are too long",
		[NFSROOT_BAD_PORT] = "port= is a number from 1 to 65535",
	};

	return words[error];
}

/* The server before the colon, unless a path begins there. */
static enum nfsroot_error
take_server(struct nfsroot *n, const char **text)
{
	size_t len;

	if (**text == '/')
		return NFSROOT_OK;
	if (**text == ':') {
		(*text)++;
		return NFSROOT_OK;
	}
	if (**text != '[' && strchr(*text, ':') == NULL)
		return NFSROOT_NOT_ABSOLUTE;
	len = url_host(*text, &n->server);
	if (len == 0 || (*text)[len] != ':')
		return NFSROOT_BAD_SERVER;
	*text += len + 1;
	return NFSROOT_OK;
}

static enum nfsroot_error
take_option(struct nfsroot *n, const char *option)
{
	const char *error;

	if (*option == '\0' || strcmp(option, "ro") == 0)
		return NFSROOT_OK;
	if (strcmp(option, "rw") == 0) {
		n->writable = true;
		return NFSROOT_OK;
	}
	if (strcmp(option, "udp") == 0 || strcmp(option, "proto=udp") == 0)
		n->udp = true;
	if (strncmp(option, "port=", 5) == 0) {
		n->port = (uint16_t)strtonum(option + 5, 1, 65535, &error);
		if (error != NULL)
			return NFSROOT_BAD_PORT;
	}
	if (n->options[0] != '\0')
		strlcat(n->options, ",", sizeof(n->options));
	if (strlcat(n->options, option, sizeof(n->options)) >=
	    sizeof(n->options))
		return NFSROOT_TOO_LONG;
	return NFSROOT_OK;
}

static enum nfsroot_error
take_options(struct nfsroot *n, const char *text)
{
	enum nfsroot_error error = NFSROOT_OK;
	char option[sizeof(n->options)];
	size_t len;

	while (*text == ',' && error == NFSROOT_OK) {
		len = strcspn(++text, ",");
		if (len >= sizeof(option))
			return NFSROOT_TOO_LONG;
		memcpy(option, text, len);
		option[len] = '\0';
		error = take_option(n, option);
		text += len;
	}
	return error;
}

enum nfsroot_error
nfsroot_parse(struct nfsroot *n, const char *text)
{
	enum nfsroot_error error;
	size_t len;

	memset(n, 0, sizeof(*n));
	n->port = NFS_PORT;
	if (*text == '\0')
		return NFSROOT_EMPTY;
	if ((error = take_server(n, &text)) != NFSROOT_OK)
		return error;
	if (*text != '/')
		return NFSROOT_NOT_ABSOLUTE;
	if ((len = strcspn(text, ",")) >= sizeof(n->path))
		return NFSROOT_TOO_LONG;
	memcpy(n->path, text, len);
	n->path[len] = '\0';
	return take_options(n, text + len);
}

void
nfsroot_source(const struct nfsroot *n, const union address *server,
    char *text, size_t size)
{
	char host[ADDRESS_TEXT + 16];

	snprintf(text, size, "%s:%s", url_put_host(server, 0, host,
	    sizeof(host)), n->path);
}

bool
nfsroot_options(const struct nfsroot *n, const union address *server,
    char *text, size_t size)
{
	const char *six = server->sa.sa_family == AF_INET6 ? "6" : "";
	char host[ADDRESS_TEXT];
	int len;

	/*
	 * The server answers MOUNT where it answers NFS, so that nobody need
	 * ask a portmapper; nolock and noacl, as there is no lockd for a root
	 * that each machine writes in its own memory.
	 */
	len = snprintf(text, size, "vers=3,proto=tcp%s,port=%u,mountport=%u,"
	    "mountproto=tcp%s,nolock,noacl,addr=%s%s%s", six, n->port, n->port,
	    six, address_format(&server->sa, host),
	    n->options[0] != '\0' ? "," : "", n->options);
	return len > 0 && (size_t)len < size;
}
