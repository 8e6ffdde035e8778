/* SPDX-License-Identifier: ISC */
/* What OpenBSD's tftpd is told by the socket of its flag -r. */
#include "mkboot/export.h"

/*
 * tftpd.c, rewrite_map(): it connects to a stream socket, writes lines
 * "address read|write name", the name as vis(3) has it with VIS_OCTAL, and
 * expects a line with another name for each, in order.  It has its root in
 * pub/ then, so what is looked up is looked up here, before.
 *
 * Each line needs its answer, also one that is no good: tftpd waits for it.
 */
static const char rewriter[] =
    "use strict;\n"
    "use warnings;\n"
    "use IO::Select;\n"
    "use IO::Socket::UNIX;\n"
    "\n"
    "my $boot = '%s';\n"
    "my $path = $ARGV[0] // '/var/run/pixie-rewrite';\n"
    "\n"
    "sub unvis {\n"
    "\tmy ($name) = @_;\n"
    "\t$name =~ s/\\\\(\\\\|[0-7]{3})/$1 eq '\\\\' ? $1 : chr oct $1/ge;\n"
    "\treturn $name;\n"
    "}\n"
    "\n"
    "# The machine that has this address, by seen/ip.\n"
    "sub machine {\n"
    "\tmy ($address) = @_;\n"
    "\tmy $link = readlink \"$boot/seen/ip/$address\";\n"
    "\treturn defined $link && $link =~ m{^\\.\\./([0-9a-f]{2}"
    "(?:-[0-9a-f]{2}){5})$} ?\n"
    "\t    $1 : undef;\n"
    "}\n"
    "\n"
    "# As our tftpd(8) reads a name: what is the machine's own goes first.\n"
    "sub rewrite {\n"
    "\tmy ($line) = @_;\n"
    "\t$line =~ m{^([0-9A-Fa-f.:]+) read (.+)$}s or return '.none';\n"
    "\tmy ($address, $name) = ($1, unvis($2));\n"
    "\t$name =~ s/\\xff+$//;\n"
    "\t$name =~ tr{\\\\}{/};\n"
    "\t$name =~ s{/+}{/}g;\n"
    "\t$name =~ s{^/|/$}{}g;\n"
    "\treturn '.none' if $name !~ m{^[\\x20-\\x7e]+$} ||"
    " $name =~ m{(^|/)\\.};\n"
    "\tmy $mac = machine($address);\n"
    "\tmy $own = defined $mac ? \"machine/$mac/$name\" : undef;\n"
    "\treturn defined $own && -f \"$boot/pub/$own\" ? $own : $name;\n"
    "}\n"
    "\n"
    "unlink $path;\n"
    "my $listener = IO::Socket::UNIX->new(Local => $path, Listen => 5)\n"
    "    or die \"$path: $!\\n\";\n"
    "$SIG{PIPE} = 'IGNORE';\n"
    "my $all = IO::Select->new($listener);\n"
    "my %%rest;\n"
    "for (;;) {\n"
    "\tfor my $socket ($all->can_read) {\n"
    "\t\tif ($socket == $listener) {\n"
    "\t\t\tmy $new = $listener->accept;\n"
    "\t\t\t$all->add($new) if defined $new;\n"
    "\t\t\tnext;\n"
    "\t\t}\n"
    "\t\tmy $said = \\$rest{$socket};\n"
    "\t\t$$said = '' unless defined $$said;\n"
    "\t\tif (!sysread $socket, $$said, 4096, length $$said) {\n"
    "\t\t\tdelete $rest{$socket};\n"
    "\t\t\t$all->remove($socket);\n"
    "\t\t\tclose $socket;\n"
    "\t\t\tnext;\n"
    "\t\t}\n"
    "\t\tmy $answer = '';\n"
    "\t\t$answer .= rewrite($1) . \"\\n\" while $$said =~"
    " s/^([^\\n]*)\\n//;\n"
    "\t\t$socket->syswrite($answer) if length $answer;\n"
    "\t}\n"
    "}\n";

void
export_openbsd_tftpd(struct lines *l, const struct export_facts *f)
{
	lines_add(l, "#!/usr/bin/perl\n"
	    "# Names for OpenBSD's tftpd(8), which asks by the socket of its"
	    " flag -r what file\n# a machine is to have: what is its own in"
	    " pub/machine/MAC goes first.\n"
	    "# Made by mkboot export for the boot directory %s.\n#\n"
	    "#   pixie-rewrite /var/run/pixie-rewrite &\n"
	    "#   tftpd -r /var/run/pixie-rewrite %s/pub\n#\n"
	    "# It must be able to read seen/ip and pub/, and nothing else."
	    "  tftpd gives out\n# world-readable files alone.  It keeps no"
	    " seen/, and knows no windows (RFC 7440).\n", f->boot, f->boot);
	lines_add(l, rewriter, f->boot);
}
