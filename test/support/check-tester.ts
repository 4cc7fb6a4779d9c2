import { describe, expect, it } from 'vitest';
import type { AnyCheck, Needs, Severity } from '../../src/core/check.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Lookup } from '../../src/core/facts-table.ts';
import type { Finding } from '../../src/core/finding.ts';
import { type GapKind, known, missing, type Reading } from '../../src/core/gap.ts';
import { judge } from '../../src/core/judge.ts';

/** A fact of a case: its id and what is known of it. */
export type Given = readonly [id: string, reading: Reading<unknown>];

/** The fact has this value. */
export const given = <T>(fact: Fact<T>, value: T): Given => [fact.id, known(value)];

/** The fact is missing. */
export const gap = <T>(fact: Fact<T>, kind: GapKind = 'failed'): Given => [
  fact.id,
  missing(kind, `${fact.id} is missing`),
];

/** What a case must come to; `data` and `message` are matched in part. */
export interface Expected {
  readonly status: Finding['status'];
  readonly severity?: Severity;
  readonly messageId?: string;
  readonly data?: object;
  readonly message?: RegExp;
  readonly now?: readonly string[];
}

/** One row of a check's table. */
export interface Case {
  readonly name: string;
  readonly facts: readonly Given[];
  readonly expect: Expected;
  /** Facts that add problems of their own and are not needed to judge the rest: without them it may pass. */
  readonly adds?: readonly Fact<unknown>[];
}

const target = { kind: 'node', name: 'n1' } as const;

/** Lets the check judge these facts, exactly as the engine does. */
export const run = (check: AnyCheck, facts: readonly Given[], onRead?: (id: string) => void): Finding[] => {
  const table = new Map(facts);
  const lookup: Lookup = <T>(fact: Fact<T>) =>
    (table.get(fact.id) ?? missing('not-collected', `${fact.id} was not collected`)) as Reading<T>;
  return judge(check, target, lookup, onRead);
};

const verify = (finding: Finding | undefined, e: Expected): void => {
  expect(finding).toMatchObject({ status: e.status });
  if (e.message) expect(finding?.message).toMatch(e.message);
  if (finding?.status !== 'fail') {
    expect(e.severity ?? e.messageId ?? e.data ?? e.now).toBeUndefined();
    return;
  }
  expect(finding.severity).toBe(e.severity);
  expect(finding.evidence.length).toBeGreaterThan(0);
  if (e.messageId) expect(finding.messageId).toBe(e.messageId);
  if (e.data) expect(finding.data).toMatchObject(e.data);
  if (e.now) expect(finding.fix?.now).toEqual(e.now);
};

/**
 * Runs a check's table, and beyond it: without each fact that a case read, a pass must not stay a pass by luck and a fail must not
 * become one; and over all cases the check reads exactly the facts that it declares.
 */
export const testCheck = (check: AnyCheck, cases: readonly Case[]): void => {
  describe(check.id, () => {
    const read = new Set<string>();
    const declared = new Set(
      [...Object.values(check.needs as Needs), ...Object.values(check.wants as Needs)].map((f) => f.id),
    );
    const needed = new Set(Object.values(check.needs as Needs).map((f) => f.id));
    for (const c of cases) {
      it(c.name, () => {
        const [finding] = run(check, c.facts, (id) => read.add(id));
        verify(finding, c.expect);
      });
      it(`${c.name}: no fact less makes it pass`, () => {
        const readHere = new Set<string>();
        run(check, c.facts, (id) => readHere.add(id));
        for (const id of readHere) {
          const [finding] = run(
            check,
            c.facts.filter(([f]) => f !== id),
          );
          if (c.expect.status === 'pass' && !needed.has(id)) continue;
          if (c.adds?.some((f) => f.id === id)) continue;
          expect(finding?.status, `without ${id}`).not.toBe('pass');
        }
      });
    }
    it('reads the facts that it declares, and no others', () => {
      for (const c of cases) run(check, c.facts, (id) => read.add(id));
      expect([...read].sort()).toEqual([...declared].sort());
    });
  });
};
