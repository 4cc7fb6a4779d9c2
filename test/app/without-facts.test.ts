import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { factsOfHeader } from '../../src/app/facts-of-header.ts';
import { allChecks } from '../../src/checks/index.ts';
import { factsTable, type Lookup, type Raws } from '../../src/core/facts-table.ts';
import type { Finding } from '../../src/core/finding.ts';
import { type GapKind, missing } from '../../src/core/gap.ts';
import { judge } from '../../src/core/judge.ts';
import { plan } from '../../src/core/plan.ts';
import type { Raw } from '../../src/core/read.ts';
import { allProbes } from '../../src/probes/index.ts';
import { bundleTransport, openBundle } from '../../src/transports/bundle.ts';

const checks = allChecks.filter((c) => c.per !== 'pod');
const wanted = plan(checks, allProbes, factsOfHeader);
const reads = [...wanted.kube, ...wanted.node];
const bundles = join(import.meta.dirname, '../bundles');
const kinds: readonly GapKind[] = ['failed', 'absent', 'not-chosen'];

const rawsOf = async (name: string): Promise<Map<string, Raw>> => {
  const raws = new Map<string, Raw>();
  await using transport = bundleTransport(await openBundle(join(bundles, name)));
  for await (const [read, raw] of transport.fetch(reads, new AbortController().signal)) raws.set(read.id, raw);
  return raws;
};

/** The status of each check, the gravest of its findings first. */
const judged = (lookup: Lookup): ReadonlyMap<string, readonly Finding['status'][]> =>
  new Map(checks.map((c) => [c.id, judge(c, { kind: 'node', name: 'n' }, lookup).map((f) => f.status)]));

const without =
  (lookup: Lookup, id: string, kind: GapKind): Lookup =>
  (fact) =>
    fact.id === id ? missing(kind, 'it was taken away') : lookup(fact);

/** What became good only because something was not known any more. */
const worse = (all: ReadonlyMap<string, readonly Finding['status'][]>, less: typeof all, what: string): string[] =>
  [...all].flatMap(([check, before]) => {
    const after = less.get(check) ?? [];
    const was = before.some((s) => s === 'fail' || s === 'unknown');
    return was && after.includes('pass') ? [`${check} without ${what}: ${before} → ${after}`] : [];
  });

describe.each(readdirSync(bundles).filter((name) => name.endsWith('.bundle')))('%s', (name) => {
  it('no fact less makes anything pass', async () => {
    const lookup = factsTable(allProbes, await rawsOf(name));
    const all = judged(lookup);
    const facts = new Set(allProbes.map((p) => p.yields.id));
    for (const id of facts)
      for (const kind of kinds) expect(worse(all, judged(without(lookup, id, kind)), `${id} (${kind})`)).toEqual([]);
  });

  it('no answer less makes anything pass', async () => {
    const raws = await rawsOf(name);
    const all = judged(factsTable(allProbes, raws));
    for (const id of raws.keys())
      for (const kind of kinds) {
        const less: Raws = new Map(raws).set(id, missing(kind, 'it was taken away'));
        expect(worse(all, judged(factsTable(allProbes, less)), `${id} (${kind})`)).toEqual([]);
      }
  });
});
