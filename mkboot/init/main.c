/* SPDX-License-Identifier: ISC */
/* /init of our initrds: from a bare kernel to a system whose root is NFS. */
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/cmdline.h"
#include "mkboot/init/coldplug.h"
#include "mkboot/init/guard.h"
#include "mkboot/init/keeper.h"
#include "mkboot/init/machine.h"
#include "mkboot/init/net.h"
#include "mkboot/init/reporter.h"
#include "mkboot/init/rescue.h"
#include "mkboot/init/root.h"
#include "mkboot/init/say.h"
#include "mkboot/init/seed.h"
#include "mkboot/init/switchroot.h"

/*
 * How far the boot is, for say_fatal() to report.  It is called from anywhere,
 * and a process 1 has one boot.
 */
static struct {
	struct reporter reporter;
	struct guard guard;
	const char *stage;
	bool rescue;
} boot;

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

/* The end of a boot that failed: tell it, and let somebody look. */
static void
last(const char *why)
{
	reporter_tell(&boot.reporter, boot.stage, "failed", why);
	reporter_finish(&boot.reporter, 2);
	/* From here on silence is somebody reading, or typing. */
	guard_stop(&boot.guard);
	if (boot.rescue)
		rescue_shell();
}

static void
begin(const char *stage)
{
	boot.stage = stage;
	reporter_tell(&boot.reporter, stage, "begun", "");
}

static void
done(const char *what)
{
	reporter_tell(&boot.reporter, boot.stage, "ok", what);
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
record(const struct net *net)
{
	const int folder = open("/run/pixie", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (folder == -1)
		return;
	net_record(net, folder);
	close(folder);
}

/* From bare hardware to a root with this machine's own files in it. */
static void
bring_up(struct net *net, const struct cmdline *c, const char *text)
{
	struct coldplug coldplug = { 0 };
	char hostname[NAMES_HOST];
	struct root root;

	root_find(&root, c);
	coldplug_open(&coldplug, text);
	coldplug_fixed(&coldplug);
	machine_hostname(hostname);
	if (hostname[0] == '\0')
		strlcpy(hostname, c->ip.hostname, sizeof(hostname));
	boot.stage = "network";
	net_up(net, c, root_is_ip6(&root, c), &coldplug, hostname);
	record(net);
	reporter_start(&boot.reporter, c->report);
	done(net->nic.name);
	begin("root");
	root_mount(&root, c, net, &coldplug);
	coldplug_close(&coldplug);
	done("");
	begin("machine");
	machine_lay(ROOT_NEW, net, hostname);
	done("");
}

int
main(int argc, char **argv)
{
	char text[CMDLINE_MAX];
	struct cmdline c;
	struct net net;
	const char *init;

	if (is_modprobe(argv[0]) && argc > 1) {
		read_cmdline(text);
		return coldplug_modprobe(text, argv[argc - 1]);
	}
	if (getpid() != 1) {
		fputs("init: the first program of an initrd, not to be run by "
		    "hand\n", stderr);
		return 100;
	}
	boot.stage = "start";
	boot.guard.child = -1;
	say_open();
	mount_basics();
	seed_feed();
	read_parameters(&c, text);
	boot.rescue = c.rescue;
	say_set_last(last);
	prepare_kernel(&c);
	guard_start(&boot.guard);
	bring_up(&net, &c, text);
	begin("init");
	init = switchroot_find_init(ROOT_NEW, c.init);
	keeper_start(&net, argv[0]);
	settle_kernel();
	guard_stop(&boot.guard);
	say_info("root: starting %s", init);
	/* exec closes the reporter's pipe; it tells what is left and ends. */
	done(init);
	switchroot(ROOT_NEW, init, argv);
}
