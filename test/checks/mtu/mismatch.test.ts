import { expect, it } from 'vitest';
import { mismatch } from '../../../src/checks/mtu/mismatch.ts';
import { kernelRelease } from '../../../src/facts/kernel/release.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

// Fails until the check is written; then take it away. A table holds a fail, a pass at both edges, a not-applicable, and each gap.
it('is written', () => {
  expect(JSON.stringify(mismatch) + mismatch.judge).not.toContain('FILL IN');
});

testCheck(mismatch, [
  { name: 'bad', facts: [given(kernelRelease, 'FILL IN')], expect: { status: 'fail', severity: 'warning' } },
  { name: 'just good', facts: [given(kernelRelease, '6.1')], expect: { status: 'pass' } },
  { name: 'no question here', facts: [given(kernelRelease, '')], expect: { status: 'not-applicable' } },
  { name: 'could not be read', facts: [gap(kernelRelease, 'forbidden')], expect: { status: 'unknown' } },
]);
