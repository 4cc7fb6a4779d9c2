import { expect, it } from 'vitest';
import { createJudge } from '../../../src/transports/debug-pod/fault.ts';
import { runtimeSilence } from '../../../src/transports/debug-pod/not-started.ts';
import { kubeletPatienceMs, serverPatienceMs } from '../../../src/transports/debug-pod/patience.ts';
import { isRuntimeDown, readyOf } from '../../../src/transports/debug-pod/ready.ts';
import { refusalAdvice } from '../../../src/transports/debug-pod/refusal-advice.ts';
import type { Vitals } from '../../../src/transports/debug-pod/vitals.ts';
import { nodeReady } from './fake-apiserver.ts';

/** A look that began so long ago and found nothing wrong, but what is said. */
const seen = (agoMs: number, wrong: Partial<Vitals> = {}): Vitals => ({
  ...{ began: performance.now() - agoMs, server: null, kubelet: null, nodeGone: null, podGone: false, pod: {} },
  ...{ node: nodeReady('True'), ...wrong },
});
const refused = { kubelet: 'dial tcp 10.0.0.1:10250: connect: connection refused' };

it.each([
  [{ server: 'refused' }, serverPatienceMs, 'server'],
  [refused, kubeletPatienceMs, 'kubelet'],
] as const)('bears %o as long as a restart takes', (wrong, limitMs, by) => {
  const early = createJudge('n1');
  expect(early(seen(limitMs - 500, wrong))).toBeNull();
  expect(early(seen(0, wrong))).toBeNull();
  const late = createJudge('n1');
  late(seen(limitMs, wrong));
  expect(late(seen(0, wrong))?.by).toBe(by);
});

it.each([{ server: 'refused' }, refused])(
  'one look at %o that took long says nothing: this machine may have slept',
  (wrong) => {
    const judge = createJudge('n1');
    expect(judge(seen(600_000, wrong))).toBeNull();
    expect(judge(seen(0))).toBeNull();
    expect(judge(seen(600_000, wrong))).toBeNull();
  },
);

it.each([
  [{ server: 'refused' }, serverPatienceMs],
  [refused, kubeletPatienceMs],
])('counts %o anew after an answer', (wrong, limitMs) => {
  const judge = createJudge('n1');
  judge(seen(limitMs - 500, wrong));
  expect(judge(seen(0))).toBeNull();
  expect(judge(seen(0, wrong))).toBeNull();
});

it('takes a silent kubelet of a NotReady node for dead at once, and one that answers for alive', () => {
  const node = nodeReady('Unknown', 'Kubelet stopped posting node status.');
  expect(createJudge('n1')(seen(0, { node }))).toBeNull();
  expect(createJudge('n1')(seen(0, { node, ...refused }))).toEqual({
    by: 'kubelet',
    text: `node n1 is NotReady: Kubelet stopped posting node status. ${refused.kubelet}`,
  });
});

it('bears a kubelet that says itself that its node is not ready', () => {
  const node = nodeReady('False', 'cni plugin not initialized');
  expect(createJudge('n1')(seen(60_000, { node }))).toBeNull();
});

it('takes a node that is gone as such at once', () => {
  expect(createJudge('n1')(seen(0, { node: null, nodeGone: 'nodes "n1" not found' }))).toEqual({
    by: 'node',
    text: 'nodes "n1" not found',
  });
});

it.each([
  ['False', 'container runtime is down', true],
  ['False', '[container runtime network not ready: cni plugin not initialized, PLEG is not healthy: 4m]', true],
  ['False', 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady', false],
  ['Unknown', 'container runtime is down', false],
  ['True', 'kubelet is posting ready status', false],
] as const)('Ready=%s, %s: the runtime is down: %s', (status, message, down) => {
  expect(isRuntimeDown(readyOf(nodeReady(status, message)))).toBe(down);
});

it.each([null, {}, { status: { conditions: 3 } }, nodeReady('Maybe' as 'True')])('knows nothing of %o', (node) => {
  expect(readyOf(node)).toBeNull();
});

const socket =
  'rpc error: code = Unavailable desc = dial unix /run/containerd/containerd.sock: connect: connection refused';
const event = (message: string) => ({ reason: 'FailedCreatePodSandBox', type: 'Warning', message });

it.each([
  ['last', [event('other'), event(socket)], true],
  ['before another word', [event(socket), event('Created container probe')], false],
  ['never', [event('failed to reserve sandbox name')], false],
  ['without events', [], false],
] as const)('a runtime whose socket does not answer, %s', (_, events, silent) => {
  expect(runtimeSilence(events)).toBe(silent ? socket : null);
});

it.each([
  ["OutOfpods: Node didn't have enough resource: pods", /as many pods as it may/],
  ["OutOfmemory: Node didn't have enough resource: memory", /reserved all of it/],
  ['Evicted: The node had condition: [DiskPressure].', /short of memory, disk or process ids/],
  ['NodeShutdown: Pod was rejected', /shutting down/],
  ['UnexpectedAdmissionError: Allocate failed', /journalctl -u kubelet/],
  ['NodeAffinity: no', /^On the node itself, netdoctor node --local/],
  ['', /^On the node itself/],
])('%s: says what to do', (text, advice) => {
  expect(refusalAdvice(text)).toMatch(advice);
});
