/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_WATCHES_H
#define MKBOOT_WATCHES_H

#include "mkboot/watched.h"

/*
 * Where mkboot watch looks: inotify(7) watches on folders of the boot
 * directory, and what each of them tells of.  To put one where one is already
 * does nothing.  The program ends where the kernel has no more watches, or
 * machine/, image/ or seen/ is missing.
 */
struct watches {
	int bootfd;
	int notify;		/* inotify's descriptor */
	struct watched watched;
};

/* One machine's folder, its trees, and its log while it boots `next'. */
void watches_machine(struct watches *, const char *name);
/* machine/ and all in it; how many machines. */
size_t watches_machines(struct watches *);
/* image/, each image and its templates. */
void watches_images(struct watches *);
/* seen/, for strangers, and seen/ip/. */
void watches_seen(struct watches *);

#endif
