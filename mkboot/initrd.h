/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INITRD_H
#define MKBOOT_INITRD_H

/* mkboot initrd: an initial RAM file system for a kernel below any root. */
int initrd_main(int argc, char **argv);

#endif
