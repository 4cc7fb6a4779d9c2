import { fact } from '../../core/fact.ts';
import type { PortRange } from '../../core/report.ts';

/** `net.ipv4.ip_local_reserved_ports` of the host network, merged and sorted; never taken by connect() or bind(0). */
export const reservedPorts = fact<readonly PortRange[]>(
  'kernel/reserved-ports',
  'node',
  'ports excluded from the ephemeral range (net.ipv4.ip_local_reserved_ports)',
);
