import type { ConntrackSpace } from '../facts/conntrack/counters.ts';

/**
 * Understands `conntrack -S` (a line "cpu=0 found=… insert_failed=… drop=… early_drop=… clash_resolve=…" for each CPU) followed by a line "count N",
 * the sum over the CPUs. Old versions have no clash_resolve. Null if it is something else.
 */
export const parseConntrackStats = (text: string): ConntrackSpace | null => {
  const sums = new Map<string, number>();
  let entries: number | null = null;
  for (const line of text.split('\n')) {
    const count = /^count (\d{1,15})$/.exec(line.trim());
    if (count) entries = Number(count[1]);
    if (!/^cpu=\d+\s/.test(line)) continue;
    for (const m of line.matchAll(/([a-z_]+)=(\d{1,15})(?=\s|$)/g))
      sums.set(m[1] ?? '', (sums.get(m[1] ?? '') ?? 0) + Number(m[2]));
  }
  const [insertFailed, drop, earlyDrop] = ['insert_failed', 'drop', 'early_drop'].map((k) => sums.get(k));
  if (entries === null || insertFailed === undefined || drop === undefined || earlyDrop === undefined) return null;
  const clashResolved = sums.get('clash_resolve') ?? null;
  return { space: 'host', entries, insertFailed, clashResolved, drop, earlyDrop };
};
