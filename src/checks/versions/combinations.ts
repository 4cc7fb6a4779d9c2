import type { Evidence } from '../../core/check.ts';
import { syncState } from '../kube-proxy/sync-state.ts';
import { osFamily } from './os-family.ts';
import type { Combination, Stack } from './stack.ts';

const kubernetesBefore = ({ kubernetes: k }: Stack, minor: number): boolean => k.major === 1 && k.minor < minor;
const kernelBefore = ({ kernel: k }: Stack, major: number, minor: number): boolean =>
  k.major < major || (k.major === major && k.minor < minor);

/** kube-proxy fails to write its rules now, with a line of its log where there is one. */
const failsToSync = ({ sync }: Stack): Evidence | null => {
  if (sync === null) return null;
  const state = syncState(sync);
  if (state.kind !== 'failing') return null;
  const last = state.lines.at(-1);
  if (last) return { source: last.file, text: last.text };
  // only slow, as far as is known
  if (!sync.failures.some((f) => f.count > 0)) return null;
  return { source: `http://${sync.metricsAddress}/metrics`, text: 'a change waits that kube-proxy cannot write' };
};

const says = (s: Stack, words: RegExp): Evidence | null => {
  const state = s.sync === null ? null : syncState(s.sync);
  const line = state?.kind === 'failing' ? state.lines.findLast((l) => words.test(l.text)) : undefined;
  return line ? { source: line.file, text: line.text } : null;
};

const noTables = /can't initialize ip6?tables table|Table does not exist/;

/** Kernels that may have been built without them. */
const withoutLegacyTables = (s: Stack): boolean => {
  const { family, major } = osFamily(s.os);
  return !kernelBefore(s, 6, 17) || (family === 'el' && major >= 10);
};

const unmeasured = (): null => null;

/** First stable releases with c95c07836fa4; mainline has it from 5.16 on (facts G). */
const reuseFixed: Readonly<Record<string, number>> = { '5.15': 6, '5.10': 83, '5.4': 163, '4.19': 219, '4.14': 257 };

const staleFixed: Readonly<Record<number, number>> = { 15: 8, 16: 5, 17: 1 };

/** Every row has a source (facts H, G, B.3, L.1); what only a vendor's kernel may have mended says so. */
export const combinations: readonly Combination[] = [
  {
    id: 'legacy-only-proxy',
    gate: 'Kubernetes before 1.17 on a system whose iptables writes nft (RHEL and its kin from 8 on; Debian from 10 on, unless legacy was chosen)',
    applies: (s) => {
      const { family, major } = osFamily(s.os);
      const nft = (family === 'el' && major >= 8) || (family === 'debian' && major >= 10);
      return kubernetesBefore(s, 17) && nft && (s.mode === 'iptables' || s.mode === 'ipvs' || s.mode === null);
    },
    what: "kube-proxy's image has legacy iptables only, kubelet uses the host's, which writes nft: neither sees the other's chains. Rules that kube-proxy takes for granted (KUBE-MARK-DROP, KUBE-MARK-MASQ) are not there, iptables-restore fails, and Services do not work from this node.",
    remedy:
      "Upgrade to Kubernetes 1.17 or newer, whose image chooses the host's backend; or give the host legacy iptables.",
    source: 'https://github.com/kubernetes/kubernetes/pull/82966',
    measured: failsToSync,
  },
  {
    id: 'nft-skew',
    gate: 'Kubernetes 1.17 to 1.26 on a host with iptables-nft 1.8.8 or newer (Debian 12; see `iptables --version`)',
    applies: (s) => {
      const { family, major } = osFamily(s.os);
      return !kubernetesBefore(s, 17) && kubernetesBefore(s, 27) && family === 'debian' && major >= 12;
    },
    what: 'iptables 1.8.7 and older, in containers, cannot read back what 1.8.8 and newer wrote on the host: a rule that drops marked packets (KUBE-FIREWALL) becomes one that drops all packets.',
    remedy: 'Upgrade to Kubernetes 1.27 or newer, where kubelet makes no such rule.',
    source: 'https://github.com/kubernetes/kubernetes/issues/112477',
    measured: unmeasured,
  },
  {
    id: 'no-legacy-tables',
    gate: 'legacy iptables in the image of kube-proxy (all before 1.17), on kernels of which the legacy tables may have been left out (6.17 and newer; RHEL 10)',
    applies: (s) => withoutLegacyTables(s) && (kubernetesBefore(s, 17) || says(s, noTables) !== null),
    unsure: (s) => withoutLegacyTables(s) && s.sync === null,
    what: "Without these tables iptables says \"can't initialize iptables table 'nat': Table does not exist\", and kube-proxy writes nothing.",
    remedy:
      "Use an image with nft iptables, kube-proxy's nftables mode, or a kernel with CONFIG_NETFILTER_XTABLES_LEGACY.",
    source: 'https://github.com/rancher/rancher/issues/54862',
    measured: (s) => says(s, noTables),
  },
  {
    id: 'ipvs-dead-backends',
    gate: 'kube-proxy 1.13 or newer in ipvs mode on a kernel without c95c07836fa4 (mainline before 5.16; fixed in 5.15.6, 5.10.83, 5.4.163, 4.19.219, 4.14.257), where it sets conn_reuse_mode to 0 (always below 5.9)',
    applies: (s) => {
      const { kernel: k } = s;
      if (s.mode !== 'ipvs' || kubernetesBefore(s, 13) || !kernelBefore(s, 5, 9)) return false;
      const fixed = reuseFixed[`${k.major}.${k.minor}`];
      return fixed === undefined || k.patch < fixed;
    },
    what: 'A client that uses a source port again is sent to the pod of the old connection even when that pod is gone or drained: "no route to host" in rolling updates, and load that stays on old pods. (A vendor\'s kernel may have taken the fix over.)',
    remedy: 'Upgrade the kernel, or lead load balancers straight to pods.',
    source: 'https://github.com/kubernetes/kubernetes/issues/81775',
    measured: unmeasured,
  },
  {
    id: 'dns-race',
    gate: "kernel before 5.0 (a vendor's may have taken the fixes over)",
    applies: (s) => kernelBefore(s, 5, 0) && s.mode !== 'none',
    what: "Two DNS questions sent at once from one socket (A and AAAA) race in conntrack; one is dropped, and the name takes 5 s. Whether it happens is told by insert_failed in conntrack's statistics.",
    remedy: 'Upgrade the kernel, or run NodeLocal DNSCache.',
    source: 'https://git.kernel.org/linus/ed07d9a021df',
    measured: unmeasured,
  },
  {
    id: 'stale-readiness',
    gate: 'kubelet 1.15.0 to 1.15.7, 1.16.0 to 1.16.4, 1.17.0',
    applies: ({ kubernetes: k }) => k.major === 1 && k.patch < (staleFixed[k.minor] ?? 0),
    what: 'After the node was NotReady for a while, pods may stay Ready=False for ever though all their containers are ready.',
    remedy: 'Upgrade to 1.15.8, 1.16.5, 1.17.1, 1.18 or newer; restart kubelet meanwhile.',
    source: 'https://github.com/kubernetes/kubernetes/pull/84951',
    measured: unmeasured,
  },
  {
    id: 'nftables-old-kernel',
    gate: 'kube-proxy in nftables mode on a kernel before 5.13',
    applies: (s) => s.mode === 'nftables' && kernelBefore(s, 5, 13),
    what: 'The nftables mode needs kernel 5.13 or newer (and nft 1.0.1).',
    remedy: 'Upgrade the kernel, or use the iptables mode.',
    source: 'https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-mode-nftables',
    measured: failsToSync,
  },
  {
    id: 'ipvs-deprecated',
    gate: 'kube-proxy 1.35 or newer in ipvs mode',
    applies: (s) => s.mode === 'ipvs' && !kubernetesBefore(s, 35),
    what: 'The ipvs mode is deprecated: 1.40 is to refuse it unless the feature gate KubeProxyIPVS is set.',
    remedy:
      'Plan the change to the nftables mode (its NodePorts listen on the primary address of the node only, and not on localhost).',
    source: 'https://github.com/kubernetes/enhancements/issues/5495',
    measured: unmeasured,
  },
];
