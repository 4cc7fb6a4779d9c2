import yargs from 'yargs';
import { cleanupCommand } from './cleanup-command.ts';
import { cleanupFlags } from './cleanup-flags.ts';
import type { Command } from './command.ts';
import type { Host } from './host.ts';
import { lintCommand } from './lint-command.ts';
import { lintFlags } from './lint-flags.ts';
import { nodeCommand } from './node-command.ts';
import { nodeFlags } from './node-flags.ts';
import { type Parsed, parsed } from './parsed.ts';
import { parserSettings } from './parser-settings.ts';
import { podCommand } from './pod-command.ts';
import { podFlags } from './pod-flags.ts';
import { values } from './values.ts';

const parse = (command: Command, args: readonly string[]): Parsed => {
  const { configuration, boolean, string } = parserSettings(command.flags);
  const words = yargs()
    .parserConfiguration(configuration)
    .boolean(boolean)
    .string(string)
    .detectLocale(false)
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(false)
    .parseSync([...args]);
  // yargs adds the name of the program
  const { $0: _, ...typed } = words;
  return parsed(command, typed);
};

const runners: Readonly<Record<string, (words: Parsed, host: Host) => Promise<number>>> = {
  node: ({ flags, names }, host) => nodeCommand(values(flags, nodeFlags), names, host),
  pod: ({ flags, names }, host) => podCommand(values(flags, podFlags), names, host),
  lint: ({ flags, names }, host) => lintCommand(values(flags, lintFlags), names, host),
  cleanup: ({ flags }, host) => cleanupCommand(values(flags, cleanupFlags), host),
};

/** Parses, runs a command that looks at something, and gives its exit code. `args` must be normalised. Throws UsageError. */
export const runCommand = async (command: Command, args: readonly string[], host: Host): Promise<number> => {
  const run = runners[command.name];
  if (!run) throw new Error(`nothing runs ${command.name}`);
  return await run(parse(command, args), host);
};
