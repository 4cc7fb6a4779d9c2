import { describe, expect, it } from 'vitest';
import { containerTrees } from '../../src/app/container-trees.ts';
import { judgePods } from '../../src/app/judge-pods.ts';
import { terminationOf } from '../../src/app/termination.ts';
import { allChecks } from '../../src/checks/index.ts';
import { check, pass } from '../../src/core/check.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Lookup } from '../../src/core/facts-table.ts';
import { known, missing, type Reading } from '../../src/core/gap.ts';
import { fronts } from '../../src/facts/services/fronts.ts';
import { controllers } from '../../src/facts/workloads/controllers.ts';
import { processes } from '../../src/facts/workloads/processes.ts';
import { subject } from '../../src/facts/workloads/subject.ts';
import { subjects } from '../../src/facts/workloads/subjects.ts';
import {
  containerOf,
  frontOf,
  maskOf,
  podOf,
  processesOf,
  processOf,
  statusOf,
  webControllers,
} from '../support/pods.ts';

const lookup =
  (...facts: readonly (readonly [Fact<unknown>, Reading<unknown>])[]): Lookup =>
  <T>(fact: Fact<T>) =>
    (facts.find(([f]) => f.id === fact.id)?.[1] ?? missing('not-collected', `${fact.id} was not read`)) as Reading<T>;

const named = check({
  id: 'test/named',
  title: 'It has a name',
  severity: 'info',
  per: 'pod',
  docs: { why: '', links: [] },
  needs: { subject },
  wants: {},
  judge: (facts) => pass(facts.subject.name),
});

const answered = { raws: new Map(), aside: new Map(), stream: '', via: 'debug-pod', unread: null } as const;
const pods = [
  podOf({ name: 'a' }),
  podOf({ name: 'b', node: 'n2', owner: { kind: 'Job', name: 'j', uid: 'x' } }),
  podOf({ name: 'c', node: null, phase: 'Pending', owner: null }),
  podOf({
    name: 'd',
    containers: [containerOf(), containerOf({ name: 'x', status: statusOf('x', { ready: false }) })],
  }),
];

describe('the pods of a node', () => {
  const judged = (node: string | null, more: readonly (readonly [Fact<unknown>, Reading<unknown>])[] = []) =>
    judgePods({ ...answered, node }, [named], lookup([subjects, known(pods)], ...more));

  it('each by itself, and no others', () => {
    expect(judged('n1').findings).toMatchObject([
      { check: 'test/named', target: { kind: 'pod', namespace: 'shop', name: 'a' }, status: 'pass', message: 'a' },
      { target: { name: 'd' }, message: 'd' },
    ]);
    expect(judged('n2').findings.map((f) => f.message)).toEqual(['b']);
    expect(judged('n3')).toEqual({ targets: [], findings: [] });
  });
  it('those that are on none', () =>
    expect(judged(null).targets).toMatchObject([
      { name: 'c', node: null, phase: 'Pending', workload: null, readyContainers: [1, 1] },
    ]));
  it('what the header says', () =>
    expect(judged('n1').targets).toMatchObject([
      { kind: 'pod', name: 'a', via: 'debug-pod', unread: null, workload: 'ReplicaSet/web-7', readyContainers: [1, 1] },
      { name: 'd', readyContainers: [1, 2] },
    ]));
  it('its Deployment where that is known', () =>
    expect(judged('n1', [[controllers, known(webControllers)]]).targets[0]?.workload).toBe('Deployment/web'));
  it('an owner that netdoctor does not know', () => expect(judged('n2').targets[0]?.workload).toBe('Job/j'));
  it('why the node was not read', () =>
    expect(
      judgePods({ ...answered, unread: 'it is off', via: 'kube-api', node: 'n2' }, [], lookup([subjects, known(pods)]))
        .targets,
    ).toMatchObject([{ name: 'b', via: 'kube-api', unread: 'it is off' }]));
});

describe('nobody knows which pods', () => {
  it.each(['not-collected', 'not-chosen'] as const)('%s: a bundle of a node', (kind) =>
    expect(() => judgePods({ ...answered, node: 'n1' }, [], lookup([subjects, missing(kind, 'x')]))).toThrow(
      /holds no pods/,
    ),
  );
  it('they could not be read', () =>
    expect(() =>
      judgePods({ ...answered, node: 'n1' }, [], lookup([subjects, missing('unparsable', 'no JSON')])),
    ).toThrow('The chosen pods could not be read: no JSON'));
});

it('with nothing known but the pod no check says that all is well, and none breaks', () => {
  const perPod = allChecks.filter((c) => c.per === 'pod');
  expect(perPod.length).toBeGreaterThan(10);
  const { findings } = judgePods({ ...answered, node: 'n1' }, perPod, lookup([subjects, known([podOf()])]));
  // one read of the pod is enough for this one
  expect(findings.filter((f) => f.status === 'pass').map((f) => f.check)).toEqual(['readiness/stale']);
  expect(findings.filter((f) => f.status === 'error')).toEqual([]);
});

describe('the process trees', () => {
  const trees = (all: Parameters<typeof processesOf>[0] | null, pod = podOf()) =>
    containerTrees(
      lookup(
        [subject, known(pod)],
        [processes, all === null ? missing('forbidden', 'not allowed') : known(processesOf(all))],
      ),
    );

  it('of each container that runs', () => {
    const app = [processOf(1, 'java', { caught: maskOf(15) }), processOf(7, 'worker')];
    const containers = [containerOf(), containerOf({ name: 'off', status: null }), containerOf({ name: 'unseen' })];
    expect(trees({ app }, podOf({ containers }))).toMatchObject([
      { name: 'app', unseen: null, left: 0, roots: [{ pid: 1, children: [{ pid: 7 }] }] },
      { name: 'unseen', unseen: expect.stringMatching(/no process/), roots: [] },
    ]);
  });
  it('not more of one than anyone reads, and always from its init on', () => {
    const workers = Array.from({ length: 60 }, (_, i) => processOf(i + 2, 'worker', { pid: i + 10 }));
    const [tree] = trees({
      app: [...workers.map((w) => ({ ...w, parent: 1001 })), processOf(1, 'java', { caught: maskOf(15) })],
    });
    expect(tree).toMatchObject({ left: 21, unseen: null });
    expect(tree?.roots).toMatchObject([{ pid: 1 }]);
    expect(tree?.roots[0]?.children).toHaveLength(39);
  });
  it('why they were not seen', () =>
    expect(trees(null)).toEqual([{ name: 'app', unseen: 'not allowed', roots: [], left: 0 }]));
  it('of a pod that ended there are none', () => expect(trees({}, podOf({ phase: 'Succeeded' }))).toEqual([]));
  it('of nobody', () => expect(containerTrees(lookup())).toEqual([]));
});

describe('the termination', () => {
  it('by the facts of its node and its namespace', () =>
    expect(terminationOf(lookup([subject, known(podOf())], [fronts, known([frontOf()])]))).toMatchObject({
      graceSeconds: 30,
      services: ['shop/web'],
    }));
  it('of nobody', () => expect(terminationOf(lookup())).toBeNull());
});
