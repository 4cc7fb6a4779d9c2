import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { shutdownConfig } from '../../facts/node/shutdown-config.ts';
import { gracePeriods } from '../../facts/workloads/grace-periods.ts';
import { notHeldUp } from './not-held-up.ts';
import { groupOf, groupsOf } from './shutdown-groups.ts';

const link = 'https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#graceful-node-shutdown';

/**
 * Facts K.6. When the node shuts down, kubelet ends pods within shutdownGracePeriod only, and only if systemd-logind waits for it (InhibitDelayMaxSec). By default
 * it is off. Kubelet's files are read, not its memory: what was changed since it started counts at its next start.
 */
export const gracefulShutdown = check({
  id: 'node/graceful-shutdown',
  title: 'A shutdown of the node leaves pods the time that they ask for',
  severity: 'info',
  per: 'node',
  docs: {
    why: 'A node that is shut down or rebooted without a drain kills its pods at once, unless kubelet was told to hold the shutdown up. Where it was, pods with a longer grace period than what is left for them are killed early.',
    links: [link],
  },
  needs: { gracePeriods, shutdownConfig },
  wants: {},
  judge: (facts) => {
    const config = facts.shutdownConfig;
    if (config === null) return notApplicable('no kubelet of its own runs here');
    const [first, ...more] = groupsOf(config);
    const total = [first, ...more].reduce((n, g) => n + (g?.seconds ?? 0), 0);
    if (!config.logind && total === 0)
      return notApplicable('no systemd-logind runs here, by which kubelet would hear of a shutdown');
    const file = config.file ?? '/var/lib/kubelet/config.yaml';
    const settings = { source: `grep -A9 shutdownGracePeriod ${file}` };
    if (!first || total === 0)
      return fail({
        id: 'off',
        severity: 'info',
        message: `Graceful node shutdown is off (shutdownGracePeriod ${config.graceSeconds} s): when this node is shut down or rebooted without a drain, its pods are not given the time that they ask for.`,
        data: { ...config },
        evidence: [
          { ...settings, text: config.graceSeconds === 0 ? 'not set' : `shutdownGracePeriod: ${config.graceSeconds}s` },
        ],
        fix: {
          say: 'If nodes are restarted without a drain, set both values in the configuration file of kubelet and restart it; pods have what the second leaves of the first.',
          examples: [{ about: file, text: 'shutdownGracePeriod: 60s\nshutdownGracePeriodCriticalPods: 15s\n' }],
          risk: 'none',
          covers: 'Power loss, and nodes that a cloud deletes without a shutdown.',
        },
      });
    if (!config.logind || config.inhibit.seconds < total) return fail(notHeldUp(config, total));
    const groups = [first, ...more] as const;
    const cut = facts.gracePeriods
      .map((p) => ({ ...p, given: groupOf(p, groups).seconds }))
      .filter((p) => p.seconds > p.given)
      .sort((a, b) => b.seconds - b.given - (a.seconds - a.given));
    const [worst] = cut;
    const shares = groups.map((g) => `${g.seconds} s from priority ${g.priority}`).join(', ');
    if (!worst) return pass(`${total} s (${shares}): enough for every pod here`);
    const listed = cut.slice(0, 8).map((p) => `${p.namespace}/${p.name} asks for ${p.seconds} s and gets ${p.given} s`);
    return fail({
      id: 'too-short',
      severity: 'info',
      message: `At a shutdown of the node ${cut.length === 1 ? 'a pod is' : `${cut.length} pods are`} killed early: ${listed.join('; ')}${cut.length > 8 ? '; …' : ''}. Kubelet has ${total} s in all (${shares}).`,
      data: { total, groups, pods: cut },
      evidence: [
        { ...settings, text: shares },
        {
          source: `kubectl get pod -n ${worst.namespace} ${worst.name} -o jsonpath={.spec.terminationGracePeriodSeconds}`,
          text: `${worst.seconds}`,
        },
      ],
      fix: {
        say: 'Raise shutdownGracePeriod by what is lacking and restart kubelet; or let these pods ask for less; or drain before a shutdown.',
        risk: 'none',
        covers: 'A pod that ends sooner than it may is not harmed.',
      },
    });
  },
});
