import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachTargetsOf } from '../../src/parsers/reach-targets.ts';

const service = (namespace: string, name: string, spec: object, labels: object = {}): object => ({
  metadata: { namespace, name, labels },
  spec,
});
const slice = (namespace: string, name: string, ports: readonly object[], endpoints: readonly object[]): object => ({
  metadata: { namespace, labels: { 'kubernetes.io/service-name': name } },
  ports,
  endpoints,
});
const at = (address: string, pod: string | null, nodeName: string | null, more: object = {}): object => ({
  addresses: [address],
  ...(pod === null ? {} : { targetRef: { kind: 'Pod', name: pod } }),
  ...(nodeName === null ? {} : { nodeName }),
  ...more,
});
const https = [{ name: 'https', port: 6443, protocol: 'TCP' }];
const web = [{ name: '', port: 8080 }];
const dnsPorts = [
  { name: 'dns', port: 53, protocol: 'UDP' },
  { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  { name: 'metrics', port: 9153, protocol: 'TCP' },
];
const kubernetes = service('default', 'kubernetes', {
  clusterIP: '10.96.0.1',
  clusterIPs: ['10.96.0.1'],
  ports: [{ name: 'https', port: 443, protocol: 'TCP' }],
});
const kubeDns = service(
  'kube-system',
  'kube-dns',
  { clusterIP: '10.96.0.10', ports: dnsPorts },
  { 'k8s-app': 'kube-dns' },
);
const apiserver = slice('default', 'kubernetes', https, [at('10.0.0.1', null, null)]);
const dnsSlice = (...endpoints: object[]): object => slice('kube-system', 'kube-dns', dnsPorts, endpoints);
const short = (services: readonly unknown[], slices: readonly unknown[]): string[] =>
  reachTargetsOf(services, slices).map(
    (t) => `${t.kind} ${t.ip}:${t.port}/${t.protocol} ${t.pod ?? t.service}${t.node ? ` ${t.node}` : ''}`,
  );

describe('the addresses that must answer', () => {
  it('are the two Services with what is ready behind them', () => {
    const slices = [
      apiserver,
      dnsSlice(
        at('10.244.1.2', 'coredns-a', 'n1'),
        at('10.244.2.2', 'coredns-b', 'n2', { conditions: { ready: false } }),
      ),
    ];
    expect(short([kubernetes, kubeDns], slices)).toEqual([
      'api-vip 10.96.0.1:443/TCP default/kubernetes',
      'api-endpoint 10.0.0.1:6443/TCP default/kubernetes',
      'dns-vip 10.96.0.10:53/UDP kube-system/kube-dns',
      'dns-vip 10.96.0.10:53/TCP kube-system/kube-dns',
      'dns-pod 10.244.1.2:53/UDP kube-system/coredns-a n1',
      'dns-pod 10.244.1.2:53/TCP kube-system/coredns-a n1',
    ]);
  });

  it('are none of a Service that has nothing ready behind it, of one family only what is behind, and none of one that is Local', () => {
    const dual = service('kube-system', 'coredns', {
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10', 'fd00::a'],
      ports: dnsPorts,
    });
    const slices = [slice('kube-system', 'coredns', dnsPorts, [at('fd00::2', 'c', 'n1')])];
    expect(short([kubernetes, dual], slices).filter((t) => t.includes('vip'))).toEqual([
      'dns-vip fd00::a:53/UDP kube-system/coredns',
      'dns-vip fd00::a:53/TCP kube-system/coredns',
    ]);
    const local = service('kube-system', 'kube-dns', {
      clusterIP: '10.96.0.10',
      ports: dnsPorts,
      internalTrafficPolicy: 'Local',
    });
    expect(short([local], [dnsSlice(at('10.244.1.2', 'c', 'n1'))]).filter((t) => t.includes('vip'))).toEqual([]);
    const headless = service('kube-system', 'kube-dns', { clusterIP: 'None', ports: dnsPorts });
    expect(short([headless], [dnsSlice(at('10.244.1.2', 'c', 'n1'))])).toEqual([
      'pod 10.244.1.2:53/TCP kube-system/c n1',
    ]);
  });

  it('by the target ports of the DNS pods, as on OpenShift', () => {
    const ports = dnsPorts.map((p) => ({ ...p, port: p.port === 53 ? 5353 : p.port }));
    const dns = service('openshift-dns', 'dns-default', { clusterIP: '172.30.0.10', ports: dnsPorts });
    expect(short([dns], [slice('openshift-dns', 'dns-default', ports, [at('10.128.0.3', 'd', 'n1')])])).toEqual([
      'dns-vip 172.30.0.10:53/UDP openshift-dns/dns-default',
      'dns-vip 172.30.0.10:53/TCP openshift-dns/dns-default',
      'dns-pod 10.128.0.3:5353/UDP openshift-dns/d n1',
      'dns-pod 10.128.0.3:5353/TCP openshift-dns/d n1',
    ]);
  });

  it('of pods two of each node, first of Services that have pods on many nodes, each of another Service', () => {
    const slices = [
      dnsSlice(at('10.244.1.2', 'coredns-a', 'n1')),
      slice('a', 'lonely', web, [at('10.244.2.3', 'lonely', 'n2')]),
      slice('b', 'wide', web, [
        at('10.244.2.4', 'wide-1', 'n2'),
        at('10.244.3.4', 'wide-2', 'n3'),
        at('10.244.2.5', 'wide-3', 'n2'),
      ]),
      slice('c', 'udp', [{ port: 5000, protocol: 'UDP' }], [at('10.244.4.4', 'udp', 'n4')]),
      slice('c', 'sctp', [{ port: 5000, protocol: 'SCTP' }], [at('10.244.4.5', 'sctp', 'n4')]),
    ];
    expect(short([kubeDns], slices).filter((t) => t.startsWith('pod'))).toEqual([
      'pod 10.244.2.4:8080/TCP b/wide-1 n2',
      'pod 10.244.2.3:8080/TCP a/lonely n2',
      'pod 10.244.3.4:8080/TCP b/wide-2 n3',
    ]);
  });

  it('of pods not those with the network of their host, as far as that shows', () => {
    const slices = [
      apiserver,
      dnsSlice(at('10.244.1.2', 'coredns-a', 'n1')),
      slice('m', 'exporter', web, [
        at('10.0.0.2', 'exporter', 'n2'),
        at('10.0.0.3', 'e3', 'n3'),
        at('10.0.0.1', 'e1', 'n1'),
      ]),
      slice('m', 'agent', web, [at('10.0.0.2', 'agent', 'n2')]),
      slice('z', 'web', web, [at('10.244.3.4', 'web', 'n3')]),
      slice('z', 'six', web, [
        at('fd00:10::4', 'six', 'n5'),
        at('example.com', 'name', 'n5'),
        at('10.244.9.9', null, 'n5'),
      ]),
    ];
    expect(short([kubernetes, kubeDns], slices).filter((t) => t.startsWith('pod'))).toEqual([
      'pod 10.244.3.4:8080/TCP z/web n3',
      'pod 10.0.0.3:8080/TCP m/e3 n3',
      'pod fd00:10::4:8080/TCP z/six n5',
    ]);
  });

  it('of any answer', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.jsonValue()), (services, slices) => {
        expect(Array.isArray(reachTargetsOf([...services, kubeDns], [...slices, apiserver]))).toBe(true);
      }),
    );
  });
});
