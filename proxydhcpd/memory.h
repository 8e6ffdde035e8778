/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_MEMORY_H
#define PROXYDHCPD_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/mac.h"

/*
 * What we remember of machines, and of no file: since when each has been
 * asking, and which facts of it seen/ was told already.  Of too many the one
 * heard longest ago is forgotten, which costs a write and no more.
 */
#define MEMORY_BUCKETS 2048
#define MEMORY_BUCKET_SIZE 8
#define MEMORY_BOOT_S 60	/* silence that ends a boot */
#define MEMORY_SAID_S 600	/* then facts are said again */

struct memory {
	struct memory_of {
		struct mac mac;
		uint16_t used;		/* 0: nobody's */
		uint32_t facts;		/* a hash of what was said */
		uint32_t since_s, last_s, said_s;	/* 0: never */
	} of[MEMORY_BUCKETS][MEMORY_BUCKET_SIZE];
};

/* Seconds since this boot's first packet; notes that it asks now. */
unsigned memory_asked_s(struct memory *, const struct mac *, int64_t now_ms);
/* Were these facts said of late?  Notes that they now are. */
bool memory_said(struct memory *, const struct mac *, uint32_t facts,
    int64_t now_ms);

#endif
