/**
 * Races many promises, one after the other, with one that lasts longer than all of them, `beside`. Promise.race would keep every race until that one settles,
 * 250 bytes in Node.js 26 and what won it too in Node.js 20 (measured): in a watch of a day 40 MB for each node. Only one race at a time.
 */
export const raceBeside = <E>(beside: Promise<E>): (<T>(next: Promise<T>) => Promise<T | E>) => {
  let settle: (() => void) | null = null;
  let over = false;
  const done = (): void => {
    over = true;
    settle?.();
  };
  beside.then(done, done);
  return <T>(next: Promise<T>) => {
    const race = Promise.withResolvers<T | E>();
    const end = (): void => race.resolve(beside);
    if (over) end();
    else settle = end;
    next.then(
      (value) => {
        if (settle === end) settle = null;
        race.resolve(value);
      },
      (error: unknown) => {
        if (settle === end) settle = null;
        race.reject(error);
      },
    );
    return race.promise;
  };
};
