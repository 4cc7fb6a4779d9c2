import { expect, it } from 'vitest';
import { stuckHandshakes } from '../../../src/checks/ipvs/stuck-handshakes.ts';
import { type Handshakes, type HangingHandshake, handshakes } from '../../../src/facts/ipvs/handshakes.ts';
import { type ProxyMode, proxyMode } from '../../../src/facts/kube-proxy/mode.ts';
import { agents } from '../../../src/facts/node/agents.ts';
import { clusterIps } from '../../../src/facts/services/cluster-ips.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';

const mode = (m: ProxyMode['mode'], leftoverServers = 0): Given =>
  given(proxyMode, { mode: m, source: 'a test', replacedBy: null, leftoverServers });
const vip = { ip: '10.96.0.1', port: 443 };
const api = { ip: '10.123.0.1', port: 6443 };
const stuck: HangingHandshake = {
  protocol: 'TCP',
  client: { ip: '10.96.0.1', port: 38384 },
  virtual: vip,
  backend: api,
  state: 'SYN_RECV',
  local: true,
  quietSeconds: 1,
  replyTo: '10.96.0.1',
};
const over: Handshakes['through'][number] = { virtual: vip, backend: api, local: true, quietSeconds: 0 };
const node = (h: Partial<Handshakes>, more: readonly Given[] = []): Given[] => [
  ...new Map<string, Given>(
    [
      mode('ipvs'),
      given(handshakes, { seconds: 2, hanging: [], through: [], ...h }),
      given(clusterIps, [
        { service: 'default/kubernetes', ip: '10.96.0.1', ageSeconds: null },
        { service: 'shop/web', ip: '10.96.5.5', ageSeconds: null },
        { service: 'shop/web', ip: 'fd00::5', ageSeconds: null },
      ]),
      given(agents, [{ pid: 215, name: 'kube-proxy', flags: {}, config: {} }]),
      ...more,
    ].map((g) => [g[0], g]),
  ).values(),
];

testCheck(stuckHandshakes, [
  {
    name: "the API server's VIP, not masqueraded",
    facts: node({ hanging: [stuck, { ...stuck, client: { ip: '10.96.0.1', port: 38378 } }] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      messageId: 'own',
      message:
        /^2 of this node's own connections to 10\.96\.0\.1:443 \(the API server, Service default\/kubernetes\) hang .* KUBE-CLUSTER-IP/,
      data: { service: 'default/kubernetes', count: 2, masqueraded: false },
      now: ['kill 215'],
    },
  },
  {
    name: 'not masqueraded from another address, and no kube-proxy there to start anew',
    facts: node({ hanging: [{ ...stuck, client: { ip: '10.0.0.5', port: 40000 }, replyTo: '10.0.0.5' }] }, [
      given(agents, []),
    ]),
    expect: { status: 'fail', severity: 'warning', message: /source 10\.0\.0\.5 was not masqueraded/ },
  },
  {
    name: 'masqueraded: the backend does not answer',
    facts: node({ hanging: [{ ...stuck, replyTo: '10.123.0.21' }] }, [gap(clusterIps)]),
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /masqueraded, so 10\.123\.0\.1:6443 itself/,
      data: { service: null },
    },
  },
  {
    name: 'conntrack could not be read',
    facts: node({ hanging: [{ ...stuck, replyTo: null }] }),
    expect: {
      status: 'fail',
      severity: 'warning',
      message: /Either that is missing, or 10\.123\.0\.1:6443 does not answer; conntrack/,
    },
  },
  {
    name: 'conntrack could not be read, from another address',
    facts: node({ hanging: [{ ...stuck, client: { ip: '10.0.0.5', port: 4 }, replyTo: null }] }),
    expect: { status: 'fail', severity: 'warning', message: /Either its SYN-ACK goes astray/ },
  },
  {
    name: "a pod's or an outside client's: a note",
    facts: node({
      hanging: [
        {
          ...stuck,
          client: { ip: '10.244.1.9', port: 4 },
          virtual: { ip: '10.96.5.5', port: 80 },
          local: false,
          replyTo: null,
        },
      ],
    }),
    expect: {
      status: 'fail',
      severity: 'info',
      messageId: 'others',
      message: /connections from 10\.244\.1\.9 and such to 10\.96\.5\.5:80 \(Service shop\/web\)/,
    },
  },
  {
    name: 'just within the longest time between two SYNs',
    facts: node({ hanging: [{ ...stuck, quietSeconds: 35 }] }),
    expect: { status: 'fail', severity: 'warning', message: /last SYN 35 s ago/ },
  },
  {
    name: 'nobody sends a SYN any more',
    facts: node({ hanging: [{ ...stuck, quietSeconds: 36 }] }),
    expect: { status: 'pass' },
  },
  {
    name: 'one got through after the last SYN: a note',
    facts: node({ hanging: [{ ...stuck, quietSeconds: 10 }], through: [{ ...over, quietSeconds: 9 }] }),
    expect: { status: 'fail', severity: 'info', message: /Later ones got through/ },
  },
  {
    name: 'one got through before it',
    facts: node({ hanging: [{ ...stuck, quietSeconds: 10 }], through: [{ ...over, quietSeconds: 10 }] }),
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'others got through, or by another way',
    facts: node({
      hanging: [{ ...stuck, quietSeconds: 10 }],
      through: [
        { ...over, local: false },
        { ...over, virtual: { ip: '10.96.0.2', port: 443 } },
        { ...over, virtual: { ip: '10.96.0.1', port: 444 } },
        { ...over, backend: { ip: '10.123.0.2', port: 6443 } },
        { ...over, backend: { ip: '10.123.0.1', port: 6444 } },
      ],
    }),
    expect: { status: 'fail', severity: 'warning' },
  },
  { name: 'nothing hangs', facts: node({}), expect: { status: 'pass', message: /2\.0 s/ } },
  {
    name: 'one look only, as the user wanted',
    facts: node({}, [gap(handshakes, 'not-chosen')]),
    expect: { status: 'skipped' },
  },
  { name: 'too many', facts: node({}, [gap(handshakes, 'truncated')]), expect: { status: 'unknown' } },
  { name: 'no mode', facts: node({}, [gap(proxyMode)]), expect: { status: 'unknown' } },
  {
    name: 'left over from IPVS mode',
    facts: node({ hanging: [stuck] }, [mode('iptables', 3)]),
    expect: { status: 'fail', severity: 'warning' },
  },
  {
    name: 'not IPVS',
    facts: node({ hanging: [stuck] }, [mode('iptables')]),
    expect: { status: 'not-applicable', message: /iptables/ },
  },
]);

it("tells of the API server's VIP first, then of this node's others, then of others'", () => {
  const other = { ...stuck, virtual: { ip: '10.96.5.5', port: 80 } };
  const found = run(stuckHandshakes, node({ hanging: [{ ...other, local: false }, other, stuck] }));
  expect(
    found.map((f) => (f.status === 'fail' ? `${f.severity} ${(f.data as { service: string }).service}` : f.status)),
  ).toEqual(['warning default/kubernetes', 'warning shop/web', 'info shop/web']);
});
