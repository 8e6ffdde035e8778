/* SPDX-License-Identifier: ISC */
/* A file that grows, and its SHA-256 (libmd's). */
#include "mkboot/init/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

struct sink {
	int fd;
	SHA2_CTX sum;
};

struct sink *
sink_open(const char *path)
{
	struct sink *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	s->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (s->fd == -1) {
		free(s);
		return NULL;
	}
	SHA256Init(&s->sum);
	return s;
}

void
sink_close(struct sink *s)
{
	close(s->fd);
	free(s);
}

int
sink_restart(struct sink *s)
{
	SHA256Init(&s->sum);
	if (ftruncate(s->fd, 0) == -1 || lseek(s->fd, 0, SEEK_SET) == -1)
		return -1;
	return 0;
}

int
sink_write(struct sink *s, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t left = len;
	ssize_t n;

	for (; left > 0; p += n, left -= (size_t)n) {
		n = write(s->fd, p, left);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return -1;
	}
	SHA256Update(&s->sum, data, len);
	return 0;
}

const char *
sink_sum(struct sink *s, char text[SINK_SUM])
{
	return SHA256End(&s->sum, text);
}
