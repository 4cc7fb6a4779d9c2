import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file, type Raw } from '../../core/read.ts';
import { ipvsSettings } from '../../facts/ipvs/settings.ts';

const numberOf = (raw: Raw): number | null => {
  const text = raw.ok ? raw.outputs[0].stdout.trim() : '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
};

/** The files are there where the module ip_vs is loaded; two of the three depend on the kernel too. */
export const ipvsSettingsProc = probe({
  yields: ipvsSettings,
  via: 'proc',
  reads: {
    reuse: file('/proc/sys/net/ipv4/vs/conn_reuse_mode'),
    nodest: file('/proc/sys/net/ipv4/vs/expire_nodest_conn'),
    conntrack: file('/proc/sys/net/ipv4/vs/conntrack'),
  },
  parse: (raw) => {
    if (!raw.nodest.ok) return raw.nodest;
    for (const r of [raw.reuse, raw.conntrack]) if (!r.ok && r.gap.kind !== 'absent') return r;
    const [reuse, nodest, conntrack] = [numberOf(raw.reuse), numberOf(raw.nodest), numberOf(raw.conntrack)];
    if (nodest === null || (raw.reuse.ok && reuse === null) || (raw.conntrack.ok && conntrack === null))
      return missing('unparsable', 'the files of /proc/sys/net/ipv4/vs hold no numbers');
    return known({
      connReuseMode: reuse,
      expireNodestConn: nodest !== 0,
      conntrack: conntrack === null ? null : conntrack !== 0,
    });
  },
});
