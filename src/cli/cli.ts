import { nearNames } from '../lib/near-names.ts';
import { allFlags } from './all-flags.ts';
import type { Deps } from './deps.ts';
import type { Env } from './env.ts';
import { errorText } from './error-text.ts';
import { normaliseArgv } from './normalise-argv.ts';
import { programName } from './program-name.ts';
import type { Streams } from './streams.ts';
import { UsageError } from './usage-error.ts';
import { versionCommand } from './version-command.ts';
import { write } from './write.ts';

const commands = ['node', 'pod', 'lint', 'cleanup', 'checks', 'explain', 'completion', 'version'];

/** Those that have something to tell with -v. */
const tellers = new Set(['node', 'pod', 'lint']);

const commandOf = (args: readonly string[]): string | undefined => args.find((a) => !a.startsWith('-'));

/** Normalises, parses and runs; the exit code. */
const run = async (
  argv: readonly string[],
  streams: Streams,
  env: Env,
  deps: Deps,
  program: string,
): Promise<number> => {
  if (argv[2] === '__complete') {
    const { completeCommand } = await import('./completion/complete-command.ts');
    return completeCommand(argv.slice(3), { streams, env, deps });
  }
  const all = normaliseArgv(argv.slice(2), allFlags);
  const command = commandOf(all);
  // -v is a habit of kubectl's users: taken everywhere, though some commands have nothing to tell
  const args = tellers.has(command ?? '') ? all : all.filter((a) => !a.startsWith('--v='));
  // after a command it is no flag of that command, and must not be passed over
  const isFormat = (a: string): boolean => a.startsWith('--output=');
  const justVersion = command === 'version' && args.filter((a) => !isFormat(a)).length === 1;
  if (command === undefined ? args.includes('--version') : justVersion)
    return versionCommand(args.findLast(isFormat)?.slice('--output='.length), { streams, deps });
  if (command !== undefined && !commands.includes(command)) {
    const near = nearNames(command, commands);
    throw new UsageError(
      `unknown command "${command}" for "${program}"${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''}`,
    );
  }
  const { parseAndRun } = await import('./parse-and-run.ts');
  return parseAndRun(command === undefined ? ['--help'] : args, { program, streams, env, deps });
};

/** The whole program: parses `argv` (as process.argv), writes to the streams, and gives the exit code. Never throws. */
export const cli = async (argv: readonly string[], streams: Streams, env: Env, deps: Deps): Promise<number> => {
  // a reader that goes away is told by the write itself; without a listener it would end the process, and leave a pod behind
  const ignore = (): void => {};
  streams.stdout.on('error', ignore);
  streams.stderr.on('error', ignore);
  const program = programName(argv[1]);
  try {
    return await run(argv, streams, env, deps, program);
  } catch (error) {
    const command = argv.slice(2).find((a) => commands.includes(a));
    const hint = `See '${program}${command ? ` ${command}` : ''} --help' for usage.\n`;
    await write(streams.stderr, errorText(error) + (error instanceof UsageError ? hint : '')).catch(ignore);
    return 1;
  }
};
