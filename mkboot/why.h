/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_WHY_H
#define MKBOOT_WHY_H

/* Why something could not be done, in words for the one who asked. */
struct why {
	char text[512];
};

/* Says it; returns -1, so that it can stand in a return. */
int why_not(struct why *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
