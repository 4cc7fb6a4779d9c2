import type { Evidence, Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { SocketMemory } from '../../facts/kernel/socket-memory.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { DatagramQueue, Queues } from '../../facts/sockets/queues.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { bufferRemedy } from './buffer-remedy.ts';
import { countOf } from './count-of.ts';
import { counterEvidence } from './counter-evidence.ts';
import { holderOf } from './holder.ts';
import { networkText } from './network-text.ts';

interface Dropped {
  readonly way: 'receive' | 'send';
  readonly changes: SpaceCounters;
  readonly seconds: number;
  readonly space: Space | undefined;
  readonly queues: Reading<Queues>;
  readonly pods: Reading<readonly Pod[]>;
  readonly memory: Reading<SocketMemory>;
}

const now = (way: Dropped['way'], q: DatagramQueue): number =>
  way === 'receive' ? (q.drops ?? q.dropsEver) : q.unsentBytes;
const ever = (way: Dropped['way'], q: DatagramQueue): number => (way === 'receive' ? q.dropsEver : 0);

/** One network namespace whose UDP sockets dropped, and which they are. */
export const datagramProblem = (f: Dropped): Problem => {
  const names =
    f.way === 'receive' ? ['Udp.RcvbufErrors', 'Udp6.RcvbufErrors'] : ['Udp.SndbufErrors', 'Udp6.SndbufErrors'];
  const count = countOf(f.changes, ...names);
  const here = f.queues.ok ? f.queues.value.datagrams.filter((q) => q.space === f.changes.space) : [];
  // since an earlier run (--since) a socket may have dropped before the window of this one
  const weight = here.some((q) => now(f.way, q) > 0) ? now : ever;
  const found = here.filter((q) => weight(f.way, q) > 0).sort((a, b) => weight(f.way, b) - weight(f.way, a));
  const shown = found.slice(0, 5).map((q) => ({ q, ...holderOf(q, f.space, f.pods) }));
  const text = (q: DatagramQueue): string =>
    f.way === 'send'
      ? `${q.unsentBytes} bytes unsent`
      : q.drops === null || q.drops === 0
        ? `${q.dropsEver} since it was opened, ${q.receivedBytes} bytes unread`
        : `${q.drops} in the window, ${q.receivedBytes} bytes unread`;
  const list = shown.map((s) => `${s.text}: ${text(s.q)}`).join('; ');
  const where = networkText(f.space, f.pods);
  const gap = f.queues.ok ? 'it is closed by now, or had nothing waiting' : f.queues.gap.detail;
  const who = list
    ? `${f.way === 'send' ? 'With something unsent' : 'Dropped by'}: ${list}${found.length > shown.length ? ` and ${found.length - shown.length} more` : ''}.`
    : `Which socket in ${where} it is could not be seen (${gap}).`;
  const what =
    f.way === 'receive'
      ? `${count} UDP datagrams that had arrived were dropped in ${spanText(f.seconds)}, because the receive buffer was full: the program does not read as fast as they come. Nobody is told; the sender waits for an answer.`
      : `${count} times in ${spanText(f.seconds)} a UDP datagram could not be sent, because the send buffer or the queue of the interface was full: send() failed, or the datagram was dropped.`;
  const rows = shown.map(
    (s): Evidence => ({
      source: `/proc/${f.space?.pid ?? '<pid>'}/net/udp${s.q.ip.includes(':') ? '6' : ''}`,
      text: `${s.ip}:${s.port} tx_queue=${s.q.unsentBytes} rx_queue=${s.q.receivedBytes} drops=${s.q.dropsEver}${s.q.drops === null ? '' : ` (+${s.q.drops})`}`,
    }),
  );
  return {
    id: f.way,
    severity: 'warning',
    message: `${what} In ${where}. ${who}`,
    data: {
      errors: count,
      seconds: f.seconds,
      sockets: shown.map(({ q, text: _, ...holder }) => ({
        ...holder,
        drops: q.drops,
        dropsEver: q.dropsEver,
        receivedBytes: q.receivedBytes,
        unsentBytes: q.unsentBytes,
      })),
    },
    evidence: [counterEvidence(f.space, 'snmp', f.changes, names, f.seconds), ...rows],
    fix: bufferRemedy(f.way, f.memory, shown[0] && f.way === 'receive' ? shown[0].q.receivedBytes : null),
  };
};
