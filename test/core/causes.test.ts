import { describe, expect, it } from 'vitest';
import { allChecks } from '../../src/checks/index.ts';
import { withCauses } from '../../src/core/causes.ts';
import type { AnyCheck, Severity } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';
import { inOrder } from '../../src/reporters/in-order.ts';

const failed = (check: string, severity: Severity, name = 'n1'): Finding => ({
  check,
  title: check,
  target: { kind: 'node', name },
  status: 'fail',
  severity,
  message: check,
  messageId: 'x',
  data: {},
  evidence: [{ source: 's', text: 't' }],
});
const passed = (check: string): Finding => ({
  check,
  title: check,
  target: { kind: 'node', name: 'n1' },
  status: 'pass',
  message: '',
});
/** Of checks only their ids and causes matter here. */
const checks = [
  { id: 'a/cause' },
  { id: 'b/middle', causes: ['a/cause'] },
  { id: 'c/end', causes: ['a/cause', 'b/middle'] },
  { id: 'd/other' },
] as unknown as readonly AnyCheck[];
const because = (findings: readonly Finding[]) =>
  withCauses(findings, checks).map((f) => (f.status === 'fail' ? (f.because ?? []) : null));
const order = (findings: readonly Finding[]) => inOrder(withCauses(findings, checks)).map((f) => f.check);

describe('causes', () => {
  it('are named where they fail too', () => {
    expect(because([failed('c/end', 'critical'), failed('b/middle', 'error'), failed('a/cause', 'error')])).toEqual([
      ['a/cause', 'b/middle'],
      ['a/cause'],
      [],
    ]);
  });

  it('are none where they pass, are a note, or fail on another node', () => {
    expect(because([failed('c/end', 'critical'), passed('b/middle'), failed('a/cause', 'info')])).toEqual([
      [],
      null,
      [],
    ]);
    expect(because([failed('c/end', 'critical'), failed('a/cause', 'error', 'n2')])).toEqual([[], []]);
    expect(because([failed('c/end', 'info'), failed('a/cause', 'error')])).toEqual([[], []]);
  });

  it('come first, however mild, and the gravest story before others', () => {
    expect(
      order([
        failed('d/other', 'error'),
        failed('c/end', 'critical'),
        failed('b/middle', 'error'),
        failed('a/cause', 'warning'),
      ]),
    ).toEqual(['a/cause', 'b/middle', 'c/end', 'd/other']);
    expect(order([failed('d/other', 'error'), failed('b/middle', 'warning'), failed('a/cause', 'warning')])).toEqual([
      'd/other',
      'a/cause',
      'b/middle',
    ]);
  });

  it('that go round in a circle end', () => {
    const circle = [
      { id: 'a/a', causes: ['b/b'] },
      { id: 'b/b', causes: ['a/a'] },
    ] as unknown as readonly AnyCheck[];
    expect(inOrder(withCauses([failed('a/a', 'error'), failed('b/b', 'error')], circle))).toHaveLength(2);
  });

  it('of all checks are checks, and go round in no circle', () => {
    const byId = new Map(allChecks.map((c) => [c.id as string, c]));
    const walk = (id: string, seen: readonly string[]): void => {
      expect(seen, `${[...seen, id].join(' → ')}`).not.toContain(id);
      expect(byId.has(id), id).toBe(true);
      for (const cause of byId.get(id)?.causes ?? []) walk(cause, [...seen, id]);
    };
    for (const c of allChecks) walk(c.id, []);
  });
});
