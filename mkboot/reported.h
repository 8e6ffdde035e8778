/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_REPORTED_H
#define MKBOOT_REPORTED_H

#include "mkboot/strings.h"
#include "mkboot/why.h"

/*
 * What hardware a machine said that it has: seen/MAC/modalias, a modalias or a
 * module's name a line, sorted; or the file `machine' where that is a path.
 * -1: `why' says why.
 */
int reported_devices(const char *bootdir, const char *machine,
    struct strings *devices, struct why *);

#endif
