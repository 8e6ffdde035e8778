/* SPDX-License-Identifier: ISC */
/* Files that a machine is given once a boot. */
#include "common/once.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "common/mac.h"
#include "common/seen.h"

/* A line may be written after the bound was passed. */
#define LOG_MAX (SEEN_LOG_MAX + 4096)
#define NAME_OCTETS (4 * BOOTDIR_PATH_MAX)

/* Are these the octets of the line after its time, up to a blank? */
static bool
begins(const char *line, size_t len, const char *with)
{
	const char *rest = memchr(line, ' ', len);
	const size_t n = strlen(with);

	if (rest == NULL)
		return false;
	rest++;
	len -= (size_t)(rest - line);
	return len > n && memcmp(rest, with, n) == 0 && rest[n] == ' ';
}

enum once
once_in(const char *log, size_t len, const char *file)
{
	char name[NAME_OCTETS], by_tftp[NAME_OCTETS + 32];
	char by_http[NAME_OCTETS + 32];
	enum once once = ONCE_NO_BOOT;
	const char *end;
	size_t n;

	log_escape(name, sizeof(name), file, strlen(file));
	(void)snprintf(by_tftp, sizeof(by_tftp), "tftpd sent file=%s", name);
	(void)snprintf(by_http, sizeof(by_http), "httpbootd sent file=%s",
	    name);
	for (; (end = memchr(log, '\n', len)) != NULL; log += n, len -= n) {
		n = (size_t)(end - log) + 1;
		if (begins(log, n, "proxydhcpd offer") ||
		    begins(log, n, "proxydhcpd offer6"))
			once = ONCE_FREE;
		else if (begins(log, n, by_tftp) || begins(log, n, by_http))
			once = ONCE_SPENT;
	}
	return once;
}

static enum once
read_log(int bootfd, const struct mac *mac, const char *log,
    const char *file)
{
	char path[64], text[MAC_TEXT], *octets;
	enum once once = ONCE_NO_BOOT;
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "seen/%s/%s",
	    mac_format(mac, text), log);
	if ((fd = bootdir_openat(bootfd, path, O_RDONLY | O_NONBLOCK)) == -1)
		return ONCE_NO_BOOT;
	if ((octets = malloc(LOG_MAX)) != NULL &&
	    (n = read(fd, octets, LOG_MAX)) > 0)
		once = once_in(octets, (size_t)n, file);
	free(octets);
	close(fd);
	return once;
}

bool
once_is_spent(int bootfd, const struct mac *mac, const char *file)
{
	enum once once = read_log(bootfd, mac, "log", file);

	if (once == ONCE_NO_BOOT)
		once = read_log(bootfd, mac, "log.0", file);
	return once == ONCE_SPENT;
}
