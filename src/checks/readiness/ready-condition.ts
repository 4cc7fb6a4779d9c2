import type { Evidence } from '../../core/check.ts';
import type { NodeCondition } from '../../facts/node/condition.ts';
import type { PodCondition, Subject, Toleration } from '../../facts/workloads/subjects.ts';

/** A condition of the pod by its type. */
export const conditionOf = (pod: Subject, type: string): PodCondition | undefined =>
  pod.conditions.find((c) => c.type === type);

/** Containers that must be ready and are not: main containers and sidecars. */
export const unreadyContainers = (pod: Subject): readonly string[] =>
  pod.containers.filter((c) => !c.status?.ready).map((c) => c.name);

/** Readiness gates of the spec whose condition is not True. */
export const unmetGates = (pod: Subject): readonly string[] =>
  pod.readinessGates.filter((gate) => conditionOf(pod, gate)?.status !== 'True');

/** Whole seconds between two times of the server; null where one is missing. */
export const ageSeconds = (nowMs: number | null, sinceMs: number | null): number | null =>
  nowMs === null || sinceMs === null ? null : Math.round((nowMs - sinceMs) / 1000);

/** For how long every readiness gate has been met, in seconds: a kubelet that has just been told follows at once. Null without gates, or where nobody says. */
export const gatesMetSeconds = (pod: Subject): number | null => {
  const ages = pod.readinessGates.flatMap((gate) => {
    const c = conditionOf(pod, gate);
    const age = ageSeconds(pod.nowMs, c?.sinceMs ?? c?.writer?.atMs ?? null);
    return age === null ? [] : [age];
  });
  return ages.length === 0 ? null : Math.min(...ages);
};

const time = (ms: number | null): string =>
  ms === null ? 'unknown' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** A condition as `kubectl get -o yaml` shows it, with who wrote it. */
export const conditionEvidence = (c: PodCondition): Evidence => ({
  source: `pod condition ${c.type}`,
  text: `${c.status} since ${time(c.sinceMs)}, reason ${c.reason === '' ? '(empty)' : c.reason}${c.message === '' ? '' : `, "${c.message}"`}${c.writer === null ? '' : `, written by ${c.writer.manager}${c.writer.atMs === null ? '' : ` at ${time(c.writer.atMs)}`}`}`,
});

/** The node's Ready condition as evidence. */
export const nodeEvidence = (n: NodeCondition): Evidence => ({
  source: `node ${n.name}, condition Ready`,
  text: `${n.ready.status} since ${time(n.ready.sinceMs)}, reason ${n.ready.reason || '(empty)'}; kubelet ${n.kubeletVersion}`,
});

const tolerates = (t: Toleration, key: string): boolean =>
  (t.key === key || (t.key === '' && t.operator === 'Exists')) && (t.effect === '' || t.effect === 'NoExecute');

/** How long the pod tolerates a node that is not ready or not reachable before it is evicted, in seconds: null for ever, undefined not at all. */
export const toleratedSeconds = (pod: Subject, key: 'not-ready' | 'unreachable'): number | null | undefined => {
  const fitting = pod.tolerations.filter((t) => tolerates(t, `node.kubernetes.io/${key}`));
  if (fitting.length === 0) return undefined;
  return fitting.some((t) => t.seconds === null) ? null : Math.min(...fitting.map((t) => t.seconds ?? 0));
};
