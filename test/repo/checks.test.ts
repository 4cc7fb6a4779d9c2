import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findChecks } from '../../scripts/lib/find-checks.ts';
import { findProbes } from '../../scripts/lib/find-probes.ts';
import { soleFact } from '../../scripts/lib/sole-fact.ts';
import { allChecks } from '../../src/checks/index.ts';
import type { Needs } from '../../src/core/check.ts';
import { allProbes } from '../../src/probes/index.ts';

const root = join(import.meta.dirname, '../..');
// these also hold that ids equal paths, and that names equal file names
const checks = await findChecks(root);
const probes = await findProbes(root);

describe.each(checks)('$check.id', ({ check }) => {
  it('has a test', () => {
    expect(existsSync(join(root, 'test/checks', `${check.id}.test.ts`))).toBe(true);
  });

  const facts = Object.values({ ...(check.needs as Needs), ...(check.wants as Needs) });
  it('declares facts that have a file each, and that some probe yields', async () => {
    for (const fact of facts) {
      expect((await soleFact(root, `src/facts/${fact.id}.ts`)).id).toBe(fact.id);
      // who is judged is given by the run
      if (fact.id !== 'workloads/subject') expect(probes.map((p) => p.probe.yields.id)).toContain(fact.id);
    }
  });

  it('says why, in sentences', () => {
    expect(check.docs.why).toMatch(/^[A-Za-z/].*[.)]$/s);
    expect(check.title).toMatch(/^[A-Z].*[^.]$/);
  });
});

describe('the registries', () => {
  it('hold every check once', () => {
    expect(allChecks.map((c) => c.id)).toEqual(checks.map((c) => c.check.id));
  });

  it('hold every probe once, what the API says before the rest', () => {
    const of = (ps: typeof allProbes) => ps.map((p) => `${p.yields.id} ${p.via}`);
    expect(of(allProbes)).toEqual(of(probes.map((p) => p.probe)));
    expect(new Set(of(allProbes)).size).toBe(allProbes.length);
  });
});
