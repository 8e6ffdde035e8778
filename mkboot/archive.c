/* SPDX-License-Identifier: ISC */
/* An initrd as a file: archives, some of them compressed. */
#include "mkboot/archive.h"

#include <errno.h>
#include <stdlib.h>

#include "mkboot/decompress.h"

/* More than any machine would unpack in memory. */
#define INITRD_MAX ((size_t)4 * 1024 * 1024 * 1024)

/* What is written goes to the file, and past the one who lists it. */
struct tee {
	struct compress *stream;
	struct newc reader;
	bool listed;
};

static int
write_tee(void *context, const void *data, size_t len)
{
	struct tee *t = context;

	if (t->listed && newc_feed(&t->reader, data, len) != (int64_t)len)
		return -1;
	return compress_write(t->stream, data, len);
}

static int
write_part(const struct archive_order *o, struct plan *plan,
    enum compress_kind kind, int fd, const char **culprit)
{
	struct tee t = { .listed = o->list != NULL };
	struct cpio c;
	int error = 0;

	if ((t.stream = compress_begin(fd, kind)) == NULL)
		return -1;
	newc_begin(&t.reader, &manifest_calls, o->list);
	cpio_begin(&c, write_tee, &t, o->mtime);
	if (plan_write(plan, &c, o->step, culprit) == -1)
		error = errno;
	if (cpio_end(&c) == -1 && error == 0)
		error = errno;
	if (compress_end(t.stream) == -1 && error == 0)
		error = errno;
	errno = error;
	return error == 0 ? 0 : -1;
}

int
archive_write(const struct archive_order *o, int fd, const char **culprit)
{
	*culprit = NULL;
	if (o->early->n > 0 && write_part(o, o->early, COMPRESS_NONE, fd,
	    culprit) == -1)
		return -1;
	return write_part(o, o->plan, o->kind, fd, culprit);
}

/* Plain archives, as far as there are any; *done octets of them. */
static int
list_plain(struct manifest *m, const void *data, size_t len, size_t *done)
{
	struct newc *reader = malloc(sizeof(*reader));
	int64_t taken = -1;

	if (reader == NULL)
		return -1;
	newc_begin(reader, &manifest_calls, m);
	taken = newc_feed(reader, data, len);
	if (taken != -1 && !newc_complete(reader)) {
		errno = EINVAL;
		taken = -1;
	}
	free(reader);
	*done = taken == -1 ? 0 : (size_t)taken;
	return taken == -1 ? -1 : 0;
}

int
archive_list(struct manifest *m, const char *path)
{
	void *data = NULL, *inner = NULL;
	size_t len, inner_len, done;
	int result;

	/* If all of it is compressed, this decodes it already. */
	if (decompress_file(path, INITRD_MAX, &data, &len) == -1)
		return -1;
	result = list_plain(m, data, len, &done);
	if (result == 0 && done < len) {
		result = decompress_memory((const char *)data + done,
		    len - done, INITRD_MAX, &inner, &inner_len);
		if (result == 0)
			result = list_plain(m, inner, inner_len, &done);
		if (result == 0 && done < inner_len) {
			errno = EINVAL;
			result = -1;
		}
		free(inner);
	}
	free(data);
	if (result == 0)
		manifest_settle(m);
	return result;
}
