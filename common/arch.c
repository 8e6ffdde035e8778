/* SPDX-License-Identifier: ISC */
/* IANA's processor architecture types. */
#include "common/arch.h"

#include <stddef.h>

static const struct {
	const char *name;
	bool http;
} archs[] = {
	[0] = { "x86 BIOS", false },
	[1] = { "NEC PC98", false },
	[2] = { "Itanium", false },
	[3] = { "DEC Alpha", false },
	[4] = { "Arc x86", false },
	[5] = { "Intel Lean Client", false },
	[6] = { "x86 UEFI", false },
	[7] = { "x64 UEFI", false },
	[8] = { "Xscale UEFI", false },
	[9] = { "EBC UEFI", false },
	[10] = { "ARM 32-bit UEFI", false },
	[11] = { "ARM 64-bit UEFI", false },
	[12] = { "PowerPC Open Firmware", false },
	[13] = { "PowerPC ePAPR", false },
	[14] = { "POWER OPAL v3", false },
	[15] = { "x86 UEFI HTTP", true },
	[16] = { "x64 UEFI HTTP", true },
	[17] = { "EBC HTTP", true },
	[18] = { "ARM 32-bit UEFI HTTP", true },
	[19] = { "ARM 64-bit UEFI HTTP", true },
	[20] = { "x86 BIOS HTTP", true },
	[21] = { "ARM 32-bit U-Boot", false },
	[22] = { "ARM 64-bit U-Boot", false },
	[23] = { "ARM 32-bit U-Boot HTTP", true },
	[24] = { "ARM 64-bit U-Boot HTTP", true },
	[25] = { "RISC-V 32-bit UEFI", false },
	[26] = { "RISC-V 32-bit UEFI HTTP", true },
	[27] = { "RISC-V 64-bit UEFI", false },
	[28] = { "RISC-V 64-bit UEFI HTTP", true },
	[29] = { "RISC-V 128-bit UEFI", false },
	[30] = { "RISC-V 128-bit UEFI HTTP", true },
	[31] = { "s390 basic", false },
	[32] = { "s390 extended", false },
	[33] = { "MIPS 32-bit UEFI", false },
	[34] = { "MIPS 64-bit UEFI", false },
	[35] = { "Sunway 32-bit UEFI", false },
	[36] = { "Sunway 64-bit UEFI", false },
	[37] = { "LoongArch 32-bit UEFI", false },
	[38] = { "LoongArch 32-bit UEFI HTTP", true },
	[39] = { "LoongArch 64-bit UEFI", false },
	[40] = { "LoongArch 64-bit UEFI HTTP", true },
	[41] = { "ARM rpiboot", false },
};

static const size_t narchs = sizeof(archs) / sizeof(archs[0]);

const char *
arch_name(unsigned code)
{
	return code < narchs ? archs[code].name : "unknown";
}

bool
arch_is_http(unsigned code)
{
	return code < narchs && archs[code].http;
}
