import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file, type Raw } from '../../core/read.ts';
import { conntrackLimits } from '../../facts/conntrack/limits.ts';

const numberOf = (raw: Raw): number | null => {
  const text = raw.ok ? raw.outputs[0].stdout.trim() : '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
};

/** These files are there whenever nf_conntrack is, with or without CONFIG_NF_CONNTRACK_PROCFS (facts B.1). */
export const conntrackLimitsProc = probe({
  yields: conntrackLimits,
  via: 'proc',
  reads: {
    max: file('/proc/sys/net/netfilter/nf_conntrack_max', { sampling: 'end' }),
    buckets: file('/proc/sys/net/netfilter/nf_conntrack_buckets'),
  },
  parse: ({ max, buckets }) => {
    if (!max.ok) return max.gap.kind === 'absent' ? known(null) : max;
    const most = numberOf(max);
    if (most === null) return missing('unparsable', `nf_conntrack_max is "${max.outputs[0].stdout.trim()}"`);
    return known({ max: most, buckets: numberOf(buckets) });
  },
});
