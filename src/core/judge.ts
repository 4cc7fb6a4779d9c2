import type { AnyCheck } from './check.ts';
import type { Fact } from './fact.ts';
import type { Lookup } from './facts-table.ts';
import type { Finding } from './finding.ts';
import type { Gap, Reading } from './gap.ts';
import type { Target } from './target.ts';

/** Ends a judging because a fact is missing; never leaves this file. */
class Missing extends Error {
  readonly fact: string;
  readonly gap: Gap;
  constructor(fact: string, gap: Gap) {
    super(gap.detail);
    this.fact = fact;
    this.gap = gap;
  }
}

const lazily = <V>(facts: Readonly<Record<string, Fact<unknown>>>, get: (f: Fact<unknown>) => V): Record<string, V> => {
  const o: Record<string, V> = {};
  for (const [name, f] of Object.entries(facts))
    Object.defineProperty(o, name, { get: () => get(f), enumerable: true });
  return o;
};

/**
 * Lets one check judge one target. The only place that says `unknown` (a fact was missing, or does not decide), `skipped` (missing by the user's
 * choice) and `error` (the check itself is broken); `onRead` sees each fact that was looked at.
 */
export const judge = (check: AnyCheck, target: Target, lookup: Lookup, onRead?: (fact: string) => void): Finding[] => {
  const read = (f: Fact<unknown>): Reading<unknown> => {
    onRead?.(f.id);
    return lookup(f);
  };
  const need = (f: Fact<unknown>): unknown => {
    const r = read(f);
    if (!r.ok) throw new Missing(f.id, r.gap);
    return r.value;
  };
  const base = { check: check.id, title: check.title, target };
  try {
    const verdict = check.judge(lazily(check.needs, need), lazily(check.wants, read));
    switch (verdict.status) {
      case 'pass':
        return [{ ...base, status: 'pass', message: verdict.message }];
      case 'not-applicable':
        return [{ ...base, status: 'not-applicable', message: verdict.reason }];
      case 'cannot-tell':
        return [
          {
            ...base,
            status: 'unknown',
            message: verdict.reason,
            missing: [{ fact: verdict.fact.id, gap: { kind: 'undecided', detail: verdict.reason } }],
          },
        ];
      case 'fail':
        return verdict.problems.map(({ id, ...p }) => ({ ...base, status: 'fail', messageId: id, ...p }));
    }
  } catch (error) {
    if (!(error instanceof Missing))
      return [{ ...base, status: 'error', message: error instanceof Error ? error.message : String(error) }];
    if (error.gap.kind === 'not-chosen') return [{ ...base, status: 'skipped', message: error.gap.detail }];
    return [{ ...base, status: 'unknown', message: error.gap.detail, missing: [{ fact: error.fact, gap: error.gap }] }];
  }
};
