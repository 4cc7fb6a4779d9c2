import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { script } from '../../core/read.ts';
import { type SocketMemory, socketMemory } from '../../facts/kernel/socket-memory.ts';

/** A file that is not there is told as such; one that cannot be read is an error. The page's size stands in smaps of every process. */
const text = `
nd_need awk
for nd_f in ipv4/tcp_mem ipv4/udp_mem core/rmem_default core/rmem_max core/wmem_default core/wmem_max; do
  if [ -e "/proc/sys/net/$nd_f" ]; then nd_v=$(cat "/proc/sys/net/$nd_f") || exit; else nd_v=none; fi
  echo "\${nd_f#*/} $nd_v"
done
awk '$1 == "KernelPageSize:" && $3 == "kB" { print "page_kb", $2; exit }' /proc/self/smaps 2>/dev/null
exit 0
`;

type Values = ReadonlyMap<string, readonly string[]>;

const numbersOf = (values: Values, name: string, count: number): readonly number[] | null | undefined => {
  const words = values.get(name);
  if (words?.join() === 'none') return null;
  return words?.length === count && words.every((w) => /^\d{1,15}$/.test(w)) ? words.map(Number) : undefined;
};

const three = (n: readonly number[] | null): readonly [number, number, number] | null => {
  const [low, pressure, max] = n ?? [];
  return low === undefined || pressure === undefined || max === undefined ? null : [low, pressure, max];
};

/** See the script above. */
export const socketMemoryProc = probe({
  yields: socketMemory,
  via: 'proc',
  reads: {
    limits: script(
      'kernel/socket-memory',
      'cat /proc/sys/net/ipv4/{tcp_mem,udp_mem} /proc/sys/net/core/{r,w}mem_{default,max}',
      text,
    ),
  },
  parse: ({ limits }) => {
    if (!limits.ok) return limits;
    const lines = limits.outputs[0].stdout.split('\n').map((l) => l.trim().split(/\s+/));
    const values: Values = new Map(lines.map(([name = '', ...words]) => [name, words]));
    const triples = ['tcp_mem', 'udp_mem'].map((name) => numbersOf(values, name, 3));
    const sizes = ['rmem_default', 'rmem_max', 'wmem_default', 'wmem_max'].map((name) => numbersOf(values, name, 1));
    const [tcp, udp] = triples;
    if (tcp === undefined || udp === undefined || sizes.includes(undefined))
      return missing('unparsable', 'the limits of socket memory are not numbers');
    const size = (i: number): number | null => sizes[i]?.[0] ?? null;
    const kilobytes = numbersOf(values, 'page_kb', 1)?.[0];
    return known<SocketMemory>({
      tcpPages: three(tcp),
      udpPages: three(udp),
      pageBytes: kilobytes === undefined ? null : kilobytes * 1024,
      receiveDefaultBytes: size(0),
      receiveMaxBytes: size(1),
      sendDefaultBytes: size(2),
      sendMaxBytes: size(3),
    });
  },
});
