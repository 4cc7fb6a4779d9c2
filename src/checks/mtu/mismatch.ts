import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { kernelRelease } from '../../facts/kernel/release.ts';

/** FILL IN: the failure in the world, and its source. */
export const mismatch = check({
  id: 'mtu/mismatch',
  title: 'FILL IN: the good state, as a statement',
  severity: 'warning',
  per: 'node',
  docs: {
    why: 'FILL IN: what goes wrong, for whom, and why it is hard to find.',
    links: [],
  },
  needs: { kernelRelease },
  wants: {},
  judge: (facts) => {
    // applicability first, from the cheapest fact
    if (facts.kernelRelease === '') return notApplicable('FILL IN: why the question does not arise here');
    if (facts.kernelRelease !== 'FILL IN') return pass('FILL IN: why all is well');
    return fail({
      id: 'fill-in',
      severity: 'warning',
      message: 'FILL IN: what is wrong and what it does',
      data: { observed: facts.kernelRelease, expected: 'FILL IN' },
      evidence: [{ source: '/proc/sys/kernel/osrelease', text: facts.kernelRelease }],
      fix: { say: 'FILL IN: what to do', now: ['FILL IN'], risk: 'none' },
    });
  },
});
