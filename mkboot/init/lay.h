/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_LAY_H
#define MKBOOT_INIT_LAY_H

/*
 * Lays one tree of files over another: folders, files, links and nodes with
 * their owners, modes and times, and with extended attributes where the
 * source has them.  What stands in the way is replaced, but a folder is not
 * by anything else; and a folder that is there already stays as it is, since
 * files/root/.ssh shall not open /root to everybody.  Links of the target are
 * followed as they will be once it is the root, never out of it.
 *
 * What cannot be laid is told to `failed' with its path and errno, and the
 * rest goes on.  Returns how many things were laid, -1 when `from' is not
 * there.
 */
int lay_tree(const char *from, const char *to,
    void (*failed)(const char *path, int error));

#endif
