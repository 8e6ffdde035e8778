/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_TARGET_H
#define HTTPBOOTD_TARGET_H

#include "common/bootdir.h"
#include "httpbootd/reason.h"

/*
 * A request target (RFC 9112 section 3.2: a path, or a whole URL) to the name
 * of a file below pub/: percent-decoded, query dropped, doubled slashes and
 * `.' squashed, no leading slash.  REASON_WHOLE where there is such a name;
 * else why not, and `name' is empty.
 */
enum reason target_decode(const char *target, char name[BOOTDIR_PATH_MAX]);

#endif
