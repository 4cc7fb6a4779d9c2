import { describe, expect, it } from 'vitest';
import { readyOnDeadNode } from '../../../src/checks/readiness/ready-on-dead-node.ts';
import { type NodeCondition, nodeCondition } from '../../../src/facts/node/condition.ts';
import { type Endpoint, endpoints } from '../../../src/facts/services/endpoints.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import { ago, conditionOf, endpointOf, nodeConditionOf, podOf } from '../../support/pods.ts';

const lost = (seconds: number) =>
  nodeConditionOf({ status: 'Unknown', reason: 'NodeStatusUnknown', sinceMs: ago(seconds) });
const world = (
  node: NodeCondition | 'absent',
  pod: Partial<Subject> = {},
  behind: readonly Endpoint[] = [endpointOf()],
): Given[] => [
  given(subject, podOf(pod)),
  node === 'absent' ? gap(nodeCondition, 'absent') : given(nodeCondition, node),
  given(endpoints, behind),
];
const nodeLost = { status: 'fail', severity: 'error', messageId: 'node-lost' } as const;
const nodeGone = { status: 'fail', severity: 'warning', messageId: 'node-gone' } as const;
const now = ['kubectl delete pod web-1 -n shop --force --grace-period=0'];

testCheck(readyOnDeadNode, [
  {
    name: 'Ready on a node of which nothing is heard',
    facts: world(lost(600)),
    expect: { ...nodeLost, data: { node: 'n1', nodeReady: 'Unknown', lostSeconds: 600, services: ['shop/web'] }, now },
  },
  { name: 'lost for 61 s', facts: world(lost(61)), expect: { ...nodeLost, data: { lostSeconds: 61 } } },
  { name: 'lost for 60 s', facts: world(lost(60)), expect: { status: 'not-applicable', message: /look again/ } },
  { name: 'lost just now', facts: world(lost(0)), expect: { status: 'not-applicable' } },
  {
    name: 'the node is not in the cluster any more',
    facts: world('absent'),
    expect: { ...nodeGone, data: { node: 'n1', nodeReady: null, lostSeconds: null, services: ['shop/web'] }, now },
  },
  {
    name: 'no Service sends traffic there',
    facts: world(lost(600), {}, [endpointOf({ ready: false, serving: false }), endpointOf({ podUid: 'u2' })]),
    expect: { ...nodeLost, data: { services: [] } },
  },
  {
    name: 'it is terminating, and nobody else is ready: it gets the traffic',
    facts: world(lost(600), {}, [endpointOf({ ready: false, terminating: true })]),
    expect: { ...nodeLost, data: { services: ['shop/web'] } },
  },
  {
    name: 'it is terminating, and another is ready',
    facts: world(lost(600), {}, [
      endpointOf({ ready: false, terminating: true }),
      endpointOf({ podUid: 'u2', pod: 'web-2' }),
    ]),
    expect: { ...nodeLost, data: { services: [] } },
  },
  {
    name: 'the endpoints are not known: told all the same',
    facts: [given(subject, podOf()), given(nodeCondition, lost(600)), gap(endpoints, 'forbidden')],
    expect: { ...nodeLost, data: { services: [] } },
  },
  {
    name: 'it is marked for deletion',
    facts: world(lost(600), { deletion: { atMs: ago(300), graceSeconds: 30 } }),
    expect: { ...nodeLost, message: /marked for deletion/ },
  },
  { name: 'the node is Ready', facts: world(nodeConditionOf()), expect: { status: 'pass' } },
  {
    name: 'the node says that it is not ready: its kubelet lives',
    facts: world(nodeConditionOf({ status: 'False', reason: 'KubeletNotReady' })),
    expect: { status: 'not-applicable', message: /KubeletNotReady/ },
  },
  ...['False', 'Unknown'].map((status) => ({
    name: `the pod is Ready=${status}`,
    facts: world(lost(600), { conditions: [conditionOf('Ready', status)] }),
    expect: { status: 'not-applicable' } as const,
  })),
  {
    name: 'the pod has no conditions',
    facts: world(lost(600), { conditions: [] }),
    expect: { status: 'not-applicable' },
  },
  { name: 'it is on no node', facts: world(lost(600), { node: null }), expect: { status: 'not-applicable' } },
  {
    name: 'since when the node is lost is not known',
    facts: world(nodeConditionOf({ status: 'Unknown', sinceMs: null })),
    expect: { status: 'unknown' },
  },
  {
    name: 'the node may not be read',
    facts: [given(subject, podOf()), gap(nodeCondition, 'forbidden')],
    expect: { status: 'unknown' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);

it('of a node that is gone the pods are collected', () =>
  expect(run(readyOnDeadNode, world('absent'))[0]?.message).toMatch(/garbage collector/));

describe('the taint that says that the machine is off', () => {
  const fix = (node: NodeCondition | 'absent') => {
    const [finding] = run(readyOnDeadNode, world(node));
    return finding?.status === 'fail' ? finding.fix : expect.fail('no finding');
  };
  it('is an example, beside the forced deletion', () => {
    expect(fix(lost(600))?.say).not.toMatch(/taint/);
    expect(fix(lost(600))?.now).toEqual(now);
    expect(fix(lost(600))?.examples).toEqual([
      {
        about: expect.stringMatching(/once the machine is off for certain/),
        text: 'kubectl taint nodes n1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute',
      },
    ]);
  });
  it('not of a node that is gone', () => {
    expect(fix('absent')?.say).not.toMatch(/taint/);
    expect(fix('absent')?.examples).toBeUndefined();
  });
});

describe('whether it is evicted', () => {
  const toleration = (seconds: number | null) => ({
    key: 'node.kubernetes.io/unreachable',
    operator: 'Exists',
    effect: 'NoExecute',
    seconds,
  });
  it.each([
    ['after 300 s', [toleration(300)], /300 s after the node was lost/],
    ['never', [toleration(null)], /never evicted/],
    ['at once', [], /nobody evicts/],
  ])('%s', (_, tolerations, words) =>
    expect(run(readyOnDeadNode, world(lost(600), { tolerations }))[0]?.message).toMatch(words),
  );
});
