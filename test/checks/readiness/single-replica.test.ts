import { singleReplica } from '../../../src/checks/readiness/single-replica.ts';
import { fronts } from '../../../src/facts/services/fronts.ts';
import { type Controller, controllers } from '../../../src/facts/workloads/controllers.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Subject } from '../../../src/facts/workloads/subjects.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';
import { deploymentOf, frontOf, podOf, replicaSetOf } from '../../support/pods.ts';

const world = (all: readonly Controller[], pod: Partial<Subject> = {}, services = [frontOf()]): Given[] => [
  given(subject, podOf(pod)),
  given(controllers, all),
  given(fronts, services),
];
const web = (replicas: number) => [deploymentOf({ replicas }), replicaSetOf({ replicas })];
const owned = (kind: string) => ({ owner: { kind, name: 'web', uid: 'x' } });
const one = { status: 'fail', severity: 'info', messageId: 'one' } as const;

testCheck(singleReplica, [
  {
    name: 'one replica behind a Service',
    facts: world(web(1)),
    expect: {
      ...one,
      data: { kind: 'Deployment', name: 'web', replicas: 1, services: ['shop/web'] },
      now: [`kubectl patch deployment web -n shop --type strategic -p '{"spec":{"replicas":2}}'`],
    },
  },
  {
    name: 'a StatefulSet: whether it may be two only its owner knows',
    facts: world([deploymentOf({ kind: 'StatefulSet', replicas: 1 })], owned('StatefulSet')),
    expect: { ...one, data: { kind: 'StatefulSet' }, now: [] },
  },
  {
    name: 'a ReplicaSet of its own',
    facts: world([replicaSetOf({ owner: null, replicas: 1 })]),
    expect: { ...one, data: { kind: 'ReplicaSet' } },
  },
  {
    name: 'a manifest leaves it open',
    facts: world([deploymentOf({ replicas: null }), replicaSetOf({ replicas: null })]),
    expect: { status: 'not-applicable', message: /leaves the replicas open/ },
  },
  {
    name: 'a static pod',
    facts: world(web(1), { mirror: true, owner: { kind: 'Node', name: 'n1', uid: 'n' } }),
    expect: { status: 'not-applicable' },
  },
  { name: 'two replicas', facts: world(web(2)), expect: { status: 'pass' } },
  { name: 'scaled down to none', facts: world(web(0)), expect: { status: 'pass' } },
  {
    name: 'the ReplicaSet has one, the Deployment two',
    facts: world([deploymentOf(), replicaSetOf({ replicas: 1 })]),
    expect: { status: 'pass' },
  },
  {
    name: 'a DaemonSet',
    facts: world([deploymentOf({ kind: 'DaemonSet', replicas: 1 })], owned('DaemonSet')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a kind that netdoctor does not know',
    facts: world(web(1), owned('Rollout')),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a ReplicaSet of a kind that netdoctor does not know',
    facts: world([replicaSetOf({ owner: { kind: 'Rollout', name: 'web' }, replicas: 1 })]),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'the same names in another namespace',
    facts: world(web(1).map((c) => ({ ...c, namespace: 'x' }))),
    expect: { status: 'not-applicable' },
  },
  { name: 'a pod of its own', facts: world(web(1), { owner: null }), expect: { status: 'not-applicable' } },
  { name: 'no Service', facts: world(web(1), {}, []), expect: { status: 'not-applicable' } },
  {
    name: 'the workloads are not known',
    facts: [given(subject, podOf()), gap(controllers)],
    expect: { status: 'unknown' },
  },
  {
    name: 'the Services are not known',
    facts: [given(subject, podOf()), given(controllers, web(1)), gap(fronts)],
    expect: { status: 'unknown' },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);
