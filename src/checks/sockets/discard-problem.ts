import type { Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Queues } from '../../facts/sockets/queues.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { countOf } from './count-of.ts';
import { counterEvidence } from './counter-evidence.ts';
import { fewestIn } from './fewest-in.ts';
import { holderOf } from './holder.ts';
import { networkText } from './network-text.ts';

/** Segments that arrived and were thrown away for want of room (facts C). PruneCalled is not among them: making room is routine. */
const discards = ['RcvPruned', 'TCPRcvQDrop', 'TCPBacklogDrop', 'TCPZeroWindowDrop'].map((n) => `TcpExt.${n}`);
/** Connections reset for want of memory, or because tcp_max_orphans was reached. */
const aborts = ['TcpExt.TCPAbortOnMemory'];
const pressures = ['TcpExt.TCPMemoryPressures'];

interface Discarded {
  readonly changes: SpaceCounters;
  readonly seconds: number;
  readonly space: Space | undefined;
  readonly queues: Reading<Queues>;
  readonly pods: Reading<readonly Pod[]>;
}

/** What the TCP sockets of a network namespace threw away within the window; null where that is routine. */
export const discardProblem = (d: Discarded): Problem | null => {
  const [aborted, pressed] = [countOf(d.changes, ...aborts), countOf(d.changes, ...pressures)];
  // a segment that no pruning made room for is counted as RcvPruned and as TCPRcvQDrop (measured on 6.18)
  const pruned = Math.max(countOf(d.changes, 'TcpExt.RcvPruned'), countOf(d.changes, 'TcpExt.TCPRcvQDrop'));
  const dropped = pruned + countOf(d.changes, 'TcpExt.TCPBacklogDrop', 'TcpExt.TCPZeroWindowDrop');
  // TCP sends them again; a few cost nobody anything that he would see
  const fewest = fewestIn(d.seconds);
  if (dropped < fewest && aborted === 0 && pressed === 0) return null;
  const where = networkText(d.space, d.pods);
  const texts = [
    ...(dropped > 0 ? [`${dropped} segments were thrown away because their socket had no room`] : []),
    ...(aborted > 0 ? [`${aborted} connections were reset for want of memory (or for too many orphans)`] : []),
    ...(pressed > 0 ? [`TCP as a whole came under memory pressure ${pressed} times`] : []),
  ];
  const shown = (d.queues.ok ? d.queues.value.unread : [])
    .filter((q) => q.space === d.changes.space)
    .sort((a, b) => b.receivedBytes - a.receivedBytes)
    .slice(0, 3)
    .map((q) => ({ ...holderOf(q, d.space, d.pods), remote: q.remote, receivedBytes: q.receivedBytes }));
  const list = shown.map((s) => `${s.text}: ${s.receivedBytes} bytes from ${s.remote.ip} port ${s.remote.port}`);
  const who = list.length > 0 ? ` Most unread: ${list.join('; ')}.` : '';
  const names = [...discards, ...aborts, ...pressures];
  return {
    id: aborted > 0 ? 'aborted' : dropped >= fewest ? 'discarded' : 'pressed',
    severity: 'warning',
    message: `In ${where} within ${spanText(d.seconds)}: ${texts.join(', ')}. ${dropped > 0 ? 'They are sent again, which takes 200 ms and more each. ' : ''}The program reads more slowly than its peers send, or the limits are small.${who}`,
    data: {
      discarded: dropped,
      aborted,
      pressures: pressed,
      seconds: d.seconds,
      unread: shown.map(({ text, ...s }) => s),
      counters: Object.fromEntries(names.map((n) => [n, countOf(d.changes, n)])),
    },
    evidence: [
      counterEvidence(d.space, 'netstat', d.changes, names, d.seconds),
      ...shown.map((s) => ({
        source: `/proc/${d.space?.pid ?? '<pid>'}/net/tcp${s.ip.includes(':') ? '6' : ''}`,
        text: `${s.ip}:${s.port} ${s.remote.ip}:${s.remote.port} rx_queue=${s.receivedBytes}`,
      })),
    ],
    fix: {
      say:
        'See whose Recv-Q is high (ss -tn; its program does not read). net.ipv4.tcp_rmem[2] is the most that a socket gets by itself and is of each network namespace: a pod has ' +
        "its own, whatever the node has. A program that sets SO_RCVBUF turns that growth off and is capped by net.core.rmem_max. net.ipv4.tcp_mem is the whole machine's; " +
        'raising it helps only where connections were reset or pressure was counted, and net.ipv4.tcp_max_orphans only where orphans (/proc/net/sockstat) are near it.',
      risk: 'none',
      covers: "A pod's memory limit: its cgroup pays for the buffers too (memory.stat, sock).",
    },
  };
};
