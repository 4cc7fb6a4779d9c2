import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { ipForwarding } from '../../facts/kernel/ip-forwarding.ts';
import { agents } from '../../facts/node/agents.ts';
import { podFamilies } from '../../facts/node/pod-families.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { kubeletOf } from '../kubelet-of.ts';

/** Facts J: without forwarding no packet leaves or reaches a pod; some hardening scripts and sysctl reloads turn it off. */
export const ipForward = check({
  id: 'kernel/ip-forward',
  title: 'The kernel forwards packets',
  severity: 'error',
  per: 'node',
  docs: {
    why: 'Traffic between pods and everything else is forwarded by the node. With net.ipv4.ip_forward=0 it is dropped without a word.',
    links: [
      'https://kubernetes.io/docs/setup/production-environment/container-runtimes/#prerequisite-ipv4-forwarding-optional',
    ],
  },
  needs: { agents, ipForwarding, podFamilies },
  wants: { pods, podFamilies },
  judge: (facts, maybe) => {
    const kubelet = kubeletOf(facts.agents);
    if (!kubelet && !maybe.pods.ok) return notApplicable('no kubelet runs here');
    if (facts.agents.some((a) => a.name === 'ovnkube'))
      return notApplicable('OVN-Kubernetes forwards on its own interfaces, and may keep the global switch off');
    const { ipv4, ipv6 } = facts.ipForwarding;
    if (ipv4 && ipv6 !== false) return pass('forwarding is on');
    // nearly every cluster has IPv4 pods; which families there are is asked for only where IPv6 alone is off
    const families = ipv4 || maybe.podFamilies.ok ? facts.podFamilies : (['ipv4'] as const);
    const off = [
      ...(families.includes('ipv4') && !ipv4 ? ['net.ipv4.ip_forward'] : []),
      ...(families.includes('ipv6') && ipv6 === false ? ['net.ipv6.conf.all.forwarding'] : []),
    ];
    const [first, ...rest] = off.map((key) => ({ source: `/proc/sys/${key.replaceAll('.', '/')}`, text: '0' }));
    if (!first) return pass(`forwarding is on for ${families.join(' and ')}`);
    return fail({
      id: 'off',
      severity: 'error',
      message: `${off.join(' and ')} ${off.length === 1 ? 'is' : 'are'} 0: this node drops every packet from and to its pods that it would have to forward.${maybe.podFamilies.ok ? '' : ' (If its pods have IPv6 only, this is as it should be.)'}`,
      data: { ipv4, ipv6, families, off },
      evidence: [first, ...rest],
      fix: {
        say: 'Turn forwarding on, on all nodes and in the node template.',
        now: [`sysctl -w ${off.map((key) => `${key}=1`).join(' ')}`],
        persist: {
          file: '/etc/sysctl.d/99-z-netdoctor-forward.conf',
          content: off.map((key) => `${key} = 1\n`).join(''),
        },
        risk: 'none',
        covers: 'A FORWARD policy of DROP in the firewall, which is another switch.',
      },
    });
  },
});
