/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_OPTIONS_H
#define HTTPBOOTD_OPTIONS_H

#include "common/daemon.h"
#include "common/mac.h"

#define OPTIONS_EACH_MAX 16384

struct options {
	struct daemon daemon;
	struct mac mac;		/* -m */
	bool known;		/* it was given */
	unsigned each;		/* -a; 0: not given */
	const char *certificate, *key;	/* -c, -k: their files */
};

/* Ends the program with a line and EXIT_USER where a flag is wrong. */
void options_parse(struct options *, int argc, char **argv);
/*
 * A PEM file as text, which is the caller's to free; ends the program where
 * it is none.
 */
char *options_read_pem(const char *path);

#endif
