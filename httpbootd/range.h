/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_RANGE_H
#define HTTPBOOTD_RANGE_H

#include <stdint.h>

/* Octets of a file. */
struct span {
	uint64_t first;
	uint64_t length;
};

enum range {
	RANGE_WHOLE,		/* none we honour: the whole file */
	RANGE_ONE,
	RANGE_UNSATISFIABLE
};

/*
 * Reads a Range field (RFC 9110 section 14.2) for a file of `size' octets.
 * Another unit, bad syntax, or several ranges mean the whole file, as the RFC
 * allows.  With RANGE_ONE *span lies within the file and is not empty.
 */
enum range range_parse(const char *field, uint64_t size, struct span *);

#endif
