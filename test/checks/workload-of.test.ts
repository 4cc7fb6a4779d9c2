import { describe, expect, it } from 'vitest';
import { inTemplate, ownerOf, patchOf, workloadOf } from '../../src/checks/workload-of.ts';
import { known, missing } from '../../src/core/gap.ts';
import type { Controller } from '../../src/facts/workloads/controllers.ts';
import { deploymentOf, podOf, replicaSetOf, webControllers } from '../support/pods.ts';

const owned = (kind: string, name = 'web') => podOf({ owner: { kind, name, uid: 'x' } });
const mirror = podOf({ mirror: true, owner: { kind: 'Node', name: 'n1', uid: 'n' } });
const ofRollout = [replicaSetOf({ owner: { kind: 'Rollout', name: 'roll' } })];
const ofDb = [deploymentOf({ kind: 'StatefulSet', owner: { kind: 'Db', name: 'x' } })];
const forbidden = missing('forbidden', 'no');
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
    [
      'the Deployment, though an operator owns that',
      [deploymentOf({ owner: { kind: 'App', name: 'x' } }), replicaSetOf()],
      podOf(),
      'Deployment/web',
    ],
    ['a static pod, whatever it names', webControllers, podOf({ mirror: true }), null],
  ])('%s', (_, all, pod, want) => expect(named(all, pod)).toBe(want));
  it('nobody knows', () => expect(workloadOf(podOf(), forbidden)).toBeNull());
});

describe('whose pod it is', () => {
  it.each([
    ['the Deployment of its ReplicaSet', known(webControllers), podOf(), 'Deployment/web'],
    ['a ReplicaSet of its own', known([replicaSetOf({ owner: null })]), podOf(), 'ReplicaSet/web-7'],
    ['an Argo Rollout that owns its ReplicaSet', known(ofRollout), podOf(), 'Rollout/roll'],
    ['a Deployment that is not there', known([replicaSetOf()]), podOf(), 'Deployment/web'],
    ['an operator that owns its StatefulSet', known(ofDb), owned('StatefulSet'), 'Db/x'],
    ['a ReplicaSet that is not there', known([]), podOf(), 'ReplicaSet/web-7'],
    ['a ReplicaSet that nobody may look up', forbidden, podOf(), 'ReplicaSet/web-7'],
    ['a Job', known(webControllers), owned('Job'), 'Job/web'],
    [
      'the same name in another namespace',
      known(ofRollout.map((c) => ({ ...c, namespace: 'x' }))),
      podOf(),
      'ReplicaSet/web-7',
    ],
    ['a pod of its own', known(webControllers), bare, null],
    ['a static pod: its node is no workload', known(webControllers), mirror, null],
  ])('%s', (_, all, pod, want) => {
    const owner = ownerOf(pod, all);
    expect(owner === null ? null : `${owner.kind}/${owner.name}`).toBe(want);
  });
});

describe('whether a container is in the pod template', () => {
  const withNames = (containers: readonly string[]) => known(webControllers.map((c) => ({ ...c, containers })));
  it.each([
    ['it is', withNames(['log', 'app']), podOf(), true],
    ['it was injected', withNames(['main']), podOf(), false],
    ['the template names none', withNames([]), podOf(), true],
    ['the workload is not known', forbidden, podOf(), true],
    ['a pod of its own', withNames(['main']), bare, true],
    [
      "the Deployment's template counts, not the ReplicaSet's",
      known([deploymentOf({ containers: ['app'] }), replicaSetOf({ containers: ['main'] })]),
      podOf(),
      true,
    ],
  ])('%s', (_, all, pod, want) => expect(inTemplate(pod, all, { name: 'app' })).toBe(want));
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
      risk: 'disruptive',
    });
  });
  it("of the workload's own spec", () =>
    expect(patchOf(podOf(), all, {}, { replicas: 2 })).toMatchObject({
      patch: { body: { spec: { replicas: 2 } } },
      risk: 'none',
    }));
  it('of both', () =>
    expect(patchOf(podOf(), all, spec, { replicas: 2 })).toMatchObject({
      patch: { body: { spec: { replicas: 2, template: { spec } } } },
      risk: 'disruptive',
    }));
  it('of a Deployment that somebody owns: it may be put back', () =>
    expect(
      patchOf(podOf(), known([deploymentOf({ owner: { kind: 'App', name: 'x' } }), replicaSetOf()]), spec),
    ).toMatchObject({
      patch: { target: { kind: 'Deployment', name: 'web' } },
      now: [expect.stringMatching(/^kubectl patch deployment web /)],
      note: ' It belongs to App x, which may put it back: better change it there.',
      risk: 'disruptive',
    }));
  it.each<[string, Parameters<typeof patchOf>, object, RegExp]>([
    [
      'a static pod: its manifest on the node',
      [mirror, all, spec],
      { spec },
      /^ It is a static pod: change its manifest on node n1, and the kubelet starts it anew\.$/,
    ],
    [
      'an Argo Rollout that owns a known ReplicaSet',
      [podOf(), known(ofRollout), spec],
      { spec: { template: { spec } } },
      /^ It belongs to Rollout roll: change the pod template there\.$/,
    ],
    [
      'an operator that owns a known StatefulSet',
      [owned('StatefulSet'), known(ofDb), spec],
      { spec: { template: { spec } } },
      /^ It belongs to Db x: /,
    ],
    [
      'a ReplicaSet that nobody may look up',
      [podOf(), forbidden, spec],
      { spec: { template: { spec } } },
      /^ It belongs to ReplicaSet web-7: change what owns that, a Deployment mostly\.$/,
    ],
  ])('of %s', (_, given, body, note) =>
    expect(patchOf(...given)).toEqual({
      patch: { target: null, body },
      now: [],
      note: expect.stringMatching(note),
      risk: 'none',
    }),
  );
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
      risk: 'none',
    }));
  it('a quote in what is patched ends no word', () => {
    const [line] = patchOf(podOf(), all, { x: "it's" }).now;
    expect(line).toContain(`'{"spec":{"template":{"spec":{"x":"it'\\''s"}}}}'`);
  });
});
