import { fact } from '../../core/fact.ts';

/** Whether the host network forwards packets; ipv6 is null where the kernel has no IPv6. */
export interface IpForwarding {
  readonly ipv4: boolean;
  readonly ipv6: boolean | null;
}

/** net.ipv4.ip_forward and net.ipv6.conf.all.forwarding. */
export const ipForwarding = fact<IpForwarding>(
  'kernel/ip-forwarding',
  'node',
  'whether the node forwards packets (net.ipv4.ip_forward, net.ipv6.conf.all.forwarding)',
);
