import { describe, expect, it } from 'vitest';
import { kubeJson } from '../../src/probes/kube-json.ts';
import { metricsAddressKube } from '../../src/probes/kube-proxy/metrics-address.kube.ts';
import { podFamiliesKube } from '../../src/probes/node/pod-families.kube.ts';
import { backendsKube } from '../../src/probes/services/backends.kube.ts';
import { nodePortRangeKube } from '../../src/probes/services/node-port-range.kube.ts';
import { nodePortRangeProc } from '../../src/probes/services/node-port-range.proc.ts';
import { nodePortsKube } from '../../src/probes/services/node-ports.kube.ts';
import { podsKube } from '../../src/probes/workloads/pods.kube.ts';
import { probeFailuresKube } from '../../src/probes/workloads/probe-failures.kube.ts';
import { json, kindOf, none, said, told } from './raws.ts';

const byDefault = {
  range: [30000, 32767],
  source: expect.stringMatching(/^Kubernetes' default, since pod kube-system\//),
};

describe('the body of an answer', () => {
  it.each(['', 'x', '[]', '1', '"x"', 'null', 'true', '{"a":'])('%j is none', (text) =>
    expect(kindOf(kubeJson(said(text)))).toBe('unparsable'),
  );
  it('comes with the clock of the server', () =>
    expect(kubeJson(said('{"a":1}'))).toEqual({ ok: true, value: { body: { a: 1 }, serverMs: 1000 } }));
});

describe('NodePorts', () => {
  const service = (name: string, spec: object): object => ({ metadata: { namespace: 'shop', name }, spec });
  const ports = (...items: object[]): unknown => told(nodePortsKube.parse({ services: json({ items }) }));
  it('of NodePort and LoadBalancer Services, in the order of ports', () => {
    const web = service('web', {
      type: 'LoadBalancer',
      ports: [{ nodePort: 31055 }, { nodePort: 30000, protocol: 'UDP' }],
      healthCheckNodePort: 32767,
    });
    expect(
      ports(
        web,
        service('both', {
          ports: [
            { nodePort: 30000, protocol: 'TCP' },
            { nodePort: 30001, protocol: 'SCTP' },
          ],
        }),
      ),
    ).toEqual([
      { port: 30000, protocol: 'TCP', service: 'shop/both', kind: 'nodePort' },
      { port: 30000, protocol: 'UDP', service: 'shop/web', kind: 'nodePort' },
      { port: 30001, protocol: 'SCTP', service: 'shop/both', kind: 'nodePort' },
      { port: 31055, protocol: 'TCP', service: 'shop/web', kind: 'nodePort' },
      { port: 32767, protocol: 'TCP', service: 'shop/web', kind: 'healthCheckNodePort' },
    ]);
  });
  it('none', () =>
    expect(
      ports(service('ip', { ports: [{ port: 80 }, { nodePort: 0 }], healthCheckNodePort: 0 }), service('external', {})),
    ).toEqual([]));
});

it('backends, by their Services', () => {
  const items = [
    {
      metadata: { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [
        { addresses: ['10.244.1.9', 'FD00::9'], targetRef: { kind: 'Pod', name: 'web-5' } },
        { addresses: ['10.0.0.7', 'example.com'], targetRef: { kind: 'Node', name: 'n' } },
        { addresses: null },
      ],
    },
    { metadata: { namespace: 'x' }, endpoints: null },
  ];
  expect(told(backendsKube.parse({ slices: json({ items }) }))).toEqual([
    { ip: '10.244.1.9', service: 'shop/web', pod: 'shop/web-5' },
    { ip: 'fd00::9', service: 'shop/web', pod: 'shop/web-5' },
    { ip: '10.0.0.7', service: 'shop/web', pod: null },
  ]);
});

describe('the NodePort range', () => {
  const apiserver = (...words: string[]): object => ({
    items: [{ metadata: { name: 'kube-apiserver-a' }, spec: { containers: [{ command: words }] } }],
  });
  const kubeadm = (text: string): object => ({ data: { ClusterConfiguration: text } });
  const ofPod = (a: number, b: number) => ({
    range: [a, b],
    source: '--service-node-port-range of pod kube-system/kube-apiserver-a',
  });
  const ofMap = (a: number, b: number) => ({ range: [a, b], source: 'ConfigMap kube-system/kubeadm-config' });
  it.each([
    [
      'flag with =',
      json(apiserver('kube-apiserver', '--service-node-port-range=20000-22767')),
      none(),
      ofPod(20000, 22767),
    ],
    [
      'flag and word',
      json(apiserver('kube-apiserver', '--service-node-port-range', '20000-22767')),
      none(),
      ofPod(20000, 22767),
    ],
    [
      'in args',
      json({
        items: [
          {
            metadata: { name: 'kube-apiserver-a' },
            spec: { containers: [{ args: ['--service-node-port-range=1-65535'] }] },
          },
        ],
      }),
      none(),
      ofPod(1, 65535),
    ],
    ['flag without a word', json(apiserver('kube-apiserver', '--service-node-port-range')), none(), 'absent'],
    ['flag with nonsense', json(apiserver('--service-node-port-range=a-b')), none(), 'absent'],
    ['another flag that begins so: the default', json(apiserver('--service-node-port-range-x=1-2')), none(), byDefault],
    ['no flag: the default', json(apiserver('kube-apiserver', '--v=2')), none(), byDefault],
    [
      'no flag, kubeadm v1beta3',
      json(apiserver('kube-apiserver')),
      json(kubeadm('apiServer:\n  extraArgs:\n    service-node-port-range: "20000-22767"\n')),
      ofMap(20000, 22767),
    ],
    [
      'no flag, kubeadm v1beta4',
      json(apiserver('kube-apiserver')),
      json(kubeadm('extraArgs:\n- name: service-node-port-range\n  value: 20000-22767\n')),
      ofMap(20000, 22767),
    ],
    ['a managed control plane', json({ items: [] }), none(), 'absent'],
    [
      'pods forbidden, kubeadm known',
      none('forbidden'),
      json(kubeadm('service-node-port-range: 20000-22767')),
      ofMap(20000, 22767),
    ],
    ['both forbidden', none('forbidden'), none('forbidden'), 'forbidden'],
  ])('%s', (_, pods, map, want) => expect(kindOf(nodePortRangeKube.parse({ pods, kubeadm: map }))).toEqual(want));

  it.each([
    [
      said('agent\t7\tkube-apiserver\nflag\t7\tservice-node-port-range=20000-22767\n'),
      { range: [20000, 22767], source: '--service-node-port-range of kube-apiserver, pid 7' },
    ],
    [
      said('agent\t7\tkube-apiserver\n'),
      { range: [30000, 32767], source: expect.stringMatching(/^Kubernetes' default, since kube-apiserver, pid 7/) },
    ],
    [said(''), 'absent'],
    [none('timeout'), 'timeout'],
  ])('of the process: %#', (list, want) => expect(kindOf(nodePortRangeProc.parse({ list }))).toEqual(want));
});

describe("kube-proxy's metrics address", () => {
  const config = (line: string): unknown =>
    kindOf(
      metricsAddressKube.parse({
        config: json({ data: { 'config.conf': `kind: KubeProxyConfiguration\n${line}\nmode: ipvs\n` } }),
      }),
    );
  it.each([
    ['metricsBindAddress: 127.0.0.1:10249', '127.0.0.1:10249'],
    ['metricsBindAddress: "10.0.0.5:9999"', '10.0.0.5:9999'],
    ["metricsBindAddress: '[fd00::5]:10249'", '[fd00::5]:10249'],
    ['metricsBindAddress: 0.0.0.0:10249', '127.0.0.1:10249'],
    ['metricsBindAddress: "[::]:10249"', '127.0.0.1:10249'],
    ['metricsBindAddress: ":10249"', '127.0.0.1:10249'],
    ['metricsBindAddress: ""', 'unsupported'],
    ['metricsBindAddress: 10249', 'unsupported'],
    ['  metricsBindAddress: 127.0.0.1:1', 'unsupported'],
    ['', 'unsupported'],
    ['metricsBindAddress: $(id):1', 'unsupported'],
    ['metricsBindAddress: `id`:1', 'unsupported'],
    ["metricsBindAddress: a';id;':1", 'unsupported'],
  ])('%s', (line, want) => expect(config(line)).toBe(want));
});

describe('pods', () => {
  it('with all that is kept of them', () => {
    const item = {
      metadata: { namespace: 'shop', name: 'cart-7', uid: 'u' },
      spec: {
        hostNetwork: true,
        containers: [
          { ports: [{ containerPort: 8080, hostPort: 80, protocol: 'UDP' }, { containerPort: 0 }, { name: 'x' }] },
          {},
        ],
        initContainers: [{ ports: [{ containerPort: 1 }] }],
      },
      status: {
        podIPs: [{ ip: '10.244.21.4' }, { ip: 'FD00::4' }, { ip: '' }],
        containerStatuses: [
          { containerID: 'containerd://abc', state: { running: { startedAt: '2026-11-23T20:00:00Z' } } },
          { containerID: '', state: { waiting: {} } },
          { containerID: 'cri-o://def', state: { running: { startedAt: '2026-11-23T20:00:05Z' } } },
        ],
        initContainerStatuses: [{ containerID: 'docker://ghi' }],
      },
    };
    expect(told(podsKube.parse({ pods: json({ items: [item] }) }))).toEqual([
      {
        namespace: 'shop',
        name: 'cart-7',
        uid: 'u',
        workload: 'u',
        restarts: 0,
        hostNetwork: true,
        ips: ['10.244.21.4', 'fd00::4'],
        ports: [
          { port: 8080, hostPort: 80, protocol: 'UDP' },
          { port: 0, hostPort: 0, protocol: 'TCP' },
          { port: 1, hostPort: 0, protocol: 'TCP' },
        ],
        containerIds: ['abc', 'def', 'ghi'],
        startedAtMs: Date.UTC(2026, 10, 23, 20, 0, 5),
        sysctls: {},
        portRange: null,
        reservedPorts: [],
      },
    ]);
  });
  it('a static pod goes by the uid of its manifest, and is a workload of its own', () => {
    const metadata = {
      namespace: 'kube-system',
      name: 'etcd-n1',
      uid: 'mirror',
      annotations: { 'kubernetes.io/config.mirror': 'manifest' },
      ownerReferences: [{ uid: 'the-node' }],
    };
    expect(told(podsKube.parse({ pods: json({ items: [{ metadata }] }) }))).toMatchObject([
      { uid: 'manifest', workload: 'manifest' },
    ]);
  });
  it('pods of one controller are one workload, restarts of all containers count', () => {
    const metadata = { namespace: 'shop', name: 'cart-7', uid: 'u', ownerReferences: [{ uid: 'rs' }] };
    const status = { containerStatuses: [{ restartCount: 2 }, { restartCount: 1 }] };
    expect(told(podsKube.parse({ pods: json({ items: [{ metadata, status }] }) }))).toMatchObject([
      { uid: 'u', workload: 'rs', restarts: 3 },
    ]);
  });
  it('one that is only planned', () => {
    const [pod] = told(podsKube.parse({ pods: json({ items: [{ metadata: { name: 'x' } }] }) })) as object[];
    expect(pod).toMatchObject({ hostNetwork: false, ips: [], ports: [], containerIds: [], startedAtMs: null });
  });
});

describe('families of the pods', () => {
  const nobody = json({ items: [] });
  const running = (hostNetwork: boolean, ...ips: string[]) =>
    json({ items: [{ spec: { hostNetwork }, status: { podIPs: ips.map((ip) => ({ ip })) } }] });
  it.each([
    [json({ spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] } }), nobody, ['ipv4']],
    [json({ spec: { podCIDRs: ['fd00::/64', '10.244.1.0/24'] } }), nobody, ['ipv4', 'ipv6']],
    [json({ spec: { podCIDR: 'fd00::/64' } }), none('forbidden'), ['ipv6']],
    [json({ spec: {} }), running(false, '10.1.2.3', 'fd00::4'), ['ipv4', 'ipv6']],
    [json({ spec: {} }), running(true, '10.1.2.3'), 'unsupported'],
    [json({ spec: {} }), none('forbidden'), 'unsupported'],
    [none('forbidden'), nobody, 'forbidden'],
  ])('%#', (node, pods, want) => expect(kindOf(podFamiliesKube.parse({ node, pods }))).toEqual(want));
});

describe('failures of probes', () => {
  const event = (more: object): object => ({
    involvedObject: { namespace: 'shop', name: 'cart-7', uid: 'u' },
    message: 'Readiness probe failed: x: i/o timeout',
    ...more,
  });
  const failures = (...items: object[]): unknown => told(probeFailuresKube.parse({ events: json({ items }) }));
  it.each([
    [
      'the old form',
      { count: 7, firstTimestamp: '2026-11-23T20:00:00Z', lastTimestamp: '2026-11-23T20:10:00Z' },
      7,
      20,
      10,
    ],
    [
      'the new form',
      {
        eventTime: '2026-11-23T20:00:00.000000Z',
        series: { count: 9, lastObservedTime: '2026-11-23T20:20:00.000000Z' },
      },
      9,
      20,
      20,
    ],
    ['the new form, once', { eventTime: '2026-11-23T20:01:00.000000Z', count: null, lastTimestamp: null }, 1, 20, 1],
  ])('%s', (_, times, count, h, m) => {
    expect(failures(event(times))).toEqual({
      failures: [
        {
          pod: 'shop/cart-7',
          podUid: 'u',
          probe: 'readiness',
          reason: 'timeout',
          message: 'Readiness probe failed: x: i/o timeout',
          count,
          lastAtMs: Date.UTC(2026, 10, 23, h, m),
        },
      ],
      serverNowMs: 1000,
    });
  });
  it('other events are none', () =>
    expect(failures(event({ message: 'Probe warning' }), {})).toEqual({ failures: [], serverNowMs: 1000 }));
});
