/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_STREAM_H
#define NFSROOT_STREAM_H

/* How a connection's socket is to behave; what cannot be had is left out. */
void stream_tune(int fd);

#endif
