import { fact } from '../../core/fact.ts';

/** Sysctls net.ipv4.vs.* of the node's network namespace. */
export interface IpvsSettings {
  /** conn_reuse_mode: bits, 1 is "choose anew for a reused source port"; null where the kernel has no such sysctl (before 4.1). */
  readonly connReuseMode: number | null;
  readonly expireNodestConn: boolean;
  /** vs.conntrack: IPVS keeps conntrack entries; null where the kernel was built without. */
  readonly conntrack: boolean | null;
}

/** How IPVS treats connections whose source port comes again, and those whose backend is gone. */
export const ipvsSettings = fact<IpvsSettings>(
  'ipvs/settings',
  'node',
  'net.ipv4.vs.{conn_reuse_mode,expire_nodest_conn,conntrack}',
);
