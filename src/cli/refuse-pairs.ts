import type { Flags } from './flag.ts';
import { UsageError } from './usage-error.ts';
import type { Values } from './values.ts';

/** A flag, those that it cannot be used with, and why. */
export interface Conflict<Name extends string> {
  readonly source: Name;
  readonly flags: readonly Name[];
  readonly why: string;
}

/** Which flags are in use: a switch that is given as =false is not in the way. */
export type Has<Name extends string> = (flag: Name) => boolean;

/** Refuses pairs of flags that do not go together, and tells which flags are in use. Throws {@link UsageError} with the reason. */
export const refusePairs = <F extends Flags>(
  v: Values<keyof F & string>,
  flags: F,
  conflicts: readonly Conflict<keyof F & string>[],
): Has<keyof F & string> => {
  const has = (flag: keyof F & string): boolean => (flags[flag]?.kind === 'switch' ? v.on(flag) : v.given(flag));
  for (const { source, flags: others, why } of conflicts) {
    const other = has(source) ? others.find(has) : undefined;
    if (other !== undefined) throw new UsageError(`--${other} cannot be used with --${source}: ${why}`);
  }
  return has;
};
