import type { Evidence, Problem } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { ListenQueue, Queues } from '../../facts/sockets/queues.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { spanText } from '../../lib/span-text.ts';
import { acceptRemedy } from './accept-remedy.ts';
import { countOf } from './count-of.ts';
import { counterEvidence } from './counter-evidence.ts';
import { fullListeners } from './full-listeners.ts';
import { holderOf } from './holder.ts';
import { networkText } from './network-text.ts';

interface Overflow {
  readonly changes: SpaceCounters;
  readonly seconds: number;
  readonly space: Space | undefined;
  readonly queues: Reading<Queues>;
  readonly pods: Reading<readonly Pod[]>;
}

const queueText = (q: ListenQueue): string =>
  `${q.waiting} waiting${q.waitingBefore === null ? '' : ` (${q.waitingBefore} at the first look)`}, backlog ${q.backlog ?? 'not known'}`;

/** One namespace whose counter rose; the listener is named as sure as the queues tell, never guessed. */
export const overflowProblem = (o: Overflow): Problem => {
  const count = countOf(o.changes, 'TcpExt.ListenOverflows');
  const cut = o.queues.ok && o.queues.value.cut.has(`${o.changes.space} tcp`);
  const all = o.queues.ok ? o.queues.value.listeners : [];
  const found = fullListeners(all, o.changes.space, cut);
  const shown = found.listeners.slice(0, 5).map((q) => ({ q, ...holderOf(q, o.space, o.pods) }));
  const [first] = shown;
  const where = networkText(o.space, o.pods);
  const names = shown.map((s) => `${s.text}: ${queueText(s.q)}`).join('; ');
  const others = found.listeners.length > shown.length || cut ? ', or another' : '';
  const gap = o.queues.ok ? 'none listens there by now' : o.queues.gap.detail;
  const who = first
    ? {
        full: `It is ${names}.`,
        only: `It is ${names}.`,
        waiting: `Most waiting: ${names}${others}.`,
        any: `In ${where} it is one of these: ${names}${others}.`,
      }[found.by]
    : `Which listening socket in ${where} it is could not be seen (${gap}).`;
  const sure = found.by === 'full' || found.by === 'only';
  const backlogs = first && found.listeners.every((q) => q.backlog === null);
  const unknown = backlogs ? ' (The backlog is not in /proc; of a pod only --rights full and --local read it.)' : '';
  const settings = o.queues.ok ? o.queues.value.settings.find((s) => s.space === o.changes.space) : undefined;
  const rows = shown.map(
    (s): Evidence => ({
      source: `/proc/${o.space?.pid ?? '<pid>'}/net/tcp${s.q.ip.includes(':') ? '6' : ''}`,
      text: `${s.ip}:${s.port} LISTEN rx_queue=${s.q.waiting}${s.q.waitingBefore === null ? '' : ` (${s.q.waitingBefore} at the first look)`}${s.q.backlog === null ? '' : `; ss -ltn: Send-Q ${s.q.backlog}`}`,
    }),
  );
  return {
    id: 'overflow',
    severity: 'error',
    message: `An accept queue is full: ${count} times in ${spanText(o.seconds)} a connection was turned away, because the program does not accept those that wait. ${who}${unknown} Clients hang or send again until they time out.`,
    data: {
      overflows: count,
      seconds: o.seconds,
      by: found.by,
      somaxconn: settings?.somaxconn ?? null,
      listeners: shown.map(({ q, text, ...holder }) => ({ ...holder, waiting: q.waiting, backlog: q.backlog })),
    },
    evidence: [
      counterEvidence(o.space, 'netstat', o.changes, ['TcpExt.ListenOverflows', 'TcpExt.ListenDrops'], o.seconds),
      ...rows,
    ],
    fix: acceptRemedy(o.space?.host === true, sure && first ? first.q.backlog : null, settings),
  };
};
