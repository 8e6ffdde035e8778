/* SPDX-License-Identifier: ISC */
#ifndef COMMON_DAEMON_H
#define COMMON_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What every daemon's main() shares: flags -> log -> boot directory ->
 * socket -> confinement -> ready -> loop.
 */
struct daemon {
	const char *prog;
	const char *bootdir;	/* -d */
	const char *listen;	/* -l; NULL: any */
	unsigned port;		/* -p */
	const char *interface;	/* -i; NULL: any */
	const char *user;	/* -u; NULL: stay */
	int ready_fd;		/* -D; -1: none */
	bool verbose;		/* -v */
	bool check;		/* -n */
	bool explain;		/* -e */
};

#define DAEMON_FLAGS "D:d:ei:l:np:u:v"	/* for getopt(3) */
#define DAEMON_USAGE "[-env] [-D fd] [-d dir] [-i iface] [-l addr] [-p port] " \
	"[-u user]"

void daemon_init(struct daemon *, const char *prog, unsigned port);
/*
 * Takes one flag that getopt() returned; false when it is none of ours.  A
 * bad value ends the program with one line and EXIT_USER.
 */
bool daemon_flag(struct daemon *, int flag, const char *value);
/* Ends the program with the usage line and EXIT_USER. */
void daemon_usage(const struct daemon *, const char *extra_flags)
    __attribute__((noreturn));

/* Opens the boot directory, or ends the program with a line that helps. */
int daemon_bootdir(const struct daemon *);

/*
 * SIGTERM and SIGINT come by this descriptor from now on (signalfd); SIGPIPE
 * is ignored.
 */
int daemon_signals(void);

/* Writes the newline to -D's descriptor, closes it, and says so at info. */
void daemon_ready(struct daemon *, const char *where);

/*
 * How many clients can be served at once when each takes `each' descriptors
 * and all the rest `spare': at most `max', and fewer where the limit on open
 * files, raised as far as it may be, is lower.  Ends the program when there
 * is not room for one.
 */
size_t daemon_capacity(size_t max, unsigned each, unsigned spare);

/*
 * -n of those who hand out pub/: EXIT_OK when it can be opened; else ends the
 * program with a line that helps.
 */
int daemon_check_pub(const struct daemon *, int bootfd);

/* Monotonic milliseconds. */
int64_t daemon_now_ms(void);

#endif
