/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_CMDLINE_H
#define MKBOOT_INIT_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/address.h"
#include "common/mac.h"
#include "mkboot/init/ipparam.h"
#include "mkboot/init/url.h"
#include "mkboot/init/virtual.h"

#define CMDLINE_MAX 4096	/* octets; the kernel takes no more */
#define CMDLINE_VALUE 1024	/* octets of a value, with its NUL */
#define CMDLINE_SERVERS 8
#define CMDLINE_PROBLEMS 4

/* A parameter whose value was no good, and was left out. */
struct cmdline_problem {
	char what[64];		/* "BOOTIF=01-xx", cut to fit */
	const char *why;
};

struct cmdline {
	bool have_bootif;
	struct mac bootif;
	struct ip_param ip;
	struct vlan_param vlan;
	struct bond_param bond;
	char root[CMDLINE_VALUE];	/* empty: not said */
	char nfsroot[CMDLINE_VALUE];
	char sha256[65];		/* of the root's image; empty: not said,
				 * "?": no SHA-256 */
	char report[CMDLINE_VALUE];	/* where stages are told */
	union address server[CMDLINE_SERVERS];	/* of the root, in order */
	size_t servers;
	bool overlay;			/* overlay=none: false */
	char overlay_size[32];		/* for tmpfs; empty: half of memory */
	char init[256];			/* empty: the usual ones */
	bool rescue;			/* a shell where a boot fails */
	unsigned panic_s;		/* seconds before the reboot */
	struct cmdline_problem problem[CMDLINE_PROBLEMS];
	size_t problems;
};

/*
 * Reads the kernel's command line.  Words are divided by blanks outside of
 * double quotes; of several with one name the last counts; what follows a
 * bare "--" is for the system's init.  What is missing or no good has its
 * default.
 */
void cmdline_parse(struct cmdline *, const char *text);

/*
 * The parameters of one module, "name.param=value" anywhere on the line, as
 * finit_module(2) takes them: "param=value param2".  '-' and '_' are the same
 * in the name.  Cut at whole words to fit; returns `out'.
 */
const char *cmdline_module(const char *text, const char *module, char *out,
    size_t size);

#endif
