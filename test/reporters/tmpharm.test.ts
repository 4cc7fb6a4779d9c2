import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { unprintable } from '../../src/lib/unprintable.ts';
import { json } from '../../src/reporters/json.ts';
import { table } from '../../src/reporters/table.ts';
import { yaml } from '../../src/reporters/yaml.ts';
import { arbitraryReport } from './arbitrary-report.ts';

const look = fc.record({
  color: fc.constant(false),
  width: fc.integer({ min: 1, max: 200 }),
  unicode: fc.boolean(),
  verbose: fc.boolean(),
});

const bare = (rendered: string): number => rendered.replaceAll('\n', '').search(unprintable);

test('no control character but the newline is in any rendering, whatever the node said', () => {
  fc.assert(
    fc.property(arbitraryReport, look, (report, l) => {
      for (const reporter of [table, json, yaml]) expect(bare(reporter.render(report, l))).toBe(-1);
    }),
    { numRuns: 15000 },
  );
}, 30_000);

test('JSON and YAML give back what went in', () => {
  fc.assert(
    fc.property(arbitraryReport, look, (report, l) => {
      const plain: unknown = JSON.parse(JSON.stringify(report));
      expect(JSON.parse(json.render(report, l))).toEqual(plain);
      expect(parse(yaml.render(report, l), { maxAliasCount: 0 })).toEqual(plain);
    }),
    { numRuns: 15000 },
  );
}, 30_000);
