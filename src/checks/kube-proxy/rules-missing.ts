import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { iptablesRules } from '../../facts/iptables/rules.ts';
import { clusterIpSets } from '../../facts/ipvs/cluster-ip-sets.ts';
import { virtualServers } from '../../facts/ipvs/virtual-servers.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { nftTables } from '../../facts/kube-proxy/nft-tables.ts';
import { kubeProxyProcess } from '../../facts/kube-proxy/process.ts';
import { proxySync } from '../../facts/kube-proxy/sync.ts';
import { clusterIps } from '../../facts/services/cluster-ips.ts';
import { iptablesLacks } from './iptables-lacks.ts';
import { ipvsLacks } from './ipvs-lacks.ts';
import { nftablesLacks } from './nftables-lacks.ts';
import { restartProxy } from './restart-proxy.ts';
import { syncState } from './sync-state.ts';

/** A kube-proxy that has just started may be at its first round still. */
const startSeconds = 60;

/** Facts H, I and the lab's ipset measurement; incident I2: the apiserver's Service address answered on no new node. */
export const rulesMissing = check({
  id: 'kube-proxy/rules-missing',
  title: 'Kube-proxy has made what its Services need',
  severity: 'critical',
  per: 'node',
  docs: {
    why: 'A Service address works on a node by what kube-proxy made there: chains and rules (iptables), virtual servers, an ipset and a masquerade rule (ipvs), a table of maps (nftables). Somebody flushed them, or kube-proxy could not load them: then Service addresses do not answer, from this node only. Services younger than five minutes and a kube-proxy younger than one are left out.',
    links: [
      'https://kubernetes.io/docs/reference/networking/virtual-ips/',
      'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#is-kube-proxy-working',
    ],
  },
  causes: ['iptables/backend-mismatch', 'iptables/mark-drop-missing', 'kernel/modules', 'kube-proxy/sync-failing'],
  needs: { proxyMode, kubeProxyProcess, iptablesRules, virtualServers, clusterIpSets, nftTables, clusterIps },
  wants: { clusterIps, proxySync },
  judge: (facts, maybe) => {
    const { mode, replacedBy } = facts.proxyMode;
    if (mode === 'none') return notApplicable(`no kube-proxy here${replacedBy ? `: ${replacedBy} replaces it` : ''}`);
    // without the API every cluster still has the Service default/kubernetes
    const alone = !maybe.clusterIps.ok && maybe.clusterIps.gap.kind === 'not-chosen';
    const wanted = alone ? null : facts.clusterIps;
    const lacks =
      mode === 'nftables'
        ? nftablesLacks(facts.nftTables, wanted)
        : mode === 'ipvs'
          ? ipvsLacks(facts.virtualServers, facts.clusterIpSets, facts.iptablesRules, wanted)
          : iptablesLacks(facts.iptablesRules, wanted);
    if (lacks.length === 0) {
      // what is there may be all that there was when it last could write
      const sync = alone ? maybe.proxySync : null;
      if (sync && (!sync.ok || /^(failing|hung)$/.test(syncState(sync.value).kind)))
        return cannotTell(
          clusterIps,
          `what default/kubernetes needs is there; which other Services there are was not asked, and ${sync.ok ? 'kube-proxy does not get its rules written' : 'whether kube-proxy gets its rules written could not be read'}`,
        );
      return pass(
        `kube-proxy has made what its Services need (${mode} mode)${alone ? '; which Services there are was not asked' : ''}`,
      );
    }
    const rules = lacks.some((l) => l.inIptables) ? facts.iptablesRules : null;
    const cut = rules?.sets.some((s) => s.cut) ? { detail: 'there is more than netdoctor takes' } : null;
    const unsure = rules?.unread[0] ?? cut;
    const sure = lacks.filter((l) => !(l.inIptables && unsure));
    const [first, ...rest] = sure;
    if (!first)
      return cannotTell(iptablesRules, `${lacks[0]?.text}, but not all of iptables could be read: ${unsure?.detail}`);
    const process = facts.kubeProxyProcess;
    if (process && process.ageSeconds < startSeconds)
      return cannotTell(
        kubeProxyProcess,
        `${first.text}; but kube-proxy started ${process.ageSeconds} s ago and may still be at work`,
      );
    return fail({
      id: first.id,
      severity: 'critical',
      message: `${sure.map((l) => l.text).join('; ')}, although kube-proxy (${process ? `pid ${process.pid}, ${mode} mode, up for ${process.ageSeconds} s` : `${mode} mode`}) has had time to make it: connections from this node and its pods to Service addresses fail${sure.every((l) => /^(mark|set|masquerade)/.test(l.id)) ? ' where their source has to be rewritten (from the node itself, through NodePorts, back to the same pod)' : ''}.`,
      data: { mode, missing: sure.map((l) => l.id) },
      evidence: [first.evidence, ...rest.map((l) => l.evidence)],
      fix: {
        ...restartProxy(process),
        risk: 'none',
        covers:
          'What took it away, or kept kube-proxy from loading it: its log tells (iptables-restore, ipset, nft), and see iptables/backend-mismatch. Connections that are up stay.',
      },
    });
  },
});
