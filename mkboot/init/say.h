/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SAY_H
#define MKBOOT_INIT_SAY_H

/*
 * Lines `pixie: level: what: why' by /dev/kmsg, so that each console of the
 * machine shows them and dmesg(1) too, and in /run/pixie/log once that is
 * there.  Until the devices are mounted they wait for nothing: what cannot be
 * said is lost.
 */
void say_open(void);
/* Lines go to /run/pixie/log as well from now on. */
void say_keep(void);
/* How long the screen stays readable before a reboot. */
void say_set_panic(unsigned seconds);
/* A descriptor that gets an octet for each line: a sign of life. */
void say_set_pulse(int fd);
/* What say_fatal() calls behind its line, with the line's text. */
void say_set_last(void (*last)(const char *why));

void say_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/*
 * Says `what: why; what to do', calls what say_set_last() named, waits panic=
 * seconds and starts the machine anew: the network or the server may be back
 * by then.
 */
void say_fatal(const char *format, ...)
    __attribute__((format(printf, 1, 2), noreturn));

#endif
