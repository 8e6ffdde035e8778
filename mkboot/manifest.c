/* SPDX-License-Identifier: ISC */
/* What is in an archive: a list, and how two differ. */
#include "mkboot/manifest.h"

#include <sys/stat.h>

#include <errno.h>
#include <sha2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct manifest_digest {
	SHA2_CTX sha;
};

int
manifest_begin(struct manifest *m)
{
	memset(m, 0, sizeof(*m));
	m->digest = calloc(1, sizeof(*m->digest));
	return m->digest == NULL ? -1 : 0;
}

static void
free_entry(struct manifest_entry *e)
{
	free(e->path);
	free(e->target);
}

void
manifest_free(struct manifest *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free_entry(&m->entry[i]);
	free(m->entry);
	free(m->digest);
	memset(m, 0, sizeof(*m));
}

static int
begin(void *context, const struct newc_member *member)
{
	struct manifest *m = context;
	struct manifest_entry *grown;

	/* The room is n rounded up to a power of two, or more. */
	if ((m->n & (m->n - 1)) == 0) {
		grown = reallocarray(m->entry, m->n == 0 ? 1 : 2 * m->n,
		    sizeof(*grown));
		if (grown == NULL)
			return -1;
		m->entry = grown;
	}
	m->entry[m->n] = (struct manifest_entry){
		.path = strdup(member->path), .mode = member->mode,
		.uid = member->uid, .gid = member->gid, .size = member->size,
		.rmajor = member->rmajor, .rminor = member->rminor
	};
	if (m->entry[m->n].path == NULL)
		return -1;
	m->n++;
	m->target_len = 0;
	SHA256Init(&m->digest->sha);
	return 0;
}

static int
data(void *context, const void *octets, size_t len)
{
	struct manifest *m = context;

	if (!S_ISLNK(m->entry[m->n - 1].mode)) {
		SHA256Update(&m->digest->sha, octets, len);
		return 0;
	}
	if (len >= sizeof(m->target) - m->target_len) {
		errno = EINVAL;
		return -1;
	}
	memcpy(m->target + m->target_len, octets, len);
	m->target_len += len;
	return 0;
}

static int
end(void *context)
{
	struct manifest *m = context;
	struct manifest_entry *e = &m->entry[m->n - 1];

	if (S_ISREG(e->mode))
		(void)SHA256End(&m->digest->sha, e->digest);
	if (!S_ISLNK(e->mode))
		return 0;
	e->target = strndup(m->target, m->target_len);
	return e->target == NULL ? -1 : 0;
}

const struct newc_calls manifest_calls = { begin, data, end };

/* Which of two came later in the archive?  Their places say. */
static int
compare(const void *a, const void *b)
{
	const struct manifest_entry *const *m = a, *const *n = b;
	int order = strcmp((*m)->path, (*n)->path);

	if (order != 0)
		return order;
	return *m < *n ? -1 : *m > *n;
}

void
manifest_settle(struct manifest *m)
{
	struct manifest_entry **order, *settled;
	size_t i, kept = 0;

	order = calloc(m->n + 1, sizeof(struct manifest_entry *));
	settled = calloc(m->n + 1, sizeof(*settled));
	if (order == NULL || settled == NULL) {
		/* Unsettled is what it was read as: the lines are true. */
		free(order);
		free(settled);
		return;
	}
	for (i = 0; i < m->n; i++)
		order[i] = &m->entry[i];
	qsort(order, m->n, sizeof(struct manifest_entry *), compare);
	for (i = 0; i < m->n; i++) {
		if (kept > 0 &&
		    strcmp(settled[kept - 1].path, order[i]->path) == 0)
			free_entry(&settled[--kept]);
		settled[kept++] = *order[i];
	}
	free(order);
	free(m->entry);
	m->entry = settled;
	m->n = kept;
}

static char
type_of(mode_t mode)
{
	return S_ISREG(mode) ? 'f' : S_ISDIR(mode) ? 'd' :
	    S_ISLNK(mode) ? 'l' : S_ISCHR(mode) ? 'c' :
	    S_ISBLK(mode) ? 'b' : S_ISFIFO(mode) ? 'p' : 's';
}

/* A name with a newline or a tab in it would not be a field of a line. */
static void
put_name(const char *name, FILE *out)
{
	for (; *name != '\0'; name++)
		if ((unsigned char)*name < 0x20 || *name == '\\')
			fprintf(out, "\\x%02x", (unsigned)*name);
		else
			putc(*name, out);
}

void
manifest_write(const struct manifest *m, FILE *out)
{
	const struct manifest_entry *e;
	size_t i;

	for (i = 0; i < m->n; i++) {
		e = &m->entry[i];
		fprintf(out, "%c\t%04o\t%u:%u\t", type_of(e->mode),
		    e->mode & 07777, e->uid, e->gid);
		if (S_ISCHR(e->mode) || S_ISBLK(e->mode))
			fprintf(out, "%u,%u\t", e->rmajor, e->rminor);
		else
			fprintf(out, "%u\t", e->size);
		put_name(e->target != NULL ? e->target :
		    *e->digest != '\0' ? e->digest : "-", out);
		putc('\t', out);
		put_name(e->path, out);
		putc('\n', out);
	}
}

static void
put_line(FILE *out, char sign, const struct manifest_entry *e)
{
	fprintf(out, "%c ", sign);
	put_name(e->path, out);
	if (sign == '~')
		putc(':', out);
	else
		putc('\n', out);
}

static const char *
text_of(const char *target)
{
	return target == NULL ? "" : target;
}

/* One path in both: 1 when something about it is different. */
static size_t
diff_entry(const struct manifest_entry *a, const struct manifest_entry *b,
    FILE *out)
{
	const bool type = (a->mode & S_IFMT) != (b->mode & S_IFMT);
	const bool mode = (a->mode & 07777) != (b->mode & 07777);
	const bool owner = a->uid != b->uid || a->gid != b->gid;
	const bool device = a->rmajor != b->rmajor || a->rminor != b->rminor;
	const bool octets = strcmp(a->digest, b->digest) != 0;
	const bool link = strcmp(text_of(a->target), text_of(b->target)) != 0;

	if (!type && !mode && !owner && !device && !octets && !link)
		return 0;
	put_line(out, '~', a);
	if (type)
		fprintf(out, " type %c -> %c", type_of(a->mode),
		    type_of(b->mode));
	if (mode)
		fprintf(out, " mode %04o -> %04o", a->mode & 07777,
		    b->mode & 07777);
	if (owner)
		fprintf(out, " owner %u:%u -> %u:%u", a->uid, a->gid, b->uid,
		    b->gid);
	if (device)
		fprintf(out, " device %u,%u -> %u,%u", a->rmajor, a->rminor,
		    b->rmajor, b->rminor);
	if (octets && a->size != b->size)
		fprintf(out, " size %u -> %u", a->size, b->size);
	else if (octets)
		fprintf(out, " contents");
	if (link) {
		fputs(" target ", out);
		put_name(text_of(a->target), out);
		fputs(" -> ", out);
		put_name(text_of(b->target), out);
	}
	putc('\n', out);
	return 1;
}

size_t
manifest_diff(const struct manifest *a, const struct manifest *b, FILE *out)
{
	size_t i = 0, k = 0, found = 0;
	int order;

	while (i < a->n || k < b->n) {
		order = i == a->n ? 1 : k == b->n ? -1 :
		    strcmp(a->entry[i].path, b->entry[k].path);
		if (order < 0)
			put_line(out, '-', &a->entry[i++]);
		else if (order > 0)
			put_line(out, '+', &b->entry[k++]);
		else
			found += diff_entry(&a->entry[i++], &b->entry[k++],
			    out);
		found += order != 0;
	}
	return found;
}
