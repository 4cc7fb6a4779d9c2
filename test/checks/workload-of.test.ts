import { describe, expect, it } from 'vitest';
import { patchOf, workloadOf } from '../../src/checks/workload-of.ts';
import { known, missing } from '../../src/core/gap.ts';
import type { Controller } from '../../src/facts/workloads/controllers.ts';
import { deploymentOf, podOf, replicaSetOf, webControllers } from '../support/pods.ts';

const owned = (kind: string, name = 'web') => podOf({ owner: { kind, name, uid: 'x' } });
const bare = podOf({ owner: null });
const named = (all: readonly Controller[], pod = podOf()) => {
  const found = workloadOf(pod, known(all));
  return found === null ? null : `${found.kind}/${found.name}`;
};

describe('what one edits', () => {
  it.each([
    ['the Deployment of its ReplicaSet', webControllers, podOf(), 'Deployment/web'],
    ['a ReplicaSet of its own', [replicaSetOf({ owner: null })], podOf(), 'ReplicaSet/web-7'],
    ['a StatefulSet', [deploymentOf({ kind: 'StatefulSet' })], owned('StatefulSet'), 'StatefulSet/web'],
    ['a DaemonSet', [deploymentOf({ kind: 'DaemonSet' })], owned('DaemonSet'), 'DaemonSet/web'],
    [
      'a StatefulSet that an operator owns',
      [deploymentOf({ kind: 'StatefulSet', owner: { kind: 'Db', name: 'x' } })],
      owned('StatefulSet'),
      null,
    ],
    ['a ReplicaSet whose Deployment is gone', [replicaSetOf()], podOf(), null],
    [
      'a ReplicaSet of a Rollout',
      [replicaSetOf({ owner: { kind: 'Rollout', name: 'web' } }), deploymentOf()],
      podOf(),
      null,
    ],
    ['a Job', webControllers, owned('Job'), null],
    ['another namespace', webControllers.map((c) => ({ ...c, namespace: 'x' })), podOf(), null],
    ['the pod itself', webControllers, bare, null],
  ])('%s', (_, all, pod, want) => expect(named(all, pod)).toBe(want));
  it('nobody knows', () => expect(workloadOf(podOf(), missing('forbidden', 'no'))).toBeNull());
});

describe('a patch', () => {
  const all = known(webControllers);
  const spec = { terminationGracePeriodSeconds: 60 };
  it('of the pod template of the Deployment', () => {
    const body = { spec: { template: { spec } } };
    expect(patchOf(podOf(), all, spec)).toEqual({
      patch: { target: { kind: 'Deployment', namespace: 'shop', name: 'web' }, body },
      now: [`kubectl patch deployment web -n shop --type strategic -p '${JSON.stringify(body)}'`],
      note: '',
    });
  });
  it("of the workload's own spec", () =>
    expect(patchOf(podOf(), all, {}, { replicas: 2 }).patch.body).toEqual({ spec: { replicas: 2 } }));
  it('of both', () =>
    expect(patchOf(podOf(), all, spec, { replicas: 2 }).patch.body).toEqual({
      spec: { replicas: 2, template: { spec } },
    }));
  it('of a ReplicaSet: it replaces no pods', () =>
    expect(patchOf(podOf(), known([replicaSetOf({ owner: null })]), spec).note).toMatch(/delete them/));
  it('of a pod of its own: its manifest', () =>
    expect(patchOf(bare, all, spec)).toMatchObject({
      patch: { target: null, body: { spec } },
      now: [],
      note: expect.stringContaining('create it anew'),
    }));
  it('of what netdoctor does not know: the template there', () =>
    expect(patchOf(owned('Rollout'), all, spec)).toMatchObject({
      patch: { target: null, body: { spec: { template: { spec } } } },
      now: [],
      note: ' It belongs to Rollout web: change the pod template there.',
    }));
  it('of a CronJob: where the template of its Jobs has that of its pods', () =>
    expect(patchOf(owned('CronJob'), all, spec)).toMatchObject({
      patch: { target: null, body: { spec: { jobTemplate: { spec: { template: { spec } } } } } },
      now: [],
      note: ' It belongs to CronJob web.',
    }));
  it('a quote in what is patched ends no word', () => {
    const [line] = patchOf(podOf(), all, { x: "it's" }).now;
    expect(line).toContain(`'{"spec":{"template":{"spec":{"x":"it'\\''s"}}}}'`);
  });
});
