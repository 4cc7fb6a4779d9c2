import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { window } from '../../facts/sockets/window.ts';
import { suspectsProc } from '../ipvs/suspects.proc.ts';

/** The samples of sockets that the collector took; one alone is the user's choice (`--window 0`). */
export const windowSampling = probe({
  yields: window,
  via: 'sampling',
  reads: { sockets: suspectsProc.reads.sockets },
  parse: ({ sockets }) => {
    if (!sockets.ok) return sockets;
    const first = sockets.outputs[0];
    const last = sockets.outputs.at(-1) ?? first;
    if (sockets.outputs.length === 1) {
      return missing(
        'not-chosen',
        'one sample was taken (--window 0): connections that fail between two looks are not seen',
      );
    }
    return known({ samples: sockets.outputs.length, seconds: (last.atMs - first.atMs) / 1000 });
  },
});
