import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../../src/facts/workloads/subjects.ts';
import { podOf } from '../../src/parsers/pod.ts';

const now = Date.UTC(2026, 10, 23, 20, 0, 0);
const at = (text: string): number => Date.parse(text);
const spec = (more: object): Subject => podOf({ spec: more }, now);
const one = (container: object, status?: object) =>
  podOf(
    {
      spec: { containers: [{ name: 'app', ...container }] },
      ...(status ? { status: { containerStatuses: [{ name: 'app', ...status }] } } : {}),
    },
    now,
  ).containers[0];

/** A pod as Kubernetes 1.34 shows it, shortened. */
const real = {
  metadata: {
    name: 'web-7d4b9c-x2x5v',
    namespace: 'shop',
    uid: '0a1b',
    creationTimestamp: '2026-11-23T18:00:00Z',
    labels: { app: 'web', 'pod-template-hash': '7d4b9c' },
    ownerReferences: [
      { kind: 'Other', name: 'x', uid: 'x', controller: false },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d4b9c', uid: 'rs', controller: true },
    ],
    managedFields: [
      {
        manager: 'kube-controller-manager',
        operation: 'Update',
        time: '2026-11-23T19:00:00Z',
        subresource: 'status',
        fieldsV1: {
          'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { 'f:lastTransitionTime': {}, 'f:status': {} } } },
        },
      },
      {
        manager: 'kubelet',
        operation: 'Update',
        time: '2026-11-23T18:00:09Z',
        subresource: 'status',
        fieldsV1: {
          'f:status': {
            'f:conditions': {
              'k:{"type":"ContainersReady"}': { '.': {}, 'f:status': {}, 'f:type': {} },
              'k:{"type":"Ready"}': { '.': {}, 'f:type': {} },
            },
          },
        },
      },
    ],
  },
  spec: {
    nodeName: 'n1',
    terminationGracePeriodSeconds: 45,
    restartPolicy: 'Always',
    readinessGates: [{ conditionType: 'example.com/lb' }],
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'dedicated', value: 'web', effect: 'NoSchedule' },
      { operator: 'Exists' },
    ],
    initContainers: [
      { name: 'migrate', lifecycle: { preStop: { exec: { command: ['x'] } } } },
      { name: 'proxy', restartPolicy: 'Always', ports: [{ containerPort: 15001, name: 'out' }] },
    ],
    containers: [
      {
        name: 'app',
        ports: [
          { containerPort: 8080, name: 'http', protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
          { name: 'none' },
        ],
        lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 5'] } }, stopSignal: 'SIGQUIT' },
        readinessProbe: { periodSeconds: 10 },
        livenessProbe: { terminationGracePeriodSeconds: 3 },
      },
    ],
  },
  status: {
    phase: 'Running',
    conditions: [
      { type: 'Ready', status: 'False', lastTransitionTime: '2026-11-23T19:00:00Z' },
      {
        type: 'ContainersReady',
        status: 'True',
        lastTransitionTime: '2026-11-23T18:00:09Z',
        reason: 'r',
        message: 'm',
      },
    ],
    containerStatuses: [
      {
        name: 'app',
        containerID: `containerd://${'a'.repeat(64)}`,
        imageID: `docker.io/library/web@sha256:${'d'.repeat(64)}`,
        ready: true,
        started: true,
        restartCount: 2,
        stopSignal: 'SIGQUIT',
        state: { running: { startedAt: '2026-11-23T18:00:05Z' } },
        lastState: {
          terminated: {
            exitCode: 137,
            reason: 'Error',
            startedAt: '2026-11-23T17:00:00Z',
            finishedAt: '2026-11-23T18:00:04Z',
          },
        },
      },
    ],
    initContainerStatuses: [
      { name: 'proxy', containerID: 'cri-o://b', ready: false, state: { waiting: { reason: 'x' } } },
    ],
  },
};

it('a pod of the API', () => {
  const probe = { graceSeconds: null };
  expect(podOf(real, now)).toEqual({
    namespace: 'shop',
    name: 'web-7d4b9c-x2x5v',
    uid: '0a1b',
    labels: { app: 'web', 'pod-template-hash': '7d4b9c' },
    owner: { kind: 'ReplicaSet', name: 'web-7d4b9c', uid: 'rs' },
    mirror: false,
    node: 'n1',
    phase: 'Running',
    createdAtMs: at('2026-11-23T18:00:00Z'),
    deletion: null,
    hostNetwork: false,
    hostPid: false,
    shareProcessNamespace: false,
    runtimeClass: null,
    os: '',
    restartPolicy: 'Always',
    graceSeconds: 45,
    readinessGates: ['example.com/lb'],
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', seconds: 300 },
      { key: 'dedicated', operator: 'Equal', effect: 'NoSchedule', seconds: null },
      { key: '', operator: 'Exists', effect: '', seconds: null },
    ],
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: '',
        message: '',
        sinceMs: at('2026-11-23T19:00:00Z'),
        writer: { manager: 'kube-controller-manager', atMs: at('2026-11-23T19:00:00Z') },
      },
      {
        type: 'ContainersReady',
        status: 'True',
        reason: 'r',
        message: 'm',
        sinceMs: at('2026-11-23T18:00:09Z'),
        writer: { manager: 'kubelet', atMs: at('2026-11-23T18:00:09Z') },
      },
    ],
    containers: [
      {
        name: 'app',
        kind: 'main',
        path: ['containers', 0],
        ports: [
          { port: 8080, name: 'http', protocol: 'TCP' },
          { port: 53, name: '', protocol: 'UDP' },
        ],
        preStop: { kind: 'exec', command: ['sh', '-c', 'sleep 5'] },
        stopSignal: 'SIGQUIT',
        readiness: probe,
        liveness: { graceSeconds: 3 },
        startup: null,
        status: {
          id: 'a'.repeat(64),
          ready: true,
          started: true,
          running: true,
          runningSinceMs: at('2026-11-23T18:00:05Z'),
          restarts: 2,
          lastTerminated: {
            exitCode: 137,
            reason: 'Error',
            startedAtMs: at('2026-11-23T17:00:00Z'),
            finishedAtMs: at('2026-11-23T18:00:04Z'),
          },
          stopSignal: 'SIGQUIT',
          imageId: `docker.io/library/web@sha256:${'d'.repeat(64)}`,
        },
      },
      {
        name: 'proxy',
        kind: 'sidecar',
        path: ['initContainers', 1],
        ports: [{ port: 15001, name: 'out', protocol: 'TCP' }],
        preStop: null,
        stopSignal: null,
        readiness: null,
        liveness: null,
        startup: null,
        status: {
          id: 'b',
          ready: false,
          started: false,
          running: false,
          runningSinceMs: null,
          restarts: 0,
          lastTerminated: null,
          stopSignal: null,
          imageId: '',
        },
      },
    ],
    nowMs: now,
  });
});

describe("Kubernetes' defaults", () => {
  it.each([undefined, null, {}, 'x', [], { metadata: null, spec: [], status: 1 }])('of %j', (pod) =>
    expect(podOf(pod, null)).toEqual({
      namespace: '',
      name: '',
      uid: '',
      labels: {},
      owner: null,
      mirror: false,
      node: null,
      phase: '',
      createdAtMs: null,
      deletion: null,
      hostNetwork: false,
      hostPid: false,
      shareProcessNamespace: false,
      runtimeClass: null,
      os: '',
      restartPolicy: 'Always',
      graceSeconds: 30,
      readinessGates: [],
      tolerations: [],
      conditions: [],
      containers: [],
      nowMs: null,
    }),
  );
  it('a grace of 0 is one', () => expect(spec({ terminationGracePeriodSeconds: 0 }).graceSeconds).toBe(0));
  it('what is set', () =>
    expect(
      spec({
        hostNetwork: true,
        hostPID: true,
        shareProcessNamespace: true,
        runtimeClassName: 'kata',
        os: { name: 'windows' },
        restartPolicy: 'Never',
      }),
    ).toMatchObject({
      hostNetwork: true,
      hostPid: true,
      shareProcessNamespace: true,
      runtimeClass: 'kata',
      os: 'windows',
      restartPolicy: 'Never',
    }));
  it('what is not quite set', () =>
    expect(spec({ hostPID: 'true', hostNetwork: 1, terminationGracePeriodSeconds: '60' })).toMatchObject({
      hostPid: false,
      hostNetwork: false,
      graceSeconds: 30,
    }));
  it('a mirror pod', () =>
    expect(podOf({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }, now).mirror).toBe(true));
});

describe('hooks', () => {
  it.each<[object | null, unknown]>([
    [{ sleep: { seconds: 5 } }, { kind: 'sleep', seconds: 5 }],
    [{ sleep: { seconds: 0 } }, { kind: 'sleep', seconds: 0 }],
    [{ exec: { command: ['a', 'b'] } }, { kind: 'exec', command: ['a', 'b'] }],
    [{ exec: { command: ['a', 1, null] } }, { kind: 'exec', command: ['a'] }],
    [{ exec: {} }, { kind: 'exec', command: [] }],
    [{ httpGet: { port: 80 } }, { kind: 'http' }],
    [{ tcpSocket: { port: 'x' } }, { kind: 'tcp' }],
    [
      { exec: null, sleep: { seconds: 5 } },
      { kind: 'sleep', seconds: 5 },
    ],
    [{ sleep: {} }, null],
    [{}, null],
    [null, null],
  ])('%j', (preStop, want) => expect(one({ lifecycle: { preStop } })?.preStop).toEqual(want));
  it('a postStart hook is none', () =>
    expect(one({ lifecycle: { postStart: { exec: { command: ['x'] } } } })?.preStop).toBeNull());
});

describe('what the kubelet says of a container', () => {
  it('nothing yet', () => expect(one({})?.status).toBeNull());
  it.each([
    ['docker://abc', 'abc'],
    ['containerd://abc', 'abc'],
    ['', ''],
    ['abc', 'abc'],
  ])('id %j', (containerID, id) => expect(one({}, { containerID })?.status?.id).toBe(id));
  it('waiting', () =>
    expect(one({}, { state: { waiting: {} } })?.status).toMatchObject({ running: false, runningSinceMs: null }));
  it('ended with 0', () =>
    expect(one({}, { lastState: { terminated: { exitCode: 0 } } })?.status?.lastTerminated).toEqual({
      exitCode: 0,
      reason: '',
      startedAtMs: null,
      finishedAtMs: null,
    }));
  it('that did not end', () => expect(one({}, { lastState: {} })?.status?.lastTerminated).toBeNull());
  it('of another container', () =>
    expect(
      podOf({ spec: { containers: [{ name: 'app' }] }, status: { containerStatuses: [{ name: 'x' }] } }, now)
        .containers[0]?.status,
    ).toBeNull());
});

describe('a deletion', () => {
  const deletion = (deletionTimestamp: string, deletionGracePeriodSeconds?: number) =>
    podOf({ metadata: { deletionTimestamp, deletionGracePeriodSeconds } }, now).deletion;
  it('was asked for the grace before it is due', () =>
    expect(deletion('2026-11-23T20:00:30Z', 30)).toEqual({ atMs: now, graceSeconds: 30 }));
  it('by force', () => expect(deletion('2026-11-23T20:00:00Z', 0)).toEqual({ atMs: now, graceSeconds: 0 }));
  it('without a grace', () => expect(deletion('2026-11-23T20:00:00Z')).toEqual({ atMs: now, graceSeconds: 0 }));
  it('at no time', () => expect(deletion('soon', 30)).toBeNull());
  it('with a grace beyond all time is a time still', () => {
    const found = deletion('2026-11-23T20:00:00Z', 1e300);
    expect(new Date(found?.atMs ?? Number.NaN).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('who wrote a condition', () => {
  const written = (managedFields: unknown) =>
    podOf({ metadata: { managedFields }, status: { conditions: [{ type: 'Ready', status: 'False' }] } }, now)
      .conditions[0]?.writer;
  const owns = (fields: object) => ({ 'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': fields } } });
  it.each<[string, unknown, unknown]>([
    [
      'who owns its status',
      [{ manager: 'x', time: '2026-11-23T20:00:00Z', fieldsV1: owns({ 'f:status': {} }) }],
      { manager: 'x', atMs: now },
    ],
    ['at an unknown time', [{ manager: 'x', fieldsV1: owns({ 'f:status': {} }) }], { manager: 'x', atMs: null }],
    ['nobody: another field of it', [{ manager: 'x', fieldsV1: owns({ 'f:reason': {} }) }], null],
    [
      'nobody: another condition',
      [{ manager: 'x', fieldsV1: { 'f:status': { 'f:conditions': { 'k:{"type":"X"}': { 'f:status': {} } } } } }],
      null,
    ],
    ['nobody: it is not told', undefined, null],
  ])('%s', (_, managedFields, want) => expect(written(managedFields)).toEqual(want));
  it('of a strange name', () => {
    const type = '"}x';
    const fieldsV1 = { 'f:status': { 'f:conditions': { [`k:${JSON.stringify({ type })}`]: { 'f:status': {} } } } };
    const pod = { metadata: { managedFields: [{ manager: 'x', fieldsV1 }] }, status: { conditions: [{ type }] } };
    expect(podOf(pod, now).conditions[0]?.writer?.manager).toBe('x');
  });
});

it('is total: any JSON, and a real pod with anything in it', () => {
  const paths = [
    ['metadata'],
    ['metadata', 'labels'],
    ['metadata', 'ownerReferences'],
    ['metadata', 'ownerReferences', '0'],
    ['metadata', 'managedFields'],
    ['metadata', 'managedFields', '0', 'fieldsV1'],
    ['metadata', 'deletionTimestamp'],
    ['spec'],
    ['spec', 'containers'],
    ['spec', 'containers', '0'],
    ['spec', 'containers', '0', 'lifecycle'],
    ['spec', 'containers', '0', 'ports'],
    ['spec', 'tolerations'],
    ['spec', 'terminationGracePeriodSeconds'],
    ['spec', 'readinessGates'],
    ['status'],
    ['status', 'conditions'],
    ['status', 'containerStatuses'],
    ['status', 'containerStatuses', '0', 'lastState'],
  ] as const;
  const set = (data: unknown, path: readonly string[], value: unknown): unknown => {
    const [step, ...rest] = path;
    if (step === undefined) return value;
    if (Array.isArray(data)) return data.map((x, i) => (String(i) === step ? set(x, rest, value) : x));
    return { ...(data as object), [step]: set((data as Record<string, unknown>)[step], rest, value) };
  };
  const bent = fc.tuple(fc.constantFrom(...paths), fc.jsonValue()).map(([path, value]) => set(real, path, value));
  const any = fc.property(fc.oneof(fc.jsonValue(), bent), (pod) => {
    const p = podOf(pod, now);
    expect(Number.isFinite(p.graceSeconds)).toBe(true);
    for (const ms of [p.createdAtMs, p.deletion?.atMs ?? null, ...p.conditions.map((c) => c.sinceMs)])
      expect(ms === null || !Number.isNaN(new Date(ms).getTime())).toBe(true);
    expect(JSON.stringify(p)).toBeTypeOf('string');
  });
  fc.assert(any, { numRuns: 1000 });
});
