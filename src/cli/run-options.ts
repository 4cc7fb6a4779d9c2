import type { DiagnoseRequest } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import { checkPatterns } from './check-patterns.ts';
import { duration } from './duration.ts';
import { portRange } from './port-range.ts';
import type { probingFlags } from './probing-flags.ts';
import type { Values } from './values.ts';

/** What a run is asked whatever it looks at. Throws UsageError. */
export const runOptions = (
  v: Values<keyof typeof probingFlags>,
): Pick<DiagnoseRequest, 'windowSeconds' | 'nodePortRange' | 'checks' | 'save'> => {
  const range = v.text('node-port-range');
  return {
    windowSeconds: duration(v.text('window') ?? '2s', 'window', { least: 0, most: 600 }) / 1000,
    ...defined({
      nodePortRange: range === undefined ? undefined : portRange(range, 'node-port-range'),
      checks: checkPatterns(v),
      save: v.text('save'),
    }),
  };
};
