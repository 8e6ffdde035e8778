# SPDX-License-Identifier: ISC
# Whole systems whose /init we are, beside busybox's: Debian's systemd and
# Void's runit.  Sourced by init.t.
# shellcheck shell=sh disable=SC2154	# what it uses is init.t's

case_systems()
{
	mkdir "$boot/root/debian"
	mount --bind "$debian" "$boot/root/debian"
	runit_root
	memory=512 initrd=own machine systemd "root=nfs:10.77.0.2:/debian" lan
	machine runit "root=nfs:10.77.0.2:/runit init=/sbin/runit" lan
	truth "runit is process 1, and its stages run" \
	    says runit '^runit: stage 2 of [^ ]+, process 1 is runit$'
	truth "Debian's systemd boots to its prompt, as that machine" \
	    lab_wait 240 grep -aqs '^own login:' "$lab/systemd.console"
	truth "it has found nothing to complain of" no_failed_unit
	stop "$machine_systemd"
}

no_failed_unit()
{
	! grep -a 'FAILED' "$lab/systemd.console"
}

# runit's own program with the libraries that it names.
runit_root()
{
	small_root runit
	root=$boot/root/runit
	mkdir -p "$root/etc/runit"
	small_program "$(command -v runit)" "$root" sbin/runit
	for stage in 1 2 3; do
		cat >"$root/etc/runit/$stage" <<STAGE
#!/bin/sh
b=/bin/busybox
\$b mount -t proc proc /proc 2>/dev/null
echo "runit: stage $stage of \$(\$b hostname), process 1 is" \\
    "\$(\$b cat /proc/1/comm)" >/dev/console
[ $stage != 2 ] || \$b poweroff -f
STAGE
		chmod +x "$root/etc/runit/$stage"
	done
}
