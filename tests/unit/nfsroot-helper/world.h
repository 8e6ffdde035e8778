/* SPDX-License-Identifier: ISC */
/* A boot directory for a test, and a service over it. */
#ifndef TESTS_NFSROOT_WORLD_H
#define TESTS_NFSROOT_WORLD_H

#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nfsroot-helper/answer.h"

struct world {
	char path[64];
	int home;		/* where the test was before */
	int bootfd;
	struct service service;
	int64_t now;
};

static inline void
world_start(struct world *w)
{
	assert_true(tree_init(&w->service.tree, w->bootfd, 4096, 64));
	mounts_init(&w->service.mounts);
	guests_init(&w->service.guests);
	assert_true(guests_add(&w->service.guests, "any"));
	w->service.bootfd = w->bootfd;
	tree_at(&w->service.tree, w->now);
}

static inline void
world_stop(struct world *w)
{
	tree_free(&w->service.tree);
	mounts_free(&w->service.mounts);
}

/* As if the daemon were killed and started again. */
static inline void
world_restart(struct world *w)
{
	world_stop(w);
	world_start(w);
}

static inline void
world_later(struct world *w, int64_t ms)
{
	w->now += ms;
	tree_at(&w->service.tree, w->now);
}

/* The working directory is the boot directory while a test runs. */
static inline int
world_setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	strlcpy(w->path, "/tmp/nfsroot-test.XXXXXX", sizeof(w->path));
	assert_non_null(mkdtemp(w->path));
	w->home = open(".", O_PATH | O_DIRECTORY);
	w->bootfd = open(w->path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(fchdir(w->bootfd), 0);
	assert_int_equal(mkdir("root", 0755), 0);
	assert_int_equal(mkdir("root/demo", 0755), 0);
	w->now = 1000000;
	world_start(w);
	*state = w;
	return 0;
}

static inline int
world_remove(const char *path, const struct stat *st, int kind,
    struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline int
world_teardown(void **state)
{
	struct world *w = *state;

	world_stop(w);
	assert_int_equal(fchdir(w->home), 0);
	close(w->home);
	close(w->bootfd);
	assert_int_equal(nftw(w->path, world_remove, 16,
	    FTW_DEPTH | FTW_PHYS), 0);
	free(w);
	return 0;
}

/* A file with this text, the folders on the way made. */
static inline void
write_file(const char *path, const char *text)
{
	char folder[512];
	char *slash;
	FILE *f;

	strlcpy(folder, path, sizeof(folder));
	for (slash = strchr(folder, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdir(folder, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

struct octets {
	uint8_t data[HANDLE_MAX];
	size_t len;
};

static inline struct xdr_span
span_of(const struct octets *o)
{
	return (struct xdr_span){ o->data, o->len };
}

/* The handle that a client gets by looking up each part of the path. */
static inline struct octets
handle_of(struct world *w, const char *export, const char *path)
{
	struct tree *t = &w->service.tree;
	struct export *e = exports_named(&t->exports, export, w->now);
	struct nfs3_attr attr;
	struct octets octets;
	struct handle h;
	struct node *n;
	size_t len;

	assert_non_null(e);
	for (n = e->root; *path != '\0'; path += len, path += *path == '/') {
		len = strcspn(path, "/");
		assert_int_equal(tree_lookup(t, n, (struct xdr_span){
		    (const uint8_t *)path, len }, &n, &attr), NFS3_OK);
	}
	tree_handle(n, &h);
	octets.len = handle_format(&h, octets.data);
	return octets;
}

/* The fileid behind a handle with scans as needed; 0 and *status if none. */
static inline uint64_t
resolve(struct world *w, const struct octets *o, uint32_t *status)
{
	struct tree *t = &w->service.tree;
	unsigned patience = 6;
	struct nfs3_attr attr;
	struct node *n;
	bool finished;

	while ((*status = tree_find(t, span_of(o), patience, &n, &attr)) ==
	    TREE_WAIT) {
		assert_true(patience-- > 0);
		do {
			exports_work(&t->exports, w->now, &finished);
			world_later(w, 1);
		} while (!finished);
	}
	return *status == NFS3_OK ? attr.fileid : 0;
}

static inline uint64_t
inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_ino;
}

#endif
