import parser from 'yargs-parser';
import { checksCommand } from './checks-command.ts';
import type { Command } from './command.ts';
import { completionCommand } from './completion-command.ts';
import { completionFlags } from './completion-flags.ts';
import { explainCommand } from './explain-command.ts';
import type { Host } from './host.ts';
import { outputFlags } from './output-flags.ts';
import { type Parsed, parsed } from './parsed.ts';
import { parserSettings } from './parser-settings.ts';
import { values } from './values.ts';
import { versionCommand } from './version-command.ts';
import { versionFlags } from './version-flags.ts';

const runners: Readonly<Record<string, (words: Parsed, host: Host) => Promise<number>>> = {
  checks: ({ flags }, host) => checksCommand(values(flags, outputFlags), host),
  explain: ({ flags, names }, host) => explainCommand(names[0], values(flags, outputFlags).text('color'), host),
  completion: ({ flags, names }, host) => completionCommand(values(flags, completionFlags), names[0], host),
  version: ({ flags }, host) => versionCommand(values(flags, versionFlags).text('output'), host),
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
