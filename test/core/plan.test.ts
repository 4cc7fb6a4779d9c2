import { expect, it } from 'vitest';
import { notApplicable } from '../../src/core/check.ts';
import { plan } from '../../src/core/plan.ts';
import { params } from '../../src/core/probe.ts';
import { command, file, http, kube, script } from '../../src/core/read.ts';
import { address, checkOf, color, probeOf, size } from './sample.ts';

const no = () => notApplicable('');
const hostname = file('/etc/hostname');
const ofColor = probeOf(color, { a: hostname });
const alsoOfColor = probeOf(color, { b: kube('/api/v1/nodes', []) });
const ofSize = probeOf(
  size,
  { a: file('/etc/hostname'), h: http('${nd_at:-127.0.0.1:1}', '/x') },
  undefined,
  params({ from: { address }, vars: () => ({}) }),
);
const ofAddress = probeOf(address, { c: kube('/api/v1/services', []) });
const all = [ofAddress, ofColor, alsoOfColor, ofSize];

it('no check, no read', () => expect(plan([], all)).toEqual({ probes: [], kube: [], node: [] }));

it('every probe of a fact that is needed, in the order given', () => {
  const p = plan([checkOf(no, { color })], all);
  expect(p.probes).toEqual([ofColor, alsoOfColor]);
  expect([p.kube.map((r) => r.id), p.node.map((r) => r.id)]).toEqual([['kube:/api/v1/nodes'], ['file:/etc/hostname']]);
});

it('a fact that is only wanted is read too', () =>
  expect(plan([checkOf(no, {}, { color })], all).probes).toEqual([ofColor, alsoOfColor]));

it.each([
  ['before it', [ofAddress, ofSize]],
  ['after it', [ofSize, ofAddress]],
])('the facts of parameters are read, where their probe stands %s', (_, probes) => {
  expect(new Set(plan([checkOf(no, { size })], probes).probes)).toEqual(new Set([ofAddress, ofSize]));
});

it('what nobody asks for is not read', () => expect(plan([checkOf(no, { address })], all).probes).toEqual([ofAddress]));

it('facts can be asked for besides', () =>
  expect(plan([], all, [address.id]).kube.map((r) => r.id)).toEqual(['kube:/api/v1/services']));

it('a fact without a probe is no error', () =>
  expect(plan([checkOf(no, { size })], [ofColor])).toEqual({ probes: [], kube: [], node: [] }));

it('each read once, however many probes and checks want it', () => {
  const p = plan([checkOf(no, { color, size }), checkOf(no, { color })], all);
  expect(p.node.map((r) => r.id)).toEqual(['file:/etc/hostname', 'http:/x']);
  expect(p.kube.map((r) => r.id)).toEqual(['kube:/api/v1/services', 'kube:/api/v1/nodes']);
});

it('only what the API answers goes to the API', () => {
  const reads = {
    f: hostname,
    c: command('c', ['true']),
    s: script('s', 's', ':'),
    h: http('127.0.0.1:1', '/'),
    k: kube('/k', []),
  };
  const p = plan([checkOf(no, { color })], [probeOf(color, reads)]);
  expect([p.node.map((r) => r.kind), p.kube.map((r) => r.kind)]).toEqual([
    ['file', 'command', 'script', 'http'],
    ['kube'],
  ]);
});
