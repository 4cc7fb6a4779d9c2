import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { json } from '../../src/reporters/json.ts';
import { fleet, healthy, incidentOne, localWithUnknowns, notReady } from '../support/sample-reports.ts';
import { arbitraryReportOf } from './arbitrary-report.ts';
import { healthyPod, linted, podOf, reportOn, severalPods, sickPod, terminationOf } from './sample-pods.ts';

const schema: object = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);
const rendered = (report: Report): unknown =>
  JSON.parse(json.render(report, { color: false, width: 80, unicode: true, verbose: false }));

test.each([
  ['incident I1', incidentOne()],
  ['healthy', healthy()],
  ['local with unknowns', localWithUnknowns()],
  ['several nodes', fleet()],
  ['a watch that broke off', { ...healthy(), unwatched: [{ node: 'vm1', seconds: 12.5, why: 'the pod is gone' }] }],
  ['one that never began', { ...healthy(), unwatched: [{ node: 'vm1', seconds: null, why: null }] }],
  ['not ready', notReady()],
  ['a pod that ends badly', sickPod()],
  ['a pod that ends well', healthyPod()],
  ['several pods', severalPods()],
  ['manifests', linted()],
])('%s is valid', (_, report) => {
  expect(valid(rendered(report)), JSON.stringify(valid.errors)).toBe(true);
});

test('any report is valid, whatever it was that was read', () => {
  const plain = {
    check: fc.constantFrom('shutdown/killed', 'ports/nodeport-victims', 'a/b'),
    startedAt: fc.constant('2026-11-23T20:14:05.123Z'),
    least: 1,
  };
  fc.assert(
    fc.property(arbitraryReportOf(plain), (report) => {
      expect(valid(rendered(report)), JSON.stringify(valid.errors)).toBe(true);
    }),
    { numRuns: 100 },
  );
}, 30_000);

test('every status is among the samples', () => {
  const seen = [incidentOne(), healthy(), localWithUnknowns()].flatMap((r) => r.findings.map((f) => f.status));
  expect(new Set(seen)).toEqual(new Set(['pass', 'fail', 'not-applicable', 'skipped', 'unknown', 'error']));
});

test.each([
  ['a field too many', (r: Report) => ({ ...r, extra: 1 })],
  ['another apiVersion', (r: Report) => ({ ...r, apiVersion: 'netdoctor/v2' })],
  [
    'a failure without severity',
    (r: Report) => ({ ...r, findings: r.findings.map(({ ...f }) => ({ ...f, severity: undefined })) }),
  ],
  ['a pass with a severity', (r: Report) => ({ ...r, findings: r.findings.map((f) => ({ ...f, status: 'pass' })) })],
  [
    'a port beyond 65535',
    (r: Report) => ({
      ...r,
      targets: r.targets.map((t) =>
        t.kind === 'node' ? { ...t, portSpace: { ...t.portSpace, victims: [65536] } } : t,
      ),
    }),
  ],
])('%s is not', (_, spoil) => {
  expect(valid(JSON.parse(JSON.stringify(spoil(incidentOne()))))).toBe(false);
});

test.each([
  ['a pod with a kernel', { kernel: '6.1' }],
  ['a pod without namespace', { namespace: undefined }],
  ['three numbers of ready containers', { readyContainers: [1, 2, 3] }],
  ['a process with a field too many', { processes: [{ name: 'a', unseen: null, left: 0, roots: [{ pid: 1 }] }] }],
  ['an end without its signal', { termination: { ...terminationOf({}), containers: [{ name: 'a' }] } }],
])('%s is not', (_, more) => {
  expect(valid(JSON.parse(JSON.stringify(reportOn([{ ...podOf({}), ...more } as never], []))))).toBe(false);
});

test.each([
  ['a manifest without a line', { kind: 'manifest', namespace: '', name: 'Deployment/a', file: 'a.yaml' }],
  ['a line 0', { kind: 'manifest', namespace: '', name: 'Deployment/a', file: 'a.yaml', line: 0 }],
  ['another kind', { kind: 'cluster', name: 'a' }],
])('%s is not', (_, target) => {
  expect(valid(JSON.parse(JSON.stringify(reportOn([target as never], []))))).toBe(false);
});
