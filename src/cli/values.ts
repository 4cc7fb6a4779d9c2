import type { Flags } from './flag.ts';
import { UsageError } from './usage-error.ts';

/** The flags as given, typed. An empty text counts as not given, as with kubectl. */
export interface Values<Name extends string = string> {
  readonly given: (name: Name) => boolean;
  readonly text: (name: Name) => string | undefined;
  readonly list: (name: Name) => readonly string[];
  readonly on: (name: Name) => boolean;
  readonly level: (name: Name) => number;
}

/** Reads what yargs parsed; of a repeated flag the last counts, but for lists. Throws {@link UsageError} for a value that is not allowed. */
export const values = <F extends Flags>(
  argv: Readonly<Record<string, unknown>>,
  flags: F,
): Values<keyof F & string> => {
  const all = (name: string): readonly string[] =>
    [argv[name] ?? []]
      .flat()
      .map(String)
      .filter((v) => v !== '');
  // the last one counts, also where it is empty: `--context x --context=` has no context, as with kubectl
  const last = (name: string): string | undefined => {
    const text = [argv[name] ?? []].flat().map(String).at(-1);
    return text === '' ? undefined : text;
  };
  for (const [name, flag] of Object.entries(flags)) {
    const wrong = flag.oneOf && all(name).find((v) => !flag.oneOf?.includes(v));
    if (wrong !== undefined)
      throw new UsageError(
        `invalid argument "${wrong}" for "--${name}" flag: must be one of ${flag.oneOf?.join(', ')}`,
      );
  }
  return {
    given: (name) => (flags[name]?.kind === 'list' ? all(name).length > 0 : last(name) !== undefined),
    text: last,
    list: all,
    on: (name) => last(name) === 'true',
    level: (name) => Math.max(0, ...all(name).map(Number)),
  };
};
