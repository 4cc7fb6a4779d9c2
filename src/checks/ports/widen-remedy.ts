import type { Remedy } from '../../core/check.ts';
import type { PortRange } from '../../core/report.ts';
import type { Space } from '../../facts/network/spaces.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { countPorts, formatRanges, intersectRanges, mergeRanges } from '../../lib/port-ranges.ts';
import type { Crowd } from './crowded.ts';
import { nodePortSpace } from './node-port-space.ts';
import type { PortFacts } from './ports-remedy.ts';
import { serversInRange } from './servers-in-range.ts';

/** Above the ports of most servers, and of VXLAN. */
const wide: PortRange = [10240, 65535];
/** Of a range that has so many ports already, widening makes little. */
const wideEnough = 40_000;
/** kubelet, kube-proxy and the control plane (ports and protocols reference of Kubernetes). */
const kubernetes: PortRange = [10248, 10259];

const single = (port: number): PortRange => [port, port];

/** What may not become a source port of the host: a NodePort (IPVS takes its replies, facts A.1) and a server's port (A.2). */
const hostReserved = (c: Crowd, servers: readonly number[], f: PortFacts): PortRange[] => {
  const allocated = f.nodePorts.ok ? f.nodePorts.value : [];
  const inRange = f.listeners.ok ? serversInRange(f.listeners.value, f.autobound, f.pods, [c.supply.range]) : [];
  const taken = [kubernetes, ...[...servers, ...inRange.map((l) => l.port)].map(single)];
  const noServices = f.proxyMode.ok && f.proxyMode.value.mode === 'none' && !f.nodePorts.ok;
  const nodePorts = noServices
    ? []
    : [nodePortSpace(f.nodePortRange, allocated).range, ...allocated.map((p) => single(p.port))];
  return mergeRanges([...c.supply.reserved, ...intersectRanges([...taken, ...nodePorts], [wide])]);
};

const reuse = (c: Crowd): boolean =>
  c.kind === 'destination' && c.supply.reuse !== 'all' && c.timeWait * 2 >= c.taken && c.timeWait > 0;

const advice = (c: Crowd): string => {
  if (c.kind === 'udp')
    return 'Use one UDP socket for many requests (a caching resolver, for DNS) and close them soon.';
  if (c.kind === 'source')
    return 'Let the program set IP_BIND_ADDRESS_NO_PORT before it binds, or not bind at all: then destinations share ports.';
  return `Keep connections open and pool them (HTTP keep-alive)${c.timeWait * 2 >= c.taken ? ', and let the other side close first' : ''}; or spread them over more destination addresses or ports, or more source addresses.`;
};

const covers =
  'Source NAT picks from 1024-65535 whatever these settings say. TIME_WAIT lasts 60 s; tcp_fin_timeout does not shorten it, and tcp_tw_reuse=1 needs TCP timestamps on both sides and helps connect() only.';

/** How to have more source ports, or to need fewer. `servers`: ports of the host's servers outside of its range; null where they are not known. */
export const widenRemedy = (
  c: Crowd,
  space: Space | undefined,
  pod: Pod | undefined,
  servers: readonly number[] | null,
  f: PortFacts,
): Remedy => {
  const host = space?.host === true;
  const pick = c.supply.count < wideEnough && (!host || servers !== null);
  const declared = (pod?.ports ?? []).map((p) => single(p.port));
  const reserved = host
    ? hostReserved(c, servers ?? [], f)
    : mergeRanges([...c.supply.reserved, ...intersectRanges(declared, [wide])]);
  const settings: (readonly [name: string, value: string])[] = [
    ...(pick ? [['net.ipv4.ip_local_port_range', wide.join(' ')] as const] : []),
    ...(pick && reserved.length > 0 ? [['net.ipv4.ip_local_reserved_ports', formatRanges(reserved)] as const] : []),
    ...(reuse(c) ? [['net.ipv4.tcp_tw_reuse', '1'] as const] : []),
  ];
  const more = pick ? ` Widening the range gives ${countPorts([wide]) - countPorts(reserved)} ports.` : '';
  if (settings.length === 0 || !space) return { say: advice(c), risk: 'none', covers };
  const write = `sysctl -w ${settings.map(([name, value]) => `${name}=${value.includes(' ') ? `"${value}"` : value}`).join(' ')}`;
  if (host)
    return {
      say: `${advice(c)}${more} What is reserved stays; NodePorts and servers are reserved too.`,
      now: [write],
      persist: {
        file: '/etc/sysctl.d/99-z-netdoctor-ports.conf',
        content: `# source ports of outgoing connections (netdoctor)\n${settings.map(([name, value]) => `${name} = ${value}\n`).join('')}`,
      },
      risk: 'none',
      covers,
    };
  const safe = settings.filter(([name]) => name !== 'net.ipv4.tcp_tw_reuse');
  return {
    say: `${advice(c)}${more} The command works on the node until the pod is made anew; what stays goes into its spec.`,
    now: [`nsenter -t ${space.pid} -n ${write}`],
    ...(safe.length === 0
      ? {}
      : {
          examples: [
            {
              about: "the pod's spec (safe sysctls, Kubernetes 1.27 and newer for the reserved ports)",
              text: `securityContext:\n  sysctls:\n${safe.map(([name, value]) => `    - name: ${name}\n      value: "${value}"\n`).join('')}`,
            },
          ],
        }),
    risk: 'none',
    covers,
  };
};
