import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import type { Raw } from '../../core/read.ts';
import { deviceChanges } from '../../facts/network/device-changes.ts';
import { type Device, deviceCounts } from '../../facts/network/device-counters.ts';
import { bothEnds } from '../both-ends.ts';
import { deviceCountersProc } from './device-counters.proc.ts';

/** Null where one went backwards: the card was reset or is another. */
const changeOf = (before: Device, after: Device): Device | null => {
  const counts = { ...after.counts };
  for (const name of deviceCounts) {
    counts[name] -= before.counts[name];
    if (counts[name] < 0) return null;
  }
  return { name: after.name, counts };
};

/** The difference of the two samples. */
export const deviceChangesProc = probe({
  yields: deviceChanges,
  via: 'proc',
  reads: deviceCountersProc.reads,
  parse: ({ samples }) => {
    const ends = bothEnds(samples, 'what was counted within a time is not known');
    if (!ends.ok) return ends;
    const one = (output: typeof ends.value.first): Raw => ({ ok: true, outputs: [output] });
    const before = deviceCountersProc.parse({ samples: one(ends.value.first) });
    const after = deviceCountersProc.parse({ samples: one(ends.value.last) });
    if (!before.ok) return before;
    if (!after.ok) return after;
    const devices = after.value.flatMap((d) => {
      const old = before.value.find((b) => b.name === d.name);
      return (old && changeOf(old, d)) ?? [];
    });
    return known({ seconds: ends.value.seconds, devices });
  },
});
