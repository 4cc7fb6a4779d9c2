/**
 * Works on the items, at most `atOnce` of them at a time, and yields each result as soon as it is there. The first failure ends it; so
 * does leaving the loop: no further item is begun, and what is under way is waited for before the loop is left, so that whatever it
 * cleans up is cleaned up by then.
 */
export async function* asTheyCome<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const waiting = [...items.entries()];
  const running = new Map<number, Promise<readonly [number, R]>>();
  try {
    for (;;) {
      while (running.size < atOnce) {
        const next = waiting.shift();
        if (!next) break;
        const [i, item] = next;
        const result = work(item).then((r) => [i, r] as const);
        result.catch(() => undefined);
        running.set(i, result);
      }
      if (running.size === 0) return;
      const [i, result] = await Promise.race(running.values());
      running.delete(i);
      yield result;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}
