/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_TCP_H
#define HTTPBOOTD_TCP_H

#include <stdbool.h>
#include <stdint.h>

/* What a TCP socket is told and asked; for any other kind all is 0. */

/*
 * Before the first octet: how much may wait in the kernel, the more where it
 * is no `copied' octets, but pages of files.
 */
void tcp_tune(int fd, bool copied);
/* Octets that were written to it, from its beginning. */
uint64_t tcp_written(int fd);
/* Those of them that the peer has acknowledged. */
uint64_t tcp_acknowledged(int fd);
/* Ends it: whoever polls it sees its end, and closes it. */
void tcp_hang_up(int fd);

#endif
