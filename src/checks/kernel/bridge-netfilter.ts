import { check, fail, notApplicable, pass } from '../../core/check.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { bridgeNetfilter as bridges } from '../../facts/network/bridge-netfilter.ts';

const families = [
  ['ipv4', 'iptables'],
  ['ipv6', 'ip6tables'],
] as const;

/**
 * Facts J. A pod connects to a Service, and the backend is a pod on the same bridge: its answer is switched straight to the client, with the pod's address
 * instead of the Service's; the client does not know it, and its connect times out (measured with iptables and nftables). Only br_netfilter leads it through netfilter.
 */
export const bridgeNetfilter = check({
  id: 'kernel/bridge-netfilter',
  title: 'Netfilter sees what pods on a bridge send each other',
  severity: 'error',
  per: 'node',
  docs: {
    why: 'Answers between two pods on one Linux bridge skip the address translation of Services unless br_netfilter is loaded and bridge-nf-call-iptables is 1. Then a Service works or not by where its pods happen to run. Only CNIs with a bridge need it, not Calico or Cilium.',
    links: [
      'https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/#network-plugin-requirements',
      'https://www.kernel.org/doc/html/latest/networking/bridge.html#proc-sys-net-bridge',
    ],
  },
  needs: { bridges, proxyMode },
  wants: {},
  judge: (facts) => {
    const { calls, bridges: all } = facts.bridges;
    const used = all.filter((b) => b.pods.ipv4 + b.pods.ipv6 > 0);
    if (used.length === 0) return notApplicable('no pod here has its network on a Linux bridge');
    const { mode, replacedBy } = facts.proxyMode;
    if (mode === 'none') return notApplicable(`no kube-proxy runs here${replacedBy ? `, ${replacedBy} does` : ''}`);
    const names = used.map((b) => b.name).join(', ');
    const off = families.filter(([f]) => !calls[f] && used.some((b) => b.pods[f] > 0 && !b.calls[f]));
    const [first, ...rest] = off.map(([f, tool]) => ({
      source: `cat /proc/sys/net/bridge/bridge-nf-call-${tool}`,
      text: calls[f] === null ? 'No such file or directory' : '0',
    }));
    if (!first) return pass(`bridge-nf-call is on for ${names}`);
    const unloaded = off.some(([f]) => calls[f] === null);
    const keys = off.map(([, tool]) => `net.bridge.bridge-nf-call-${tool}`);
    const pods = used.reduce((n, b) => n + Math.max(b.pods.ipv4, b.pods.ipv6), 0);
    return fail({
      id: unloaded ? 'module' : 'off',
      severity: 'error',
      message: `${unloaded ? 'br_netfilter is not loaded' : `${keys.join(' and ')} ${keys.length === 1 ? 'is' : 'are'} 0`}, and the ${pods === 1 ? 'pod' : `${pods} pods`} of this node with an own network ${pods === 1 ? 'is' : 'are'} on the bridge ${names}: a pod that connects to a Service fails whenever the backend is another pod on the same bridge, since the answer skips kube-proxy's address translation (mode ${mode}; not if kube-proxy masquerades everything).`,
      data: { mode, calls, bridges: used },
      evidence: [
        first,
        ...rest,
        { source: used.map((b) => `ls /sys/class/net/${b.name}/brif`).join('; '), text: `${pods} with a pod behind` },
      ],
      fix: {
        say: 'Let bridges call netfilter, on all nodes and in the node template.',
        now: [...(unloaded ? ['modprobe br_netfilter'] : []), `sysctl -w ${keys.map((k) => `${k}=1`).join(' ')}`],
        persist: {
          file: '/etc/sysctl.d/99-z-netdoctor-bridge.conf',
          content: keys.map((k) => `${k} = 1\n`).join(''),
        },
        ...(unloaded
          ? {
              examples: [
                { about: '/etc/modules-load.d/netdoctor.conf, so that it is there at boot', text: 'br_netfilter\n' },
              ],
            }
          : {}),
        risk: 'none',
        covers: 'Policies of the firewall that then apply to packets between pods of one node too.',
      },
    });
  },
});
