/* SPDX-License-Identifier: ISC */
/* The flags of mkboot initrd. */
#include "mkboot/request.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"

#define USAGE "initrd [-b file] [-d dir] [-F dir] [-f feature] [-I init]\n" \
	"           [-k version] [-m module] [-o file] [-r root] " \
	"[-z kind] [--for mac]\n" \
	"       mkboot initrd --diff a b\n" \
	"       mkboot initrd [-r root] --needs file ..."

/* What /init can do with no more said: see mkboot/init. */
#define USUAL "net,nfs,squashfs,vlan,bonding"

enum { FOR = 256, DIFF, NEEDS };

static const struct option words[] = {
	{ "for", required_argument, NULL, FOR },
	{ "diff", no_argument, NULL, DIFF },
	{ "needs", no_argument, NULL, NEEDS },
	{ NULL, 0, NULL, 0 }
};

static void
add(struct strings *s, const char *text)
{
	if (strings_add(s, text) == -1)
		log_fatal(EXIT_SYSTEM, "initrd: %s", strerror(errno));
}

/* Features stand one a flag, or several with commas between. */
static void
add_features(struct request *r, const char *list)
{
	char *copy, *rest, *name;

	if ((copy = rest = strdup(list)) == NULL)
		log_fatal(EXIT_SYSTEM, "initrd: %s", strerror(errno));
	while ((name = strsep(&rest, ",")) != NULL)
		if (*name != '\0')
			add(&r->feature, name);
	free(copy);
}

static void
flag(struct request *r, int c, const char *value)
{
	switch (c) {
	case 'b': add(&r->binary, value); break;
	case 'd': r->bootdir = value; break;
	case 'F': r->feature_dir = value; break;
	case 'f': add_features(r, value); break;
	case 'I': r->init = value; break;
	case 'k': r->version = value; break;
	case 'm': add(&r->module, value); break;
	case 'o': r->output = value; break;
	case 'r': r->root = value; break;
	case 'z':
		r->kind_given = true;
		if (!compress_kind_parse(value, &r->kind))
			log_fatal(EXIT_USER, "initrd: -z %s: zstd, xz, gzip, "
			    "lz4 or none", value);
		break;
	case FOR: r->machine = value; break;
	case DIFF: r->job = REQUEST_DIFF; break;
	case NEEDS: r->job = REQUEST_NEEDS; break;
	default:
		command_usage(USAGE);
	}
}

/* Does the number of operands suit the job? */
static bool
operands_fit(const struct request *r)
{
	switch (r->job) {
	case REQUEST_MAKE:
		return r->operands == 0;
	case REQUEST_DIFF:
		return r->operands == 2;
	case REQUEST_NEEDS:
		return r->operands > 0;
	}
	return false;
}

void
request_read(struct request *r, int argc, char **argv)
{
	int c;

	*r = (struct request){
		.root = "/",
		.bootdir = BOOTDIR_DEFAULT,
		.feature_dir = FEATURE_DIR,
		.init = INIT_FILE
	};
	opterr = 0;
	while ((c = getopt_long(argc, argv, "b:d:F:f:I:k:m:o:r:z:", words,
	    NULL)) != -1)
		flag(r, c, optarg);
	r->operand = argv + optind;
	r->operands = argc - optind;
	if (!operands_fit(r))
		command_usage(USAGE);
	if (r->feature.n == 0)
		add_features(r, USUAL);
	if (r->job == REQUEST_MAKE && r->output == NULL &&
	    isatty(STDOUT_FILENO))
		log_fatal(EXIT_USER, "initrd: standard output is a terminal: "
		    "say where to with -o FILE");
}

void
request_free(struct request *r)
{
	strings_free(&r->feature);
	strings_free(&r->module);
	strings_free(&r->binary);
}
