import type { ManifestDocument, ManifestPath } from './manifest-document.ts';

/** Of each object and list of a document, the lines of its fields and elements. */
export type ManifestLines = Map<object, ReadonlyMap<string | number, number>>;

/** A document whose lines were noted while it was read. */
export const manifestWithLines = (value: unknown, line: number, lines: ManifestLines): ManifestDocument => ({
  value,
  line,
  lineAt: (path: ManifestPath) => {
    let here = value;
    let found = line;
    for (const step of path) {
      if (typeof here !== 'object' || here === null) break;
      const next = lines.get(here)?.get(step);
      if (next === undefined) break;
      found = next;
      here = (here as Record<string | number, unknown>)[step];
    }
    return found;
  },
});
