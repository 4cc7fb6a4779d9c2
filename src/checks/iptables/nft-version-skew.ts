import { cannotTell, check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { iptablesRules } from '../../facts/iptables/rules.ts';
import { iptablesTools } from '../../facts/iptables/tools.ts';
import { shellQuoted } from '../../lib/shell-quoted.ts';
import { dropsAll } from './drops-all.ts';
import { targetOf } from './target-of.ts';

/** Facts H, kubernetes#112477: an older iptables-nft reads a newer one's rule without its mark, and saves it so. */
export const nftVersionSkew = check({
  id: 'iptables/nft-version-skew',
  title: 'No rule of KUBE-FIREWALL drops every packet',
  severity: 'critical',
  per: 'node',
  docs: {
    why: 'kubelet before 1.27 drops marked packets in KUBE-FIREWALL. iptables-nft 1.8.8 and newer writes such a rule in a form that 1.8.7 and older reads without its mark. Whoever then saves and restores the table with the older one (kube-proxy or a CNI plugin in a container) leaves a rule that drops everything, and the node is cut off.',
    links: [
      'https://github.com/kubernetes/kubernetes/issues/112477',
      'https://github.com/cloudnativelabs/kube-router/issues/1415',
    ],
  },
  needs: { iptablesRules, iptablesTools },
  wants: {},
  judge: (facts) => {
    const { sets, unread } = facts.iptablesRules;
    const problems = sets.flatMap((set): Problem[] => {
      const drops = set.rules.flatMap((r) => {
        const comment = r.chain === 'KUBE-FIREWALL' ? dropsAll(r.words) : null;
        return comment === null ? [] : [{ rule: r.text, table: r.table, comment }];
      });
      const [first, ...rest] = drops.map((d) => ({ source: `${set.tool} -t ${d.table}`, text: d.rule }));
      if (!first) return [];
      const from = set.rules.filter((r) => targetOf(r.words) === 'KUBE-FIREWALL').map((r) => r.chain);
      const { host, proxy } = facts.iptablesTools;
      const versions = `the host has ${host?.text ?? 'no iptables'}, kube-proxy ${proxy ? `${proxy.file}${proxy.version ? ` ${proxy.version}` : ''}` : 'one that could not be seen'}`;
      const tool = set.tool.replace(/-save$/, '');
      return [
        {
          id: 'drops-all',
          severity: from.length > 0 ? 'critical' : 'error',
          message: `A rule of KUBE-FIREWALL (${set.backend}, ${set.family}) has no match and drops every packet${from.length > 0 ? ` that passes ${from.join(' and ')}: the node is cut off` : ' as soon as a chain leads to it, which kubelet sees to each minute'}. That is how iptables-nft 1.8.7 and older saves the rule for marked packets that 1.8.8 or newer wrote; ${versions}.`,
          data: {
            backend: set.backend,
            family: set.family,
            from,
            host: host?.text ?? null,
            kubeProxy: proxy?.version ?? null,
            rules: drops.map((d) => d.rule),
          },
          evidence: [first, ...rest],
          fix: {
            say: 'Delete the rule, on the node itself. Then bring the containers that write rules (kube-proxy, the CNI plugin) to the iptables version of the host, or to images of 1.8.8 and newer, or kubelet to 1.27 or newer, which makes no such rule.',
            now: drops.map(
              (d) =>
                `${tool} -w -t ${d.table} -D KUBE-FIREWALL${d.comment ? ` -m comment --comment ${shellQuoted(d.comment)}` : ''} -j DROP`,
            ),
            risk: 'none',
            covers: 'The next save and restore by the same container makes it again, until the versions fit.',
          },
        },
      ];
    });
    const [first, ...rest] = problems;
    if (first) return fail(first, ...rest);
    const [hidden] = unread;
    if (hidden) return cannotTell(iptablesRules, `${hidden.backend} iptables could not be read: ${hidden.detail}`);
    const has = sets.filter((s) => s.chains.some((c) => c.name === 'KUBE-FIREWALL'));
    if (has.length === 0) return notApplicable('there is no chain KUBE-FIREWALL here');
    if (has.some((s) => s.cut))
      return cannotTell(iptablesRules, 'there are more rules in KUBE-FIREWALL than netdoctor takes');
    return pass('every rule of KUBE-FIREWALL that drops has a match');
  },
});
