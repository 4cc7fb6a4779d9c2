/** Things that are the same on several nodes, and on which. */
export interface SameOn<T> {
  readonly one: T;
  readonly nodes: readonly string[];
}

/** Puts together what has the same key, in the order of the first of each. */
export const sameOn = <T>(
  things: readonly T[],
  key: (thing: T) => string,
  node: (thing: T) => string,
): readonly SameOn<T>[] => {
  const groups = new Map<string, { readonly one: T; readonly nodes: string[] }>();
  for (const thing of things) {
    const group = groups.get(key(thing));
    if (!group) groups.set(key(thing), { one: thing, nodes: [node(thing)] });
    else if (!group.nodes.includes(node(thing))) group.nodes.push(node(thing));
  }
  return [...groups.values()];
};
