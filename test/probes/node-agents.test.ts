import { describe, expect, it } from 'vitest';
import { kubernetesVersionKube } from '../../src/probes/node/kubernetes-version.kube.ts';
import { networkConditionKube } from '../../src/probes/node/network-condition.kube.ts';
import { osKube } from '../../src/probes/node/os.kube.ts';
import { osRelease } from '../../src/probes/node/os.release.ts';
import { systemPodsKube } from '../../src/probes/node/system-pods.kube.ts';
import { daemonSetsKube } from '../../src/probes/workloads/daemon-sets.kube.ts';
import { json, kindOf, none, said, told } from './raws.ts';

describe("the node's pods", () => {
  const parse = (...items: unknown[]): unknown => told(systemPodsKube.parse({ pods: json({ items }) }));
  it('with the states of their containers', () => {
    const pod = {
      metadata: {
        namespace: 'kube-system',
        name: 'calico-node-1',
        creationTimestamp: '2026-11-27T20:00:00Z',
        labels: { 'k8s-app': 'calico-node', app: '' },
        ownerReferences: [{ kind: 'DaemonSet', uid: 'u1' }],
      },
      status: {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'install-cni', ready: true, restartCount: 0, state: {} }],
        containerStatuses: [
          {
            name: 'calico-node',
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff', message: `back-off ${'x'.repeat(300)}` } },
            lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-11-27T20:01:00Z' } },
          },
        ],
      },
    };
    const at = Date.parse('2026-11-27T20:00:00Z');
    expect(parse(pod)).toEqual({
      nowMs: 1000,
      pods: [
        {
          namespace: 'kube-system',
          name: 'calico-node-1',
          labels: ['calico-node'],
          owner: { kind: 'DaemonSet', uid: 'u1' },
          mirror: false,
          phase: 'Pending',
          leaving: false,
          createdAtMs: at,
          containers: [
            {
              name: 'install-cni',
              init: true,
              ready: true,
              runningSinceMs: null,
              waiting: null,
              restarts: 0,
              lastTerminated: null,
            },
            {
              name: 'calico-node',
              init: false,
              ready: false,
              runningSinceMs: null,
              waiting: { reason: 'CrashLoopBackOff', message: `back-off ${'x'.repeat(191)}` },
              restarts: 4,
              lastTerminated: { exitCode: 1, reason: 'Error', finishedAtMs: at + 60_000 },
            },
          ],
        },
      ],
    });
  });
  it('of any shape', () => {
    expect(
      parse(null, 7, { metadata: { deletionTimestamp: 'x', annotations: { 'kubernetes.io/config.mirror': 'u' } } }),
    ).toMatchObject({
      pods: [{ owner: null }, {}, { leaving: true, mirror: true, createdAtMs: null, containers: [] }],
    });
    expect(kindOf(systemPodsKube.parse({ pods: none('forbidden') }))).toBe('forbidden');
  });
});

describe('the Node', () => {
  const node = (status: object, metadata: object = {}) => json({ metadata, status });
  it('its network condition', () => {
    const parse = (status: object, metadata?: object) =>
      told(networkConditionKube.parse({ node: node(status, metadata) }));
    const conditions = [
      { type: 'Ready', status: 'True' },
      {
        type: 'NetworkUnavailable',
        status: 'True',
        reason: 'NoRouteCreated',
        message: 'm',
        lastTransitionTime: '1970-01-01T00:00:01Z',
      },
    ];
    expect(parse({ conditions }, { creationTimestamp: '1970-01-01T00:00:00Z' })).toEqual({
      unavailable: { status: 'True', reason: 'NoRouteCreated', message: 'm', sinceMs: 1000 },
      createdAtMs: 0,
      nowMs: 1000,
    });
    expect(parse({})).toEqual({ unavailable: null, createdAtMs: null, nowMs: 1000 });
    expect(kindOf(networkConditionKube.parse({ node: none('absent') }))).toBe('absent');
  });
  it('its operating system', () => {
    const os = (osImage: string) => told(osKube.parse({ node: node({ nodeInfo: { osImage } }) }));
    expect(os('CentOS Linux 8 (Core)')).toEqual({
      name: 'CentOS Linux 8 (Core)',
      source: 'nodeInfo.osImage of the Node',
    });
    expect(os('')).toMatch(/^unsupported/);
    expect(kindOf(osKube.parse({ node: none('not-chosen') }))).toBe('not-chosen');
  });
  it.each([
    ['NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', 'Debian GNU/Linux 12 (bookworm)'],
    ["PRETTY_NAME='Alpine Linux v3.20'", 'Alpine Linux v3.20'],
    ['PRETTY_NAME=Talos', 'Talos'],
  ])('by os-release: %j', (text, name) =>
    expect(told(osRelease.parse({ release: said(text) }))).toEqual({ name, source: '/etc/os-release' }),
  );
  it('by an os-release that says nothing', () => {
    expect(kindOf(osRelease.parse({ release: said('ID=x\nPRETTY_NAME=""\n') }))).toBe('unparsable');
    expect(kindOf(osRelease.parse({ release: none() }))).toBe('absent');
  });
  it("its kubelet's version", () => {
    const conditions = [{ type: 'Ready', status: 'True' }];
    const version = (kubeletVersion: string) =>
      kubernetesVersionKube.parse({ node: node({ conditions, nodeInfo: { kubeletVersion } }) });
    expect(told(version('v1.13.10'))).toMatchObject({ minor: 13, patch: 10 });
    expect(kindOf(version('x'))).toBe('unparsable');
    expect(kindOf(kubernetesVersionKube.parse({ node: none('forbidden') }))).toBe('forbidden');
  });
});

describe('DaemonSets', () => {
  const every = { tolerations: [{ operator: 'Exists' }], nodeSelector: { 'kubernetes.io/os': 'linux' } };
  const of = (spec: unknown): unknown =>
    told(
      daemonSetsKube.parse({
        daemonSets: json({
          items: [
            {
              metadata: {
                namespace: 'kube-system',
                name: 'kube-proxy',
                uid: 'u',
                creationTimestamp: '1970-01-01T00:00:00Z',
              },
              spec: { template: { spec } },
              status: { desiredNumberScheduled: 3, currentNumberScheduled: 2 },
            },
          ],
        }),
      }),
    );
  it.each<[string, unknown, boolean]>([
    ['for every Linux node', every, true],
    ['without a selector', { tolerations: [{ operator: 'Exists' }] }, true],
    ['by the old label', { ...every, nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }, true],
    ['with a selector of its own', { ...every, nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'a' } }, false],
    [
      'with node affinity',
      { ...every, affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } },
      false,
    ],
    [
      'that tolerates some taints',
      {
        ...every,
        tolerations: [
          { operator: 'Exists', effect: 'NoSchedule' },
          { key: 'a', operator: 'Exists' },
        ],
      },
      false,
    ],
    ['that tolerates nothing', {}, false],
    ['of an unknown shape', { ...every, nodeSelector: 'x' }, false],
    ['of no shape', null, false],
  ])('%s: %s', (_, spec, everyNode) =>
    expect(of(spec)).toEqual([
      { namespace: 'kube-system', name: 'kube-proxy', uid: 'u', createdAtMs: 0, everyNode, desired: 3, scheduled: 2 },
    ]),
  );
  it('that cannot be listed', () => {
    expect(kindOf(daemonSetsKube.parse({ daemonSets: none('forbidden') }))).toBe('forbidden');
    expect(told(daemonSetsKube.parse({ daemonSets: json({ items: [{}] }) }))).toMatchObject([
      { createdAtMs: null, desired: null, scheduled: null },
    ]);
  });
});
