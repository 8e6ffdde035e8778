/* SPDX-License-Identifier: ISC */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One line an event on standard error: `prog: level: what: why'.  No time:
 * the supervisor's logger adds it.  Under inetd, where descriptor 2 may be
 * the client, lines go to syslog instead.
 */
enum { EXIT_OK = 0, EXIT_USER = 100, EXIT_SYSTEM = 111 };

void log_open(const char *prog, bool debug, bool to_syslog);

void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says why and ends the program with EXIT_USER or EXIT_SYSTEM. */
void log_fatal(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

/*
 * Client bytes made fit for a log line or a seen/ value: printable ASCII
 * without blank, '"', '\\' and '='; all else as \xHH.  Cut to fit `size';
 * returns `text'.
 */
const char *log_escape(char *text, size_t size, const void *data, size_t len);

#endif
