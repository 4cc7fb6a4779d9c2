import type { Evidence, Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Queues } from '../../facts/sockets/queues.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { counterEvidence } from './counter-evidence.ts';
import { holderOf } from './holder.ts';
import { networkText } from './network-text.ts';
import type { SynOverflow } from './syn-overflow.ts';
import { synRemedy } from './syn-remedy.ts';

interface Found {
  readonly overflow: SynOverflow;
  readonly changes: SpaceCounters;
  readonly seconds: number;
  readonly space: Space | undefined;
  readonly queues: Reading<Queues>;
  readonly pods: Reading<readonly Pod[]>;
}

const meaning = (o: SynOverflow, time: string): string => {
  switch (o.kind) {
    case 'cookies':
      return `The SYN queue was full ${o.count} times in ${time}: more connections were half open than the backlog allows. The kernel answered with SYN cookies, so no client was turned away; such connections have no window scaling or SACK unless they use timestamps.`;
    case 'dropped':
      return `The SYN queue was full ${o.count} times in ${time}, and each time the kernel dropped a SYN, since SYN cookies are off there (TCPReqQFullDrop is counted only then). That client tries again after 1, 2, 4 s.`;
    case 'max-syn-backlog':
      return `${o.count} SYNs were dropped in ${time}: with SYN cookies off, new ones are refused when three quarters of net.ipv4.tcp_max_syn_backlog (${o.maxSynBacklog}) are half open, however large the backlog (${o.halfOpen} half open now).`;
    case 'unexplained':
      return `${o.count} SYNs were dropped in ${time} (ListenDrops), neither for a full accept queue nor for a full SYN queue as far as is known: with SYN cookies off it may be net.ipv4.tcp_max_syn_backlog, else the route back, memory or a security module.`;
    case 'behind':
      return `The SYN queue was full ${o.count} times in ${time} too, behind an accept queue that is full: half-open connections cannot get on.`;
  }
};

const severityOf = (o: SynOverflow): Problem['severity'] =>
  o.kind === 'behind' || o.kind === 'unexplained' ? 'info' : 'warning';

/** One network namespace whose SYN queue overflowed; the listening sockets by how many are half open at their ports. */
export const synProblem = (f: Found): Problem => {
  const o = f.overflow;
  const all = f.queues.ok ? f.queues.value.listeners.filter((q) => q.space === f.changes.space && q.halfOpen > 0) : [];
  const shown = [...all]
    .sort((a, b) => b.halfOpen - a.halfOpen)
    .slice(0, 3)
    .map((q) => ({ ...holderOf(q, f.space, f.pods), halfOpen: q.halfOpen, backlog: q.backlog }));
  const names = shown.map((s) => `${s.text}: ${s.halfOpen} half open, backlog ${s.backlog ?? 'not known'}`).join('; ');
  const where = networkText(f.space, f.pods);
  const none = f.queues.ok ? 'none had half-open connections when it was looked at' : f.queues.gap.detail;
  const who = names
    ? `Listening in ${where}: ${names}.`
    : `Which listening socket in ${where} it is could not be seen (${none}).`;
  const counters = ['TCPReqQFullDrop', 'TCPReqQFullDoCookies', 'ListenDrops', 'ListenOverflows'].map(
    (n) => `TcpExt.${n}`,
  );
  const rows = shown.map(
    (s): Evidence => ({
      source: `/proc/${f.space?.pid ?? '<pid>'}/net/tcp`,
      text: `${s.halfOpen} rows in SYN_RECV (st 03) with local port ${s.port}`,
    }),
  );
  const settings: Evidence[] =
    o.kind === 'max-syn-backlog'
      ? [{ source: 'sysctl net.ipv4.tcp_syncookies net.ipv4.tcp_max_syn_backlog', text: `0, ${o.maxSynBacklog}` }]
      : [];
  return {
    id: o.kind,
    severity: severityOf(o),
    message: `${meaning(o, spanText(f.seconds))} ${who}`,
    data: { ...o, seconds: f.seconds, listeners: shown.map(({ text, ...s }) => s) },
    evidence: [counterEvidence(f.space, 'netstat', f.changes, counters, f.seconds), ...rows, ...settings],
    fix: synRemedy(o, f.space?.host === true),
  };
};
