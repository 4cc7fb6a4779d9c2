import { bridgeNetfilter } from '../../../src/checks/kernel/bridge-netfilter.ts';
import { proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { type Bridge, bridgeNetfilter as bridges } from '../../../src/facts/network/bridge-netfilter.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const mode = (m: 'iptables' | 'ipvs' | 'nftables' | 'none', replacedBy: string | null = null) =>
  given(proxyMode, { mode: m, source: 'test', replacedBy, leftoverServers: 0 });
const cni0: Bridge = { name: 'cni0', pods: { ipv4: 3, ipv6: 0 }, calls: { ipv4: false, ipv6: false } };
const docker0: Bridge = { ...cni0, name: 'docker0', pods: { ipv4: 0, ipv6: 0 } };
const facts = (ipv4: boolean | null, ipv6: boolean | null, ...list: Bridge[]) =>
  given(bridges, { calls: { ipv4, ipv6 }, bridges: list });

testCheck(bridgeNetfilter, [
  {
    name: 'pods on a bridge, and the sysctl is 0',
    facts: [facts(false, true, cni0, docker0), mode('iptables')],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'off',
      message: /bridge-nf-call-iptables is 0, and the 3 pods .* on the bridge cni0/,
      now: ['sysctl -w net.bridge.bridge-nf-call-iptables=1'],
    },
  },
  {
    name: 'br_netfilter is not loaded, in ipvs mode, one pod',
    facts: [facts(null, null, { ...cni0, pods: { ipv4: 1, ipv6: 0 } }), mode('ipvs')],
    expect: {
      status: 'fail',
      severity: 'error',
      messageId: 'module',
      message: /^br_netfilter is not loaded, and the pod of this node .* is on the bridge/,
      now: ['modprobe br_netfilter', 'sysctl -w net.bridge.bridge-nf-call-iptables=1'],
    },
  },
  {
    name: 'off for IPv6 only, with pods that have IPv6, in nftables mode',
    facts: [facts(true, false, { ...cni0, pods: { ipv4: 3, ipv6: 3 } }), mode('nftables')],
    expect: {
      status: 'fail',
      severity: 'error',
      now: ['sysctl -w net.bridge.bridge-nf-call-ip6tables=1'],
    },
  },
  {
    name: 'off for both',
    facts: [facts(false, false, { ...cni0, pods: { ipv4: 3, ipv6: 3 } }), mode('iptables')],
    expect: {
      status: 'fail',
      severity: 'error',
      message: /iptables and net\.bridge\.bridge-nf-call-ip6tables are 0/,
      now: ['sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1'],
    },
  },
  {
    name: 'off for IPv6, and no pod has IPv6',
    facts: [facts(true, false, cni0), mode('iptables')],
    expect: { status: 'pass', message: /on for cni0/ },
  },
  {
    name: "the bridge's own switch is on",
    facts: [facts(false, false, { ...cni0, calls: { ipv4: true, ipv6: null } }), mode('iptables')],
    expect: { status: 'pass' },
  },
  {
    name: 'bridges without pods: docker, libvirt; or a CNI without bridge',
    facts: [facts(false, false, docker0), mode('iptables')],
    expect: { status: 'not-applicable', message: /no pod here/ },
  },
  {
    name: 'no kube-proxy',
    facts: [facts(null, null, cni0), mode('none', 'Cilium')],
    expect: { status: 'not-applicable', message: /Cilium does/ },
  },
  {
    name: 'no kube-proxy, and nothing else seen',
    facts: [facts(null, null, cni0), mode('none')],
    expect: { status: 'not-applicable' },
  },
  { name: 'bridges not read', facts: [gap(bridges), mode('iptables')], expect: { status: 'unknown' } },
  {
    name: 'mode not known',
    facts: [facts(false, false, cni0), gap(proxyMode)],
    expect: { status: 'unknown' },
  },
]);
