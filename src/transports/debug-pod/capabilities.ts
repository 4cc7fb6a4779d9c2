import type { Capability, NodeRead } from '../../core/read.ts';
import type { Rights } from '../../core/stream.ts';

/** What each capability is for. A pod with uid 0 and none of them reads /proc/net, /proc/sys/net and the status, cmdline and cgroup of every process. */
export const capabilityReasons: Readonly<Record<Capability, string>> = {
  SYS_PTRACE: 'to see which process holds a socket: the kernel shows /proc/<pid>/fd, exe and root to tracers only',
  SYS_CHROOT: "to run the node's own ss, nft, iptables-save, ipset and conntrack, which the pod's image does not have",
  DAC_READ_SEARCH: 'to read files of the node that are not world-readable, whoever owns them',
  NET_ADMIN:
    'to list netfilter rules, ipsets, conntrack entries and virtual servers: the kernel asks for it even to read',
  NET_RAW: 'to list legacy iptables rules, which the kernel shows through a raw socket only, and to ping',
  SYS_ADMIN: "to enter other network namespaces (a pod's sysctls and rules) and to mount tracefs",
};

/** What `default` rights may grant, if a read asks for it; all of it leaves the node as it is. */
const byDefault: ReadonlySet<Capability> = new Set([
  'SYS_PTRACE',
  'SYS_CHROOT',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
  'NET_RAW',
]);

/** The capabilities of the debug pod: none, those of the default set that these reads ask for, or all that they ask for. Sorted. */
export const grantedCapabilities = (rights: Rights, reads: readonly NodeRead[]): readonly Capability[] => {
  if (rights === 'minimal') return [];
  const asked = new Set(reads.flatMap((r) => [...r.requires, ...r.uses]));
  return [...asked].filter((c) => rights === 'full' || byDefault.has(c)).sort();
};

/** Why a read is not tried with these capabilities ("--rights minimal: needs …"); null if it is. */
export const notGranted = (read: NodeRead, rights: Rights, granted: readonly Capability[]): string | null => {
  const lacking = read.requires.filter((c) => !granted.includes(c));
  if (lacking.length === 0) return null;
  return `--rights ${rights}: needs ${lacking.map((c) => `${c} (${capabilityReasons[c]})`).join(' and ')}`;
};
