/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SEED_H
#define MKBOOT_INIT_SEED_H

/*
 * Feeds the kernel's random generator with the machine's own secret seed, so
 * that the first keys of a machine without a hardware generator are no one
 * else's to guess.  Does nothing where there is none.
 */
void seed_feed(void);

#endif
