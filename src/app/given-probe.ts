import { known } from '../core/gap.ts';
import { type AnyProbe, probe } from '../core/probe.ts';
import type { PortRange } from '../core/report.ts';
import { nodePortRange } from '../facts/services/node-port-range.ts';

/** The user's word goes before everything that is read: `--node-port-range` as a probe without reads. */
export const givenProbes = (range: PortRange | undefined): readonly AnyProbe[] =>
  range
    ? [
        probe({
          yields: nodePortRange,
          via: 'flag',
          reads: {},
          parse: () => known({ range, source: '--node-port-range' }),
        }),
      ]
    : [];
