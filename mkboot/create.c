/* SPDX-License-Identifier: ISC */
/* mkboot create: an empty boot directory. */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/folder.h"
#include "mkboot/publish.h"
#include "mkboot/script.h"

/* seen/ and what is in it belongs to the daemons' user. */
static const struct {
	const char *path;
	bool daemons;
} folders[] = {
	{ "pub", false }, { "pub/loader", false }, { "pub/image", false },
	{ "pub/machine", false }, { "image", false }, { "root", false },
	{ "machine", false }, { "seen", true }, { "seen/ip", true },
};

/* The boot directory itself; what is above it must be there. */
static int
open_or_make(const char *path)
{
	int fd;

	if (mkdir(path, 0755) == 0)
		printf("made %s\n", path);
	else if (errno != EEXIST)
		log_fatal(errno == ENOENT || errno == ENOTDIR ? EXIT_USER :
		    EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	if ((fd = bootdir_open(path)) == -1)
		log_fatal(errno == ENOTDIR ? EXIT_USER : EXIT_SYSTEM,
		    "%s: %s", path, strerror(errno));
	return fd;
}

/*
 * A folder that was there is never touched; one that the daemons will not be
 * able to write is pointed out.
 */
static void
look_at_owner(int bootfd, const char *path, const struct passwd *user)
{
	struct stat st;

	if (fstatat(bootfd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode) && st.st_uid != user->pw_uid)
		log_warn("%s was there, and is not %s's: left alone; chown it "
		    "if the daemons run as %s", path, user->pw_name,
		    user->pw_name);
}

static void
make_folder(int bootfd, const char *path, const struct passwd *owner)
{
	bool made;

	if (folder_make(bootfd, path, &made) == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	if (!made) {
		if (owner != NULL)
			look_at_owner(bootfd, path, owner);
		return;
	}
	if (owner != NULL && folder_give(bootfd, path, owner->pw_uid,
	    owner->pw_gid) == -1) {
		int error = errno;

		/* Else the next run would find it there, and leave it. */
		(void)folder_remove(bootfd, path);
		log_fatal(EXIT_USER, "%s: cannot give it to %s: %s", path,
		    owner->pw_name, strerror(error));
	}
	printf("made %s\n", path);
}

static void
make_first_script(int bootfd)
{
	const char *text = script_first();
	struct stat st;

	if (fstatat(bootfd, "pub/boot.ipxe", &st, AT_SYMLINK_NOFOLLOW) == 0)
		return;
	if (publish_bytes(bootfd, "pub/boot.ipxe", 0644, text, strlen(text),
	    NULL) == -1)
		log_fatal(EXIT_SYSTEM, "pub/boot.ipxe: %s", strerror(errno));
	printf("made pub/boot.ipxe\n");
}

int
create_main(int argc, char **argv)
{
	const char *dir = BOOTDIR_DEFAULT;
	const struct passwd *user = NULL;
	int bootfd, c;
	size_t i;

	while ((c = command_flag(argc, argv, "d:u:")) != -1)
		switch (c) {
		case 'd':
			dir = optarg;
			break;
		case 'u':
			user = command_user(optarg);
			break;
		default:
			command_usage("create [-d dir] [-u user]");
		}
	bootfd = open_or_make(dir);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		make_folder(bootfd, folders[i].path,
		    folders[i].daemons ? user : NULL);
	make_first_script(bootfd);
	close(bootfd);
	return EXIT_OK;
}
