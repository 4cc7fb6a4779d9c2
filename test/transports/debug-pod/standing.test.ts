import { describe, expect, it, test } from 'vitest';
import { podFor } from '../../../src/transports/debug-pod/pod.ts';
import { standing } from '../../../src/transports/debug-pod/standing.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();

/** A pod with a deadline of 60 s, as the API holds it. */
const pod = (metadata: object, status: object = {}, spec: object = {}): unknown => {
  const made = podFor({
    ...{ name: 'netdoctor-node1-x2k4p', namespace: 'kube-system', node: 'node1', image: 'busybox:1.36', program: ':' },
    ...{ imagePullPolicy: 'IfNotPresent', imagePullSecret: null, capabilities: [], runId: 'run1' },
    activeDeadlineSeconds: 60,
    graceSeconds: 1,
  });
  return { ...made, metadata: { ...made.metadata, uid: 'u1', ...metadata }, spec: { ...made.spec, ...spec }, status };
};

const finished = (secondsAgo: number) => ({
  phase: 'Succeeded',
  containerStatuses: [{ name: 'probe', state: { terminated: { exitCode: 0, finishedAt: ago(secondsAgo) } } }],
});

describe('a pod that works', () => {
  it('is kept until its deadline, which its kubelet counts from its start', () => {
    const running = { phase: 'Running', startTime: ago(20) };
    expect(standing(pod({ creationTimestamp: ago(500) }, running), now)).toEqual({
      kind: 'at-work',
      text: 'its run may be at work, and it ends by itself in 40s',
    });
  });

  it.each([
    ['a minute past its deadline', 120, 'at-work'],
    ['and a second', 121, 'leftover'],
  ])('%s', (_, started, kind) => {
    const running = { phase: 'Running', startTime: ago(started) };
    expect(standing(pod({ creationTimestamp: ago(started) }, running), now).kind).toBe(kind);
  });

  it.each([
    [120, 'at-work'],
    [121, 'leftover'],
  ])('that was never started, %i s after its creation', (created, kind) => {
    expect(standing(pod({ creationTimestamp: ago(created) }, { phase: 'Pending' }), now).kind).toBe(kind);
  });
});

describe('a pod that has ended', () => {
  it.each([
    [30, 'at-work'],
    [31, 'leftover'],
  ])('%i s ago', (seconds, kind) => {
    expect(standing(pod({ creationTimestamp: ago(50) }, finished(seconds)), now).kind).toBe(kind);
  });

  it('by a clock that is behind counts from its creation', () => {
    expect(standing(pod({ creationTimestamp: ago(10) }, finished(3600)), now).kind).toBe('at-work');
  });

  it('by a clock that is ahead is no leftover for ever', () => {
    expect(standing(pod({ creationTimestamp: ago(110) }, finished(-3600)), now).kind).toBe('at-work');
    expect(standing(pod({ creationTimestamp: ago(121) }, finished(-3600)), now).kind).toBe('leftover');
  });

  it('without containers (evicted, refused) tells by its conditions, or by its creation alone', () => {
    const evicted = { phase: 'Failed', conditions: [{ type: 'Ready', lastTransitionTime: ago(5) }] };
    expect(standing(pod({ creationTimestamp: ago(50) }, evicted), now).kind).toBe('at-work');
    expect(standing(pod({ creationTimestamp: ago(50) }, { phase: 'Failed' }), now).kind).toBe('leftover');
  });
});

describe('a pod that is being deleted', () => {
  it.each([
    [-1, 'leaving'],
    [60, 'leaving'],
    [61, 'leftover'],
  ])('and was to be gone %i s ago', (seconds, kind) => {
    const metadata = { creationTimestamp: ago(300), deletionTimestamp: ago(seconds) };
    expect(standing(pod(metadata, finished(200)), now).kind).toBe(kind);
  });
});

describe('a pod that only bears the label is left alone:', () => {
  const created = { creationTimestamp: ago(9999) };
  const labels = (more: object) => ({
    ...created,
    labels: { 'app.kubernetes.io/managed-by': 'kubectl-netdoctor', 'netdoctor.io/run': 'r', ...more },
  });
  it('(one of ours is not)', () => {
    expect(standing(pod(labels({})), now).kind).toBe('leftover');
  });
  test.each<[string, unknown]>([
    ['another manager', pod(labels({ 'app.kubernetes.io/managed-by': 'helm' }))],
    ['no run', pod(labels({ 'netdoctor.io/run': '' }))],
    ['another name', pod({ ...created, name: 'etcd-node1' })],
    ['a name that leads elsewhere', pod({ ...created, name: 'netdoctor-a/../b' })],
    ['a name that a terminal would obey', pod({ ...created, name: 'netdoctor-\u001b[2J' })],
    ['a namespace that leads elsewhere', pod({ ...created, namespace: '../..' })],
    ['an owner', pod({ ...created, ownerReferences: [{ kind: 'DaemonSet', name: 'x' }] })],
    ['no host network', pod(created, {}, { hostNetwork: false })],
    ['no host processes', pod(created, {}, { hostPID: undefined })],
    ['restarts', pod(created, {}, { restartPolicy: 'Always' })],
    ['no deadline', pod(created, {}, { activeDeadlineSeconds: undefined })],
    ['other containers', pod(created, {}, { containers: [{ name: 'app' }] })],
    ['no time of creation', pod({})],
    ['no uid', pod({ ...created, uid: undefined })],
    ['nothing', {}],
    ['no object', null],
  ])('%s', (_, it) => {
    expect(standing(it, now)).toEqual({ kind: 'foreign' });
  });

  it('(a sidecar is no reason)', () => {
    const containers = [{ name: 'istio-proxy' }, { name: 'probe' }];
    expect(standing(pod(created, {}, { containers }), now).kind).toBe('leftover');
  });
});
