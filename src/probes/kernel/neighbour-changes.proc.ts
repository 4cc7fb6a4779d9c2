import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { neighbourChanges } from '../../facts/kernel/neighbour-changes.ts';
import type { NeighbourTable } from '../../facts/kernel/neighbour-tables.ts';
import { parseNeighbourTables } from '../../parsers/neighbour-tables.ts';
import { bothEnds } from '../both-ends.ts';
import { neighbourTablesProc } from './neighbour-tables.proc.ts';

const changeOf = (from: number | null, to: number | null): number | null =>
  from === null || to === null || to < from ? null : to - from;

/** The difference of the two samples. */
export const neighbourChangesProc = probe({
  yields: neighbourChanges,
  via: 'proc',
  reads: neighbourTablesProc.reads,
  parse: ({ samples }) => {
    const ends = bothEnds(samples, 'what was counted within a time is not known');
    if (!ends.ok) return ends;
    const before = parseNeighbourTables(ends.value.first.stdout);
    const after = parseNeighbourTables(ends.value.last.stdout);
    if (!before || !after) return missing('unparsable', 'the tables of neighbours are not what they should be');
    const tables = after.flatMap((t): NeighbourTable[] => {
      const old = before.find((b) => b.family === t.family);
      if (!old) return [];
      return [
        {
          ...t,
          tableFulls: changeOf(old.tableFulls, t.tableFulls),
          forcedGcRuns: changeOf(old.forcedGcRuns, t.forcedGcRuns),
        },
      ];
    });
    return known({ seconds: ends.value.seconds, tables });
  },
});
