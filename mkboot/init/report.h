/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_REPORT_H
#define MKBOOT_INIT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/init/url.h"

/*
 * What httpbootd(8) is told of a boot: GET /report?stage=...&state=...&why=...
 * at the server that the machine's script came from.
 */
#define REPORT_REQUEST 2048	/* octets that any request fits in */

/*
 * Where to tell it, from report=: http://SERVER[:PORT]/report, SERVER[:PORT],
 * or the address of the machine's script, whichever is easier to write.  A
 * script that came by TFTP has its server's port 80.  False: no such thing.
 */
bool report_target(const char *text, struct url *);

/* A request for one stage; `why' may be empty.  Returns its length. */
size_t report_request(const struct url *, const char *stage, const char *state,
    const char *why, char text[REPORT_REQUEST]);

/*
 * The head of a request that tells of the machine's hardware: `len' octets of
 * hardware_text() follow it.  Returns its own length.
 */
size_t report_devices(const struct url *, size_t len,
    char text[REPORT_REQUEST]);

#endif
