import { spawn } from 'node:child_process';
import { TransportError } from '../../core/transport.ts';
import { raceBeside } from '../../lib/race-beside.ts';
import { textOf } from '../../lib/text-of.ts';
import { type WatchFrame, type WatchOver, watchFrames } from './frames.ts';
import { type WatchOptions, writeWatch } from './program.ts';

/** How long the shell may take to remove its instance when it is told to end, in milliseconds; then its watchdog has to. */
const endingMs = 5000;

/**
 * Watches this very machine, with the rights of the caller, until the time is over or the signal comes; an abort ends it without an error. Nothing
 * of it is left when this returns. Throws {@link TransportError} where there is no shell. `write`: the program, for tests.
 */
export async function* watchLocally(
  options: Omit<WatchOptions, 'hostRoot'>,
  signal: AbortSignal,
  write: typeof writeWatch = writeWatch,
): AsyncGenerator<WatchFrame, WatchOver> {
  if (process.platform !== 'linux')
    throw new TransportError(`--watch-for reads the kernel of a Linux machine; this one is ${process.platform}.`);
  const id = 'script:watch/events';
  const child = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  const ended = Promise.withResolvers<null>();
  child.once('error', (error) =>
    ended.reject(new TransportError(`Cannot run a shell on this machine: ${error.message}.`)),
  );
  child.once('exit', () => ended.resolve(null));
  ended.promise.catch(() => undefined);
  const stop = (): void => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  };
  signal.addEventListener('abort', stop, { once: true });
  child.stdin.on('error', () => {});
  child.stdin.end(write({ ...options, hostRoot: '' }, id));
  if (signal.aborted) stop();
  const frames = watchFrames(textOf(child.stdout), id, options.nonce);
  const orFailed = raceBeside(ended.promise.then(() => new Promise<never>(() => {})));
  try {
    for (;;) {
      const next = await orFailed(frames.next());
      if (next.done) return next.value;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    const late = setTimeout(() => child.kill('SIGKILL'), endingMs);
    await ended.promise.catch(() => null);
    clearTimeout(late);
  }
}
