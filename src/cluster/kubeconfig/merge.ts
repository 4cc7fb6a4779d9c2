import type { Kubeconfig } from './entries.ts';

const first = <T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> => {
  const all = new Map<string, T>();
  for (const map of maps) for (const [name, entry] of map) if (!all.has(name)) all.set(name, entry);
  return all;
};

/**
 * Merges kubeconfig files in the order of KUBECONFIG: the first file that has a value wins, entry by entry; an entry of the same
 * name in a later file is dropped whole. (kubernetes.io, "Organizing Cluster Access Using kubeconfig Files", Merging.)
 */
export const mergeKubeconfigs = (files: readonly Kubeconfig[]): Kubeconfig => ({
  currentContext: files.find((f) => f.currentContext !== null)?.currentContext ?? null,
  clusters: first(files.map((f) => f.clusters)),
  users: first(files.map((f) => f.users)),
  contexts: first(files.map((f) => f.contexts)),
});
