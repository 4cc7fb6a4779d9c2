import { didYouMean } from '../lib/did-you-mean.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

/** What was typed behind the name of a command. */
export interface Parsed {
  /** As the parser gives them: a text, or a list of them where a flag is repeated. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly names: readonly string[];
}

/** What a parser gives: flags by name, and in `_` the command and the names. */
interface Words {
  readonly [flag: string]: unknown;
  readonly _: readonly (string | number)[];
}

/** Refuses flags and names that the command does not take. Throws {@link UsageError} in kubectl's words. */
export const parsed = (command: Command, { _: words, ...flags }: Words): Parsed => {
  const unknown = Object.keys(flags).find((name) => !Object.hasOwn(command.flags, name));
  if (unknown !== undefined)
    throw new UsageError(`unknown flag: --${unknown}${didYouMean(unknown, Object.keys(command.flags), '--')}`);
  const names = words.slice(1).map(String);
  const wrong = command.names === 'many' ? [] : names.slice(command.names === 'one' ? 1 : 0);
  if (wrong.length > 0) throw new UsageError(`unexpected argument: ${wrong.join(' ')}`);
  return { flags, names };
};
