/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_APKOVL_H
#define MKBOOT_APKOVL_H

#include "mkboot/layers.h"
#include "mkboot/overlay.h"
#include "mkboot/why.h"

/*
 * A machine's files as Alpine's own initrd takes them: HOST.apkovl.tar.gz,
 * unpacked over the root before packages are installed.  With
 * etc/.default_boot_services in it, so that Alpine's default services stay;
 * etc/hostname where the machine has one and no file of that name.
 */
int apkovl_write(const struct overlay_sink *, const struct layers *,
    const char *hostname, struct why *);

#endif
