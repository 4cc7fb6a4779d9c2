/** What `run` gives once it is good, or at the third time; `between` comes before each other try. */
export const threeTries = async <T>(
  run: () => Promise<T>,
  isGood: (got: T) => boolean,
  between: (got: T) => Promise<unknown> = async () => undefined,
): Promise<T> => {
  for (let left = 2; ; left--) {
    const got = await run();
    if (left === 0 || isGood(got)) return got;
    await between(got);
  }
};
