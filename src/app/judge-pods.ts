import { ownerOf } from '../checks/workload-of.ts';
import type { AnyCheck } from '../core/check.ts';
import type { Fact } from '../core/fact.ts';
import type { Lookup } from '../core/facts-table.ts';
import type { Finding } from '../core/finding.ts';
import { known, type Reading } from '../core/gap.ts';
import { judge } from '../core/judge.ts';
import type { PodSummary } from '../core/report.ts';
import { TransportError } from '../core/transport.ts';
import { controllers } from '../facts/workloads/controllers.ts';
import { subject } from '../facts/workloads/subject.ts';
import { type Subject, subjects } from '../facts/workloads/subjects.ts';
import type { Answered } from './collected.ts';
import { containerTrees } from './container-trees.ts';
import { terminationOf } from './termination.ts';

const readyOf = (pod: Subject): boolean | null => {
  const ready = pod.conditions.find((c) => c.type === 'Ready');
  return ready === undefined ? null : ready.status === 'True';
};

/** Whose pod it is: its Deployment where that is known, else what the pod names as its owner; null for a pod of its own. */
const workloadText = (pod: Subject, lookup: Lookup): string | null => {
  const owner = ownerOf(pod, lookup(controllers));
  return owner === null ? null : `${owner.kind}/${owner.name}`;
};

/** The facts of the node and the cluster, and who is judged. */
const lookupFor =
  (pod: Subject, lookup: Lookup): Lookup =>
  <T>(fact: Fact<T>): Reading<T> =>
    fact.id === subject.id ? (known(pod) as Reading<T>) : lookup(fact);

/**
 * Judges the chosen pods of one node (null: those that are on none) by what was read of it. Throws {@link TransportError} where nobody knows
 * which pods were chosen: a bundle of a node holds none.
 */
export const judgePods = (
  { via, unread, node }: Answered & { readonly node: string | null },
  checks: readonly AnyCheck[],
  lookup: Lookup,
): { readonly targets: readonly PodSummary[]; readonly findings: readonly Finding[] } => {
  const chosen = lookup(subjects);
  if (!chosen.ok)
    throw new TransportError(
      chosen.gap.kind === 'not-collected' || chosen.gap.kind === 'not-chosen'
        ? 'The bundle holds no pods: it was not saved by `netdoctor pod`.'
        : `The chosen pods could not be read: ${chosen.gap.detail}`,
    );
  const mine = chosen.value.filter((pod) => pod.node === node);
  const results = mine.map((pod) => {
    const own = lookupFor(pod, lookup);
    const target = { kind: 'pod', namespace: pod.namespace, name: pod.name } as const;
    const summary: PodSummary = {
      ...target,
      via,
      unread,
      node: pod.node,
      workload: workloadText(pod, lookup),
      phase: pod.phase,
      ready: readyOf(pod),
      deleting: pod.deletion !== null,
      readyContainers: [pod.containers.filter((c) => c.status?.ready).length, pod.containers.length],
      processes: containerTrees(own),
      termination: terminationOf(own),
    };
    return { summary, findings: checks.flatMap((check) => judge(check, target, own)) };
  });
  return { targets: results.map((r) => r.summary), findings: results.flatMap((r) => r.findings) };
};
