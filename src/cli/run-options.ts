import type { DiagnoseRequest } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import { checkPatterns } from './check-patterns.ts';
import { duration } from './duration.ts';
import { portRange } from './port-range.ts';
import type { probingFlags } from './probing-flags.ts';
import type { suppressFlags } from './suppress-flags.ts';
import { suppressions } from './suppressions.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

/** What a run is asked whatever it looks at. Throws UsageError. */
export const runOptions = (
  v: Values<keyof typeof probingFlags | keyof typeof suppressFlags>,
): Pick<DiagnoseRequest, 'windowSeconds' | 'nodePortRange' | 'checks' | 'suppress' | 'save' | 'watch'> => {
  const range = v.text('node-port-range');
  const watch = v.text('watch-for');
  if (watch === undefined && v.on('until-found'))
    throw new UsageError('--until-found needs --watch-for, which says how long to wait at most');
  const seconds = watch === undefined ? 0 : duration(watch, 'watch-for', { least: 1, most: 86_400 }) / 1000;
  return {
    windowSeconds: duration(v.text('window') ?? '2s', 'window', { least: 0, most: 600 }) / 1000,
    ...defined({
      nodePortRange: range === undefined ? undefined : portRange(range, 'node-port-range'),
      checks: checkPatterns(v),
      suppress: suppressions(v),
      save: v.text('save'),
      watch: watch === undefined ? undefined : { seconds, untilFound: v.on('until-found') },
    }),
  };
};
