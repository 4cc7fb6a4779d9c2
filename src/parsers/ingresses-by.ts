import { listAt, textAt } from '../lib/json.ts';

/** An Ingress' backends: names of Services. */
const backendsOf = (item: unknown): ReadonlySet<string> =>
  new Set([
    textAt(item, 'spec', 'defaultBackend', 'service', 'name'),
    ...listAt(item, 'spec', 'rules').flatMap((r) =>
      listAt(r, 'http', 'paths').map((p) => textAt(p, 'backend', 'service', 'name')),
    ),
  ]);

/** "namespace/service" → names of the Ingresses that lead to it; `namespaceOf` says where an Ingress is. */
export const ingressesBy = (
  items: readonly unknown[],
  namespaceOf = (item: unknown): string => textAt(item, 'metadata', 'namespace'),
): ReadonlyMap<string, readonly string[]> => {
  const by = new Map<string, string[]>();
  for (const item of items) {
    for (const name of backendsOf(item)) {
      if (name === '') continue;
      const key = `${namespaceOf(item)}/${name}`;
      by.set(key, [...(by.get(key) ?? []), textAt(item, 'metadata', 'name')]);
    }
  }
  return by;
};
