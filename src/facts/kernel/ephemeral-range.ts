import { fact } from '../../core/fact.ts';
import type { PortRange } from '../../core/report.ts';

/** `net.ipv4.ip_local_port_range` of the host network; it serves IPv6 too. */
export const ephemeralRange = fact<PortRange>(
  'kernel/ephemeral-range',
  'node',
  'the ephemeral port range of the host network (net.ipv4.ip_local_port_range)',
);
