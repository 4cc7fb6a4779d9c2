# What witness does, for programs whose signals no runtime touches: perl has no handler but those that a script sets. It
# needs no module, and so no more than the perl binary.
sub record {
  my $now = "\0" x 16;
  syscall(228, 0, $now);    # clock_gettime(CLOCK_REALTIME) on amd64
  my ($seconds, $nanoseconds) = unpack 'qq', $now;
  open my $log, '>>', $ENV{WITNESS_LOG} or die "no record: $!";
  printf $log "%d %d %s\n", $seconds * 1000 + $nanoseconds / 1e6, $$, $_[0];
  close $log;
}
1;
