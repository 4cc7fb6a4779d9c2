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
 * Does the work and gives its exit code. The first signal aborts it and waits for its clean-up; a second one ends the waiting.
 * After a signal the exit code tells it, whatever the work came to.
 */
export const interruptible = async (
  work: (signal: AbortSignal) => Promise<number>,
  i: Interruptible,
): Promise<number> => {
  const controller = new AbortController();
  let first: { readonly signal: EndingSignal; readonly at: number } | null = null;
  const forced = Promise.withResolvers<number>();
  const off = i.onSignal((signal) => {
    if (first === null) {
      first = { signal, at: i.now() };
      controller.abort(new Error(`interrupted by ${signal}`));
    } else if (i.now() - first.at >= samePressMs) {
      const code = exitCodeOf[first.signal];
      const leave = (): void => forced.resolve(code);
      // also when it cannot be told
      void i.onForced().then(leave, leave);
    }
  });
  const interruptedBy = (): EndingSignal | null => first?.signal ?? null;
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
