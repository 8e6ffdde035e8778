/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_COMMAND_H
#define MKBOOT_COMMAND_H

#include <pwd.h>

#include "mkboot/name.h"

/* The commands: each takes its own words, and returns the exit status. */
int create_main(int argc, char **argv);
int loader_main(int argc, char **argv);
int image_main(int argc, char **argv);
int machine_main(int argc, char **argv);
int render_main(int argc, char **argv);
int check_main(int argc, char **argv);
int export_main(int argc, char **argv);
int watch_main(int argc, char **argv);

/* What they share. */
#define COMMAND_OPERAND 1

/*
 * The next flag, by getopt(3)'s rules, with its value in optarg; or
 * COMMAND_OPERAND with a word that is no flag, wherever it stands; -1 at the
 * end, '?' for a flag that is none.
 */
int command_flag(int argc, char **argv, const char *flags);
/* Ends the program with this line and EXIT_USER. */
void command_usage(const char *) __attribute__((noreturn));

/* The boot directory; or the end, with a line that helps. */
int command_bootdir(const char *path);
/* A machine's name as the boot directory spells it; or the end. */
void command_machine(const char *text, char name[NAME_MACHINE_SIZE]);
/* A user by name; or the end. */
const struct passwd *command_user(const char *name);
/*
 * One who renders at a time; waits.  A descriptor to close afterwards; or the
 * end.
 */
int command_render_lock(int bootfd);

#endif
