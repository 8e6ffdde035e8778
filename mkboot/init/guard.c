/* SPDX-License-Identifier: ISC */
/* A process that starts the machine anew when the boot hangs. */
#include "mkboot/init/guard.h"

#include <sys/wait.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "mkboot/init/say.h"

/*
 * Seconds of silence: more than any one call in a child, which is bounded
 * itself.  What hangs for longer, a driver in the kernel say, no patience
 * cures.
 */
#define GUARD 300

static void __attribute__((noreturn))
watch(int pulse)
{
	struct pollfd p = { .fd = pulse, .events = POLLIN };
	char octets[64];

	/* Its own lines are no sign of the other's life. */
	say_set_pulse(-1);
	while (poll(&p, 1, GUARD * 1000) > 0)
		if (read(pulse, octets, sizeof(octets)) <= 0)
			_exit(0);
	say_fatal("init: nothing moved for %d seconds; see the lines before "
	    "this", GUARD);
}

void
guard_start(struct guard *g)
{
	int end[2];

	g->child = -1;
	if (pipe2(end, O_CLOEXEC | O_NONBLOCK) == -1)
		return;
	g->pulse = end[1];
	if ((g->child = fork()) == 0) {
		g->child = -1;
		close(end[1]);
		watch(end[0]);
	}
	close(end[0]);
	say_set_pulse(g->pulse);
}

void
guard_stop(struct guard *g)
{
	if (g->child == -1)
		return;
	say_set_pulse(-1);
	close(g->pulse);
	kill(g->child, SIGKILL);
	/* Its remains would be a riddle to the system's own init. */
	(void)waitpid(g->child, NULL, 0);
	g->child = -1;
}
