/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_TARGET_H
#define HTTPBOOTD_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bootdir.h"
#include "httpbootd/reason.h"

/*
 * A request target (RFC 9112 section 3.2: a path, or a whole URL) to the name
 * of a file below pub/: percent-decoded, query dropped, doubled slashes and
 * `.' squashed, no leading slash.  REASON_WHOLE where there is such a name;
 * else why not, and `name' is empty.
 */
enum reason target_decode(const char *target, char name[BOOTDIR_PATH_MAX]);

/* The path of a target, past a whole URL's host; NULL where it has none. */
const char *target_path(const char *target);
/*
 * A value of a query, percent-decoded, `+' being a blank, and cut to fit.
 * False for a bad escape or a NUL.
 */
bool query_decode(const char *value, size_t len, char *text, size_t size);

#endif
