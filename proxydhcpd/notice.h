/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_NOTICE_H
#define PROXYDHCPD_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What was said already, so that one fault is one line in the log, however
 * often a machine asks.  The oldest are forgotten, so both are bounded.
 */
#define NOTICES_MAX 256

struct notices {
	uint64_t said[NOTICES_MAX];	/* a hash; 0: nothing */
	size_t next;
};

/*
 * True when this is new, and notes it.  `about' names the fault and `whose'
 * the machine, server or link that has it, as octets.
 */
bool notice_first(struct notices *, const char *about, const void *whose,
    size_t len);
/* A number that stands for these octets, not proof against ill will. */
uint32_t notice_hash(const void *, size_t len);

#endif
