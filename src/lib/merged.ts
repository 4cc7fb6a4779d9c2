/**
 * What several streams give, as it comes; ends when all of them have ended, and with the first failure. `make` is given a signal that is aborted when
 * the loop is left: the streams are to end then, and are waited for. A stream may be silent for days: nothing of what the others gave is kept.
 */
export async function* merged<T>(
  signal: AbortSignal,
  make: (signal: AbortSignal) => readonly AsyncGenerator<T, void>[],
): AsyncGenerator<T, void> {
  const stop = new AbortController();
  const streams = make(AbortSignal.any([signal, stop.signal]));
  // not Promise.race: it keeps every race until the most silent of the streams says something
  const come: Promise<{ readonly stream: AsyncGenerator<T, void>; readonly given: IteratorResult<T, void> }>[] = [];
  let wake: (() => void) | null = null;
  const next = (stream: AsyncGenerator<T, void>): void => {
    const result = stream.next().then((given) => ({ stream, given }));
    const came = (): void => {
      come.push(result);
      wake?.();
    };
    result.then(came, came);
  };
  for (const stream of streams) next(stream);
  let left = streams.length;
  try {
    while (left > 0) {
      const first = come.shift();
      if (first === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
        continue;
      }
      const { stream, given } = await first;
      if (given.done) {
        left--;
        continue;
      }
      next(stream);
      yield given.value;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(streams.map((stream) => stream.return()));
  }
}
