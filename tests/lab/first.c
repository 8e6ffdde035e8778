/* SPDX-License-Identifier: ISC */
/*
 * A first program for UEFI where the distribution has none: it asks the host
 * that the firmware's PXE had it from for the script pub/ran, and ends.  By
 * UEFI 2.10: 4.3 (system table), 24.3 (PXE base code).
 *
 *   clang --target=aarch64-unknown-windows -ffreestanding -fshort-wchar \
 *       -fuse-ld=lld -nostdlib -Wl,-subsystem:efi_application,-entry:start
 */
#include <stddef.h>
#include <stdint.h>

struct guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

typedef uint64_t (*handle_protocol)(void *, const struct guid *, void **);

struct text_output {
	void *reset;
	uint64_t (*output_string)(struct text_output *, const uint16_t *);
};

struct boot_services {
	uint8_t header[24];
	void *before[16];	/* RaiseTPL to UninstallProtocolInterface */
	handle_protocol handle_protocol;
};

struct system_table {
	uint8_t header[24];
	void *vendor;
	uint64_t revision;
	void *in_handle, *in, *out_handle;
	struct text_output *out;
	void *error_handle, *error, *runtime;
	struct boot_services *boot;
};

struct loaded_image {
	uint32_t revision;
	void *parent, *system_table, *device;
};

/* EFI_PXE_BASE_CODE_MODE as far as the proxy's packet. */
struct pxe_mode {
	uint8_t flags[20];	/* and the TTL and TOS */
	uint8_t station[16], mask[16];
	uint8_t discover[1472], ack[1472], proxy[1472];
};

struct pxe {
	uint64_t revision;
	void *start, *stop, *dhcp, *discover;
	uint64_t (*mtftp)(struct pxe *, int, void *, uint8_t, uint64_t *,
	    const size_t *, const void *, const char *, const void *, uint8_t);
	void *rest[7];
	struct pxe_mode *mode;
};

#define TFTP_READ_FILE 2
#define SIADDR 20		/* in a DHCP packet */

static const struct guid image_guid = { 0x5b1b31a1, 0x9562, 0x11d2,
	{ 0x8e, 0x3f, 0, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };
static const struct guid pxe_guid = { 0x03c4e603, 0xac28, 0x11d3,
	{ 0x9a, 0x2d, 0, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };

uint64_t start(void *, struct system_table *);

uint64_t
start(void *self, struct system_table *st)
{
	static uint8_t server[16], script[512];
	struct loaded_image *image;
	uint64_t size = sizeof(script), status;
	struct pxe *pxe;
	size_t i;

	st->out->output_string(st->out,
	    (const uint16_t *)L"first program: started\r\n");
	status = st->boot->handle_protocol(self, &image_guid, (void **)&image);
	if (status == 0)
		status = st->boot->handle_protocol(image->device, &pxe_guid,
		    (void **)&pxe);
	if (status != 0)
		return status;
	for (i = 0; i < 4; i++)
		server[i] = pxe->mode->proxy[SIADDR + i];
	status = pxe->mtftp(pxe, TFTP_READ_FILE, script, 0, &size, NULL,
	    server, "ran", NULL, 0);
	st->out->output_string(st->out, status == 0 ?
	    (const uint16_t *)L"first program: has its script\r\n" :
	    (const uint16_t *)L"first program: no script\r\n");
	return status;
}
