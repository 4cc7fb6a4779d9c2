import type { Counters } from '../facts/network/counters.ts';

/**
 * Understands what the collector prints of counters: a line "names TAB name…" (what this kernel counts) and "c TAB inode TAB name=value…" (those that
 * are not 0) for each network namespace. Null if it is something else.
 */
export const parseSpaceCounters = (text: string): Counters | null => {
  const names = new Set<string>();
  const spaces: { space: string; values: Record<string, number> }[] = [];
  for (const line of text.split('\n')) {
    const [tag, first = '', ...more] = line.split('\t');
    if (tag === 'names') for (const name of [first, ...more]) if (name !== '') names.add(name);
    if (tag !== 'c') continue;
    if (!/^\d+$/.test(first)) return null;
    const values: Record<string, number> = {};
    for (const pair of more) {
      const m = /^([A-Za-z0-9_.]+)=(\d{1,20})$/.exec(pair);
      if (!m) return null;
      values[m[1] ?? ''] = Number(m[2]);
    }
    spaces.push({ space: first, values });
  }
  return names.size === 0 || spaces.length === 0 ? null : { names, spaces };
};
