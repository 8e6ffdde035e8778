/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_RAMROOT_H
#define MKBOOT_INIT_RAMROOT_H

#include "mkboot/init/servers.h"
#include "mkboot/init/url.h"

/*
 * Fetches a squashfs into memory, checks it against its SHA-256 (empty: none
 * was said) and mounts it at a folder, read-only.  Tries servers that are not
 * there for some minutes, with a line now and then; ends in say_fatal() with
 * the reason.
 */
void ramroot(const struct url *, const struct servers *, const char *sha256,
    const char *at);

#endif
