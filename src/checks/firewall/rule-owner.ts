import type { DropRule } from '../../facts/firewall/drop-rules.ts';

/** Whose a rule is, as far as its chain, table or comment tells. */
export interface RuleOwner {
  /** "kube-proxy", "Calico", …; null where nothing tells. */
  readonly name: string | null;
  /** It does what a NetworkPolicy asks for. */
  readonly policy: boolean;
}

/** By the beginning of a chain's name (iptables), then by that of a table's (nft), then by that of a comment. The first that fits counts. */
const chains: readonly (readonly [RegExp, string, boolean])[] = [
  [/^KUBE-(NWPLCY|POD-FW|ROUTER)/, 'kube-router', true],
  [/^cali[-:]/, 'Calico', true],
  [/^(OLD_)?CILIUM_/, 'Cilium', true],
  [/^ANTREA-/, 'Antrea', true],
  [/^WEAVE/, 'Weave Net', true],
  [/^AZURE-NPM/, 'Azure NPM', true],
  [/^OVN-KUBE-/, 'OVN-Kubernetes', false],
  [/^KUBE-(FIREWALL|KUBELET)/, 'kubelet or kube-proxy', false],
  [/^KUBE-/, 'kube-proxy', false],
  [/^FLANNEL-/, 'flannel', false],
  [/^CNI-/, 'a CNI plugin', false],
  [/^(DOCKER|NETAVARK)/, 'Docker or Podman', false],
  [/^ufw6?-/, 'ufw', false],
  [/^f2b-/, 'fail2ban', false],
  [
    /^(INPUT|FORWARD|FWD[IO]?|FWDI|IN|OUTPUT)_(direct|public|ZONES|[A-Za-z]+_(allow|deny|log|pre|post))/,
    'firewalld',
    false,
  ],
  [/^LIBVIRT_/, 'libvirt', false],
  [/^ts-/, 'Tailscale', false],
];
const tables: readonly (readonly [RegExp, string, boolean])[] = [
  [/^kube-proxy$/, 'kube-proxy', false],
  [/^(kube-network-policies|kindnet)/, 'kube-network-policies', true],
  [/^calico/, 'Calico', true],
  [/^kube-router/, 'kube-router', true],
  [/^ovn/, 'OVN-Kubernetes', false],
  [/^flannel/, 'flannel', false],
  [/^cni_/, 'a CNI plugin', false],
  [/^(docker|netavark)/, 'Docker or Podman', false],
  [/^firewalld/, 'firewalld', false],
  [/^f2b/, 'fail2ban', false],
  [/^(libvirt|lxc|lxd|incus|crowdsec|nm-|io\.systemd)/, 'the program that its table is named after', false],
];

/** A policy in a table where ufw or firewalld or Docker has chains is theirs. */
const byHint = (rule: DropRule, hints: readonly string[]): RuleOwner | null => {
  const names = hints.flatMap((h) => {
    const [family, table, chain = ''] = h.split(' ');
    return family === rule.family && table === rule.table ? [chain] : [];
  });
  if (names.some((c) => c.startsWith('ufw'))) return { name: 'ufw', policy: false };
  if (names.some((c) => c.startsWith('INPUT_direct'))) return { name: 'firewalld', policy: false };
  return rule.chain === 'FORWARD' && names.includes('DOCKER') ? { name: 'Docker', policy: false } : null;
};

/** Whose it is; `hints` are those of the fact. */
export const ruleOwner = (rule: DropRule, hints: readonly string[]): RuleOwner => {
  const comment = /--comment "?(\S+)|comment "([^"]*)/.exec(rule.text);
  const found =
    chains.find(([re]) => re.test(rule.chain)) ??
    (rule.backend === 'nft' ? tables.find(([re]) => re.test(rule.table)) : undefined) ??
    chains.find(([re]) => re.test(comment?.[1] ?? comment?.[2] ?? ''));
  if (found) return { name: found[1], policy: found[2] };
  return (rule.policy ? byHint(rule, hints) : null) ?? { name: null, policy: false };
};
