/* SPDX-License-Identifier: ISC */
/* Lines for whoever stands before the machine, and the end of all hope. */
#include "mkboot/init/say.h"

#include <sys/reboot.h>
#include <sys/stat.h>

#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define LINE 900		/* octets that the kernel takes as one record */

/* Where lines go; a process has one screen, so it has one of these. */
static struct {
	int kmsg, log, pulse;
	unsigned panic_s;
	void (*last)(const char *why);
} out = { .kmsg = -1, .log = -1, .pulse = -1, .panic_s = 60 };

void
say_open(void)
{
	if (out.kmsg != -1)
		close(out.kmsg);
	out.kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY);
}

void
say_keep(void)
{
	(void)mkdir("/run/pixie", 0755);
	out.log = open("/run/pixie/log",
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

void
say_set_panic(unsigned seconds)
{
	out.panic_s = seconds;
}

void
say_set_pulse(int fd)
{
	out.pulse = fd;
}

void
say_set_last(void (*last)(const char *why))
{
	out.last = last;
}

static const char *
level_name(int level)
{
	return level == LOG_CRIT ? "fatal" : level == LOG_WARNING ? "warn" :
	    "info";
}

static void
write_line(int fd, const char *line, int len)
{
	/* Nowhere is left to say that it failed. */
	if (fd != -1 && write(fd, line, (size_t)len) == -1)
		return;
}

static void
say(int level, const char *format, va_list args)
{
	char text[LINE], line[LINE + 64];
	struct timespec now;
	char *p;
	int len;

	vsnprintf(text, sizeof(text), format, args);
	for (p = text; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			*p = '?';
	len = snprintf(line, sizeof(line), "<%d>pixie: %s: %s\n", level,
	    level_name(level), text);
	write_line(out.kmsg, line, len);
	clock_gettime(CLOCK_BOOTTIME, &now);
	len = snprintf(line, sizeof(line), "%lld.%03ld pixie: %s: %s\n",
	    (long long)now.tv_sec, now.tv_nsec / 1000000, level_name(level),
	    text);
	write_line(out.log, line, len);
	write_line(out.pulse, "", 1);
}

void
say_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_INFO, format, args);
	va_end(args);
}

void
say_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(LOG_WARNING, format, args);
	va_end(args);
}

void
say_fatal(const char *format, ...)
{
	void (*last)(const char *) = out.last;
	char why[LINE];
	va_list args;
	unsigned left;

	va_start(args, format);
	say(LOG_CRIT, format, args);
	va_end(args);
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	out.last = NULL;
	if (last != NULL)
		last(why);
	if (out.panic_s > 0)
		say_warn("reboot: in %u seconds", out.panic_s);
	for (left = out.panic_s; left > 0; left = sleep(left))
		continue;
	sync();
	(void)reboot(RB_AUTOBOOT);
	/* The kernel refused; the end of process 1 makes it panic. */
	_exit(1);
}
