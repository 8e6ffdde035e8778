/* SPDX-License-Identifier: ISC */
/* One line an event, on standard error or to syslog. */
#include "common/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

/* Longer lines are cut: a client must not be able to fill a disk with one. */
#define LINE_MAX_OCTETS 1024

/* Set once by log_open(), before anything is served. */
static struct {
	const char *prog;
	bool debug;
	bool to_syslog;
} self = { .prog = "pixie" };

void
log_open(const char *prog, bool debug, bool to_syslog)
{
	self.prog = prog;
	self.debug = debug;
	self.to_syslog = to_syslog;
	if (to_syslog)
		openlog(prog, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

static void say(int, const char *, const char *, va_list)
    __attribute__((format(printf, 3, 0)));

/* One write(2) a line, so that lines of several daemons never mix. */
static void
say(int priority, const char *level, const char *format, va_list args)
{
	char line[LINE_MAX_OCTETS];
	size_t len;

	snprintf(line, sizeof(line) - 1, "%s: %s: ", self.prog, level);
	len = strlen(line);
	vsnprintf(line + len, sizeof(line) - 1 - len, format, args);
	if (self.to_syslog) {
		syslog(priority, "%s", line + strlen(self.prog) + 2);
		return;
	}
	len = strlen(line);
	line[len++] = '\n';
	/* Nothing can be done about a log that cannot be written. */
	if (write(STDERR_FILENO, line, len) == -1)
		return;
}

void
log_debug(const char *format, ...)
{
	va_list args;

	if (!self.debug)
		return;
	va_start(args, format);
	say(LOG_DEBUG, "debug", format, args);
	va_end(args);
}

void
log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_INFO, "info", format, args);
	va_end(args);
}

void
log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_WARNING, "warn", format, args);
	va_end(args);
}

void
log_fatal(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_ERR, "fatal", format, args);
	va_end(args);
	exit(status);
}

static bool
is_plain(uint8_t c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

const char *
log_escape(char *text, size_t size, const void *data, size_t len)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *p = data;
	size_t n = 0;

	for (; len > 0 && n + (is_plain(*p) ? 1 : 4) < size; p++, len--) {
		if (is_plain(*p)) {
			text[n++] = (char)*p;
			continue;
		}
		text[n++] = '\\';
		text[n++] = 'x';
		text[n++] = digit[*p >> 4];
		text[n++] = digit[*p & 15];
	}
	text[n] = '\0';
	return text;
}
