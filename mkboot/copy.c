/* SPDX-License-Identifier: ISC */
/* A file copied into the boot directory. */
#include "mkboot/copy.h"

#include <sys/stat.h>

#include <errno.h>
#include <unistd.h>

#define PIECE (64 * 1024)

int
copy_into(struct publish *p, int fd)
{
	char piece[PIECE];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	for (;;) {
		n = read(fd, piece, sizeof(piece));
		if (n == 0)
			return 0;
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 || publish_write(p, piece, (size_t)n) == -1)
			return -1;
	}
}

int
copy_file(int dirfd, const char *path, int fd, bool *changed)
{
	struct publish p;

	if (publish_begin(&p, dirfd, path, 0644) == -1)
		return -1;
	if (copy_into(&p, fd) == -1) {
		publish_abort(&p);
		return -1;
	}
	return publish_end_changed(&p, changed);
}
