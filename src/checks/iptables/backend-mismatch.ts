import { cannotTell, check, fail, notApplicable, type Problem, pass } from '../../core/check.ts';
import { iptablesRules } from '../../facts/iptables/rules.ts';
import { iptablesTools } from '../../facts/iptables/tools.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { kubeProxyProcess } from '../../facts/kube-proxy/process.ts';
import { backendName } from './backend-name.ts';
import { leftoverProblem } from './leftover-problem.ts';
import { mismatchProblem } from './mismatch-problem.ts';
import { proxyWords } from './proxy-words.ts';
import { sides } from './sides.ts';

/** Facts H. Incident I2: kubelet wrote its chains with the host's nft, kube-proxy's container had legacy only. */
export const backendMismatch = check({
  id: 'iptables/backend-mismatch',
  title: 'Kubelet and kube-proxy use the same iptables backend, and only one holds rules for Services',
  severity: 'error',
  per: 'node',
  docs: {
    why: 'Legacy iptables and iptables-nft are two rule systems in one kernel that do not see each other. With kubelet in one and kube-proxy in the other, chains that one makes for the other are not found (kube-proxy before 1.25 cannot load its rules without KUBE-MARK-DROP), and what one accepts the other may drop. Rules left behind in the backend that is no longer used are still obeyed.',
    links: [
      'https://github.com/kubernetes-sigs/iptables-wrappers',
      'https://github.com/kubernetes/kubernetes/issues/71305',
    ],
  },
  needs: { proxyMode, iptablesRules, iptablesTools, kubeProxyProcess },
  wants: {},
  judge: (facts) => {
    const { mode, replacedBy } = facts.proxyMode;
    if (mode === 'none') return notApplicable(`no kube-proxy here${replacedBy ? `: ${replacedBy} replaces it` : ''}`);
    const both = sides(facts.iptablesRules);
    const filled = both.filter((s) => s.services > 0);
    const [unread] = facts.iptablesRules.unread;
    const hidden = unread ? `${backendName(unread.backend)} could not be read: ${unread.detail}` : null;
    if (mode === 'nftables') {
      const [first, ...rest] = filled.map((s) => leftoverProblem(s, 'kube-proxy is in nftables mode'));
      if (first) return fail(first, ...rest);
      return hidden
        ? cannotTell(iptablesRules, hidden)
        : pass('kube-proxy is in nftables mode, and iptables holds no rules of it');
    }
    const { proxy } = facts.iptablesTools;
    const only = filled.length === 1 && !hidden ? filled[0]?.backend : undefined;
    const live = proxy?.backend ?? only;
    if (live === undefined) {
      const why =
        hidden ?? (filled.length === 0 ? 'it has no rules in either backend' : 'it has rules in both backends');
      return cannotTell(iptablesTools, `which backend kube-proxy uses could not be seen, and ${why}`);
    }
    const words = proxyWords(facts.kubeProxyProcess, proxy);
    const apart = mismatchProblem(both, live, {
      words,
      host: facts.iptablesTools.host,
      proxy,
      process: facts.kubeProxyProcess,
      unread: facts.iptablesRules.unread,
    });
    const problems: Problem[] = [
      ...(apart ? [apart] : []),
      ...filled
        .filter((s) => s.backend !== live)
        .map((s) => leftoverProblem(s, `${words} writes to ${backendName(live)}`)),
    ];
    const [first, ...rest] = problems;
    if (first) return fail(first, ...rest);
    if (hidden) return cannotTell(iptablesRules, hidden);
    const kubelet = both.find((s) => s.kubelet !== null);
    return pass(
      kubelet
        ? `kubelet and kube-proxy use ${backendName(live)}`
        : `kube-proxy uses ${backendName(live)}; kubelet has no chains in iptables`,
    );
  },
});
