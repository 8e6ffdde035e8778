/* SPDX-License-Identifier: ISC */
/* A request and the answer that it would get, as text. */
#include "tftpd/explain.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "tftpd/content.h"
#include "tftpd/find.h"
#include "tftpd/request.h"

/* No path is there to ask for its MTU: Ethernet's, 1500 less headers. */
#define BLKSIZE_MAX 1468

static void
say_asked(FILE *out, const struct request *request)
{
	char file[4 * TFTP_REQUEST_MAX + 1];
	size_t i;

	fprintf(out, "asked: %s", *request->file == '\0' ? "no file" :
	    log_escape(file, sizeof(file), request->file,
	    strlen(request->file)));
	for (i = 0; i < TFTP_NOPTIONS; i++)
		if (request->option[i].asked)
			fprintf(out, ", %s %ju", request->option[i].name,
			    (uintmax_t)request->option[i].value);
	fprintf(out, "%s\n", request->netascii ? ", as netascii" : "");
}

/* A choice in the boot directory is a link: say what it chose. */
static void
say_link(FILE *out, int bootfd, const char *path)
{
	char target[BOOTDIR_PATH_MAX], text[BOOTDIR_PATH_MAX];
	ssize_t len;
	int fd = bootdir_openat(bootfd, path, O_PATH | O_NOFOLLOW);

	if (fd == -1)
		return;
	len = readlinkat(fd, "", target, sizeof(target));
	if (len > 0)
		fprintf(out, " -> %s", log_escape(text, sizeof(text), target,
		    (size_t)len));
	close(fd);
}

static void
say_file(FILE *out, int bootfd, const struct found *found)
{
	char path[sizeof("pub/") + BOOTDIR_PATH_MAX];
	char text[4 * sizeof(path)];

	snprintf(path, sizeof(path), "pub/%s", found->path);
	fprintf(out, "file: %s", log_escape(text, sizeof(text), path,
	    strlen(path)));
	say_link(out, bootfd, path);
	if (found->fd != -1)
		fprintf(out, ", %jd octets", (intmax_t)found->st.st_size);
	if (found->is_seed)
		fprintf(out, ", made fresh, %d octets", CONTENT_SEED);
	fprintf(out, "\n");
}

static void
say_agreed(FILE *out, const struct request *request, uint64_t size)
{
	struct agreement a;
	const char *before = " ";
	size_t i;

	request_agree(request, size, BLKSIZE_MAX, &a);
	if (!a.oack) {
		fprintf(out, "answer: DATA 1, blocks of %u octets\n",
		    a.blksize);
		return;
	}
	fprintf(out, "answer: OACK");
	for (i = 0; i < TFTP_NOPTIONS; i++) {
		if (!a.accepted[i])
			continue;
		fprintf(out, "%s%s %ju", before, request->option[i].name,
		    (uintmax_t)request_agreed(&a, (enum tftp_option)i));
		before = ", ";
	}
	fprintf(out, "\n");
}

/* The text is taken from the packet, so that it is what would be sent. */
static void
say_refusal(FILE *out, enum refusal refusal, const char *file)
{
	uint8_t packet[REFUSAL_PACKET_MAX];
	struct wire_out w;
	struct wire_in in;
	uint16_t code;

	if (refusal == REFUSAL_NOT_A_REQUEST) {
		fprintf(out, "answer: none\n");
	} else {
		wire_out_init(&w, packet, sizeof(packet));
		refusal_put(&w, refusal, file);
		wire_in_init(&in, w.start, w.len);
		wire_get_n16(&in);
		code = wire_get_n16(&in);
		fprintf(out, "answer: ERROR %u \"%s\"\n", code,
		    wire_get_string(&in));
	}
	fprintf(out, "why: %s\n", refusal_name(refusal));
}

void
explain(FILE *out, int bootfd, const struct mac *who, bool any_case,
    const void *packet, size_t len)
{
	struct request request;
	struct found found = { .fd = -1 };
	enum refusal refusal;

	refusal = request_parse(&request, packet, len);
	say_asked(out, &request);
	if (refusal == REFUSAL_NONE) {
		refusal = find_file(bootfd, request.file, who, any_case,
		    &found);
		say_file(out, bootfd, &found);
		if (refusal == REFUSAL_NONE && request.netascii &&
		    found.st.st_size > CONTENT_NETASCII_MAX)
			refusal = REFUSAL_TEXT_SIZE;
	}
	if (refusal == REFUSAL_NONE)
		say_agreed(out, &request, found.is_seed ? CONTENT_SEED :
		    (uint64_t)found.st.st_size);
	else
		say_refusal(out, refusal, request.file);
	if (found.fd != -1)
		close(found.fd);
}
