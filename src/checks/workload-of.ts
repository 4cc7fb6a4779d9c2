import type { Patch, Remedy } from '../core/check.ts';
import type { Reading } from '../core/gap.ts';
import type { Controller } from '../facts/workloads/controllers.ts';
import type { Subject } from '../facts/workloads/subjects.ts';
import { shellQuoted } from '../lib/shell-quoted.ts';
import { shellWord } from '../lib/shell-word.ts';

/** What one edits to change a pod: its Deployment, StatefulSet, …; null where that is the pod itself, or a kind that netdoctor does not know. */
export const workloadOf = (pod: Subject, controllers: Reading<readonly Controller[]>): Controller | null => {
  if (!controllers.ok || pod.owner === null || pod.mirror) return null;
  const find = (kind: string, name: string): Controller | undefined =>
    controllers.value.find((c) => c.kind === kind && c.name === name && c.namespace === pod.namespace);
  const direct = find(pod.owner.kind, pod.owner.name);
  if (direct?.owner) return find(direct.owner.kind, direct.owner.name) ?? null;
  return direct ?? null;
};

/** The topmost owner that is known, of whatever kind: the Deployment, an Argo Rollout, the ReplicaSet of which nobody may see whose it is; null for a pod of its own. */
export const ownerOf = (
  pod: Subject,
  controllers: Reading<readonly Controller[]>,
): { readonly kind: string; readonly name: string } | null => {
  // the owner of a static pod's mirror is its node
  if (pod.owner === null || pod.mirror) return null;
  const { kind, name } = pod.owner;
  const direct = controllers.ok
    ? controllers.value.find((c) => c.kind === kind && c.name === name && c.namespace === pod.namespace)
    : undefined;
  return workloadOf(pod, controllers) ?? direct?.owner ?? { kind, name };
};

/** Whether the container is in the pod template of its workload: a proxy that was injected is not, and no patch of the template reaches it. */
export const inTemplate = (
  pod: Subject,
  controllers: Reading<readonly Controller[]>,
  c: { readonly name: string },
): boolean => {
  const names = workloadOf(pod, controllers)?.containers ?? [];
  return names.length === 0 || names.includes(c.name);
};

/** A patch, the command that applies it, and what stands in its way. */
export interface PatchAdvice {
  readonly patch: Patch;
  readonly now: readonly string[];
  /** How it comes into effect, as a sentence that begins with a blank; empty where applying it is enough. */
  readonly note: string;
  /** A change of a pod template replaces all pods. */
  readonly risk: Remedy['risk'];
}

const command = (target: NonNullable<Patch['target']>, body: object): string =>
  `kubectl patch ${target.kind.toLowerCase()} ${shellWord(target.name)} -n ${shellWord(target.namespace)} --type strategic -p ${shellQuoted(JSON.stringify(body))}`;

/** Where the pod is not changed by its workload's template: what is to be changed instead, and how that is called. */
const byHand = (
  pod: Subject,
  owner: { readonly kind: string; readonly name: string } | null,
  podSpec: object,
  template: object,
): { readonly body: object; readonly note: string } => {
  if (pod.mirror)
    return {
      body: { spec: podSpec },
      note: ` It is a static pod: change its manifest on node ${pod.node ?? ''}, and the kubelet starts it anew.`,
    };
  if (owner === null)
    return {
      body: { spec: podSpec },
      note: ' A pod cannot be changed in this: change its manifest, delete it and create it anew.',
    };
  if (owner.kind === 'CronJob')
    return { body: { spec: { jobTemplate: { spec: template } } }, note: ` It belongs to CronJob ${owner.name}.` };
  if (owner.kind === 'ReplicaSet')
    return {
      body: { spec: template },
      note: ` It belongs to ReplicaSet ${owner.name}: change what owns that, a Deployment mostly.`,
    };
  return {
    body: { spec: template },
    note: ` It belongs to ${owner.kind} ${owner.name}: change the pod template there.`,
  };
};

/** A strategic-merge patch of the pod template (`spec` as a pod has it), and of the workload's own spec, for whoever owns the pod. */
export const patchOf = (
  pod: Subject,
  controllers: Reading<readonly Controller[]>,
  podSpec: object,
  ownSpec: object = {},
): PatchAdvice => {
  const workload = workloadOf(pod, controllers);
  const changesPods = Object.keys(podSpec).length > 0;
  const template = changesPods ? { template: { spec: podSpec } } : {};
  if (workload === null) {
    const { body, note } = byHand(pod, ownerOf(pod, controllers), podSpec, template);
    return { patch: { target: null, body }, now: [], note, risk: 'none' };
  }
  const body = { spec: { ...ownSpec, ...template } };
  const target = { kind: workload.kind, namespace: workload.namespace, name: workload.name };
  const note =
    workload.kind === 'ReplicaSet'
      ? ' A ReplicaSet replaces no pods: delete them afterwards, one after the other.'
      : workload.owner
        ? ` It belongs to ${workload.owner.kind} ${workload.owner.name}, which may put it back: better change it there.`
        : '';
  return { patch: { target, body }, now: [command(target, body)], note, risk: changesPods ? 'disruptive' : 'none' };
};
