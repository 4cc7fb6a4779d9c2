import type { NeighbourTable } from '../facts/kernel/neighbour-tables.ts';

const countOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : null;

/**
 * Understands what the collector prints of the tables: "table TAB family TAB entries TAB table_fulls TAB forced_gc_runs TAB gc_thresh1 TAB 2 TAB 3" each, `-` for
 * what is not counted, and "end". Null if it is something else.
 */
export const parseNeighbourTables = (text: string): readonly NeighbourTable[] | null => {
  const lines = text.split('\n').filter((l) => l !== '');
  if (lines.at(-1) !== 'end') return null;
  const tables: NeighbourTable[] = [];
  for (const line of lines.slice(0, -1)) {
    const [tag, family, ...rest] = line.split('\t');
    const [entries, tableFulls, forcedGcRuns, one, two, three] = rest.map(countOf);
    if (tag !== 'table' || (family !== 'ipv4' && family !== 'ipv6')) return null;
    if (typeof entries !== 'number' || typeof one !== 'number' || typeof two !== 'number' || typeof three !== 'number')
      return null;
    tables.push({
      family,
      entries,
      tableFulls: tableFulls ?? null,
      forcedGcRuns: forcedGcRuns ?? null,
      thresholds: [one, two, three],
    });
  }
  return tables;
};
