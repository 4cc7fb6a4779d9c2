import type { Options } from 'yargs';
import type { Flags } from './flag.ts';

/** Flags as yargs wants them. No defaults, so that what is given can be told from what is not; the help tells them all the same. */
export const yargsOptions = (flags: Flags): Record<string, Options> =>
  Object.fromEntries(
    Object.entries(flags).map(([name, f]): [string, Options] => [
      name,
      {
        type: f.kind === 'switch' ? 'boolean' : 'string',
        ...(f.short === undefined || f.short === name ? {} : { alias: f.short }),
      },
    ]),
  );
