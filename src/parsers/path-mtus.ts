import type { PathMtu, PathMtus, PathResult } from '../facts/network/path-mtus.ts';

const results: readonly PathResult[] = ['fits', 'told', 'lost', 'unsure', 'silent', 'no-route'];

const rowOf = (line: string): PathMtu | null => {
  const [, kind, name = '', node = '', address = '', said, ...rest] = line.split('\t');
  const [mtu = '', through = '', told = '', device = '', route = '', words = '', ...more] = rest;
  const result = results.find((r) => r === said);
  if ((kind !== 'node' && kind !== 'pod') || result === undefined || more.length > 0) return null;
  if (![name, node].every((n) => /^[A-Za-z0-9./-]{1,400}$/.test(n)) || !/^[0-9a-f.:]{2,45}$/.test(address)) return null;
  if (![mtu, through, told].every((n) => /^\d{1,5}$/.test(n))) return null;
  return {
    kind,
    name,
    node,
    address,
    result,
    mtu: Number(mtu),
    through: Number(through),
    told: Number(told),
    device,
    route,
    words,
  };
};

/** The rows as the script prints them, in any order; null where a row is none or the last line is not there. */
export const parsePathMtus = (text: string): PathMtus | null => {
  const lines = text.split('\n').filter((l) => l !== '');
  if (lines.pop() !== 'whole') return null;
  let by = '';
  const paths: PathMtu[] = [];
  for (const line of lines) {
    if (line.startsWith('by\t')) {
      by = line.slice(3);
      continue;
    }
    const row = line.startsWith('path\t') ? rowOf(line) : null;
    if (row === null) return null;
    paths.push(row);
  }
  const order = (p: PathMtu): string => `${p.kind} ${p.node} ${p.address}`;
  return { paths: paths.sort((a, b) => (order(a) < order(b) ? -1 : 1)), by };
};
