/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_NFSMOUNT_H
#define MKBOOT_INIT_NFSMOUNT_H

#include "mkboot/init/nfsroot.h"
#include "mkboot/init/servers.h"

/*
 * Mounts an NFS root at a folder.  Tries servers that are not there for some
 * minutes, with a line now and then; ends in say_fatal() with the reason.
 */
void nfsmount(const struct nfsroot *, const struct servers *, const char *at);

#endif
