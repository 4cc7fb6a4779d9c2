import type { Lookup } from '../core/facts-table.ts';
import { known } from '../core/gap.ts';
import { type AnyProbe, probe } from '../core/probe.ts';
import type { WatchEvent } from '../core/watch.ts';
import { type LocalTuple, suspects } from '../facts/ipvs/suspects.ts';
import { watchedSuspects } from '../parsers/watched-suspects.ts';

/** What a watch saw, as a probe without reads that goes before the others: added to what they had read. Nothing where it saw nothing. */
export const watchedProbe = (events: readonly WatchEvent[], before: Lookup): readonly AnyProbe[] => {
  const seen = watchedSuspects(events);
  if (seen.tuples.length === 0) return [];
  const read = before(suspects);
  const old = read.ok ? read.value : { tuples: [], connections: [], servers: [] };
  const keyOf = (t: LocalTuple): string => `${t.source.ip} ${t.source.port} ${t.destination.ip} ${t.destination.port}`;
  const keys = new Set(seen.tuples.map(keyOf));
  const all = {
    tuples: [...seen.tuples, ...old.tuples.filter((t) => t.protocol !== 'TCP' || !keys.has(keyOf(t)))],
    connections: [...seen.connections, ...old.connections],
    servers: [...seen.servers, ...old.servers],
  };
  return [probe({ yields: suspects, via: 'watch', reads: {}, parse: () => known(all) })];
};
