import yargs from 'yargs';
import { didYouMean } from '../lib/did-you-mean.ts';
import { checksCommand } from './checks-command.ts';
import { cleanupCommand } from './cleanup-command.ts';
import { cleanupFlags } from './cleanup-flags.ts';
import type { Command } from './command.ts';
import { explainCommand } from './explain-command.ts';
import type { Host } from './host.ts';
import { lintCommand } from './lint-command.ts';
import { lintFlags } from './lint-flags.ts';
import { nodeCommand } from './node-command.ts';
import { nodeFlags } from './node-flags.ts';
import { outputFlags } from './output-flags.ts';
import { podCommand } from './pod-command.ts';
import { podFlags } from './pod-flags.ts';
import { UsageError } from './usage-error.ts';
import { values } from './values.ts';
import { versionText } from './version-text.ts';
import { write } from './write.ts';
import { yargsOptions } from './yargs-options.ts';

/** What was typed behind the name of a command. */
interface Parsed {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly names: readonly string[];
}

/** yargs' complaint in kubectl's words. */
const complaint = (message: string, command: Command): string => {
  const unknown = /^Unknown arguments?: ([^,]*)/.exec(message)?.[1];
  if (unknown === undefined) return message;
  return `unknown flag: --${unknown}${didYouMean(unknown, Object.keys(command.flags), '--')}`;
};

/** Parses with yargs. Throws {@link UsageError} for flags and names that the command does not take. */
const parse = (command: Command, args: readonly string[]): Parsed => {
  const flags = yargs()
    .detectLocale(false)
    .parserConfiguration({
      'greedy-arrays': false,
      'boolean-negation': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
    })
    .options(yargsOptions(command.flags))
    .strictOptions()
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(complaint(message, command));
    })
    .parseSync([...args]);
  const [, ...names] = flags._.map(String);
  const wrong = command.names === 'many' ? [] : names.slice(command.names === 'one' ? 1 : 0);
  if (wrong.length > 0) throw new UsageError(`unexpected argument: ${wrong.join(' ')}`);
  return { flags, names };
};

type Runner = (parsed: Parsed, host: Host) => Promise<number>;

/** Those of the table that do something; the others are answered by the help. */
const runners: Readonly<Record<string, Runner>> = {
  node: ({ flags, names }, host) => nodeCommand(values(flags, nodeFlags), names, host),
  pod: ({ flags, names }, host) => podCommand(values(flags, podFlags), names, host),
  lint: ({ flags, names }, host) => lintCommand(values(flags, lintFlags), names, host),
  cleanup: ({ flags }, host) => cleanupCommand(values(flags, cleanupFlags), host),
  checks: ({ flags }, host) => checksCommand(values(flags, outputFlags), host),
  explain: ({ flags, names }, host) => explainCommand(names[0], values(flags, outputFlags).text('color'), host),
  version: async (_, { streams }) => {
    await write(streams.stdout, versionText);
    return 0;
  },
};

/** Parses, runs the command, and gives its exit code. `args` must be normalised. */
export const parseAndRun = async (command: Command, args: readonly string[], host: Host): Promise<number> => {
  const run = runners[command.name];
  if (!run) throw new Error(`nothing runs ${command.name}`);
  return await run(parse(command, args), host);
};
