import { spawn } from 'node:child_process';

/** What became of a command. */
export interface Ran {
  readonly ok: boolean;
  /** stdout and stderr as they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the command and all that it started. */
  readonly signal: AbortSignal;
  /** Show the output while it comes, too. */
  readonly live?: boolean;
}

const graceMs = 10_000;

/** Colours where there is someone to see them. */
const colors: NodeJS.ProcessEnv = process.stdout.isTTY
  ? { FORCE_COLOR: '1' }
  : { NO_COLOR: '1', FORCE_COLOR: undefined };

const why = (signal: AbortSignal): string =>
  signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
    ? 'ended: its time was over\n'
    : 'ended: interrupted\n';

/** Runs a command to its end, in a process group of its own so that nothing of it is left when it has to be ended. */
export const run = (
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env, signal, live }: RunOptions,
): Promise<Ran> =>
  new Promise((resolve) => {
    let output = '';
    const take = (text: string): void => {
      output += text;
      if (live) process.stdout.write(text);
    };
    if (signal.aborted) return resolve({ ok: false, output: why(signal) });
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...colors, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = (name: NodeJS.Signals): void => {
      try {
        if (child.pid) process.kill(-child.pid, name);
      } catch {
        // the group is gone already
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const end = (): void => {
      kill('SIGTERM');
      timer = setTimeout(() => kill('SIGKILL'), graceMs);
    };
    signal.addEventListener('abort', end, { once: true });
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const done = (ok: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      if (signal.aborted) take(why(signal));
      resolve({ ok: ok && !signal.aborted, output });
    };
    child.on('error', (error) => {
      take(`${error.message}\n`);
      done(false);
    });
    child.on('close', (code) => done(code === 0));
  });
