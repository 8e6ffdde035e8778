/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SWITCHROOT_H
#define MKBOOT_INIT_SWITCHROOT_H

/*
 * The program that is process 1 of the system: `asked' where it is not empty,
 * else the usual ones.  Links are followed as they will be with that root.
 * Ends in say_fatal() when there is none.
 */
const char *switchroot_find_init(const char *root, const char *asked);

/*
 * Moves /dev, /proc, /sys and /run there, takes the initrd's files away to
 * free their memory, and becomes `init' with the new root.
 */
void switchroot(const char *root, const char *init, char **argv)
    __attribute__((noreturn));

#endif
