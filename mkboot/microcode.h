/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_MICROCODE_H
#define MKBOOT_MICROCODE_H

#include <stdbool.h>

#include "mkboot/plan.h"
#include "mkboot/strings.h"
#include "mkboot/tree.h"

/*
 * What a kernel reads before it unpacks anything: files of an archive of their
 * own, not compressed and in front of the other: processors' microcode, ACPI
 * tables (Documentation/arch/x86/microcode.rst).
 */

/*
 * Has this file, as linux-firmware and Intel name it ("06-55-04",
 * "microcode_amd_fam17h.bin"), anything for the processor of this modalias
 * ("cpu:type:x86,ven0000fam0006mod0055:...")?  True where one cannot tell.
 */
bool microcode_suits(const char *name, const char *modalias);

/*
 * All files that match the pattern in the tree, one after the other as one,
 * in order of their names; `devices' (may be NULL): those alone that suit.
 * Their number; 0: nothing was planned; -1 with errno.
 */
int microcode_plan(struct plan *early, const struct tree *, const char *path,
    const char *pattern, const struct strings *devices);

#endif
