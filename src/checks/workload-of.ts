import type { Patch } from '../core/check.ts';
import type { Reading } from '../core/gap.ts';
import type { Controller } from '../facts/workloads/controllers.ts';
import type { Subject } from '../facts/workloads/subjects.ts';
import { shellQuoted } from '../lib/shell-quoted.ts';
import { shellWord } from '../lib/shell-word.ts';

/** What one edits to change a pod: its Deployment, StatefulSet, …; null where that is the pod itself, or a kind that netdoctor does not know. */
export const workloadOf = (pod: Subject, controllers: Reading<readonly Controller[]>): Controller | null => {
  if (!controllers.ok || pod.owner === null) return null;
  const find = (kind: string, name: string): Controller | undefined =>
    controllers.value.find((c) => c.kind === kind && c.name === name && c.namespace === pod.namespace);
  const direct = find(pod.owner.kind, pod.owner.name);
  if (direct?.owner) return find(direct.owner.kind, direct.owner.name) ?? null;
  return direct ?? null;
};

/** A patch, the command that applies it, and what stands in its way. */
export interface PatchAdvice {
  readonly patch: Patch;
  readonly now: readonly string[];
  /** How it comes into effect, as a sentence that begins with a blank; empty where applying it is enough. */
  readonly note: string;
}

const command = (target: NonNullable<Patch['target']>, body: object): string =>
  `kubectl patch ${target.kind.toLowerCase()} ${shellWord(target.name)} -n ${shellWord(target.namespace)} --type strategic -p ${shellQuoted(JSON.stringify(body))}`;

/** A strategic-merge patch of the pod template (`spec` as a pod has it), and of the workload's own spec, for whoever owns the pod. */
export const patchOf = (
  pod: Subject,
  controllers: Reading<readonly Controller[]>,
  podSpec: object,
  ownSpec: object = {},
): PatchAdvice => {
  const workload = workloadOf(pod, controllers);
  const template = Object.keys(podSpec).length === 0 ? {} : { template: { spec: podSpec } };
  if (pod.owner?.kind === 'CronJob') {
    const body = { spec: { jobTemplate: { spec: template } } };
    return { patch: { target: null, body }, now: [], note: ` It belongs to CronJob ${pod.owner.name}.` };
  }
  if (workload === null) {
    const body = pod.owner === null ? { spec: podSpec } : { spec: { ...ownSpec, ...template } };
    const note =
      pod.owner === null
        ? ' A pod cannot be changed in this: change its manifest, delete it and create it anew.'
        : ` It belongs to ${pod.owner.kind} ${pod.owner.name}: change the pod template there.`;
    return { patch: { target: null, body }, now: [], note };
  }
  const body = { spec: { ...ownSpec, ...template } };
  const target = { kind: workload.kind, namespace: workload.namespace, name: workload.name };
  const note =
    workload.kind === 'ReplicaSet'
      ? ' A ReplicaSet replaces no pods: delete them afterwards, one after the other.'
      : '';
  return { patch: { target, body }, now: [command(target, body)], note };
};
