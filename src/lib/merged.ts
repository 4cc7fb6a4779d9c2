/**
 * What several streams give, as it comes; ends when all of them have ended, and with the first failure. `make` is given a signal that is aborted when
 * the loop is left: the streams are to end then, and are waited for.
 */
export async function* merged<T>(
  signal: AbortSignal,
  make: (signal: AbortSignal) => readonly AsyncGenerator<T, void>[],
): AsyncGenerator<T, void> {
  const stop = new AbortController();
  const streams = make(AbortSignal.any([signal, stop.signal]));
  const next = (stream: AsyncGenerator<T, void>) => {
    const result = stream.next().then((given) => ({ stream, given }));
    result.catch(() => undefined);
    return result;
  };
  const waiting = new Map(streams.map((stream) => [stream, next(stream)]));
  try {
    while (waiting.size > 0) {
      const { stream, given } = await Promise.race(waiting.values());
      // to the end of the map, so that a busy stream does not keep the others from their turn
      waiting.delete(stream);
      if (given.done) continue;
      waiting.set(stream, next(stream));
      yield given.value;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(streams.map((stream) => stream.return()));
  }
}
