import { describe, expect, it } from 'vitest';
import { workloadMismatch } from '../../../src/checks/readiness/workload-mismatch.ts';
import { type NodeCondition, nodeCondition } from '../../../src/facts/node/condition.ts';
import { type Endpoint, endpoints } from '../../../src/facts/services/endpoints.ts';
import { type Front, fronts } from '../../../src/facts/services/fronts.ts';
import { type Controller, controllers } from '../../../src/facts/workloads/controllers.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import {
  ago,
  conditionOf,
  containerOf,
  deploymentOf,
  endpointOf,
  frontOf,
  nodeConditionOf,
  podOf,
  replicaSetOf,
  statusOf,
} from '../../support/pods.ts';

interface World {
  readonly pod?: Partial<Subject>;
  readonly services?: readonly Front[];
  readonly behind?: readonly Endpoint[];
  readonly deployment?: Partial<Controller>;
  readonly node?: NodeCondition;
}
const world = (o: World = {}): Given[] => [
  given(subject, podOf(o.pod)),
  given(fronts, o.services ?? [frontOf()]),
  given(endpoints, o.behind ?? [endpointOf()]),
  given(controllers, [deploymentOf(o.deployment), replicaSetOf()]),
  given(nodeCondition, o.node ?? nodeConditionOf()),
];
/** Containers ready, the pod not. */
const notReady = (more: Partial<Subject> = {}): Partial<Subject> => ({
  conditions: [conditionOf('Ready', 'False'), conditionOf('ContainersReady', 'True')],
  ...more,
});
const other = endpointOf({ pod: 'web-2', podUid: 'u2' });
const unready = endpointOf({ ready: false, serving: false });
const problem = (messageId: string) => ({ status: 'fail', severity: 'warning', messageId }) as const;

testCheck(workloadMismatch, [
  {
    name: 'all containers ready and the pod not: the Service has nobody',
    facts: world({ pod: notReady(), behind: [unready], deployment: { ready: 0, available: 0 } }),
    expect: {
      ...problem('service-empty'),
      data: {
        empty: ['shop/web'],
        readySeconds: 3600,
        workload: { kind: 'Deployment', name: 'web', ready: 0, replicas: 2 },
      },
      message: /counts 0 of 2 ready/,
    },
  },
  {
    name: 'the Service has another',
    facts: world({ pod: notReady(), behind: [unready, other] }),
    expect: { ...problem('containers-ready'), data: { empty: [], services: ['shop/web'] } },
  },
  {
    name: 'no Service',
    facts: world({ pod: notReady(), services: [] }),
    expect: { ...problem('containers-ready'), data: { services: [] } },
  },
  {
    name: 'a Service that publishes what is not ready is not empty because of it',
    facts: world({ pod: notReady(), services: [frontOf({ publishNotReadyAddresses: true })], behind: [endpointOf()] }),
    expect: { ...problem('containers-ready'), data: { empty: [] } },
  },
  {
    name: 'the status of the workload is of an older spec: not compared',
    facts: world({ pod: notReady(), behind: [unready], deployment: { generation: 2 } }),
    expect: { ...problem('service-empty'), message: /^(?!.*counts)/ },
  },
  {
    name: 'ready, and no endpoint',
    facts: world({ behind: [other] }),
    expect: { ...problem('endpoint-missing'), data: { service: 'shop/web', ready: true, endpointReady: null } },
  },
  {
    name: 'ready, and its endpoint is not',
    facts: world({ behind: [unready, other] }),
    expect: { ...problem('endpoint-missing'), data: { endpointReady: false } },
  },
  {
    name: 'ready, and its only endpoint is terminating',
    facts: world({ behind: [endpointOf({ terminating: true })] }),
    expect: { ...problem('endpoint-missing'), data: { endpointReady: null } },
  },
  {
    name: 'one of two Services lacks it',
    facts: world({ services: [frontOf(), frontOf({ name: 'api' })] }),
    expect: { ...problem('endpoint-missing'), data: { service: 'shop/api' } },
  },
  {
    name: 'not ready, and its endpoint is',
    facts: world({
      pod: notReady({ containers: [containerOf({ status: statusOf('app', { ready: false }) })] }),
      behind: [endpointOf()],
    }),
    expect: { ...problem('endpoint-ready'), data: { ready: false, endpointReady: true } },
  },
  {
    name: 'ready, and the Deployment counts none',
    facts: world({ deployment: { ready: 0 } }),
    expect: { ...problem('workload-count'), data: { kind: 'Deployment', workload: 'web', ready: 0, replicas: 2 } },
  },
  {
    name: 'Ready for 61 s',
    facts: world({ pod: { conditions: [conditionOf('Ready', 'True', { sinceMs: ago(61) })] }, behind: [] }),
    expect: problem('endpoint-missing'),
  },
  {
    name: 'Ready for 60 s: the controllers follow',
    facts: world({ pod: { conditions: [conditionOf('Ready', 'True', { sinceMs: ago(60) })] }, behind: [] }),
    expect: { status: 'not-applicable', message: /follow/ },
  },
  {
    name: 'a Service of 60 s: there may be no slice of it yet',
    facts: world({ services: [frontOf({ createdAtMs: ago(60) })], behind: [] }),
    expect: { status: 'pass' },
  },
  {
    name: 'a Service of 61 s',
    facts: world({ services: [frontOf({ createdAtMs: ago(61) })], behind: [] }),
    expect: problem('endpoint-missing'),
  },
  {
    name: 'a Service of unknown age',
    facts: world({ services: [frontOf({ createdAtMs: null })], behind: [] }),
    expect: problem('endpoint-missing'),
  },
  { name: 'all agree', facts: world(), expect: { status: 'pass', message: /shop\/web and Deployment web/ } },
  {
    name: 'all agree that it is not ready',
    facts: world({
      pod: notReady({ containers: [containerOf({ status: statusOf('app', { ready: false }) })] }),
      behind: [unready],
    }),
    expect: { status: 'pass' },
  },
  {
    name: 'not ready for a gate',
    facts: world({ pod: notReady({ readinessGates: ['g'] }), behind: [unready] }),
    expect: { status: 'pass' },
  },
  {
    name: 'the Deployment counts some: which, nobody says',
    facts: world({ deployment: { ready: 1, available: 0, minReadySeconds: 600 } }),
    expect: { status: 'pass' },
  },
  {
    name: 'the Deployment counts none, in a status of an older spec',
    facts: world({ deployment: { ready: 0, generation: 3, observedGeneration: 2 } }),
    expect: { status: 'pass' },
  },
  {
    name: 'a DaemonSet counts by nodes',
    facts: [
      ...world({ pod: { owner: { kind: 'DaemonSet', name: 'web', uid: 'ds' } } }).filter(
        ([id]) => id !== controllers.id,
      ),
      given(controllers, [deploymentOf({ kind: 'DaemonSet', ready: 0 })]),
    ],
    expect: { status: 'pass' },
  },
  {
    name: 'all agree, but what its workload says is not known',
    facts: [...world().filter(([id]) => id !== controllers.id), gap(controllers, 'forbidden')],
    expect: { status: 'unknown' },
  },
  {
    name: 'what its workload says is not known, and an endpoint is missing',
    facts: [...world({ behind: [] }).filter(([id]) => id !== controllers.id), gap(controllers, 'forbidden')],
    expect: problem('endpoint-missing'),
  },
  ...(['False', 'Unknown'] as const).map((status) => ({
    name: `not ready, for its node is Ready=${status}`,
    facts: world({ pod: notReady(), behind: [unready], node: nodeConditionOf({ status }) }),
    expect: { status: 'not-applicable' } as const,
  })),
  {
    name: 'not ready, and its node is back for 60 s',
    facts: world({ pod: notReady(), behind: [unready], node: nodeConditionOf({ sinceMs: ago(60) }) }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'not ready, and its node is back for 61 s',
    facts: world({ pod: notReady(), behind: [unready], node: nodeConditionOf({ sinceMs: ago(61) }) }),
    expect: problem('service-empty'),
  },
  ...[60, 61].map((seconds) => ({
    name: `not ready, and its gate is met for ${seconds} s`,
    facts: world({
      pod: notReady({
        readinessGates: ['g'],
        conditions: [
          conditionOf('Ready', 'False'),
          conditionOf('ContainersReady', 'True'),
          conditionOf('g', 'True', { sinceMs: ago(seconds) }),
        ],
      }),
      behind: [unready],
    }),
    expect: seconds === 60 ? ({ status: 'not-applicable' } as const) : problem('service-empty'),
  })),
  {
    name: 'not ready, and its node is gone',
    facts: [
      ...world({ pod: notReady(), behind: [unready] }).filter(([id]) => id !== nodeCondition.id),
      gap(nodeCondition, 'absent'),
    ],
    expect: { status: 'not-applicable', message: /not in the cluster/ },
  },
  {
    name: 'its node excuses the pod, not the endpoint',
    facts: world({ pod: notReady(), behind: [endpointOf()], node: nodeConditionOf({ status: 'Unknown' }) }),
    expect: problem('endpoint-ready'),
  },
  {
    name: 'not ready, and its node may not be read',
    facts: [
      ...world({ pod: notReady(), behind: [unready] }).filter(([id]) => id !== nodeCondition.id),
      gap(nodeCondition, 'forbidden'),
    ],
    expect: { status: 'unknown' },
  },
  ...['Pending', 'Succeeded', 'Failed', ''].map((phase) => ({
    name: `phase ${phase || 'not known'}`,
    facts: world({ pod: { phase }, behind: [] }),
    expect: { status: 'not-applicable' } as const,
  })),
  {
    name: 'being deleted',
    facts: world({ pod: { deletion: { atMs: ago(5), graceSeconds: 30 } }, behind: [] }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'no conditions yet',
    facts: world({ pod: { conditions: [] }, behind: [] }),
    expect: { status: 'not-applicable' },
  },
  {
    name: "the server's clock is not known",
    facts: world({ pod: { nowMs: null }, behind: [] }),
    expect: { status: 'not-applicable' },
  },
  { name: 'the Services are not known', facts: [given(subject, podOf()), gap(fronts)], expect: { status: 'unknown' } },
  {
    name: 'the endpoints are not known',
    facts: [given(subject, podOf()), given(fronts, [frontOf()]), gap(endpoints)],
    expect: { status: 'unknown' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);

it('a pod of its own needs no controllers', () => {
  const facts = world({ pod: { owner: null } }).filter(([id]) => id !== controllers.id);
  expect(run(workloadMismatch, facts)).toMatchObject([{ status: 'pass' }]);
});

describe('several at once', () => {
  it('each Service is a problem of its own', () => {
    const facts = world({ services: [frontOf(), frontOf({ name: 'api' })], behind: [], deployment: { ready: 0 } });
    expect(run(workloadMismatch, facts).map((f) => f.status === 'fail' && f.messageId)).toEqual([
      'endpoint-missing',
      'endpoint-missing',
      'workload-count',
    ]);
  });
});
