import type { Problem } from '../../core/check.ts';
import type { Combination, Stack } from './stack.ts';

/** The note that a combination is known to be bad, or the error where its fault was measured here. */
export const combinationProblem = (c: Combination, s: Stack): Problem => {
  const fault = c.measured(s);
  const versions: Problem['evidence'] = [
    { source: s.os.source, text: s.os.name },
    { source: '/proc/sys/kernel/osrelease', text: s.kernel.text },
  ];
  return {
    id: c.id,
    severity: fault ? 'error' : 'info',
    message: `${c.gate}: here Kubernetes ${s.kubernetes.text}, kernel ${s.kernel.text}, ${s.os.name}${s.mode === null ? '' : `, kube-proxy mode ${s.mode}`}. ${c.what} ${fault ? `This was measured here: ${fault.text}` : 'By versions alone this is a note: the fault itself was not measured here.'}`,
    data: {
      kubernetes: s.kubernetes.text,
      kernel: s.kernel.text,
      os: s.os.name,
      mode: s.mode,
      measured: fault !== null,
      source: c.source,
    },
    evidence: fault ? [fault, ...versions] : versions,
    fix: { say: `${c.remedy} (${c.source})`, risk: 'disruptive' },
  };
};
