import type { ReachKind, ReachTarget } from '../facts/services/reach-targets.ts';
import { at, listAt, numberAt, textAt } from '../lib/json.ts';
import { ip } from './ip.ts';

/** A ready address behind a Service, with one of its ports. */
interface Behind {
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly portName: string;
  readonly service: string;
  readonly pod: string | null;
  readonly node: string | null;
}

const protocolOf = (port: unknown): 'TCP' | 'UDP' | null => {
  const text = textAt(port, 'protocol') || 'TCP';
  return text === 'TCP' || text === 'UDP' ? text : null;
};

const readyIn = (slice: unknown): Behind[] => {
  const namespace = textAt(slice, 'metadata', 'namespace');
  const service = `${namespace}/${textAt(slice, 'metadata', 'labels', 'kubernetes.io/service-name')}`;
  return listAt(slice, 'endpoints').flatMap((e) => {
    if (at(e, 'conditions', 'ready') === false) return [];
    const address = ip(textAt(e, 'addresses', 0));
    const name = textAt(e, 'targetRef', 'kind') === 'Pod' ? textAt(e, 'targetRef', 'name') : '';
    return listAt(slice, 'ports').flatMap((p) => {
      const [port, protocol] = [numberAt(p, 'port'), protocolOf(p)];
      if (address === null || !port || !protocol) return [];
      return [
        {
          ip: address,
          port,
          protocol,
          portName: textAt(p, 'name'),
          service,
          pod: name === '' ? null : `${namespace}/${name}`,
          node: textAt(e, 'nodeName') || null,
        },
      ];
    });
  });
};

/** kubeadm, k3s, RKE2 and most others label it so, whatever its name is; OpenShift does not. */
const isDns = (service: unknown): boolean =>
  textAt(service, 'metadata', 'labels', 'k8s-app') === 'kube-dns' ||
  ['kube-system/kube-dns', 'kube-system/coredns', 'openshift-dns/dns-default'].includes(nameOf(service));

const nameOf = (service: unknown): string =>
  `${textAt(service, 'metadata', 'namespace')}/${textAt(service, 'metadata', 'name')}`;

const target = (kind: ReachKind, b: Omit<Behind, 'portName'>): ReachTarget => ({
  kind,
  protocol: b.protocol,
  ip: b.ip,
  port: b.port,
  service: b.service,
  pod: b.pod,
  node: b.node,
});

/** The Service's own addresses, for those ports that something ready is behind. */
const vipsOf = (service: unknown, kind: ReachKind, behind: readonly Behind[]): ReachTarget[] => {
  // with the policy Local it answers only where it has a pod
  if (textAt(service, 'spec', 'internalTrafficPolicy') === 'Local') return [];
  const addresses = [...listAt(service, 'spec', 'clusterIPs'), textAt(service, 'spec', 'clusterIP')];
  const own = [...new Set(addresses.flatMap((a) => (typeof a === 'string' ? (ip(a) ?? []) : [])))];
  return listAt(service, 'spec', 'ports').flatMap((p) => {
    const [port, protocol] = [numberAt(p, 'port'), protocolOf(p)];
    if (!port || !protocol) return [];
    const families = new Set(
      behind.filter((b) => b.protocol === protocol && b.portName === textAt(p, 'name')).map((b) => b.ip.includes(':')),
    );
    return own
      .filter((address) => families.has(address.includes(':')))
      .map((address) => target(kind, { ip: address, port, protocol, service: nameOf(service), pod: null, node: null }));
  });
};

/** The first 16 bits of an IPv4 address, the first 32 of an IPv6 address: enough to tell pods from nodes in most clusters. */
const network = (address: string): string => address.split(address.includes(':') ? ':' : '.', 2).join('.');

/**
 * Of each node two pods: of Services that have pods on many nodes, since with a brother that answers elsewhere a NetworkPolicy can be
 * ruled out. EndpointSlices do not say which pods have the network of their host: an address that two pods have is one, and so is, most likely, one
 * unlike those of the DNS pods, which is taken last.
 */
const podsOf = (behind: readonly Behind[], dns: readonly Behind[], hosts: ReadonlySet<string>): ReachTarget[] => {
  const podsAt = new Map<string, Set<string>>();
  const nodesOf = new Map<string, Set<string>>();
  for (const b of behind) {
    if (b.pod === null || b.node === null) continue;
    podsAt.set(b.ip, (podsAt.get(b.ip) ?? new Set()).add(b.pod));
    nodesOf.set(b.service, (nodesOf.get(b.service) ?? new Set()).add(b.node));
  }
  const known = new Set(dns.map((b) => b.ip));
  const alike = new Set(dns.map((b) => network(b.ip)));
  const byNode = new Map<string, Behind[]>();
  for (const b of behind) {
    if (b.pod === null || b.node === null || b.protocol !== 'TCP' || known.has(b.ip) || hosts.has(b.ip)) continue;
    if ((podsAt.get(b.ip)?.size ?? 0) > 1) continue;
    byNode.set(b.node, [...(byNode.get(b.node) ?? []), b]);
  }
  const spread = (b: Behind): number => nodesOf.get(b.service)?.size ?? 0;
  const order = (a: Behind, b: Behind): number =>
    Number(alike.has(network(b.ip))) - Number(alike.has(network(a.ip))) ||
    spread(b) - spread(a) ||
    (`${a.service} ${a.pod}` < `${b.service} ${b.pod}` ? -1 : 1);
  return [...byNode.values()].flatMap((list) => {
    const [first, ...rest] = list.sort(order);
    if (!first) return [];
    const others = rest.filter((b) => b.pod !== first.pod);
    const second = others.find((b) => b.service !== first.service) ?? others[0];
    return [first, ...(second ? [second] : [])].map((b) => target('pod', b));
  });
};

/** See the fact. Takes the items of the lists of Services and of EndpointSlices. */
export const reachTargetsOf = (services: readonly unknown[], slices: readonly unknown[]): ReachTarget[] => {
  const behind = slices.flatMap(readyIn);
  const api = services.find((s) => nameOf(s) === 'default/kubernetes');
  const servers = behind.filter((b) => b.service === 'default/kubernetes' && b.protocol === 'TCP');
  const dnsServices = services.filter((s) => isDns(s) && ip(textAt(s, 'spec', 'clusterIP')) !== null);
  const names = new Set(dnsServices.map(nameOf));
  const ports = (s: unknown) => listAt(s, 'spec', 'ports').filter((p) => numberAt(p, 'port') === 53);
  const isPort = (b: Behind) =>
    dnsServices.some(
      (s) =>
        nameOf(s) === b.service &&
        ports(s).some((p) => textAt(p, 'name') === b.portName && protocolOf(p) === b.protocol),
    );
  const dns = behind.filter((b) => names.has(b.service) && isPort(b));
  return [
    ...(api ? vipsOf(api, 'api-vip', servers) : []),
    ...servers.map((b) => target('api-endpoint', b)),
    ...dnsServices.flatMap((s) =>
      vipsOf(
        s,
        'dns-vip',
        dns.filter((b) => b.service === nameOf(s)),
      ).filter((t) => t.port === 53),
    ),
    ...dns.map((b) => target('dns-pod', b)),
    ...podsOf(behind, dns, new Set(servers.map((b) => b.ip))),
  ];
};
