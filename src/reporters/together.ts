import type { Failed } from '../core/finding.ts';
import { type SameOn, sameOn } from './same-on.ts';
import type { Where } from './where.ts';

/** The same problem on several targets is one, but not where nobody says what it is on. */
export const together = (failed: readonly Failed[], where: Where): readonly SameOn<Failed>[] =>
  sameOn(
    failed.map((f, i) => ({ f, i, at: where(f.target) })),
    ({ f, i, at }) => JSON.stringify([f.check, f.severity, f.message, f.fix, at === null ? i : null]),
    ({ at }) => at ?? '',
  ).map(({ one: { f, at }, on }) => ({ one: f, on: at === null ? [] : on }));
