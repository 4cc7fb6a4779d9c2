import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { ManifestPath } from './manifest-document.ts';

const resolved = (node: unknown, document: Document): unknown => (isAlias(node) ? node.resolve(document) : node);

const startOf = (node: unknown): number | undefined => (node as Partial<Node> | null | undefined)?.range?.[0];

const named = (map: YAMLMap, name: string): Pair | undefined =>
  map.items.find((p) => isScalar(p.key) && String(p.key.value) === name);

/** The pair of a key, also in what is merged into the map. */
const pairOf = (map: YAMLMap, key: string, document: Document, depth = 0): Pair | undefined => {
  const own = named(map, key);
  if (own || depth > 20) return own;
  const merged = resolved(named(map, '<<')?.value, document);
  for (const source of isSeq(merged) ? merged.items : [merged]) {
    const from = resolved(source, document);
    const found = isMap(from) ? pairOf(from, key, document, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
};

/** The line of what is at a path of a document, or of the nearest around it that is there. */
export const manifestYamlLine = (document: Document, path: ManifestPath, lineOf: (at: number) => number): number => {
  let here: unknown = document.contents;
  let found = startOf(here) ?? 0;
  for (const step of path) {
    const node = resolved(here, document);
    const pair = isMap(node) ? pairOf(node, String(step), document) : undefined;
    const next = isSeq(node) ? node.items[Number(step)] : pair?.key;
    const start = startOf(next);
    if (start === undefined) break;
    found = start;
    here = pair ? pair.value : next;
  }
  return lineOf(found);
};
