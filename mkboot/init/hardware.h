/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_HARDWARE_H
#define MKBOOT_INIT_HARDWARE_H

#include <stddef.h>

/* The devices that the kernel has found by now: sysfs. */

#define HARDWARE_TEXT ((size_t)(32 * 1024))	/* octets for the boot's server */

/* Calls `each' with the modalias of every device, some of them many times. */
void hardware_each(void (*each)(void *context, const char *modalias),
    void *context);

/*
 * Each modalias once, with the processor's, a line for each, with a NUL behind
 * the last.  Returns the text's length; what has no room is left out.
 */
size_t hardware_text(char text[HARDWARE_TEXT]);

#endif
