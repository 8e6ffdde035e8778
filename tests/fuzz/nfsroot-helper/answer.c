/* SPDX-License-Identifier: ISC */
/*
 * Any octets as a call to a server with an export and a view: no reply has a
 * single octet of what lies outside of them, none has what is hidden, and
 * each is as long as it says.  The first octet says who calls.
 */
#include "nfsroot-helper/answer.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRET "0utside and hidden"
#define PRIVATE "0f one machine only"
#define MAC "52-54-00-00-00-01"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char boot[] = "/tmp/nfsroot-fuzz.XXXXXX";
static struct service *service;

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
put(int bootfd, const char *path, const char *text)
{
	char part[128];
	size_t at;
	int fd;

	for (at = 1; path[at] != '\0'; at++)
		if (path[at] == '/') {
			memcpy(part, path, at);
			part[at] = '\0';
			if (mkdirat(bootfd, part, 0755) == -1 &&
			    errno != EEXIST)
				err(1, "%s", part);
		}
	fd = openat(bootfd, path, O_WRONLY | O_CREAT, 0644);
	if (fd == -1 || write(fd, text, strlen(text)) == -1)
		err(1, "%s", path);
	close(fd);
}

static void
forget(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", boot);
	if (system(command) != 0)
		warnx("%s stays", boot);
}

static void
link_to(int bootfd, const char *text, const char *path)
{
	if (symlinkat(text, bootfd, path) == -1)
		err(1, "%s", path);
}

/* What is outside or hidden, by file, by link and by an upper layer. */
static void
set_up(void)
{
	int fd;

	if (mkdtemp(boot) == NULL || (fd = open(boot, O_RDONLY)) == -1)
		err(1, "%s", boot);
	atexit(forget);
	put(fd, "root/demo/etc/hosts", "shown\n");
	put(fd, "root/demo/etc/only", "shown\n");
	put(fd, "image/demo/kind", "nfs\n");
	put(fd, "outside/secret", SECRET);
	put(fd, "machine/" MAC "/hostname", SECRET);
	put(fd, "machine/" MAC "/files/etc/hosts", PRIVATE);
	put(fd, "machine/" MAC "/files/etc/.wh.only", SECRET);
	link_to(fd, "../outside", "root/out");
	link_to(fd, "../../../outside/secret", "root/demo/etc/out");
	link_to(fd, "../../root/demo", "image/demo/root");
	link_to(fd, "../../image/demo", "machine/" MAC "/image");
	service = calloc(1, sizeof(*service));
	if (service == NULL || !tree_init(&service->tree, fd, 256, 16))
		err(1, "start");
	mounts_init(&service->mounts);
	guests_init(&service->guests);
	guests_add(&service->guests, "any");
}

static bool
has(const struct wire_out *out, const char *text)
{
	return memmem(out->start, out->len, text, strlen(text)) != NULL;
}

static void
require_proper(const struct answer *a, const struct wire_out *out)
{
	require(!out->bad && out->len <= ANSWER_MAX);
	require(a->kind != ANSWER_REPLY || out->len >= 20);
	require(a->kind == ANSWER_REPLY || out->len == 0);
	require(out->len % 4 == 0);
	require(!has(out, SECRET) && !has(out, ".wh.only"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t reply[ANSWER_MAX];
	static struct answer a;
	struct asker asker = { .host = "fuzz" };
	struct wire_out out;

	if (service == NULL)
		set_up();
	if (len == 0)
		return 0;
	asker.trusted = data[0] & 1;
	tree_at(&service->tree, service->tree.now + data[0]);
	wire_out_init(&out, reply, sizeof(reply));
	answer_call(service, &asker, data + 1, len - 1, 0, &out, &a);
	require_proper(&a, &out);
	require(asker.trusted || !has(&out, PRIVATE));
	return 0;
}
