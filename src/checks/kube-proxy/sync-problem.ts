import type { Problem } from '../../core/check.ts';
import type { ProxySync } from '../../facts/kube-proxy/sync.ts';
import { syncEvidence } from './sync-evidence.ts';
import { syncRemedy } from './sync-remedy.ts';
import type { SyncState } from './sync-state.ts';

/** So long no change may wait, however slow the node. */
const longSeconds = 300;

/** A kube-proxy that runs and does not get its rules written, with all that it says of it. */
export const syncProblem = (state: Extract<SyncState, { kind: 'failing' }>, sync: ProxySync): Problem => {
  const pid = sync.processes[0]?.pid ?? 0;
  const which = state.families.length === 0 ? '' : ` (${state.families.join(' and ')})`;
  const waits =
    state.waitingSeconds === null ? '' : `a change has waited for at least ${state.waitingSeconds} s${which}; `;
  const metrics = sync.metricsAnswer === 'answered';
  const success =
    state.successSeconds === null
      ? metrics && state.waitingSeconds !== null
        ? 'it never succeeded since it started'
        : 'when it last succeeded was not told'
      : `the last success was ${state.successSeconds} s ago`;
  const counted = sync.failures.filter((f) => f.count > 0);
  const failures =
    counted.length === 0
      ? ''
      : `; failures since it started: ${counted.map((f) => `${f.count} of ${f.what}${f.family ? ` (${f.family})` : ''}`).join(', ')}`;
  const last = state.lines.at(-1);
  const [first, ...rest] = syncEvidence(sync, state.lines);
  // slow and not (yet) known to fail: little CPU, very many rules, or a program that waits for a lock
  const slow = counted.length === 0 && state.lines.length === 0;
  const never = state.successSeconds === null && state.waitingSeconds !== null;
  const long = never || (state.waitingSeconds !== null && state.waitingSeconds >= longSeconds);
  return {
    id: slow ? 'late' : 'failing',
    severity: slow && !long ? 'warning' : 'error',
    message: `kube-proxy${sync.version ? ` ${sync.version}` : ''}, pid ${pid}, ${slow ? 'is late to write' : 'cannot write'} its rules: ${waits}${success}${failures}.${last ? ` Its log: "${last.text}".` : ''} Services and pods that came or went since are not in this node's rules: connections go to pods that are gone, or nowhere.`,
    data: {
      pid,
      families: state.families,
      waitingSeconds: state.waitingSeconds,
      successSeconds: state.successSeconds,
      failures: sync.failures,
      healthy: sync.health.healthy,
      lines: state.lines.length,
    },
    evidence: [first ?? { source: `http://${sync.metricsAddress}/metrics`, text: sync.metricsAnswer }, ...rest],
    fix: slow
      ? {
          say: "See what holds it up: little CPU (its container's limit, the node's load), very many rules, or an iptables that waits for /run/xtables.lock. Look again in a minute.",
          now: ['cat /proc/loadavg', 'ps -eo pid,stat,etime,args'],
          risk: 'none',
        }
      : syncRemedy(state.lines.map((l) => l.text).join('\n'), pid),
  };
};
