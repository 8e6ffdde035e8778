# SPDX-License-Identifier: ISC
# What the live tests of httpbootd share, sourced from the top of the source.
# shellcheck shell=sh disable=SC2034	# what it sets is for them
program=$PWD/${BUILD:-build/out}/httpbootd/httpbootd
# A confined process must not look into /proc, as LeakSanitizer would.
export ASAN_OPTIONS=detect_leaks=0
tmp=$(mktemp -d)
boot=$tmp/boot
log=$tmp/log
children=
n=0
PATH=$PATH:/usr/sbin

finish()
{
	for child in $children; do
		kill "$child" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap finish EXIT

# truth NAME COMMAND...: a test.
truth()
{
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# /' "$tmp/said"
	fi
}

# equal EXPECTED GOT
equal()
{
	[ "$1" = "$2" ] && return
	echo "expected: $1"
	echo "got:      $2"
	return 1
}

# eventually COMMAND...: within half a minute.
eventually()
{
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] || return 1
		sleep 0.1
	done
}

free_port()
{
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1,
	    LocalAddr => "127.0.0.1")->sockport'
}

# start FLAG...: the server on a port of its own; sets port, url and server.
start()
{
	port=$(free_port)
	url=http://127.0.0.1:$port
	: >"$log"
	"$program" -v -d "$boot" -p "$port" "$@" 2>"$log" &
	server=$!
	children="$children $server"
	eventually grep -q 'info: ready: ' "$log"
}

# talk PORT TEXT: sends the text, \r and \n being escapes; prints what comes
# until the server closes or is quiet for a second, then resets the connection
# as EDK2 does.
talk()
{
	perl -MIO::Socket::INET -MIO::Select -MSocket -e '
		my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1",
		    PeerPort => $ARGV[0]) or die;
		my %octet = (r => "\r", n => "\n");
		print $s $ARGV[1] =~ s|\\([rn])|$octet{$1}|gr;
		$s->flush;
		my $ready = IO::Select->new($s);
		while ($ready->can_read(1) && sysread($s, my $part, 65536)) {
			print $part;
		}
		setsockopt($s, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0));
		close $s' "$@"
}

status()
{
	curl -s -m 5 -o "$tmp/body" -w '%{http_code}' --path-as-is "$@"
}

# refused WHY CODE CURL-ARGUMENTS...: that status, and words for a person.
refused()
{
	words=$1
	code=$2
	shift 2
	equal "$code" "$(status "$@")" || return
	cat "$tmp/body"
	grep -q "$words" "$tmp/body" &&
	    [ "$(wc -c <"$tmp/body")" -lt 512 ]
}

header()
{
	tr -d '\r' | sed -n "s/^$1: //p"
}
