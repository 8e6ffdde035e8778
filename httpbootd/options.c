/* SPDX-License-Identifier: ISC */
/* The flags, and the files that they name. */
#include "httpbootd/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

#define PORT 80
#define PORT_TLS 443
#define EXTRA_USAGE "[-a number] [-c cert -k key] [-m mac]"
#define PEM_MAX (256 * 1024)	/* a chain of certificates */

static void
usage(const struct options *o)
{
	daemon_usage(&o->daemon, EXTRA_USAGE);
}

static void
set_flag(struct options *o, int flag, const char *value)
{
	const char *why;

	switch (flag) {
	case 'a':
		o->each = (unsigned)strtonum(value, 1, OPTIONS_EACH_MAX, &why);
		if (why != NULL)
			log_fatal(EXIT_USER, "-a %s: %s; say how many "
			    "connections one address may have", value, why);
		break;
	case 'c':
		o->certificate = value;
		break;
	case 'k':
		o->key = value;
		break;
	case 'm':
		if (!mac_parse(value, &o->mac))
			log_fatal(EXIT_USER, "-m %s: no hardware address; "
			    "say 52-54-00-12-34-56", value);
		o->known = true;
		break;
	default:
		if (!daemon_flag(&o->daemon, flag, value))
			usage(o);
	}
}

void
options_parse(struct options *o, int argc, char **argv)
{
	int flag;

	memset(o, 0, sizeof(*o));
	daemon_init(&o->daemon, "httpbootd", 0);
	while ((flag = getopt(argc, argv, DAEMON_FLAGS "a:c:k:m:")) != -1)
		set_flag(o, flag, optarg);
	if (optind != argc || (o->certificate == NULL) != (o->key == NULL))
		usage(o);
	if (o->daemon.port == 0)
		o->daemon.port = o->key == NULL ? PORT : PORT_TLS;
}

char *
options_read_pem(const char *path)
{
	char *text = calloc(1, PEM_MAX + 1);
	FILE *file = fopen(path, "re");
	size_t len;

	if (text == NULL || file == NULL)
		log_fatal(EXIT_USER, "%s: %s", path, strerror(errno));
	len = fread(text, 1, PEM_MAX, file);
	if (ferror(file) || len == PEM_MAX || strstr(text, "-----BEGIN ") ==
	    NULL)
		log_fatal(EXIT_USER, "%s: not a PEM file", path);
	fclose(file);
	return text;
}
