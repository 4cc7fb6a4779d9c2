/** Things that are the same, and what they are the same on (nodes, checks). */
export interface SameOn<T> {
  readonly one: T;
  readonly on: readonly string[];
}

/** Puts together what has the same key, in the order of the first of each; `where` names what each was on. */
export const sameOn = <T>(
  things: readonly T[],
  key: (thing: T) => string,
  where: (thing: T) => string,
): readonly SameOn<T>[] => {
  const groups = new Map<string, { readonly one: T; readonly on: string[] }>();
  for (const thing of things) {
    const group = groups.get(key(thing));
    if (!group) groups.set(key(thing), { one: thing, on: [where(thing)] });
    else if (!group.on.includes(where(thing))) group.on.push(where(thing));
  }
  return [...groups.values()];
};
