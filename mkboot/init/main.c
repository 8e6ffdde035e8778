/* SPDX-License-Identifier: ISC */
/* /init of our initrds: from a bare kernel to a system whose root is NFS. */
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/cmdline.h"
#include "mkboot/init/coldplug.h"
#include "mkboot/init/keeper.h"
#include "mkboot/init/machine.h"
#include "mkboot/init/net.h"
#include "mkboot/init/root.h"
#include "mkboot/init/say.h"
#include "mkboot/init/switchroot.h"

/*
 * Seconds: more than all waits of net.c and root.c together.  What may still
 * hang then, a driver in the kernel say, no patience cures.
 */
#define GUARD 900

static void
mount_one(const char *what, const char *at, unsigned long flags,
    const char *options)
{
	(void)mkdir(at, 0755);
	if (mount(what, at, what, flags, options) == -1 && errno != EBUSY)
		say_warn("%s: %s: %s", at, what, strerror(errno));
}

static void
mount_basics(void)
{
	mount_one("devtmpfs", "/dev", MS_NOSUID, "mode=0755");
	/* Until now it was the archive's node, before it nothing. */
	say_open();
	mount_one("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_one("sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount_one("tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755,size=20%");
	say_keep();
}

static void
read_cmdline(char text[CMDLINE_MAX])
{
	const int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd != -1) {
		n = read(fd, text, CMDLINE_MAX - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
}

/* A value of the kernel's own; what it does not know it need not take. */
static void
set_kernel(const char *path, const char *value)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	if (write(fd, value, strlen(value)) == -1)
		errno = 0;
	close(fd);
}

/*
 * Should this program itself die, the kernel panics, and must start the
 * machine anew; and its limit of ten lines would swallow the important one.
 */
static void
prepare_kernel(const struct cmdline *c)
{
	char seconds[16];

	snprintf(seconds, sizeof(seconds), "%u", c->panic_s);
	set_kernel("/proc/sys/kernel/panic", c->panic_s == 0 ? "-1" : seconds);
	/* The kernel takes these words with their newline alone. */
	set_kernel("/proc/sys/kernel/printk_devkmsg", "on\n");
}

static void
settle_kernel(void)
{
	set_kernel("/proc/sys/kernel/printk_devkmsg", "ratelimit\n");
}

/* A process that starts the machine anew when this one hangs for ever. */
static pid_t
start_guard(void)
{
	const pid_t child = fork();
	unsigned left = GUARD;

	if (child != 0)
		return child;
	while (left > 0)
		left = sleep(left);
	say_fatal("init: no root after %d seconds; see the lines before this",
	    GUARD);
}

static void
stop_guard(pid_t guard)
{
	if (guard > 0) {
		kill(guard, SIGKILL);
		/* Its remains would be a riddle to the system's own init. */
		(void)waitpid(guard, NULL, 0);
	}
}

static void
read_parameters(struct cmdline *c, char text[CMDLINE_MAX])
{
	size_t i;

	read_cmdline(text);
	cmdline_parse(c, text);
	say_set_panic(c->panic_s);
	for (i = 0; i < c->problems; i++)
		say_warn("%s: %s; going on as if it were not there",
		    c->problem[i].what, c->problem[i].why);
}

static bool
is_modprobe(const char *name)
{
	const char *slash = strrchr(name, '/');

	return strcmp(slash != NULL ? slash + 1 : name, "modprobe") == 0;
}

static void
bring_up(struct net *net, const struct cmdline *c, const char *text)
{
	struct coldplug coldplug = { 0 };
	char hostname[NAMES_HOST];
	int folder;

	coldplug_open(&coldplug, text);
	coldplug_fixed(&coldplug);
	machine_hostname(hostname);
	if (hostname[0] == '\0')
		strlcpy(hostname, c->ip.hostname, sizeof(hostname));
	net_up(net, c, &coldplug, hostname);
	coldplug_close(&coldplug);
	folder = open("/run/pixie", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder != -1) {
		net_record(net, folder);
		close(folder);
	}
	root_mount(c, net);
	machine_lay(ROOT_NEW, net, hostname);
}

int
main(int argc, char **argv)
{
	char text[CMDLINE_MAX];
	struct cmdline c;
	struct net net;
	const char *init;
	pid_t guard;

	if (is_modprobe(argv[0]) && argc > 1) {
		read_cmdline(text);
		return coldplug_modprobe(text, argv[argc - 1]);
	}
	if (getpid() != 1) {
		fputs("init: the first program of an initrd, not to be run by "
		    "hand\n", stderr);
		return 100;
	}
	say_open();
	mount_basics();
	read_parameters(&c, text);
	prepare_kernel(&c);
	guard = start_guard();
	bring_up(&net, &c, text);
	init = switchroot_find_init(ROOT_NEW, c.init);
	keeper_start(&net, argv[0]);
	settle_kernel();
	stop_guard(guard);
	say_info("root: starting %s", init);
	switchroot(ROOT_NEW, init, argv);
}
