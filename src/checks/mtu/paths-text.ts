import type { Reading } from '../../core/gap.ts';
import type { PathMtus, PathResult } from '../../facts/network/path-mtus.ts';

const words: readonly (readonly [PathResult, string])[] = [
  ['fits', 'came through as large as the route allows'],
  ['told', 'were told of a smaller MTU on the way, as it should be'],
  ['unsure', 'were answered now and then only'],
  ['silent', 'had no answer at all'],
  ['no-route', 'had no route'],
];

/** What pings with DF said of the ways to other nodes, or why there were none, for a verdict that finds no fault. */
export const pathsText = (found: Reading<PathMtus>): string => {
  if (!found.ok) return `no pings with DF: ${found.gap.detail}`;
  const { paths } = found.value;
  const parts = words.flatMap(([result, text]) => {
    const n = paths.filter((p) => p.result === result).length;
    return n > 0 ? [`${n} ${text}`] : [];
  });
  return `of ${paths.length} pings with DF to other nodes and their pods ${parts.join(', ')}`;
};
