import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controllerOf } from '../../src/parsers/controller.ts';

const metadata = {
  namespace: 'shop',
  name: 'web',
  uid: 'u',
  generation: 4,
  ownerReferences: [
    { kind: 'X', name: 'x' },
    { kind: 'Deployment', name: 'web', controller: true },
  ],
};

it('a Deployment', () =>
  expect(
    controllerOf(
      {
        metadata: { ...metadata, ownerReferences: undefined },
        spec: {
          replicas: 3,
          minReadySeconds: 10,
          template: { spec: { containers: [{ name: 'app' }, { name: 'log' }], initContainers: [{ name: 'side' }] } },
        },
        status: { observedGeneration: 3, replicas: 4, readyReplicas: 2, availableReplicas: 1 },
      },
      'Deployment',
    ),
  ).toEqual({
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    uid: 'u',
    owner: null,
    replicas: 3,
    containers: ['app', 'log', 'side'],
    ready: 2,
    available: 1,
    minReadySeconds: 10,
    generation: 4,
    observedGeneration: 3,
  }));

it('a ReplicaSet and its controller', () =>
  expect(controllerOf({ metadata, spec: { replicas: 0 } }, 'ReplicaSet')).toMatchObject({
    owner: { kind: 'Deployment', name: 'web' },
    replicas: 0,
    ready: 0,
  }));

it('a DaemonSet counts nodes', () =>
  expect(
    controllerOf(
      {
        metadata,
        spec: { replicas: 9 },
        status: {
          desiredNumberScheduled: 5,
          currentNumberScheduled: 4,
          numberReady: 3,
          numberAvailable: 2,
          replicas: 9,
          readyReplicas: 9,
        },
      },
      'DaemonSet',
    ),
  ).toMatchObject({ replicas: 5, ready: 3, available: 2 }));

describe('what is not said', () => {
  it.each(['Deployment', 'ReplicaSet', 'StatefulSet'] as const)(
    '%s: how many replicas nobody knows (an autoscaler may set them)',
    (kind) =>
      expect(controllerOf({}, kind)).toMatchObject({
        replicas: null,
        containers: [],
        ready: 0,
        minReadySeconds: 0,
        owner: null,
      }),
  );
  it('DaemonSet: nobody knows on how many nodes', () => expect(controllerOf({}, 'DaemonSet').replicas).toBe(0));
});

it('is total', () => {
  const any = fc.property(fc.jsonValue(), fc.constantFrom('Deployment', 'DaemonSet'), (item, kind) => {
    const c = controllerOf(item, kind);
    expect(c.containers.every((name) => typeof name === 'string')).toBe(true);
    expect([c.replicas ?? 0, c.ready, c.available, c.generation].every(Number.isFinite)).toBe(true);
  });
  fc.assert(any);
});
