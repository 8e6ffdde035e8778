/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SQUASH_H
#define MKBOOT_INIT_SQUASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQUASH_HEAD 96		/* octets of a squashfs superblock */

/*
 * How long a squashfs of version 4 says that it is, from its first octets
 * (fs/squashfs/squashfs_fs.h in the kernel); false: it is none.
 */
bool squash_size(const void *head, size_t len, uint64_t *size);

#endif
