/* SPDX-License-Identifier: ISC */
/* Machine facts to the text of an iPXE script. */
#include "mkboot/script.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
	[SCRIPT_NFS] = "nfs",
	[SCRIPT_RAM] = "ram",
	[SCRIPT_ALPINE] = "alpine",
	[SCRIPT_ANY] = "any",
};

static const char *const error_words[] = {
	[SCRIPT_OK] = "ok",
	[SCRIPT_CMDLINE_TOO_LONG] =
	    "longer than 1792 octets; a kernel takes no more",
	[SCRIPT_CMDLINE_CONTROL] = "has a control character in it",
	[SCRIPT_CMDLINE_COMMENT] =
	    "has a word that begins with `#', which iPXE takes for a comment",
	[SCRIPT_CMDLINE_OPERATOR] =
	    "has `||', `&&' or `;' as a word, which iPXE takes for its own",
	[SCRIPT_CMDLINE_BACKSLASH] =
	    "ends with a backslash, which joins it to iPXE's next line",
};

/*
 * `exit 1', not `exit': to UEFI a boot option that returns success has done
 * its work, and the firmware stops in its menu; after a failure it goes on to
 * the next one (UEFI specification, section 3.1.1).  A BIOS goes on always.
 *
 * A server that went away between this script and the next is one of several,
 * perhaps: once, all begins anew.
 *
 * --replace: what the machine's script returns is the last word, so that its
 * failure does not look like `no such script' here.
 */
static const char first_script[] =
    "#!ipxe\n"
    "#\n"
    "# The first script of every iPXE: the machine's own, else the default.\n"
    "# Made by mkboot(8) once; it is yours to alter.\n"
    "\n"
    "imgfetch --name own machine/${netX/mac:hexhyp}/boot.ipxe"
    " && goto own ||\n"
    "imgfetch --name own machine/default/boot.ipxe && goto own ||\n"
    "isset ${asked} && goto nothing ||\n"
    "set asked yes\n"
    "echo Asking all servers anew.\n"
    "autoboot ||\n"
    "\n"
    ":nothing\n"
    "echo\n"
    "echo Nothing to boot for this machine, ${netX/mac:hexhyp}: the server"
    " has\n"
    "echo no machine/${netX/mac:hexhyp}/boot.ipxe and no"
    " machine/default/boot.ipxe.\n"
    "echo Going on to the next boot device in 10 seconds.\n"
    "sleep 10\n"
    "exit 1\n"
    "\n"
    ":own\n"
    "chain --replace --autofree own\n";

/*
 * Five tries at growing distances, about a minute in all: a server that was
 * being restarted is back by then.
 *
 * next-server: beside a DHCP server that names itself there, the proxy's
 * answer is ours (iPXE keeps it in the settings block "proxydhcp").  Where
 * the proxy left siaddr empty its server identifier says the same.
 *
 * report: where /init tells how far it is and, where nothing names a server,
 * whom it asks for the root: this script's own address, which builds of 2019
 * do not know; else that server, or over IPv6 the first script's address.
 */
static const char script_head[] =
    "#!ipxe\n"
    "#\n"
    "# Machine %s, image %s.  Rendered by mkboot(8) from\n"
    "# machine/%s and image/%s: what is altered here is lost.\n"
    "\n"
    "isset ${proxydhcp/next-server} &&"
    " set server ${proxydhcp/next-server} || set server ${next-server}\n"
    "isset ${server} || set server ${proxydhcp/dhcp-server} ||\n"
    "set report ${server}\n"
    "isset ${server} || set report ${filename}\n"
    "isset ${cwuri} && set report ${cwuri} ||\n"
    "set tried:int32 0\n"
    "\n"
    ":again\n"
    "imgfree ||\n";

/*
 * On EFI the kernel finds each initrd by its name in an `initrd=' of the
 * command line; names are given here, as iPXE's own follow the address.
 *
 * machine.cpio first: the EFI stub puts one right behind the other, and the
 * kernel unpacks a cpio only at a multiple of four octets (init/initramfs.c).
 * machine.cpio is padded to one; a compressed initrd may begin anywhere.
 */
static const char script_own[] =
    "set failed could not fetch the machine's own files, machine.cpio\n"
    "initrd --name machine.cpio machine.cpio || goto failed\n";

/*
 * Private files a server may refuse to hand out, to an address that it does
 * not know or as it is not ours: the machine comes up without them, and says
 * so.
 */
static const char script_private[] =
    "clear private ||\n"
    "initrd --name private.cpio private.cpio &&"
    " set private initrd=private.cpio ||"
    " echo Its private files are not given to us: it boots without them.\n";

static const char script_initrd[] =
    "set failed could not fetch the initrd, image/%s/initrd\n"
    "initrd --name initrd ../../image/%s/initrd || goto failed\n";

/* The words that follow it on the line say what is booted. */
static const char script_kernel[] =
    "set failed could not fetch the kernel, image/%s/kernel\n"
    "kernel --name kernel ../../image/%s/kernel";

/*
 * What cannot be at all is not tried five times.  ${platform} is "efi" or
 * "pcbios".
 */
static const char script_only[] =
    "set failed %s\n"
    "iseq ${platform} %s || set tried:int32 4\n"
    "iseq ${platform} %s || goto failed\n";

/*
 * An ISO is read block by block as the system in it asks, which HTTP alone
 * can do: so not by the script's own address, which may be TFTP's.
 */
static const char script_disc[] =
    "set failed could not start image/%s/image.iso\n"
    "sanboot --no-describe http://${server}/image/%s/image.iso"
    " || goto failed\n"
    "exit\n";

/* By the card that boots, which is the one that the server knows it by. */
static const char own_view[] = "machine/${netX/mac:hexhyp}";

static const char script_boot[] =
    "set failed could not start the kernel\n"
    "boot ||\n"
    "\n";

/*
 * After the second failure all begins anew, from DHCP on, three times at the
 * most: where another server has the same boot directory its proxy answers,
 * and its first script is told.  What is set in iPXE outlives a script.
 */
static const char script_tail[] =
    ":failed\n"
    "inc tried\n"
    "echo\n"
    "echo Try ${tried} of 5: ${failed}.\n"
    "iseq ${tried} 5 && goto given_up ||\n"
    "set pause:int32 ${tried}\n"
    "inc pause ${tried}\n"
    "inc pause ${tried}\n"
    "echo Trying again in ${pause} seconds.\n"
    "sleep ${pause}\n"
    "isset ${anew} || set anew:int32 0\n"
    "iseq ${tried} 2 || goto again\n"
    "iseq ${anew} 3 && goto again ||\n"
    "inc anew\n"
    "echo Asking all servers anew.\n"
    "autoboot ||\n"
    "goto again\n"
    "\n"
    ":given_up\n"
    "echo Image %s does not boot on machine %s.\n"
    "echo Going on to the next boot device in 10 seconds.\n"
    "sleep 10\n"
    "exit 1\n";

const char *
script_kind_name(enum script_kind kind)
{
	return kind_names[kind];
}

bool
script_kind_parse(const char *name, enum script_kind *kind)
{
	size_t i;

	for (i = 0; i < sizeof(kind_names) / sizeof(kind_names[0]); i++)
		if (strcmp(kind_names[i], name) == 0) {
			*kind = (enum script_kind)i;
			return true;
		}
	return false;
}

const char *
script_error_words(enum script_error error)
{
	return error_words[error];
}

static bool
is_word(const char *word, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(word, text, len) == 0;
}

enum script_error
script_check_cmdline(const char *cmdline)
{
	const char *p;
	size_t len;

	if ((len = strlen(cmdline)) >= SCRIPT_CMDLINE_SIZE)
		return SCRIPT_CMDLINE_TOO_LONG;
	for (p = cmdline; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			return SCRIPT_CMDLINE_CONTROL;
	if (len > 0 && cmdline[len - 1] == '\\')
		return SCRIPT_CMDLINE_BACKSLASH;
	for (p = cmdline; *p != '\0'; p += len) {
		p += strspn(p, " ");
		len = strcspn(p, " ");
		if (*p == '#')
			return SCRIPT_CMDLINE_COMMENT;
		if (is_word(p, len, "||") || is_word(p, len, "&&") ||
		    is_word(p, len, ";"))
			return SCRIPT_CMDLINE_OPERATOR;
	}
	return SCRIPT_OK;
}

const char *
script_first(void)
{
	return first_script;
}

/* A growing text; what does not fit is noted and ends it. */
struct text {
	char *start;
	size_t len, size;
	bool full;
};

static void append(struct text *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static void
append(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->start + t->len, t->size - t->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= t->size - t->len)
		t->full = true;
	else
		t->len += (size_t)n;
}

static void
append_cmdline(struct text *t, const struct script_facts *f)
{
	append(t, "%s%s%s%s || goto failed\n",
	    *f->image_cmdline == '\0' ? "" : " ", f->image_cmdline,
	    *f->machine_cmdline == '\0' ? "" : " ", f->machine_cmdline);
}

/* With our own initrd, whose /init finds the root: mkboot/init. */
static void
append_ours(struct text *t, const struct script_facts *f)
{
	append(t, script_own);
	if (f->has_private)
		append(t, script_private);
	append(t, script_initrd, f->files, f->files);
	append(t, script_kernel, f->files, f->files);
	append(t, " initrd=machine.cpio %sinitrd=initrd"
	    " BOOTIF=01-${netX/mac:hexhyp} ip=dhcp",
	    f->has_private ? "${private} " : "");
	if (f->kind == SCRIPT_NFS)
		append(t, " root=nfs:${server}:/%s",
		    f->view ? own_view : f->root);
	else
		append(t, " root=http://${server}/image/%s/rootfs.squashfs",
		    f->files);
	if (f->kind == SCRIPT_RAM && *f->sha256 != '\0')
		append(t, " sha256=%s", f->sha256);
	append(t, " report=${report}");
	append_cmdline(t, f);
	append(t, script_boot);
}

/*
 * Words of initramfs-init (mkinitfs) and of OpenRC's modloop, which fetch by
 * HTTP alone.
 */
static void
append_alpine(struct text *t, const struct script_facts *f)
{
	append(t, script_initrd, f->files, f->files);
	append(t, script_kernel, f->files, f->files);
	append(t, " initrd=initrd BOOTIF=01-${netX/mac:hexhyp} ip=dhcp"
	    " modloop=http://${server}/image/%s/modloop", f->files);
	if (f->has_packages)
		append(t, " alpine_repo=http://${server}/image/%s/apks",
		    f->files);
	if (f->has_apkovl)
		append(t, " apkovl=http://${server}/machine/%s/apkovl.tar.gz",
		    f->machine);
	append_cmdline(t, f);
	append(t, script_boot);
}

static void
append_kernel(struct text *t, const struct script_facts *f)
{
	if (f->has_initrd)
		append(t, script_initrd, f->files, f->files);
	append(t, script_kernel, f->files, f->files);
	append(t, "%s BOOTIF=01-${netX/mac:hexhyp}",
	    f->has_initrd ? " initrd=initrd" : "");
	append_cmdline(t, f);
	append(t, script_boot);
}

/* Another loader, which does the rest by itself. */
static void
append_chain(struct text *t, const struct script_facts *f, const char *file)
{
	append(t, "set failed could not start image/%s/%s\n"
	    "chain ../../image/%s/%s", f->files, file, f->files, file);
	append_cmdline(t, f);
	append(t, "exit\n\n");
}

static void
append_any(struct text *t, const struct script_facts *f)
{
	switch (f->start) {
	case SCRIPT_KERNEL:
		append_kernel(t, f);
		break;
	case SCRIPT_PROGRAM:
		append(t, script_only, "its program is for UEFI alone",
		    "efi", "efi");
		append_chain(t, f, "program.efi");
		break;
	case SCRIPT_DISC:
		append(t, script_disc, f->files, f->files);
		break;
	case SCRIPT_PXEBOOT:
		append(t, script_only, "its pxeboot is for a BIOS alone",
		    "pcbios", "pcbios");
		append_chain(t, f, "pxeboot");
		break;
	}
}

static enum script_error
check_facts(const struct script_facts *f)
{
	enum script_error error;

	if ((error = script_check_cmdline(f->image_cmdline)) != SCRIPT_OK ||
	    (error = script_check_cmdline(f->machine_cmdline)) != SCRIPT_OK)
		return error;
	if (strlen(f->image_cmdline) + strlen(f->machine_cmdline) + 1 >=
	    SCRIPT_CMDLINE_SIZE)
		return SCRIPT_CMDLINE_TOO_LONG;
	return SCRIPT_OK;
}

enum script_error
script_machine(const struct script_facts *f, char text[SCRIPT_SIZE],
    size_t *len)
{
	struct text t = { text, 0, SCRIPT_SIZE, false };
	enum script_error error;

	if ((error = check_facts(f)) != SCRIPT_OK)
		return error;
	append(&t, script_head, f->machine, f->image, f->machine, f->image);
	switch (f->kind) {
	case SCRIPT_NFS:
	case SCRIPT_RAM:
		append_ours(&t, f);
		break;
	case SCRIPT_ALPINE:
		append_alpine(&t, f);
		break;
	case SCRIPT_ANY:
		append_any(&t, f);
		break;
	}
	append(&t, script_tail, f->image, f->machine);
	*len = t.len;
	return t.full ? SCRIPT_CMDLINE_TOO_LONG : SCRIPT_OK;
}
