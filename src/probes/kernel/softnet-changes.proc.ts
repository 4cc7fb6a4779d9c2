import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import type { SoftnetCpu } from '../../facts/kernel/softnet.ts';
import { softnetChanges } from '../../facts/kernel/softnet-changes.ts';
import { parseSoftnet } from '../../parsers/softnet.ts';
import { bothEnds } from '../both-ends.ts';
import { softnetProc } from './softnet.proc.ts';

/** Of counters with 32 bits. */
const since = (from: number, to: number): number => (to < from ? to + 2 ** 32 - from : to - from);

/** The difference of the two samples. */
export const softnetChangesProc = probe({
  yields: softnetChanges,
  via: 'proc',
  reads: softnetProc.reads,
  parse: ({ samples }) => {
    const ends = bothEnds(samples, 'what was counted within a time is not known');
    if (!ends.ok) return ends;
    const [before, after] = [parseSoftnet(ends.value.first.stdout), parseSoftnet(ends.value.last.stdout)];
    if (!before || !after) return missing('unparsable', 'softnet_stat is not what it should be');
    const cpus = after.cpus.flatMap((c): SoftnetCpu[] => {
      const old = before.cpus.find((b) => b.cpu === c.cpu);
      // a counter of drops that goes backwards was set anew: it has not counted 4 billion
      if (!old || c.dropped < old.dropped) return [];
      return [
        {
          cpu: c.cpu,
          processed: since(old.processed, c.processed),
          dropped: c.dropped - old.dropped,
          timeSqueezes: since(old.timeSqueezes, c.timeSqueezes),
        },
      ];
    });
    return known({ seconds: ends.value.seconds, cpus, maxBacklog: after.maxBacklog });
  },
});
