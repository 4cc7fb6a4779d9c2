import { describe, expect, it } from 'vitest';
import { stale } from '../../../src/checks/readiness/stale.ts';
import { type NodeCondition, nodeCondition } from '../../../src/facts/node/condition.ts';
import { type PodEvent, podEvents } from '../../../src/facts/workloads/pod-events.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { PodCondition, Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import { ago, conditionOf, containerOf, nodeConditionOf, nowMs, podOf, statusOf } from '../../support/pods.ts';

const conditions = (ready: Partial<PodCondition> = {}, containersReady: Partial<PodCondition> = {}) => ({
  conditions: [conditionOf('Ready', 'False', ready), conditionOf('ContainersReady', 'True', containersReady)],
});
const world = (
  pod: Partial<Subject>,
  node: NodeCondition = nodeConditionOf({ sinceMs: ago(3000) }),
  events: readonly PodEvent[] = [],
): Given[] => [given(subject, podOf(pod)), given(nodeCondition, node), given(podEvents, events)];
const event: PodEvent = {
  podUid: 'u1',
  reason: 'NodeNotReady',
  message: 'Node is not ready',
  count: 1,
  lastAtMs: ago(3600),
  container: '',
};
const found = { status: 'fail', severity: 'error', messageId: 'stale' } as const;
const byOther = { status: 'fail', severity: 'warning', messageId: 'stale-by-other' } as const;
const controller = { manager: 'kube-controller-manager', atMs: ago(3600) };

testCheck(stale, [
  {
    name: 'Ready=False without a reason, and all else is well',
    facts: world(conditions()),
    expect: {
      ...found,
      data: { readyStatus: 'False', readySeconds: 3600, nodeReadySeconds: 3000, reason: '', writer: null },
      now: ['kubectl delete pod web-1 -n shop'],
    },
  },
  {
    name: 'the controller wrote it, and told so by an event',
    facts: world(conditions({ writer: controller }), nodeConditionOf(), [event]),
    expect: { ...found, data: { writer: 'kube-controller-manager' }, message: /kube-controller-manager/ },
  },
  {
    name: 'events are not known',
    facts: [given(subject, podOf(conditions())), given(nodeCondition, nodeConditionOf()), gap(podEvents)],
    expect: found,
  },
  {
    name: 'Ready=Unknown',
    facts: world({ conditions: [conditionOf('Ready', 'Unknown'), conditionOf('ContainersReady', 'True')] }),
    expect: { ...found, data: { readyStatus: 'Unknown' } },
  },
  ...(['k3s', 'operator'] as const).flatMap((manager) =>
    (
      [
        [3660, found],
        [3661, byOther],
        [999_999, byOther],
      ] as const
    ).map(([nodeSeconds, expected]) => ({
      name: `no reason, by ${manager}, the pod False for 3600 s, its node Ready for ${nodeSeconds} s`,
      facts: world(
        conditions({ writer: { manager, atMs: ago(3600) } }),
        nodeConditionOf({ sinceMs: ago(nodeSeconds) }),
      ),
      expect: { ...expected, data: { writer: manager, nodeReadySeconds: nodeSeconds } },
    })),
  ),
  {
    name: 'no reason, by somebody, long after its node became Ready: the message says so',
    facts: world(conditions({ writer: { manager: 'operator', atMs: null } }), nodeConditionOf({ sinceMs: ago(9000) })),
    expect: { ...byOther, message: /written by operator without a reason\.$/ },
  },
  ...([null, controller, { ...controller, manager: 'cloud-controller-manager' }] as const).map((writer) => ({
    name: `no reason, by ${writer?.manager ?? 'nobody that is told'}, whenever its node became Ready`,
    facts: world(conditions({ writer }), nodeConditionOf({ sinceMs: ago(999_999) })),
    expect: found,
  })),
  {
    name: 'a reason, by the controller itself',
    facts: world(conditions({ reason: 'Paused', writer: controller })),
    expect: { ...byOther, message: /with reason Paused\.$/ },
  },
  {
    name: 'a static pod: its deletion ends nothing',
    facts: world({ ...conditions(), mirror: true, owner: { kind: 'Node', name: 'n1', uid: 'n' } }),
    expect: { ...found, now: [] },
  },
  {
    name: 'a reason: somebody else wrote it',
    facts: world(conditions({ reason: 'Paused' })),
    expect: { ...byOther, data: { reason: 'Paused' } },
  },
  {
    name: 'false for 60 s',
    facts: world(conditions({ sinceMs: ago(60) })),
    expect: { status: 'not-applicable', message: /recovering/ },
  },
  {
    name: 'false for 61 s',
    facts: world(conditions({ sinceMs: ago(61) })),
    expect: { ...found, data: { readySeconds: 61 } },
  },
  {
    name: 'the node is Ready for 60 s',
    facts: world(conditions(), nodeConditionOf({ sinceMs: ago(60) })),
    expect: { status: 'not-applicable', message: /recovering/ },
  },
  {
    name: 'the node is Ready for 61 s',
    facts: world(conditions(), nodeConditionOf({ sinceMs: ago(61) })),
    expect: { ...found, data: { nodeReadySeconds: 61 } },
  },
  {
    name: 'the node was read later than the pod',
    facts: world(conditions({ sinceMs: ago(70) }), nodeConditionOf({ sinceMs: ago(60) }, { nowMs: nowMs + 2000 })),
    expect: { ...found, data: { readySeconds: 70, nodeReadySeconds: 62 } },
  },
  {
    name: 'all gates are met',
    facts: world({
      readinessGates: ['example.com/lb'],
      conditions: [...conditions().conditions, conditionOf('example.com/lb', 'True')],
    }),
    expect: { ...found, message: /gate/ },
  },
  ...([60, 61] as const).map((seconds) => ({
    name: `the last gate is met for ${seconds} s`,
    facts: world({
      readinessGates: ['a', 'b'],
      conditions: [
        ...conditions().conditions,
        conditionOf('a', 'True'),
        conditionOf('b', 'True', { sinceMs: null, writer: { manager: 'lb', atMs: ago(seconds) } }),
      ],
    }),
    expect: seconds === 60 ? ({ status: 'not-applicable', message: /recovering/ } as const) : found,
  })),
  {
    name: 'since when a gate is met nobody says',
    facts: world({
      readinessGates: ['a'],
      conditions: [...conditions().conditions, conditionOf('a', 'True', { sinceMs: null })],
    }),
    expect: found,
  },
  {
    name: 'the kubelet wrote it, with its reason, and left it so',
    facts: world(conditions({ reason: 'ContainersNotReady', writer: { manager: 'kubelet', atMs: ago(3600) } })),
    expect: { ...byOther, data: { writer: 'kubelet' }, now: ['kubectl delete pod web-1 -n shop'] },
  },
  {
    name: 'a pod of its own: nobody would replace it',
    facts: world({ ...conditions(), owner: null }),
    expect: { ...found, now: [] },
  },
  {
    name: 'a sidecar is ready too',
    facts: world({ ...conditions(), containers: [containerOf(), containerOf({ name: 'side', kind: 'sidecar' })] }),
    expect: found,
  },
  { name: 'Ready', facts: world({}), expect: { status: 'pass' } },
  {
    name: 'a gate is not met',
    facts: world({ readinessGates: ['g'], conditions: [...conditions().conditions, conditionOf('g', 'False')] }),
    expect: { status: 'pass', message: /gate g/ },
  },
  {
    name: 'a gate that nobody has spoken of',
    facts: world({ readinessGates: ['g'], ...conditions() }),
    expect: { status: 'pass', message: /gate g/ },
  },
  {
    name: 'a container is not ready',
    facts: world({ ...conditions(), containers: [containerOf({ status: statusOf('app', { ready: false }) })] }),
    expect: { status: 'pass', message: /app not ready/ },
  },
  {
    name: 'a container of which nothing was said',
    facts: world({ ...conditions(), containers: [containerOf(), containerOf({ name: 'new', status: null })] }),
    expect: { status: 'pass', message: /new not ready/ },
  },
  {
    name: 'a sidecar is not ready',
    facts: world({
      ...conditions(),
      containers: [
        containerOf(),
        containerOf({ name: 'side', kind: 'sidecar', status: statusOf('side', { ready: false }) }),
      ],
    }),
    expect: { status: 'pass', message: /side not ready/ },
  },
  {
    name: 'ContainersReady says the same',
    facts: world(conditions({}, { status: 'False', reason: 'ContainersNotReady' })),
    expect: { status: 'pass', message: /ContainersNotReady/ },
  },
  ...['Pending', 'Succeeded', 'Failed', 'Unknown', ''].map((phase) => ({
    name: `phase ${phase || 'not known'}`,
    facts: world({ ...conditions(), phase }),
    expect: { status: 'not-applicable' } as const,
  })),
  {
    name: 'being deleted',
    facts: world({ ...conditions(), deletion: { atMs: ago(5), graceSeconds: 30 } }),
    expect: { status: 'not-applicable', message: /deleted/ },
  },
  { name: 'no conditions yet', facts: world({ conditions: [] }), expect: { status: 'not-applicable' } },
  {
    name: 'ContainersReady is not there',
    facts: world({ conditions: [conditionOf('Ready', 'False')] }),
    expect: { status: 'not-applicable' },
  },
  ...(['False', 'Unknown'] as const).map((status) => ({
    name: `the node is Ready=${status}`,
    facts: world(conditions(), nodeConditionOf({ status, reason: 'NodeStatusUnknown' })),
    expect: { status: 'not-applicable', message: /NodeStatusUnknown/ } as const,
  })),
  {
    name: 'since when it is false is not known',
    facts: world(conditions({ sinceMs: null })),
    expect: { status: 'unknown' },
  },
  {
    name: "the server's clock is not known",
    facts: world({ ...conditions(), nowMs: null }),
    expect: { status: 'unknown' },
  },
  {
    name: 'since when the node is Ready is not known',
    facts: world(conditions(), nodeConditionOf({ sinceMs: null })),
    expect: { status: 'unknown' },
  },
  {
    name: 'the node is not known',
    facts: [given(subject, podOf(conditions())), gap(nodeCondition, 'forbidden')],
    expect: { status: 'unknown' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);

describe('what is told with it', () => {
  const told = (pod: Partial<Subject>, kubeletVersion = 'v1.34.4', events: readonly PodEvent[] = []) => {
    const [finding] = run(stale, world({ ...conditions(), ...pod }, nodeConditionOf({}, { kubeletVersion }), events));
    if (finding?.status !== 'fail') return expect.fail('no finding');
    return {
      message: finding.message,
      say: finding.fix?.say ?? '',
      evidence: finding.evidence,
      examples: finding.fix?.examples,
    };
  };

  it.each([
    ['v1.14.10', /87615/],
    ['v1.15.0', /has the bug.*84931/],
    ['v1.15.7', /has the bug/],
    ['v1.15.8', /87615/],
    ['v1.16.4', /has the bug/],
    ['v1.16.5', /87615/],
    ['v1.17.0', /has the bug/],
    ['v1.17.1', /87615/],
    ['v1.18.0', /87615/],
    ['v1.19.16', /87615/],
    ['v1.20.0', /not one with a known bug/],
    ['v1.34.4-gke.100', /not one with a known bug/],
  ])('kubelet %s', (version, words) => expect(told({}, version).say).toMatch(words));

  it.each([
    ['v1.34.9', /all its pods become not ready/],
    ['v1.35.0', /keep their readiness/],
    ['v2.0.0', /keep their readiness/],
    ['none', /before Kubernetes 1\.35/],
  ])('a restart of kubelet %s costs', (version, words) => expect(told({}, version).say).toMatch(words));

  const toleration = (seconds: number | null, more: object = {}) => ({
    key: 'node.kubernetes.io/not-ready',
    operator: 'Exists',
    effect: 'NoExecute',
    seconds,
    ...more,
  });
  it.each([
    ['300 s', [toleration(300)], /for 300 s/],
    ['the shortest of them', [toleration(300), toleration(60)], /for 60 s/],
    ['for ever', [toleration(300), toleration(null)], /for ever/],
    ['everything', [toleration(null, { key: '' })], /for ever/],
    ['every effect', [toleration(null, { effect: '' })], /for ever/],
  ])('why it was not evicted: it tolerates %s', (_, tolerations, words) =>
    expect(told({ tolerations }).message).toMatch(words),
  );
  it.each([
    ['no toleration', []],
    ['one of another taint', [toleration(300, { key: 'node.kubernetes.io/unreachable' })]],
    ['one of another effect', [toleration(300, { effect: 'NoSchedule' })]],
    ['an empty key that is no Exists', [toleration(300, { key: '', operator: 'Equal' })]],
  ])('%s: nothing of eviction', (_, tolerations) => expect(told({ tolerations }).message).not.toMatch(/evicted/));

  it('events of this pod, and the alert', () => {
    const { evidence, examples } = told({}, 'v1.34.4', [
      event,
      { ...event, podUid: 'u2' },
      { ...event, reason: 'FailedPreStopHook' },
    ]);
    expect(evidence.filter((e) => e.source.startsWith('event'))).toHaveLength(1);
    expect(examples?.[0]?.text).toContain('kube_pod_status_ready');
  });
  it('the conditions, by whom and when they were written', () => {
    const { evidence } = told(conditions({ writer: controller, message: 'x' }));
    expect(evidence[0]).toEqual({
      source: 'pod condition Ready',
      text: 'False since 2026-11-23T19:00:00Z, reason (empty), "x", written by kube-controller-manager at 2026-11-23T19:00:00Z',
    });
  });
  it('a static pod: the kubelet is to be restarted', () =>
    expect(told({ mirror: true, owner: { kind: 'Node', name: 'n1', uid: 'n' } }).say).toMatch(
      /^It is a static pod, which a deletion in the API does not end: restart the kubelet of n1/,
    ));
  it('who else wrote it is to be asked', () => {
    const { say, examples } = told(conditions({ reason: 'Paused', writer: { manager: 'operator', atMs: null } }));
    expect(say).toMatch(/Ask why operator .*--show-managed-fields/);
    expect(examples).toBeUndefined();
  });
  it('a name that a shell would read is quoted', () => {
    const [finding] = run(stale, world({ ...conditions(), name: "x'; rm -rf /" }));
    expect(finding?.status === 'fail' && finding.fix?.now).toEqual([`kubectl delete pod 'x'\\''; rm -rf /' -n shop`]);
  });
});
