import { known, missing } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { file, type Raw } from '../../core/read.ts';
import { ipForwarding } from '../../facts/kernel/ip-forwarding.ts';

/** "1" is on; net.ipv6.conf.all.forwarding may be 2 on newer kernels (on, and still accepting router advertisements). */
const switchOf = (raw: Raw): boolean | null => {
  const text = raw.ok ? raw.outputs[0].stdout.trim() : '';
  return /^[012]$/.test(text) ? text !== '0' : null;
};

/** A kernel without IPv6 has no such file: null, not a gap. */
export const ipForwardingProc = probe({
  yields: ipForwarding,
  via: 'proc',
  reads: { ipv4: file('/proc/sys/net/ipv4/ip_forward'), ipv6: file('/proc/sys/net/ipv6/conf/all/forwarding') },
  parse: ({ ipv4, ipv6 }) => {
    if (!ipv4.ok) return ipv4;
    if (!ipv6.ok && ipv6.gap.kind !== 'absent') return ipv6;
    const four = switchOf(ipv4);
    const six = switchOf(ipv6);
    if (four === null) return missing('unparsable', `ip_forward is "${ipv4.outputs[0].stdout.trim()}"`);
    if (ipv6.ok && six === null) return missing('unparsable', `ipv6 forwarding is "${ipv6.outputs[0].stdout.trim()}"`);
    return known({ ipv4: four, ipv6: six });
  },
});
