import { didYouMean } from '../lib/did-you-mean.ts';
import { allFlags } from './all-flags.ts';
import type { Command } from './command.ts';
import { commandNamed } from './command-named.ts';
import { commands } from './commands.ts';
import type { Deps } from './deps.ts';
import type { Env } from './env.ts';
import { errorText } from './error-text.ts';
import type { helpText } from './help-text.ts';
import type { Host } from './host.ts';
import { normaliseArgv } from './normalise-argv.ts';
import { ownFlags } from './own-flags.ts';
import { programName } from './program-name.ts';
import type { Streams } from './streams.ts';
import { UsageError } from './usage-error.ts';
import { versionCommand } from './version-command.ts';
import { write } from './write.ts';

/** The command of that name. Throws {@link UsageError} with near names. */
const find = (name: string, program: string): Command => {
  const command = commandNamed(name);
  if (command) return command;
  const names = commands.map((c) => c.name);
  throw new UsageError(`unknown command "${name}" for "${program}"${didYouMean(name, names)}`);
};

/** What is to be told of how netdoctor is used; undefined where something is to be done. */
const helpOn = (
  command: Command,
  args: readonly string[],
  program: string,
): Parameters<typeof helpText>[0] | undefined => {
  if (args.includes('--help=true')) return command;
  if (command.name !== 'options' && command.name !== 'help') return undefined;
  const [, topic, ...more] = args.filter((a) => !a.startsWith('-'));
  const wrong = command.name === 'help' ? more[0] : topic;
  if (wrong !== undefined) throw new UsageError(`unexpected argument: ${wrong}`);
  if (command.name === 'options') return 'options';
  return topic === undefined ? null : find(topic, program);
};

/** Normalises, parses and runs; the exit code. */
const run = async (argv: readonly string[], host: Host): Promise<number> => {
  const { program, streams } = host;
  if (argv[0] === '__complete') {
    const { completeCommand } = await import('./completion/complete-command.ts');
    return completeCommand(argv.slice(1), host);
  }
  const likely = argv.map(commandNamed).find((c) => c !== undefined);
  const all = normaliseArgv(argv, allFlags, Object.keys({ ...(likely?.flags ?? allFlags), ...ownFlags }));
  const name = all.find((a) => !a.startsWith('-'));
  const command = name === undefined ? null : find(name, program);
  // -v is a habit of kubectl's users: taken everywhere, though some commands have nothing to tell
  const tells = command !== null && 'v' in command.flags;
  const args = all.filter((a) => a !== '--help=false' && (tells || !a.startsWith('--v=')));
  // after a command it is no flag of that command, and must not be passed over
  if (command === null && args.includes('--version=true')) {
    const format = args.findLast((a) => a.startsWith('--output='));
    return versionCommand(format?.slice('--output='.length), host);
  }
  const help = command === null ? null : helpOn(command, args, program);
  if (command === null || help !== undefined) {
    const { helpText } = await import('./help-text.ts');
    await write(streams.stdout, helpText(help ?? null, program, streams.stdout.columns));
    return 0;
  }
  if (command.quick) {
    const { runQuick } = await import('./run-quick.ts');
    return runQuick(command, args, host);
  }
  const { runCommand } = await import('./run-command.ts');
  return runCommand(command, args, host);
};

/** The whole program: parses `argv` (as process.argv), writes to the streams, and gives the exit code. Never throws. */
export const cli = async (argv: readonly string[], streams: Streams, env: Env, deps: Deps): Promise<number> => {
  // a reader that goes away is told by the write itself; without a listener it would end the process, and leave a pod behind
  const ignore = (): void => {};
  streams.stdout.on('error', ignore);
  streams.stderr.on('error', ignore);
  const program = programName(argv[1]);
  const words = argv.slice(2);
  try {
    return await run(words, { program, streams, env, deps });
  } catch (error) {
    const command = words.find(commandNamed);
    const hint = `See '${program}${command ? ` ${command}` : ''} --help' for usage.\n`;
    await write(streams.stderr, errorText(error) + (error instanceof UsageError ? hint : '')).catch(ignore);
    return 1;
  }
};
