import { expect, it } from 'vitest';
import { unreadable } from '../../src/app/unreadable.ts';
import { missing } from '../../src/core/gap.ts';
import type { Raw } from '../../src/core/read.ts';

const answer = (body: unknown): Raw => ({
  ok: true,
  outputs: [{ stdout: JSON.stringify(body), stderr: '', exit: 0, sample: 0, atMs: 0 }],
});
const ready = (status: string, more: object = {}): object => ({
  status: {
    conditions: [
      { type: 'MemoryPressure', status: 'Unknown' },
      { type: 'Ready', status, ...more },
    ],
  },
});
const linux = { status: { nodeInfo: { operatingSystem: 'linux' } } };

it.each<[string, Raw | undefined]>([
  ['nothing was asked', undefined],
  ['the Node may not be read', missing('forbidden', 'cannot get nodes')],
  ['nothing is known', answer({})],
  ['it is no JSON', { ok: true, outputs: [{ stdout: '{', stderr: '', exit: 0, sample: 0, atMs: 0 }] }],
  ['it is ready', answer(ready('True'))],
  ['its kubelet says that it is not ready: a pod in the host’s network starts all the same', answer(ready('False'))],
  ['Linux', answer(linux)],
  ['Linux, by its label', answer({ metadata: { labels: { 'kubernetes.io/os': 'linux' } } })],
])('goes on: %s', (_, node) => {
  expect(unreadable('n', node)).toBeNull();
});

it.each<[string, object, string, string]>([
  [
    'no word from the kubelet',
    ready('Unknown', { message: 'Kubelet stopped posting node status.', lastTransitionTime: '2026-01-01T00:00:00Z' }),
    'failed',
    'node n is NotReady since 2026-01-01T00:00:00Z: Kubelet stopped posting node status',
  ],
  [
    'no word from the kubelet, nor of why',
    ready('Unknown'),
    'failed',
    'node n is NotReady since an unknown time: no reason is given',
  ],
  [
    'Windows',
    { status: { nodeInfo: { operatingSystem: 'windows' } } },
    'unsupported',
    'node n runs windows; netdoctor reads Linux nodes only',
  ],
  [
    'Windows, by its label',
    { metadata: { labels: { 'kubernetes.io/os': 'windows' } } },
    'unsupported',
    'node n runs windows; netdoctor reads Linux nodes only',
  ],
  [
    'being deleted',
    { ...ready('True'), metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
    'failed',
    'node n is being deleted (since 2026-01-01T00:00:00Z)',
  ],
])('does not: %s', (_, body, kind, detail) => {
  expect(unreadable('n', answer(body))).toEqual(missing(kind as 'failed', detail));
});
