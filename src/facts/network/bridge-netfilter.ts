import { fact } from '../../core/fact.ts';

/** Something for each address family. */
export interface ByFamily<T> {
  readonly ipv4: T;
  readonly ipv6: T;
}

/** A Linux bridge of the node. */
export interface Bridge {
  readonly name: string;
  /** Pods whose default route and the network of their own address lead to this bridge: their packets to each other are switched, not routed. */
  readonly pods: ByFamily<number>;
  /** /sys/class/net/<bridge>/bridge/nf_call_ip{,6}tables, which is on by itself where the sysctl is off. Null where this kernel has it not. */
  readonly calls: ByFamily<boolean | null>;
}

/** Whether what a bridge switches between its ports goes through netfilter, where kube-proxy's address translation is. */
export interface BridgeNetfilter {
  /** net.bridge.bridge-nf-call-ip{,6}tables; null where br_netfilter is not loaded. */
  readonly calls: ByFamily<boolean | null>;
  readonly bridges: readonly Bridge[];
}

/** The node's bridges, by /sys/class/net and the routes of each pod's network namespace. */
export const bridgeNetfilter = fact<BridgeNetfilter>(
  'network/bridge-netfilter',
  'node',
  'Linux bridges of the node, how many pods are in the network of each, and the bridge-nf-call switches',
);
