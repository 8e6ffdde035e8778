/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_NETASCII_H
#define TFTPD_NETASCII_H

#include <stddef.h>
#include <stdint.h>

/*
 * Text as netascii has it (RFC 764, by RFC 1350 section 1): a newline goes as
 * CR LF, and a lone CR as CR NUL.
 */

/* Octets that `len' octets of text make. */
uint64_t netascii_length(const uint8_t *text, size_t len);
/* Writes them to `out', which has room for so many. */
void netascii_convert(uint8_t *out, const uint8_t *text, size_t len);

#endif
