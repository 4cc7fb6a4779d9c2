import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { clusterVersion } from '../../facts/cluster/version.ts';
import { iptablesRules } from '../../facts/iptables/rules.ts';
import { iptablesTools } from '../../facts/iptables/tools.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { kubeProxyProcess } from '../../facts/kube-proxy/process.ts';
import { markDropProblem } from './mark-drop-problem.ts';
import { versionBefore } from './version-before.ts';

/** Facts H, KEP-3178: kubelet made KUBE-MARK-DROP up to 1.26, kube-proxy needed it up to 1.24. Incident I2 ended here. */
export const markDropMissing = check({
  id: 'iptables/mark-drop-missing',
  title: 'The chain KUBE-MARK-DROP is there where something needs it',
  severity: 'error',
  per: 'node',
  docs: {
    why: 'kube-proxy before 1.25 sends packets that are to be dropped to KUBE-MARK-DROP, a chain that kubelet made. Where it is missing in the backend and network namespace that kube-proxy writes to, iptables-restore refuses all its rules. As of kube-proxy 1.25 nothing needs the chain, and as of kubelet 1.27 nobody makes it: then its absence is as it should be.',
    links: [
      'https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/3178-iptables-cleanup',
      'https://github.com/kubernetes/kubernetes/issues/71305',
    ],
  },
  causes: ['iptables/backend-mismatch'],
  needs: { proxyMode, iptablesRules, iptablesTools, kubeProxyProcess },
  wants: { clusterVersion },
  judge: (facts, maybe) => {
    const { mode, replacedBy } = facts.proxyMode;
    if (mode === 'none') return notApplicable(`no kube-proxy here${replacedBy ? `: ${replacedBy} replaces it` : ''}`);
    if (mode === 'nftables') return notApplicable('kube-proxy is in nftables mode, which needs no chain of iptables');
    const { sets, unread } = facts.iptablesRules;
    const dangling = sets.filter((s) => s.dangling.some((d) => d.to === 'KUBE-MARK-DROP'));
    const process = facts.kubeProxyProcess;
    const [first, ...rest] = dangling.map((s) => markDropProblem(s, mode, process));
    if (first) return fail(first, ...rest);
    const version = process?.version ?? null;
    if (versionBefore(version, 25) === false)
      return pass(`kube-proxy ${version} needs no KUBE-MARK-DROP (it did before 1.25)`);
    if (version === null && sets.some((s) => s.chains.some((c) => c.name === 'KUBE-PROXY-FIREWALL')))
      return pass('kube-proxy is 1.26 or newer, by its chain KUBE-PROXY-FIREWALL, and needs no KUBE-MARK-DROP');
    const { proxy } = facts.iptablesTools;
    const own = sets.filter((s) =>
      proxy?.backend ? s.backend === proxy.backend : s.chains.some((c) => c.name === 'KUBE-SERVICES'),
    );
    const without = own.filter((s) => !s.chains.some((c) => c.table === 'nat' && c.name === 'KUBE-MARK-DROP'));
    const [hidden] = unread.filter((u) => !proxy?.backend || u.backend === proxy.backend);
    if (version !== null) {
      const [one, ...more] = without.map((s) => markDropProblem(s, mode, process));
      if (one) return fail(one, ...more);
    }
    if (hidden) return cannotTell(iptablesRules, `iptables-${hidden.backend} could not be read: ${hidden.detail}`);
    if (own.length > 0 && without.length === 0) return pass('KUBE-MARK-DROP is there');
    // kube-proxy may be three minor versions older than the API server
    if (version === null && maybe.clusterVersion.ok && versionBefore(maybe.clusterVersion.value.text, 28) === false)
      return pass(
        `kube-proxy of a ${maybe.clusterVersion.value.text} cluster is 1.25 or newer and needs no KUBE-MARK-DROP`,
      );
    return cannotTell(
      kubeProxyProcess,
      `${own.length === 0 ? 'kube-proxy has no chains' : 'there is no KUBE-MARK-DROP'}, which kube-proxy before 1.25 needs, and which version runs here is not known`,
    );
  },
});
