import fc from 'fast-check';
import { expect, it } from 'vitest';
import { combine } from '../../src/checks/combine.ts';
import { cannotTell, fail, notApplicable, type Problem, pass, type Verdict } from '../../src/core/check.ts';
import { subject } from '../../src/facts/workloads/subject.ts';

const problem = (id: string): Problem => ({
  id,
  severity: 'error',
  message: id,
  data: {},
  evidence: [{ source: 'x', text: 'y' }],
});

it.each<[string, readonly Verdict[], Verdict]>([
  ['nothing', [], notApplicable('none')],
  ['what is well', [pass('a'), pass('b')], pass('a; b')],
  ['what does not apply beside it', [notApplicable('x'), pass('a')], pass('a')],
  [
    'what does not apply, each reason once',
    [notApplicable('x'), notApplicable('y'), notApplicable('x')],
    notApplicable('x; y'),
  ],
  [
    'what cannot be told before what is well',
    [pass('a'), cannotTell(subject, 'x'), cannotTell(subject, 'y')],
    cannotTell(subject, 'x; y'),
  ],
  [
    'what is wrong before all',
    [cannotTell(subject, 'x'), fail(problem('p'), problem('q')), pass('a'), fail(problem('r'))],
    fail(problem('p'), problem('q'), problem('r')),
  ],
])('%s', (_, parts, want) => expect(combine(parts, 'none')).toEqual(want));

it('is never better than its worst part', () => {
  const grave = { fail: 3, 'cannot-tell': 2, pass: 1, 'not-applicable': 0 } as const;
  const part = fc.constantFrom<Verdict>(pass('a'), notApplicable('x'), cannotTell(subject, 'y'), fail(problem('p')));
  const any = fc.property(fc.array(part), (parts) => {
    expect(grave[combine(parts, 'none').status]).toBe(Math.max(0, ...parts.map((p) => grave[p.status])));
  });
  fc.assert(any);
});
