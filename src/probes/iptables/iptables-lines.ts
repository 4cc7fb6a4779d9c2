import { missing, type Reading } from '../../core/gap.ts';
import type { Raw } from '../../core/read.ts';

/** The lines of the iptables script, split at tabs; a gap where it did not come to its last part. */
export const iptablesLines = (raw: Raw): Reading<readonly (readonly string[])[]> => {
  if (!raw.ok) return raw;
  const lines = raw.outputs[0].stdout.split('\n').map((l) => l.split('\t'));
  return lines.some((l) => l[0] === 'proxy')
    ? { ok: true, value: lines }
    : missing('unparsable', 'the list of iptables rules has no end');
};
