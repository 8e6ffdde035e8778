/* SPDX-License-Identifier: ISC */
/* Files in memory, shared by their transfers; holds mmap and getrandom. */
#include "tftpd/content.h"

#include <sys/mman.h>
#include <sys/random.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tftpd/netascii.h"

void
contents_open(struct contents *all)
{
	size_t i;

	for (i = 0; i < CONTENT_BUCKETS; i++)
		LIST_INIT(&all->bucket[i]);
	all->held = 0;
	all->mapped = 0;
}

static struct content_list *
bucket(struct contents *all, const struct stat *st)
{
	return &all->bucket[st->st_ino % CONTENT_BUCKETS];
}

static bool
same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size && same_time(&a->st_mtim, &b->st_mtim);
}

/*
 * A mapping shows what the file holds now, so it can be shared; a converted
 * text is as old as its conversion, and a second change within one tick of
 * the file system's clock would not be seen.
 */
static struct content *
find(struct contents *all, const struct stat *st)
{
	struct content *c;

	LIST_FOREACH(c, bucket(all, st), by_inode)
		if (!c->netascii && same_file(&c->st, st))
			return c;
	return NULL;
}

static int
map(struct contents *all, struct content *c)
{
	void *p;

	c->size = (uint64_t)c->st.st_size;
	if (c->size == 0)
		return 0;
	p = mmap(NULL, c->size, PROT_READ, MAP_PRIVATE, c->fd, 0);
	if (p == MAP_FAILED)
		return -1;
	c->data = p;
	all->mapped += c->size;
	return 0;
}

/* The text as it is, read and not mapped: we look at it ourselves. */
static uint8_t *
read_text(const struct content *c, size_t *len)
{
	const size_t size = (size_t)c->st.st_size;
	uint8_t *text = malloc(size + 1);
	ssize_t n;

	if (text == NULL)
		return NULL;
	n = pread(c->fd, text, size, 0);
	if (n == -1) {
		free(text);
		return NULL;
	}
	*len = (size_t)n;
	return text;
}

static int
convert(struct contents *all, struct content *c)
{
	uint8_t *text, *out;
	size_t len;

	if (c->st.st_size > CONTENT_NETASCII_MAX) {
		errno = EFBIG;
		return -1;
	}
	text = read_text(c, &len);
	if (text == NULL)
		return -1;
	c->size = netascii_length(text, len);
	out = NULL;
	errno = ENOBUFS;
	if (all->held + c->size <= CONTENT_HELD_MAX)
		out = malloc(c->size + 1);
	if (out != NULL) {
		netascii_convert(out, text, len);
		all->held += c->size;
		c->data = out;
	}
	free(text);
	return out == NULL ? -1 : 0;
}

static struct content *
give_up(struct content *c)
{
	const int error = errno;

	close(c->fd);
	free(c);
	errno = error;
	return NULL;
}

struct content *
content_open(struct contents *all, int fd, const struct stat *st,
    bool netascii)
{
	struct content *c = netascii ? NULL : find(all, st);

	if (c != NULL) {
		close(fd);
		c->users++;
		return c;
	}
	c = calloc(1, sizeof(*c));
	if (c == NULL) {
		close(fd);
		errno = ENOMEM;
		return NULL;
	}
	c->fd = fd;
	c->st = *st;
	c->users = 1;
	c->netascii = netascii;
	if ((netascii ? convert(all, c) : map(all, c)) == -1)
		return give_up(c);
	LIST_INSERT_HEAD(bucket(all, st), c, by_inode);
	return c;
}

struct content *
content_seed(struct contents *all)
{
	struct content *c = calloc(1, sizeof(*c) + CONTENT_SEED);
	uint8_t *octets;

	if (c == NULL)
		return NULL;
	octets = (uint8_t *)(c + 1);
	if (getrandom(octets, CONTENT_SEED, 0) != CONTENT_SEED) {
		free(c);
		errno = EIO;
		return NULL;
	}
	c->fd = -1;
	c->users = 1;
	c->data = octets;
	c->size = CONTENT_SEED;
	LIST_INSERT_HEAD(bucket(all, &c->st), c, by_inode);
	return c;
}

static void
release(struct contents *all, struct content *c)
{
	void *data;

	memcpy(&data, &c->data, sizeof(data));	/* it was ours to write */
	if (c->netascii) {
		all->held -= c->size;
		free(data);
	} else if (c->fd != -1 && data != NULL) {
		all->mapped -= c->size;
		munmap(data, c->size);
	}
}

void
content_close(struct contents *all, struct content *c)
{
	if (--c->users > 0)
		return;
	LIST_REMOVE(c, by_inode);
	release(all, c);
	if (c->fd != -1)
		close(c->fd);
	free(c);
}

bool
content_changed(const struct content *c)
{
	struct stat st;

	return c->fd != -1 && !c->netascii &&
	    (fstat(c->fd, &st) == -1 || !same_file(&st, &c->st));
}

void
contents_trim(struct contents *all)
{
	struct content *c;
	void *data;
	size_t i;

	if (all->mapped <= CONTENT_RESIDENT_MAX)
		return;
	for (i = 0; i < CONTENT_BUCKETS; i++)
		LIST_FOREACH(c, &all->bucket[i], by_inode) {
			memcpy(&data, &c->data, sizeof(data));
			if (c->fd != -1 && !c->netascii && data != NULL)
				madvise(data, c->size, MADV_DONTNEED);
		}
}
