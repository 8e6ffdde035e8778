/* SPDX-License-Identifier: ISC */
#ifndef COMMON_PACE_H
#define COMMON_PACE_H

/*
 * BBR sends by a clock: a timer a segment, which on a LAN, where there is no
 * queue in the net to be spared, costs more than all else that a boot server
 * does.  Where it is the system's choice, for its web servers, the boot goes
 * without: by cubic, or by reno, which everybody may choose.
 *
 * To be said of a listening socket, or of one that is not connected yet: a
 * connection that was begun by BBR keeps its clock, whatever it sends by then.
 */
void pace_leave(int fd);

#endif
