import { type EndingSignal, exitCodeOf, type OnSignal } from './signals.ts';

/** npm and process groups deliver one Ctrl-C twice; people need longer for a second one. */
const samePressMs = 250;

/** What a run that may be interrupted needs. */
export interface Interruptible {
  readonly onSignal: OnSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** The user does not want to wait for the clean-up. */
  readonly onForced: () => Promise<void>;
  /** The work failed; not called for the failure that the interruption itself is. */
  readonly onError: (error: unknown) => Promise<void>;
}

const isAbort = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted &&
  (error === signal.reason ||
    (error instanceof Error && (error.name === 'AbortError' || error.cause === signal.reason)));

/**
 * Does the work and gives its exit code. The first signal aborts it and waits for its clean-up; a second one ends the waiting
 * once what is left is told, a third one at once.
 * After a signal the exit code tells it, whatever the work came to.
 */
export const interruptible = async (
  work: (signal: AbortSignal) => Promise<number>,
  i: Interruptible,
): Promise<number> => {
  const controller = new AbortController();
  let first: EndingSignal | null = null;
  let pressedAt = 0;
  let telling = false;
  const forced = Promise.withResolvers<number>();
  const off = i.onSignal((signal) => {
    if (first !== null && i.now() - pressedAt < samePressMs) return;
    pressedAt = i.now();
    if (first === null) {
      first = signal;
      controller.abort(new Error(`interrupted by ${signal}`));
      return;
    }
    const code = exitCodeOf[first];
    const leave = (): void => forced.resolve(code);
    if (telling) return leave();
    telling = true;
    // also when it cannot be told
    void i.onForced().then(leave, leave);
  });
  const interruptedBy = (): EndingSignal | null => first;
  const worked = async (): Promise<number> => {
    let code = 1;
    try {
      code = await work(controller.signal);
    } catch (error) {
      if (!isAbort(error, controller.signal)) await i.onError(error);
    }
    const signal = interruptedBy();
    return signal === null ? code : exitCodeOf[signal];
  };
  try {
    return await Promise.race([worked(), forced.promise]);
  } finally {
    off();
  }
};
