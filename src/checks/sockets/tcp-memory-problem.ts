import type { Problem } from '../../core/check.ts';
import type { SocketMemory } from '../../facts/kernel/socket-memory.ts';

const file = '/etc/sysctl.d/99-z-netdoctor-tcp-mem.conf';
const key = 'net.ipv4.tcp_mem';

const amount = (pages: number, pageBytes: number | null): string =>
  pageBytes === null
    ? `${pages} pages`
    : `${pages} pages (${Number(((pages * pageBytes) / 1_048_576).toFixed(1))} MiB)`;

/** `used`: sockstat's TCP mem, in pages; it is of the whole machine, whichever namespace tells it (facts 0). Null below the pressure. */
export const tcpMemoryProblem = (used: number, memory: SocketMemory): Problem | null => {
  const [low, pressure, max] = memory.tcpPages ?? [];
  if (low === undefined || pressure === undefined || max === undefined || used < pressure) return null;
  const full = used >= max;
  const values = [low, pressure, max].map((n) => n * 2).join(' ');
  const [hold, most] = [amount(used, memory.pageBytes), amount(max, memory.pageBytes)];
  const message = full
    ? `TCP sockets hold ${hold} of memory, and ${key}[2] allows ${most}: the kernel drops segments, refuses new buffers and resets connections, of the node and of all its pods.`
    : `TCP sockets hold ${hold} of memory: from ${key}[1] = ${amount(pressure, memory.pageBytes)} on the kernel shrinks the buffers of all of them, the node's and its pods', and at ${most} it drops and resets.`;
  return {
    id: full ? 'exhausted' : 'pressure',
    severity: 'warning',
    message,
    data: { usedPages: used, lowPages: low, pressurePages: pressure, maxPages: max, pageBytes: memory.pageBytes },
    evidence: [
      { source: '/proc/net/sockstat', text: `TCP: mem ${used}` },
      { source: '/proc/sys/net/ipv4/tcp_mem', text: `${low} ${pressure} ${max}` },
    ],
    fix: {
      say: 'See which sockets hold it (ss -tmn: skmem, Recv-Q of a program that does not read, Send-Q of a peer that does not). If they are in order, and memory is there, raise the limits.',
      now: [`sysctl -w ${key}="${values}"`],
      persist: { file, content: `${key} = ${values}\n` },
      risk: 'none',
      covers: 'Programs that never read or close their sockets: they fill every limit.',
    },
  };
};
