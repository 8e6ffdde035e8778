/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_CHECK_H
#define PROXYDHCPD_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Is this boot directory fit to boot from?  False with the first fault found
 * and what would mend it in `why'.
 */
bool check_bootdir(int bootfd, char *why, size_t size);

#endif
