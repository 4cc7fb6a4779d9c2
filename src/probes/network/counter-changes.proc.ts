import { known, type Reading } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type CounterChanges, counterChanges } from '../../facts/network/counter-changes.ts';
import type { SpaceCounters } from '../../facts/network/counters.ts';
import { bothEnds } from '../both-ends.ts';
import { countersProc } from './counters.proc.ts';
import { countersOf } from './counters-of.ts';

/** States, not counters: the later value counts. */
const isState = (name: string): boolean => name === 'conntrack.entries' || name.startsWith('sockstat.');

/** Null where one went backwards: that is another namespace with the same number. */
const changeOf = (before: SpaceCounters, after: SpaceCounters): SpaceCounters | null => {
  const values: Record<string, number> = {};
  for (const name of new Set([...Object.keys(before.values), ...Object.keys(after.values)])) {
    const [from, to] = [before.values[name] ?? 0, after.values[name] ?? 0];
    if (isState(name)) values[name] = to;
    else if (to < from) return null;
    else values[name] = to - from;
  }
  return { space: after.space, values };
};

/** The difference of the two samples. */
export const counterChangesProc = probe({
  yields: counterChanges,
  via: 'proc',
  reads: countersProc.reads,
  parse: ({ samples }): Reading<CounterChanges> => {
    const ends = bothEnds(samples, 'what was counted within a time is not known');
    if (!ends.ok) return ends;
    const [before, after] = [countersOf(ends.value.first), countersOf(ends.value.last)];
    if (!before.ok) return before;
    if (!after.ok) return after;
    const old = new Map(before.value.spaces.map((s) => [s.space, s]));
    return known({
      seconds: ends.value.seconds,
      names: new Set([...after.value.names].filter((n) => before.value.names.has(n))),
      spaces: after.value.spaces.flatMap((s) => {
        const from = old.get(s.space);
        return (from && changeOf(from, s)) ?? [];
      }),
    });
  },
});
