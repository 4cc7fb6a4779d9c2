import { expect, it } from 'vitest';
import { learntPods } from '../../src/app/learnt-pods.ts';
import { watchNames } from '../../src/app/watch-names.ts';
import { factsTable } from '../../src/core/facts-table.ts';
import { known } from '../../src/core/gap.ts';
import { probe } from '../../src/core/probe.ts';
import type { Opener } from '../../src/core/watch.ts';
import { spaces } from '../../src/facts/network/spaces.ts';
import { backends } from '../../src/facts/services/backends.ts';
import { type Pod, pods } from '../../src/facts/workloads/pods.ts';

const pod = (name: string, more: Partial<Pod> = {}): Pod => ({
  ...{ namespace: 'shop', name, uid: `uid-${name}`, workload: 'w', hostNetwork: false, ips: [], ports: [] },
  ...{ containerIds: [], startedAtMs: null, restarts: 0, sysctls: {}, portRange: null, reservedPorts: [] },
  ...more,
});
const opener = (more: Partial<Opener>): Opener => ({
  ...{ thread: 1, pid: 1, process: 'x', containerId: null, podUid: null, unit: null },
  ...more,
});
const namesOf = (learnt: ReturnType<typeof learntPods>) =>
  watchNames(
    factsTable(
      [
        probe({
          ...{ yields: pods, via: 'test', reads: {} },
          parse: () => known([pod('old', { ips: ['10.0.0.1'] }), pod('still', { ips: ['10.0.0.9'] })]),
        }),
        probe({
          ...{ yields: backends, via: 'test', reads: {} },
          parse: () => known([{ ip: '10.0.0.2', pod: 'shop/behind', service: 'shop/web' }]),
        }),
        probe({
          ...{ yields: spaces, via: 'test', reads: {} },
          parse: () =>
            known([{ id: '7', host: false, pid: 1, process: 'pause', podUid: 'uid-new', containerId: null }]),
        }),
      ],
      new Map(),
    ),
    learnt.now,
  );

it('a pod has its name as soon as the API has told of it: by its address, its uid and its containers', () => {
  const learnt = learntPods();
  const names = namesOf(learnt);
  const asked = () => [
    ...[names.podAt('10.0.0.3'), names.podOf(opener({ podUid: 'uid-new' }))],
    ...[names.podOf(opener({ containerId: 'c1' })), names.spaceOf('7')],
  ];
  expect(asked()).toEqual([null, null, null, 'the pod with uid uid-new']);
  learnt.learn(pod('new'));
  expect(asked()).toEqual([null, 'shop/new', null, 'pod shop/new']);
  learnt.learn(pod('new', { ips: ['10.0.0.3', 'fd00::3'], containerIds: ['c1'] }));
  expect(asked()).toEqual(['shop/new', 'shop/new', 'shop/new', 'pod shop/new']);
  expect([names.podAt('fd00::3'), names.podAt('10.0.0.1'), names.podAt('10.0.0.9')]).toEqual([
    ...['shop/new', 'shop/old', 'shop/still'],
  ]);
});

it('an address is of the pod that had it last, but for pods in the network of their node', () => {
  const learnt = learntPods();
  const names = namesOf(learnt);
  learnt.learn(pod('first', { ips: ['10.0.0.1'] }));
  learnt.learn(pod('second', { ips: ['10.0.0.2'] }));
  learnt.learn(pod('agent', { ips: ['10.0.0.9'], hostNetwork: true }));
  expect(['10.0.0.1', '10.0.0.2', '10.0.0.9'].map(names.podAt)).toEqual(['shop/first', 'shop/second', 'shop/still']);
  learnt.learn(pod('third', { ips: ['10.0.0.1'] }));
  expect(names.podAt('10.0.0.1')).toBe('shop/third');
});

it('is bounded, and the same until another comes', () => {
  const learnt = learntPods();
  for (let i = 0; i < 5100; i++) learnt.learn(pod(`p${i}`, { ips: [`10.1.${i >> 8}.${i & 255}`] }));
  const before = learnt.now();
  expect(before).toHaveLength(5000);
  expect(before.at(-1)?.name).toBe('p5099');
  learnt.learn(pod('p5099', { ips: [`10.1.${5099 >> 8}.${5099 & 255}`], restarts: 3 }));
  learnt.learn(pod('nameless', { uid: '' }));
  expect(learnt.now()).toBe(before);
});
