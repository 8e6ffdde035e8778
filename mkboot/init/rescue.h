/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_RESCUE_H
#define MKBOOT_INIT_RESCUE_H

/*
 * A shell on the console, where the initrd has one (mkboot initrd -f rescue);
 * returns when it ends, or at once with a line when there is none.
 */
void rescue_shell(void);

#endif
