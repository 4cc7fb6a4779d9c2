import { cannotTell, check, fail, notApplicable, pass } from '../../core/check.ts';
import { proxySync, type UnreadRules } from '../../facts/kube-proxy/sync.ts';
import { agents } from '../../facts/node/agents.ts';
import { systemPods } from '../../facts/node/system-pods.ts';
import { hungProblem } from './hung-problem.ts';
import { notRunning } from './not-running.ts';
import { syncProblem } from './sync-problem.ts';
import { syncState } from './sync-state.ts';

/** Agents that have kube-proxy within themselves, or do its work. */
const embedding = /^(k3s|k3s-server|k3s-agent|rke2|kubelite|k0s|hyperkube|kube-router)$/;

const unreadText = (unread: readonly UnreadRules[]): string =>
  unread.length === 0
    ? ''
    : ` (${unread.map((u) => `${u.source}: exit ${u.exit}${u.error === '' ? '' : `, ${u.error}`}`).join('; ')})`;

/** Incident I2.6: kube-proxy is there and cannot write its rules (facts I). */
export const syncFailing = check({
  id: 'kube-proxy/sync-failing',
  title: 'Kube-proxy gets its rules written',
  severity: 'error',
  per: 'node',
  docs: {
    why:
      'When iptables-restore, ipset or nft fail, kube-proxy goes on running, Ready and silent but for its log: the rules of the last success stay, and Services slowly go wrong on this node alone. On a new node ' +
      'there never was a success, so that no Service works. The same when kube-proxy hangs or does not run. One failure counts for nothing: it tries again.',
    links: [
      'https://kubernetes.io/docs/reference/networking/virtual-ips/#optimizing-iptables-mode-performance',
      'https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/3836-kube-proxy-improved-ingress-connectivity-reliability',
    ],
  },
  causes: ['iptables/backend-mismatch', 'iptables/mark-drop-missing', 'iptables/nft-version-skew', 'kernel/modules'],
  needs: { agents, proxySync },
  wants: { systemPods },
  judge: (facts, maybe) => {
    const proxy = facts.agents.find((a) => a.name === 'kube-proxy');
    const sync = facts.proxySync;
    if (!proxy && sync.processes.length === 0) {
      const other = facts.agents.find((a) => embedding.test(a.name));
      if (other) return notApplicable(`${other.name} does what kube-proxy does, or has it within itself`);
      const [problem, reason] = notRunning(facts.agents, sync, maybe.systemPods);
      if (problem) return fail(problem);
      return reason === null
        ? cannotTell(
            proxySync,
            `kubelet runs here, but neither kube-proxy nor rules of it were seen${unreadText(sync.rulesUnread)}`,
          )
        : notApplicable(reason);
    }
    const state = syncState(sync);
    switch (state.kind) {
      case 'working':
        return pass(state.why);
      case 'starting':
        return pass(`it started ${state.seconds} s ago and writes its rules for the first time`);
      case 'unseen':
        return cannotTell(proxySync, state.why);
      case 'hung':
        return fail(hungProblem(state, sync));
      case 'failing':
        return fail(syncProblem(state, sync));
    }
  },
});
