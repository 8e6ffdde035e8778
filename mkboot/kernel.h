/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_KERNEL_H
#define MKBOOT_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The x86 boot protocol keeps its texts in the first octets of a kernel. */
#define KERNEL_HEAD (32 * 1024)	/* as many must be read */
#define KERNEL_VERSION_SIZE 65	/* Linux: struct new_utsname, release */

/*
 * The version of an x86 Linux kernel, as uname -r gives it, from the
 * beginning of its file.  False when this is no such kernel.
 */
bool kernel_version(const uint8_t *head, size_t len,
    char version[KERNEL_VERSION_SIZE]);

#endif
