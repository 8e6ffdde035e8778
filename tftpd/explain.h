/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_EXPLAIN_H
#define TFTPD_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/mac.h"

/*
 * Says in words what would be answered to this request, and which file
 * decides it.  `who' is the machine that asks, or NULL when it is unknown;
 * with `any_case' names count in any letters.
 */
void explain(FILE *, int bootfd, const struct mac *who, bool any_case,
    const void *packet, size_t len);

#endif
