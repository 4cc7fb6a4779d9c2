import { check, fail, pass, type Severity } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import { type Suspects, suspects } from '../../facts/ipvs/suspects.ts';
import { type Pod, pods } from '../../facts/workloads/pods.ts';
import { type ProbeFailure, probeFailures } from '../../facts/workloads/probe-failures.ts';
import { victimsOf } from '../ports/victims.ts';

/** Older events are history: what fails now fails again within this time (the default period is 10 s). */
const recentMs = 600_000;
/** A pod that has just started is expected to fail its readiness and startup probes for a while. */
const startingMs = 60_000;
/** Time-outs of this many workloads have the node in common, not an application. */
const scattered = 3;

/** A pod in its first minute, never restarted. Liveness probes that fail are never a matter of starting: they kill. */
const isStarting = (f: ProbeFailure, pod: Pod): boolean => {
  if (f.probe === 'liveness' || pod.startedAtMs === null || pod.restarts > 0) return false;
  const after = f.lastAtMs - pod.startedAtMs;
  return after >= 0 && after <= startingMs;
};

const sum = (failures: readonly ProbeFailure[]): number => failures.reduce((n, f) => n + f.count, 0);

const byPod = (failures: readonly ProbeFailure[]) =>
  [...new Set(failures.map((f) => f.pod))].map((pod) => {
    const of = failures.filter((f) => f.pod === pod);
    return { pod, count: sum(of), reasons: [...new Set(of.map((f) => `${f.probe} ${f.reason}`))] };
  });

const victimCount = (s: Reading<Suspects>): number => (s.ok ? victimsOf(s.value).length : 0);

/** Incident I1 as its victims saw it: probes that fail now and then on many pods of one node. */
export const failing = check({
  id: 'probes/failing',
  title: "The node's probes succeed",
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'kubelet says in Unhealthy events how a probe failed. Time-outs scattered over several pods of one node point at the node (its ports, ' +
      'its conntrack, its load); failures of one pod, and refused connections or bad HTTP statuses, point at that application.',
    links: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  },
  needs: { probeFailures, pods },
  wants: { suspects },
  judge: (facts, maybe) => {
    const now = facts.probeFailures.serverNowMs;
    const mine = new Map<string, Pod>(facts.pods.map((p) => [p.uid, p]));
    const recent = facts.probeFailures.failures.filter((f) => {
      const pod = mine.get(f.podUid);
      return pod !== undefined && now - f.lastAtMs <= recentMs && !isStarting(f, pod);
    });
    if (recent.length === 0)
      return pass(
        `no Unhealthy event of the node's ${facts.pods.length} pods within the last 10 minutes, but for pods in their first minute`,
      );
    const timeouts = recent.filter((f) => f.reason === 'timeout');
    const workloads = new Set(timeouts.map((f) => mine.get(f.podUid)?.workload)).size;
    const hit = byPod(timeouts).length;
    const victims = victimCount(maybe.suspects);
    const ofNode = workloads >= scattered || (victims > 0 && hit > 0);
    const severity: Severity = ofNode ? 'warning' : 'info';
    const table = byPod(recent).sort((a, b) => b.count - a.count);
    const worst = table[0];
    const joined =
      victims > 0 && hit > 0
        ? ` ${victims} connections of this node lost their reply to a NodePort (ports/nodeport-victims): that is the cause.`
        : '';
    const message = ofNode
      ? `Probes of ${hit === 1 ? '1 pod' : `${hit} pods`} timed out within the last 10 minutes: what they have in common is this node.${joined}`
      : `Probes of ${table.length === 1 ? `pod ${worst?.pod}` : `${table.length} pods`} failed within the last 10 minutes (${[...new Set(recent.map((f) => f.reason))].join(', ')}): look at the application first.`;
    const [first, ...rest] = recent
      .slice(0, 10)
      .map((f) => ({ source: `event Unhealthy of pod ${f.pod}, ${f.count} times`, text: f.message }));
    if (!first) return pass('no Unhealthy event');
    return fail({
      id: ofNode ? 'node' : 'application',
      severity,
      message,
      data: { pods: table, timeouts: sum(timeouts), victims },
      evidence: [first, ...rest],
    });
  },
});
