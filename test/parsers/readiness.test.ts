import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readiness } from '../../src/parsers/readiness.ts';

const owned = { 'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { 'f:status': {} } } } };
const pod = (condition: object | null, more: object = {}, metadata: object = {}) => ({
  metadata: {
    ...{ namespace: 'shop', name: 'cart-7', managedFields: [{ manager: 'kubelet', fieldsV1: owned }] },
    ...metadata,
  },
  spec: { nodeName: 'n1' },
  status: { phase: 'Running', conditions: condition === null ? [] : [{ type: 'Ready', ...condition }] },
  ...more,
});
const plain = { pod: { namespace: 'shop', name: 'cart-7' }, node: 'n1', by: 'kubelet', why: null, leaving: false };

it.each<[string, object, object]>([
  ['Ready', pod({ status: 'True' }), { ...plain, ready: true }],
  [
    "not Ready, in the kubelet's words",
    pod({ status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [web]' }),
    { ...plain, ready: false, why: 'ContainersNotReady, containers with unready status: [web]' },
  ],
  [
    'not Ready, by somebody who says nothing',
    pod({ status: 'False' }, {}, { managedFields: [{ manager: 'kube-controller-manager', fieldsV1: owned }] }),
    { ...plain, ready: false, by: 'kube-controller-manager' },
  ],
  ['Unknown', pod({ status: 'Unknown' }), { ...plain, ready: false }],
  [
    'without managedFields',
    pod({ status: 'True' }, {}, { managedFields: undefined }),
    { ...plain, ready: true, by: null },
  ],
  ['new', pod(null), { ...plain, ready: null, by: null }],
  [
    'being deleted',
    pod({ status: 'False' }, {}, { deletionTimestamp: '2026-11-23T18:00:00Z' }),
    { ...plain, ready: false, leaving: true },
  ],
  ['done', pod(null, { status: { phase: 'Succeeded' } }), { ...plain, ready: null, by: null, leaving: true }],
  ['not on a node', pod(null, { spec: {} }), { ...plain, ready: null, by: null, node: null }],
])('%s', (_, object, want) => expect(readiness(object)).toEqual(want));

it('is total, and short', () => {
  expect(readiness(pod({ status: 'False', message: 'x'.repeat(1e6) })).why).toHaveLength(300);
  fc.assert(fc.property(fc.anything(), (object) => typeof readiness(object).leaving === 'boolean'));
});
