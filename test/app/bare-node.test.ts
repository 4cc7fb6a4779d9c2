import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { allNodeReads, reportOf } from '../support/report-of.ts';
import { bareNode, collect, shells } from '../transports/collector/run-program.ts';

const statuses = (findings: readonly Finding[]): ReadonlyMap<string, string> =>
  new Map(findings.map((f) => [f.check, f.status]));

// busybox's shell runs its own awk and all the rest, whatever lies in the path
describe.each(shells.filter(([name]) => name !== 'busybox sh'))(
  'a node whose image has cat and nothing else, %s',
  (_, shell) => {
    it('is judged by what can be read, and every other check says which program is missing', async () => {
      const full = statuses(reportOf((await collect(allNodeReads, { argv: shell })).raws).findings);
      const bare = await collect(allNodeReads, { argv: bareNode(shell, ['cat', 'sleep']) });
      expect(bare.end.complete).toBe(true);
      const { findings } = reportOf(bare.raws);
      const unknown = findings.filter((f) => f.status === 'unknown');
      expect(unknown.length).toBeGreaterThan(0);
      // what only the API knows was not asked for here
      const kinds = unknown.flatMap((f) => f.missing.map(({ gap }) => `${f.check}: ${gap.kind}`));
      expect(kinds.filter((k) => !/: (tool-missing|not-collected)$/.test(k))).toEqual([]);
      for (const f of findings)
        if (f.status === 'pass' || f.status === 'not-applicable')
          expect([f.check, full.get(f.check)]).toEqual([f.check, f.status]);
      expect(findings.filter((f) => f.status === 'error')).toEqual([]);
    });
  },
);
