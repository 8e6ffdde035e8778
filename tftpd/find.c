/* SPDX-License-Identifier: ISC */
/* Which file below pub/ a request gets; holds open and fstat. */
#include "tftpd/find.h"

#include <stdio.h>
#include <string.h>

static enum pub_answer
open_path(int bootfd, const struct mac *who, struct found *found)
{
	struct stat st;
	enum pub_answer answer;

	answer = pub_open(bootfd, found->path, who, &found->fd, &st);
	if (answer == PUB_OK)
		found->size = (uint64_t)st.st_size;
	return answer;
}

enum refusal
find_file(int bootfd, const char *name, const struct mac *who,
    struct found *found)
{
	char mac[MAC_TEXT];
	enum pub_answer answer;

	memset(found, 0, sizeof(*found));
	found->fd = -1;
	if (who != NULL) {
		snprintf(found->path, sizeof(found->path), "machine/%s/%s",
		    mac_format(who, mac), name);
		answer = open_path(bootfd, who, found);
		/* A folder of that name hides nothing. */
		if (answer != PUB_NOT_FOUND && answer != PUB_NOT_A_FILE)
			return refusal_of_pub(answer);
	}
	strlcpy(found->path, name, sizeof(found->path));
	return refusal_of_pub(open_path(bootfd, who, found));
}
