import { vipUnreachable } from '../../../src/checks/service/vip-unreachable.ts';
import { type KubeProxyMode, proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { policies } from '../../../src/facts/network/policies.ts';
import { agents } from '../../../src/facts/node/agents.ts';
import { type ReachTarget, reachTargets } from '../../../src/facts/services/reach-targets.ts';
import { type Reachability, type ReachRow, reachability } from '../../../src/facts/services/reachability.ts';
import { type Given, gap, given, testCheck } from '../../support/check-tester.ts';

type Result = ReachRow['result'];
const errors: Partial<Record<Result, string>> = {
  refused: "nc: can't connect to remote host (10.0.0.1): Connection refused",
  timeout: 'nc: timed out',
  unreachable: "nc: can't connect to remote host (10.0.0.1): No route to host",
  failed: 'Operation not permitted',
};
const row = (
  kind: ReachRow['kind'],
  address: string,
  port: number,
  result: Result,
  more: Partial<ReachRow> = {},
): ReachRow => ({
  kind,
  protocol: 'TCP',
  address,
  port,
  result,
  tries: result === 'answers' ? 1 : 2,
  ms: result === 'timeout' ? 3000 : 10,
  error: errors[result] ?? '',
  route: result === 'answers' ? '' : `${address} via 10.0.0.254 dev eth0`,
  ...more,
});
const udp = { protocol: 'UDP', error: ';; connection timed out; no servers could be reached' } as const;

const vip = (r: Result): ReachRow => row('api-vip', '10.96.0.1', 443, r);
const api = (r: Result, address = '10.0.0.1'): ReachRow => row('api-endpoint', address, 6443, r);
const dns = (r: Result): ReachRow => row('dns-vip', '10.96.0.10', 53, r);
const dnsUdp = (r: Result): ReachRow => row('dns-vip', '10.96.0.10', 53, r, udp);
const coredns = (r: Result, address = '10.244.1.2'): ReachRow => row('dns-pod', address, 53, r);
const corednsUdp = (r: Result, address = '10.244.1.2'): ReachRow => row('dns-pod', address, 53, r, udp);
const kubelet = (r: Result): ReachRow => row('kubelet', '10.0.0.5', 10250, r);
const pod = (address: string, r: Result, more: Partial<ReachRow> = {}): ReachRow => row('pod', address, 8080, r, more);

const target = (r: ReachRow, service: string, name: string | null, node: string | null): ReachTarget => ({
  kind: r.kind,
  protocol: r.protocol,
  ip: r.address,
  port: r.port,
  service,
  pod: name,
  node,
});
const named: readonly ReachTarget[] = [
  target(vip('answers'), 'default/kubernetes', null, null),
  target(api('answers'), 'default/kubernetes', null, null),
  target(api('answers', '10.0.0.2'), 'default/kubernetes', null, null),
  ...[dns('answers'), dnsUdp('answers')].map((r) => target(r, 'kube-system/kube-dns', null, null)),
  ...[coredns('answers'), corednsUdp('answers')].map((r) =>
    target(r, 'kube-system/kube-dns', 'kube-system/dns-a', 'n2'),
  ),
  target(coredns('answers', '10.244.3.2'), 'kube-system/kube-dns', 'kube-system/dns-b', 'n3'),
  target(corednsUdp('answers', '10.244.3.2'), 'kube-system/kube-dns', 'kube-system/dns-b', 'n3'),
  target(pod('10.244.2.7', 'answers'), 'shop/web', 'shop/web-1', 'n2'),
  target(pod('10.244.2.8', 'answers'), 'bank/db', 'bank/db-1', 'n2'),
  target(pod('10.244.3.7', 'answers'), 'shop/web', 'shop/web-2', 'n3'),
];

const by = { tcp: 'nc -w 3 ADDRESS PORT -e true', udp: 'nslookup NAME ADDRESS' };
const found = (...rows: readonly ReachRow[]): Given => given(reachability, { rows, by, notKnown: [] });
const mode = (m: KubeProxyMode): Given =>
  given(proxyMode, { mode: m, source: 'test', replacedBy: null, leftoverServers: 0 });
const names = given(reachTargets, named);
const dnsWell = [dns('answers'), dnsUdp('answers'), coredns('answers'), corednsUdp('answers')];
const apiWell = [vip('answers'), api('answers')];
const well = [...apiWell, ...dnsWell, kubelet('answers')];
const kubeletRuns = given(agents, [{ pid: 7, name: 'kubelet', flags: {}, config: {} }]);
const calico = given(agents, [{ pid: 8, name: 'calico-node', flags: {}, config: {} }]);
const noPolicies = given(policies, []);
const localNotKnown: Given = given(reachability, {
  rows: [api('answers'), dns('answers')],
  by,
  notKnown: [{ kind: 'api-vip', why: 'no rule was seen' }],
});
const noKubelet = given<Reachability>(reachability, {
  rows: [],
  by,
  notKnown: [{ kind: 'kubelet', why: 'no process named kubelet runs here' }],
});

testCheck(vipUnreachable, [
  {
    name: 'everything answers',
    facts: [found(...well, pod('10.244.2.7', 'answers')), names],
    expect: { status: 'pass', message: /^8 of 8 addresses answer, the slowest in 10 ms$/ },
  },
  {
    name: 'a pod that refuses has been reached',
    facts: [found(...well, pod('10.244.2.7', 'refused')), names],
    expect: { status: 'pass' },
  },
  {
    name: 'one of several API servers is down, and the Service answers',
    facts: [found(vip('answers'), api('answers'), api('timeout', '10.0.0.2')), names],
    expect: { status: 'pass', message: /not directly: .*10\.0\.0\.2/ },
  },
  {
    name: "kubelet's port is none of this check's business",
    facts: [found(...apiWell, kubelet('refused')), names],
    expect: { status: 'pass' },
  },
  {
    name: 'incident I2: in ipvs mode the Service of the API server alone does not answer',
    facts: [found(vip('timeout'), api('answers'), ...dnsWell), names, mode('ipvs')],
    expect: { status: 'fail', severity: 'critical', messageId: 'masquerade', message: /masquerading/ },
  },
  {
    name: 'the same where the mode is not known: told with its condition',
    facts: [found(vip('timeout'), api('answers'), ...dnsWell), names, gap(proxyMode)],
    expect: { status: 'fail', severity: 'critical', messageId: 'masquerade', message: /if kube-proxy's mode is ipvs/ },
  },
  {
    name: 'the same in iptables mode is another fault',
    facts: [found(vip('timeout'), api('answers'), ...dnsWell), names, mode('iptables')],
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'api-vip',
      data: { rows: [{ kind: 'api-vip', result: 'timeout' }, { result: 'answers' }, {}, {}, {}, {}] },
    },
  },
  {
    name: 'neither Service answers, and what is behind both does',
    facts: [
      found(
        vip('refused'),
        api('answers'),
        dns('timeout'),
        dnsUdp('timeout'),
        coredns('answers'),
        corednsUdp('answers'),
      ),
      names,
      mode('nftables'),
    ],
    expect: { status: 'fail', severity: 'critical', messageId: 'data-plane', message: /neither does the DNS Service/ },
  },
  {
    name: 'the same in ipvs mode names both causes',
    facts: [found(vip('timeout'), api('answers'), dns('timeout'), coredns('answers')), names, mode('ipvs')],
    expect: { status: 'fail', severity: 'critical', messageId: 'data-plane', message: /masquerading/ },
  },
  {
    name: 'there is no DNS Service',
    facts: [found(vip('timeout'), api('answers')), names, mode('none')],
    expect: { status: 'fail', severity: 'critical', messageId: 'data-plane' },
  },
  {
    name: 'a DNS Service whose pods do not answer either says nothing of the rules',
    facts: [found(vip('timeout'), api('answers'), dns('timeout'), coredns('timeout')), names, mode('iptables'), calico],
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'data-plane',
      message: /does not \(10\.96\.0\.1[^)]*\): the/,
    },
  },
  {
    name: 'the API server cannot be reached at all (--local: no names)',
    facts: [found(vip('timeout'), api('timeout'), dns('answers'), kubelet('answers'))],
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'control-plane',
      message: /its Service .* cannot answer/,
    },
  },
  {
    name: 'the API server is down',
    facts: [found(api('refused'))],
    expect: { status: 'fail', severity: 'critical', messageId: 'control-plane', message: /nothing listens/ },
  },
  {
    name: "not even the node's own kubelet answers",
    facts: [found(vip('timeout'), api('timeout'), kubelet('timeout'))],
    expect: { status: 'fail', severity: 'critical', messageId: 'control-plane', message: /own kubelet/ },
  },
  {
    name: 'the Service does not answer, and some of what is behind it does not either',
    facts: [found(vip('timeout'), api('answers'), api('timeout', '10.0.0.2')), names],
    expect: { status: 'fail', severity: 'critical', messageId: 'endpoints-partly', message: /1 of 2/ },
  },
  {
    name: 'the Service does not answer, and what is behind it is not known',
    facts: [found(vip('timeout'))],
    expect: { status: 'fail', severity: 'critical', messageId: 'api-vip', message: /not known here/ },
  },
  {
    name: 'the DNS Service alone does not answer',
    facts: [
      found(...apiWell, dns('answers'), dnsUdp('timeout'), coredns('answers'), corednsUdp('answers')),
      names,
      mode('iptables'),
    ],
    expect: { status: 'fail', severity: 'critical', messageId: 'dns-vip', message: /10\.96\.0\.10:53\/UDP/ },
  },
  {
    name: 'the same where the mode is not known',
    facts: [found(...apiWell, dns('refused'), coredns('answers')), names],
    expect: { status: 'fail', severity: 'critical', messageId: 'dns-vip' },
  },
  {
    name: 'DNS over UDP fails everywhere, over TCP it works',
    facts: [
      found(...apiWell, dns('answers'), dnsUdp('failed'), coredns('answers'), corednsUdp('timeout')),
      names,
      kubeletRuns,
    ],
    expect: { status: 'fail', severity: 'critical', messageId: 'dns-udp' },
  },
  {
    name: 'one pod alone proves nothing',
    facts: [found(...well, pod('10.244.2.7', 'timeout')), names, kubeletRuns, noPolicies],
    expect: { status: 'unknown', message: /shop\/web-1 on n2.*NetworkPolicy/ },
  },
  {
    name: 'two pods of a node that has one that answers prove nothing',
    facts: [found(...well, pod('10.244.2.7', 'timeout'), pod('10.244.2.8', 'timeout')), names, kubeletRuns, noPolicies],
    expect: { status: 'unknown' },
  },
  {
    name: 'all pods of one node, without policies',
    facts: [
      found(
        ...apiWell,
        dns('answers'),
        coredns('timeout'),
        coredns('answers', '10.244.3.2'),
        pod('10.244.2.7', 'timeout'),
        pod('10.244.3.7', 'answers'),
      ),
      names,
      kubeletRuns,
      noPolicies,
    ],
    expect: { status: 'fail', severity: 'critical', messageId: 'no-way-to-node', message: /No pod on n2 answers/ },
  },
  {
    name: 'all pods of one node, with policies, but one has a brother that answers elsewhere',
    facts: [
      found(...apiWell, pod('10.244.2.7', 'timeout'), pod('10.244.2.8', 'unreachable'), pod('10.244.3.7', 'answers')),
      names,
      calico,
    ],
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'no-way-to-node',
      message: /shop\/web-2 of the same Service shop\/web answers on n3/,
    },
  },
  {
    name: 'all pods of one node, each with a policy in its namespace',
    facts: [
      found(...apiWell, pod('10.244.2.7', 'timeout'), pod('10.244.2.8', 'timeout')),
      names,
      kubeletRuns,
      given(policies, ['bank', 'shop']),
    ],
    expect: { status: 'unknown' },
  },
  {
    name: 'policies could not be read',
    facts: [
      found(...apiWell, pod('10.244.2.7', 'timeout'), pod('10.244.2.8', 'timeout')),
      names,
      kubeletRuns,
      gap(policies, 'forbidden'),
    ],
    expect: { status: 'unknown' },
  },
  {
    name: 'a CNI with policies of its own kinds',
    facts: [found(...apiWell, pod('10.244.2.7', 'timeout'), pod('10.244.2.8', 'timeout')), names, calico, noPolicies],
    expect: { status: 'unknown' },
  },
  {
    name: 'a pod without a route to it is enough',
    facts: [
      found(...apiWell, pod('10.244.2.7', 'unreachable', { error: 'nc: … Network is unreachable' })),
      names,
      calico,
    ],
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'no-way-to-pods',
      message: /has no route to 10\.244\.2\.7/,
    },
  },
  {
    name: 'pods of no other node answer, the DNS pods among them',
    facts: [
      found(
        ...apiWell,
        dns('timeout'),
        coredns('timeout'),
        coredns('timeout', '10.244.3.2'),
        pod('10.244.2.7', 'timeout'),
        pod('10.244.3.7', 'timeout'),
      ),
      names,
      kubeletRuns,
      noPolicies,
    ],
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'no-way-to-pods',
      message: /No pod on n2, n3 answers.*DNS Service does not answer for that reason/,
    },
  },
  {
    name: 'pods of many nodes',
    facts: [
      found(
        ...apiWell,
        ...[1, 2, 3, 4, 5, 6].flatMap((n) => [pod(`10.244.${n}.1`, 'timeout'), pod(`10.244.${n}.2`, 'timeout')]),
        pod('10.244.9.1', 'answers'),
      ),
      given(
        reachTargets,
        [1, 2, 3, 4, 5, 6, 9].flatMap((n) =>
          [1, 2].map((i) => target(pod(`10.244.${n}.${i}`, 'answers'), 'shop/web', `shop/w-${n}-${i}`, `n${n}`)),
        ),
      ),
      kubeletRuns,
      noPolicies,
    ],
    expect: {
      status: 'fail',
      severity: 'critical',
      messageId: 'no-way-to-node',
      message: /No pod on n1, n2, n3, n4, n5 and 1 more nodes answers .* pods on n9 do: .* those nodes is broken/,
    },
  },
  {
    name: 'without the API a DNS Service that alone does not answer proves nothing',
    facts: [found(...apiWell, dns('timeout'))],
    expect: { status: 'unknown' },
  },
  {
    name: "without the API the API server's Service may not be known",
    facts: [localNotKnown],
    expect: { status: 'unknown', message: /no rule was seen/ },
  },
  {
    name: 'a query that nothing could ask is left out',
    facts: [found(...apiWell, row('dns-vip', '10.96.0.10', 53, 'untested', udp))],
    expect: { status: 'pass', message: /^2 of 2/ },
  },
  {
    name: 'a name of the API server that could not be resolved, and nothing else',
    facts: [found(row('api-endpoint', 'api.example', 443, 'untested'))],
    expect: { status: 'unknown', message: /no address that could be tried/ },
  },
  {
    name: 'a machine that is no node',
    facts: [noKubelet, given(agents, [])],
    expect: { status: 'not-applicable', message: /no process named kubelet/ },
  },
  {
    name: 'a node whose kubelet is within another program',
    facts: [noKubelet, given(agents, [{ pid: 9, name: 'k3s-agent', flags: {}, config: {} }])],
    expect: { status: 'unknown', message: /no process named kubelet/ },
  },
  {
    name: 'a machine of which nobody knows what runs there',
    facts: [noKubelet, gap(agents, 'forbidden')],
    expect: { status: 'unknown' },
  },
  {
    name: 'nothing could be tried',
    facts: [gap(reachability, 'tool-missing')],
    expect: { status: 'unknown', message: /reachability is missing/ },
  },
  {
    name: 'the node was not read',
    facts: [gap(reachability, 'not-chosen')],
    expect: { status: 'skipped' },
  },
]);
