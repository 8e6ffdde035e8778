/* SPDX-License-Identifier: ISC */
/* Giving up what a daemon does not need: user, privileges, files. */
#include "common/confine.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <linux/capability.h>
#include <linux/landlock.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

/*
 * Rights that Debian 12's headers (Landlock ABI 2) do not name yet; the
 * numbers are the kernel's.
 */
#define ACCESS_TRUNCATE (UINT64_C(1) << 14)	/* ABI 3 */
#define ACCESS_IOCTL_DEV (UINT64_C(1) << 15)	/* ABI 5 */

#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | \
	LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_RIGHTS (READ_RIGHTS | LANDLOCK_ACCESS_FS_WRITE_FILE | \
	LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
	LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SYM | \
	ACCESS_TRUNCATE)

/* Ends the program: to go on with more rights than was asked is worse. */
static void
must(int result, const char *what)
{
	if (result == -1)
		log_fatal(EXIT_SYSTEM, "%s: %s", what, strerror(errno));
}

/* The capability alone stays, permitted and effective. */
static void
keep_read_all(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { { 0 } };
	const uint32_t bit = 1u << CAP_DAC_READ_SEARCH;

	data[0].effective = data[0].permitted = bit;
	must((int)syscall(SYS_capset, &head, data), "capset");
}

/* As tinyssh has it: after setting the ids, see that they stuck. */
static void
become(const char *user, bool read_all)
{
	const struct passwd *pw;
	uid_t r, e, s;

	errno = 0;
	pw = getpwnam(user);
	if (pw == NULL)
		log_fatal(EXIT_USER, "user %s: %s; name another with -u", user,
		    errno == 0 ? "no such user" : strerror(errno));
	if (read_all)
		must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "keep capabilities");
	must(setgroups(0, NULL), "give up groups (-u needs root)");
	must(setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid), "change group");
	must(setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid), "change user");
	must(getresuid(&r, &e, &s), "read the user back");
	if (r != pw->pw_uid || e != pw->pw_uid || s != pw->pw_uid)
		log_fatal(EXIT_SYSTEM, "user %s: did not take effect", user);
	if (read_all)
		keep_read_all();
}

/* The rights that this kernel's Landlock knows; 0: it has none. */
static uint64_t
handled_rights(void)
{
	static const uint64_t by_abi[] = {
		0,
		LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1,	/* 13 rights */
		LANDLOCK_ACCESS_FS_REFER * 2 - 1,
		ACCESS_TRUNCATE * 2 - 1,
		ACCESS_TRUNCATE * 2 - 1,
		ACCESS_IOCTL_DEV * 2 - 1,
	};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	const long newest = sizeof(by_abi) / sizeof(by_abi[0]) - 1;

	return by_abi[abi < 0 ? 0 : abi > newest ? newest : abi];
}

static void
allow_beneath(int ruleset, int dirfd, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = rights,
		.parent_fd = dirfd,
	};

	must((int)syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0), "allow a folder");
}

static void
fence_files(const struct confine *c)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = handled_rights(),
	};
	int ruleset;

	if (attr.handled_access_fs == 0) {
		log_info("no Landlock in this kernel: "
		    "files are fenced by permissions alone");
		return;
	}
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr,
	    sizeof(attr), 0);
	must(ruleset, "make a Landlock ruleset");
	allow_beneath(ruleset, c->bootfd, READ_RIGHTS);
	if (c->seenfd != -1)
		allow_beneath(ruleset, c->seenfd,
		    WRITE_RIGHTS & attr.handled_access_fs);
	must((int)syscall(SYS_landlock_restrict_self, ruleset, 0),
	    "enter the Landlock ruleset");
	close(ruleset);
}

void
confine(const struct confine *c)
{
	if (c->user != NULL)
		become(c->user, c->read_all);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges");
	fence_files(c);
}
