# handles.pl SIGNAL: handles it, works for a second and ends with 0; the other signals have the kernel's default action.
require '/scripts/record.pl';
my $got = '';
$SIG{$ARGV[0]} = sub { $got = "SIG$_[0]" };
record('start');
sleep 1 until $got;
record($got);
select undef, undef, undef, 1;
record('end');
