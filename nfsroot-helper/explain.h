/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_EXPLAIN_H
#define NFSROOT_EXPLAIN_H

#include <stddef.h>

#include "nfsroot-helper/answer.h"

/*
 * A call and its answer as lines of text, for people and for tests: cut to
 * fit, and without what differs from one disk to the next (inodes, times).
 * Returns `text'.
 */
const char *explain(const struct answer *, char *text, size_t size);

#endif
