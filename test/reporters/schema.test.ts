import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { json } from '../../src/reporters/json.ts';
import { fleet, healthy, incidentOne, localWithUnknowns, notReady } from '../support/sample-reports.ts';

const schema: object = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
const valid = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);
const rendered = (report: Report): unknown =>
  JSON.parse(json.render(report, { color: false, width: 80, unicode: true, verbose: false }));

test.each([
  ['incident I1', incidentOne()],
  ['healthy', healthy()],
  ['local with unknowns', localWithUnknowns()],
  ['several nodes', fleet()],
  ['not ready', notReady()],
])('%s is valid', (_, report) => {
  expect(valid(rendered(report)), JSON.stringify(valid.errors)).toBe(true);
});

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
      targets: r.targets.map((t) => ({ ...t, portSpace: { ...t.portSpace, victims: [65536] } })),
    }),
  ],
])('%s is not', (_, spoil) => {
  expect(valid(JSON.parse(JSON.stringify(spoil(incidentOne()))))).toBe(false);
});
