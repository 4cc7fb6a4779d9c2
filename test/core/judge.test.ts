import { describe, expect, it } from 'vitest';
import { fail, notApplicable, type Problem, pass } from '../../src/core/check.ts';
import type { Lookup } from '../../src/core/facts-table.ts';
import { known, missing, type Reading } from '../../src/core/gap.ts';
import { judge } from '../../src/core/judge.ts';
import { gapKinds } from '../support/gap-kinds.ts';
import { checkOf, color, node, size } from './sample.ts';

const lookupOf =
  (readings: Readonly<Record<string, Reading<unknown>>>): Lookup =>
  <T>(f: { readonly id: string }) =>
    (readings[f.id] ?? missing('not-collected', `${f.id} was not read`)) as Reading<T>;
const nothing = lookupOf({});
const base = { check: 'sample/check', title: 'All is well', target: node };
const problem = (id: string, more: Partial<Problem> = {}): Problem => ({
  id,
  severity: 'warning',
  message: `${id}!`,
  data: { observed: 1 },
  evidence: [{ source: '/proc', text: '1' }],
  ...more,
});

describe('what a check says', () => {
  it('pass', () =>
    expect(
      judge(
        checkOf(() => pass('fine')),
        node,
        nothing,
      ),
    ).toEqual([{ ...base, status: 'pass', message: 'fine' }]));

  it('not applicable', () =>
    expect(
      judge(
        checkOf(() => notApplicable('no IPVS')),
        node,
        nothing,
      ),
    ).toEqual([{ ...base, status: 'not-applicable', message: 'no IPVS' }]));

  it('one finding for each problem, each with its own severity and fix', () => {
    const fix = { say: 'do it', risk: 'none' as const };
    const found = judge(
      checkOf(() => fail(problem('a'), problem('b', { severity: 'critical', fix }))),
      node,
      nothing,
    );
    const common = { ...base, status: 'fail', data: { observed: 1 }, evidence: [{ source: '/proc', text: '1' }] };
    expect(found).toEqual([
      { ...common, messageId: 'a', message: 'a!', severity: 'warning' },
      { ...common, messageId: 'b', message: 'b!', severity: 'critical', fix },
    ]);
  });
});

describe('a needed fact that is missing', () => {
  const check = checkOf((f) => pass(String(f.color)), { color });
  it('is known: the check sees it', () =>
    expect(judge(check, node, lookupOf({ [color.id]: known('red') }))[0]?.message).toBe('red'));

  it.each(gapKinds.filter((kind) => kind !== 'not-chosen'))('%s: unknown', (kind) => {
    const gap = { kind, detail: 'why' };
    expect(judge(check, node, lookupOf({ [color.id]: { ok: false, gap } }))).toEqual([
      { ...base, status: 'unknown', message: 'why', missing: [{ fact: color.id, gap }] },
    ]);
  });

  it('not-chosen: skipped', () => {
    expect(judge(check, node, lookupOf({ [color.id]: missing('not-chosen', '--window 0') }))).toEqual([
      { ...base, status: 'skipped', message: '--window 0' },
    ]);
  });

  it('the first one that is read counts', () => {
    const both = checkOf((f) => pass(`${f.size} ${f.color}`), { color, size });
    const found = judge(
      both,
      node,
      lookupOf({ [color.id]: missing('forbidden', 'c'), [size.id]: missing('timeout', 's') }),
    );
    expect(found[0]).toMatchObject({ status: 'unknown', message: 's', missing: [{ fact: size.id }] });
  });
});

it('a fact that is not looked at does not matter, and is not looked up', () => {
  const read: string[] = [];
  const check = checkOf((f) => (f.color === 'red' ? notApplicable('red') : pass(String(f.size))), {
    color,
    size,
  });
  expect(judge(check, node, lookupOf({ [color.id]: known('red') }), (f) => read.push(f))[0]?.status).toBe(
    'not-applicable',
  );
  expect(read).toEqual([color.id]);
});

it('a wanted fact may be missing: the check gets the gap', () => {
  const check = checkOf((_, maybe) => pass(JSON.stringify(maybe.color)), {}, { color });
  const gap = missing('forbidden', 'no');
  expect(judge(check, node, lookupOf({ [color.id]: gap }))[0]?.message).toBe(JSON.stringify(gap));
  expect(judge(check, node, lookupOf({ [color.id]: known('red') }))[0]?.message).toBe(JSON.stringify(known('red')));
});

it.each<[string, () => never, string]>([
  [
    'an error',
    () => {
      throw new TypeError('broken');
    },
    'broken',
  ],
  [
    'a text',
    () => {
      throw 'a text';
    },
    'a text',
  ],
])('a check that throws %s is an error, not unknown', (_, broken, message) => {
  expect(judge(checkOf(broken), node, nothing)).toEqual([{ ...base, status: 'error', message }]);
});

it('values of false, zero and empty text are known', () => {
  for (const value of [false, 0, '', null, undefined, []]) {
    expect(
      judge(
        checkOf((f) => pass(JSON.stringify([f.color])), { color }),
        node,
        lookupOf({ [color.id]: known(value) }),
      )[0],
    ).toMatchObject({
      status: 'pass',
      message: JSON.stringify([value]),
    });
  }
});
