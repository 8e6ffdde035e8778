/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_EXPLAIN_H
#define HTTPBOOTD_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "httpbootd/answer.h"
#include "httpbootd/request.h"

#define EXPLAIN_TEXT 8192

/*
 * The decision as lines of text: request, machine, file, status, why, headers
 * and body.  `mac' is the machine that asks; NULL: not known.  `validators':
 * ETag and Last-Modified too.  Returns `text', cut to fit.
 */
const char *explain(char text[EXPLAIN_TEXT], const struct request *,
    const char *mac, const struct found *, const struct answer *,
    bool validators);

#endif
