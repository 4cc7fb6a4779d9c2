import { ipForward } from '../../../src/checks/kernel/ip-forward.ts';
import { ipForwarding } from '../../../src/facts/kernel/ip-forwarding.ts';
import { type Agent, agents } from '../../../src/facts/node/agents.ts';
import { podFamilies } from '../../../src/facts/node/pod-families.ts';
import { pods } from '../../../src/facts/workloads/pods.ts';
import { gap, given, testCheck } from '../../support/check-tester.ts';

const kubelet: Agent = { pid: 7, name: 'kubelet', flags: {}, config: {} };
const proxy: Agent = { pid: 8, name: 'kube-proxy', flags: {}, config: {} };

testCheck(ipForward, [
  {
    name: 'forwarding off on a Kubernetes node',
    facts: [given(agents, [kubelet]), given(ipForwarding, { ipv4: false, ipv6: false }), given(podFamilies, ['ipv4'])],
    expect: {
      status: 'fail',
      severity: 'error',
      data: { off: ['net.ipv4.ip_forward'] },
      now: ['sysctl -w net.ipv4.ip_forward=1'],
    },
  },
  {
    name: 'IPv6 off on a dual-stack node',
    facts: [
      given(agents, [kubelet]),
      given(ipForwarding, { ipv4: true, ipv6: false }),
      given(podFamilies, ['ipv4', 'ipv6']),
    ],
    expect: { status: 'fail', severity: 'error', data: { off: ['net.ipv6.conf.all.forwarding'] } },
  },
  {
    name: 'both off: one command for both',
    facts: [
      given(agents, [kubelet]),
      given(ipForwarding, { ipv4: false, ipv6: false }),
      given(podFamilies, ['ipv4', 'ipv6']),
    ],
    expect: {
      status: 'fail',
      severity: 'error',
      now: ['sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1'],
    },
  },
  {
    name: 'IPv6 off where no pod has IPv6',
    facts: [given(agents, [kubelet]), given(ipForwarding, { ipv4: true, ipv6: false }), given(podFamilies, ['ipv4'])],
    expect: { status: 'pass' },
  },
  {
    name: 'a kernel without IPv6',
    facts: [
      given(agents, [kubelet]),
      given(ipForwarding, { ipv4: true, ipv6: null }),
      given(podFamilies, ['ipv4', 'ipv6']),
    ],
    expect: { status: 'pass' },
  },
  {
    name: 'the API has no such node, but k3s runs here: families by the addresses',
    facts: [
      given(agents, [proxy, { ...kubelet, name: 'k3s-server' }]),
      given(ipForwarding, { ipv4: false, ipv6: null }),
      given(podFamilies, ['ipv4']),
    ],
    expect: { status: 'fail', severity: 'error' },
  },
  {
    name: 'IPv6 off, and whether pods have IPv6 was not asked',
    facts: [given(agents, [kubelet]), given(ipForwarding, { ipv4: true, ipv6: false }), gap(podFamilies, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  {
    name: 'IPv4 off, and the families were not asked: told all the same, with its condition',
    facts: [
      given(agents, [kubelet]),
      given(ipForwarding, { ipv4: false, ipv6: false }),
      gap(podFamilies, 'not-chosen'),
    ],
    expect: { status: 'fail', severity: 'error', data: { off: ['net.ipv4.ip_forward'] }, message: /IPv6 only/ },
  },
  {
    name: 'OVN-Kubernetes keeps the global switch off by design',
    facts: [
      given(agents, [kubelet, { ...kubelet, name: 'ovnkube' }]),
      given(ipForwarding, { ipv4: false, ipv6: false }),
      given(podFamilies, ['ipv4']),
    ],
    expect: { status: 'not-applicable', message: /OVN-Kubernetes/ },
  },
  {
    name: 'all on: nobody needs to know the families',
    facts: [given(agents, [kubelet]), given(ipForwarding, { ipv4: true, ipv6: true }), gap(podFamilies, 'not-chosen')],
    expect: { status: 'pass' },
  },
  {
    name: 'a machine that is no node',
    facts: [given(agents, [proxy]), given(ipForwarding, { ipv4: false, ipv6: false }), given(podFamilies, ['ipv4'])],
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a kubelet of another name: the API knows the node',
    facts: [
      given(agents, []),
      given(pods, []),
      given(ipForwarding, { ipv4: false, ipv6: false }),
      given(podFamilies, ['ipv4']),
    ],
    expect: { status: 'fail', severity: 'error' },
  },
  {
    name: 'the sysctl could not be read',
    facts: [given(agents, [kubelet]), gap(ipForwarding, 'forbidden'), given(podFamilies, ['ipv4'])],
    expect: { status: 'unknown', message: /kernel\/ip-forwarding is missing/ },
  },
]);
