# Has no handler: it blocks SIGTERM and takes it by sigtimedwait, works for a second and ends with 0.
require '/scripts/record.pl';
my $set = pack 'Q', 1 << 14;
syscall(14, 0, $set, 0, 8) == 0 or die "rt_sigprocmask: $!";
record('start');
1 until syscall(128, $set, 0, 0, 8) == 15;    # rt_sigtimedwait
record('SIGTERM');
select undef, undef, undef, 1;
record('end');
