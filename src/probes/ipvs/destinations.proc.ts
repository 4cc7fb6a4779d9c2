import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type Destinations, destinations } from '../../facts/ipvs/destinations.ts';
import { parseIpVsEnd } from '../../parsers/ip-vs-end.ts';

/**
 * One pass: backends with weight 0 and connections, and virtual servers whose backends with weight have them unevenly. A backend's row is
 * `-> address:port method weight active inactive`; a virtual server's may end with flags.
 */
const text = `
[ -e /proc/net/ip_vs ] || exit 0
nd_need awk
awk '
  function flush() {
    if (n > 1 && sum >= 1000 && max >= 10 * (min + 1) && s++ < 20)
      print "skew\\t" server "\\t" n "\\t" most "\\t" max "\\t" least "\\t" min
    n = sum = 0
  }
  $1 == "->" && NF >= 6 && $4 ~ /^[0-9]+$/ {
    c = $5 + $6
    if ($4 == "0") {
      if (!c) next
      k++; all += c
      if (k <= 20) print "zero\\t" server "\\t" $2 "\\t" $5 "\\t" $6
      next
    }
    if (!n++ || c > max) { max = c; most = $2 }
    if (n == 1 || c < min) { min = c; least = $2 }
    sum += c
    next
  }
  $1 == "TCP" || $1 == "UDP" || $1 == "SCTP" { flush(); server = $1 "\\t" $2 }
  $1 == "FWM" { flush(); server = $1 "\\t" $2 }
  END { flush(); printf "zeros\\t%d\\t%.0f\\n", k, all }' /proc/net/ip_vs
`;

const count = (text: string | undefined): number | null => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : null);

/** See the script above. */
export const destinationsProc = probe({
  yields: destinations,
  via: 'proc',
  reads: { table: script('ipvs/destinations', 'cat /proc/net/ip_vs', text, { sampling: 'end' }) },
  parse: ({ table }) => {
    if (!table.ok) return table;
    const lines = table.outputs[0].stdout.split('\n').map((l) => l.split('\t'));
    if (table.outputs[0].stdout.trim() === '')
      return known<Destinations>({ draining: { count: 0, connections: 0, some: [] }, skewed: [] });
    const total = lines.find(([tag]) => tag === 'zeros');
    const [zeros, connections] = [count(total?.[1]), count(total?.[2])];
    if (zeros === null || connections === null)
      return missing('unparsable', 'the sums of /proc/net/ip_vs are not what they should be');
    const some = lines.flatMap(([tag, protocol, at, to, a, i]) => {
      const [virtual, backend] = [parseIpVsEnd(at ?? ''), parseIpVsEnd(to ?? '')];
      const [active, inactive] = [count(a), count(i)];
      if (tag !== 'zero' || !virtual || !backend || active === null || inactive === null) return [];
      return [{ protocol: protocol ?? '', virtual, backend, active, inactive }];
    });
    const skewed = lines.flatMap(([tag, protocol, at, n, most, max, least, min]) => {
      const [virtual, busy, idle] = [parseIpVsEnd(at ?? ''), parseIpVsEnd(most ?? ''), parseIpVsEnd(least ?? '')];
      const [backends, high, low] = [count(n), count(max), count(min)];
      if (tag !== 'skew' || !virtual || !busy || !idle || backends === null || high === null || low === null) return [];
      return [
        {
          protocol: protocol ?? '',
          virtual,
          backends,
          busiest: { backend: busy, connections: high },
          idlest: { backend: idle, connections: low },
        },
      ];
    });
    return known<Destinations>({ draining: { count: zeros, connections, some }, skewed });
  },
});
