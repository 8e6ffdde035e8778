# SPDX-License-Identifier: ISC
# proxydhcpd-ask.pl FROM_PORT TO TO_PORT HEX PATIENCE [PATTERN [all]]: sends a
# packet of tests/golden, prints who answered from where, and the reply as
# hex; or "silence".  TO may be "nobody": then it only listens.  With a
# pattern, what does not match it is not heard; with "all", each answer is
# printed, until patience ends.
use strict;
use Socket;
use Time::HiRes qw(time);
$| = 1;
my ($from, $to, $port, $file, $patience, $wanted, $all) = @ARGV;
socket(my $s, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die;
setsockopt($s, SOL_SOCKET, SO_BROADCAST, 1) or die;
bind($s, sockaddr_in($from, INADDR_ANY)) or die "bind $from: $!";
open(my $f, '<', $file) or die "$file: $!";
my $packet = pack('H*', join('', map { chomp; $_ } grep { !/^#/ } <$f>));
if ($to ne 'nobody') {
	send($s, $packet, 0, sockaddr_in($port, inet_aton($to))) or
	    die "send: $!";
}
my $end = time() + $patience;
while ((my $left = $end - time()) > 0) {
	vec(my $set = '', fileno($s), 1) = 1;
	last if select($set, undef, undef, $left) < 1;
	my $peer = recv($s, my $reply, 2000, 0);
	my ($peer_port, $host) = sockaddr_in($peer);
	$host = inet_ntoa($host);
	my $line = "$host:$peer_port " . unpack('H*', $reply) . "\n";
	next if defined $wanted && $line !~ /$wanted/;
	print $line;
	exit if !$all;
}
print "silence\n";
