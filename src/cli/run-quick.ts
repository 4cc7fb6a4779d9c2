import parser from 'yargs-parser';
import { checksCommand } from './checks-command.ts';
import type { Command } from './command.ts';
import { explainCommand } from './explain-command.ts';
import type { Host } from './host.ts';
import { outputFlags } from './output-flags.ts';
import { type Parsed, parsed } from './parsed.ts';
import { parserSettings } from './parser-settings.ts';
import { values } from './values.ts';
import { versionText } from './version-text.ts';
import { write } from './write.ts';

const runners: Readonly<Record<string, (words: Parsed, host: Host) => Promise<number>>> = {
  checks: ({ flags }, host) => checksCommand(values(flags, outputFlags), host),
  explain: ({ flags, names }, host) => explainCommand(names[0], values(flags, outputFlags).text('color'), host),
  version: async (_, { streams }) => {
    await write(streams.stdout, versionText);
    return 0;
  },
};

/**
 * Parses, runs a command that answers from what netdoctor itself knows, and gives its exit code. It is to start as fast as kubectl does, so it takes
 * yargs' parser alone: the rest of yargs costs 12 ms. `args` must be normalised. Throws UsageError.
 */
export const runQuick = async (command: Command, args: readonly string[], host: Host): Promise<number> => {
  const run = runners[command.name];
  if (!run) throw new Error(`nothing runs ${command.name}`);
  const { configuration, boolean, string } = parserSettings(command.flags);
  const words = parser([...args], { configuration, boolean: [...boolean], string: [...string] });
  return await run(parsed(command, words), host);
};
