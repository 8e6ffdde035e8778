/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_PROGRAM_H
#define PROXYDHCPD_PROGRAM_H

#include <stddef.h>

#include "common/bootdir.h"
#include "proxydhcpd/boot.h"

/*
 * From a name in the boot directory to the file below pub/ that it leads to:
 * links are followed by name, for the firmware's user sees it, UEFI HTTP boot
 * goes by its suffix, and programs ask for more beside it.
 */

/* The file at `path', or where that is a folder, the one named `arch'. */
enum pub_answer program_find(int bootfd, const char *path, unsigned arch,
    char program[BOOT_NAME_MAX]);
/* Can anybody fetch pub/NAME? */
enum pub_answer program_look(int bootfd, const char *name);
/* The target of the link at `path'; false when there is none. */
bool program_link(int bootfd, const char *path, char *target, size_t size);
bool program_is_folder(int bootfd, const char *path);

#endif
