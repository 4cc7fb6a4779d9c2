import { check, fail, notApplicable, pass } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import type { PortRange } from '../../core/report.ts';
import { flowMemory } from '../../facts/ipvs/flow-memory.ts';
import { type LocalTuple, suspects } from '../../facts/ipvs/suspects.ts';
import { ephemeralRange } from '../../facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../facts/kernel/reserved-ports.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { type Backend, backends } from '../../facts/services/backends.ts';
import { nodePortRange } from '../../facts/services/node-port-range.ts';
import { type NodePort, nodePorts } from '../../facts/services/node-ports.ts';
import { autobound } from '../../facts/sockets/autobound.ts';
import { listeners } from '../../facts/sockets/listeners.ts';
import { window } from '../../facts/sockets/window.ts';
import { type Pod, pods } from '../../facts/workloads/pods.ts';
import { inRanges, subtractRanges } from '../../lib/port-ranges.ts';
import { podOf } from '../pod-of.ts';
import { portsRemedy } from './ports-remedy.ts';
import { type Victim, victimsOf } from './victims.ts';

interface Names {
  readonly nodePorts: Reading<readonly NodePort[]>;
  readonly backends: Reading<readonly Backend[]>;
  readonly pods: Reading<readonly Pod[]>;
}

const podAt = (ip: string, names: Names): string | null => {
  const backend = names.backends.ok ? names.backends.value.find((b) => b.ip === ip && b.pod !== null) : undefined;
  const pod = names.pods.ok ? names.pods.value.find((p) => !p.hostNetwork && p.ips.includes(ip)) : undefined;
  return backend?.pod ?? (pod ? `${pod.namespace}/${pod.name}` : null);
};

const describe = ({ tuple, mirror }: Victim, names: Names) => {
  const port = names.nodePorts.ok
    ? names.nodePorts.value.find(
        (p) => p.port === tuple.source.port && p.protocol === tuple.protocol && p.kind === 'nodePort',
      )
    : undefined;
  return {
    protocol: tuple.protocol,
    source: tuple.source,
    destination: { ...tuple.destination, pod: podAt(tuple.destination.ip, names) },
    port: tuple.source.port,
    service: port?.service ?? null,
    process: tuple.owner?.process ?? null,
    pid: tuple.owner?.pid ?? null,
    pod: podOf(tuple.owner, names.pods),
    replyWentTo: { ...mirror.backend, pod: podAt(mirror.backend.ip, names) },
    state: tuple.state,
    seenIn: tuple.seenIn,
    ageSeconds: tuple.ageSeconds,
  };
};

const sentence = (v: ReturnType<typeof describe>): string => {
  const who = v.process ? `${v.process}${v.pod ? ` of pod ${v.pod}` : ''}` : 'a process that is gone by now';
  const to = `${v.destination.ip}:${v.destination.port}${v.destination.pod ? ` (${v.destination.pod})` : ''}`;
  const service = v.service ? `Service ${v.service}` : 'a Service';
  const got = `${v.replyWentTo.ip}:${v.replyWentTo.port}${v.replyWentTo.pod ? ` (${v.replyWentTo.pod})` : ''}`;
  const age = v.ageSeconds === null ? '' : `, ${v.ageSeconds} s ago`;
  return `${who} → ${to} from source port ${v.port}, the NodePort of ${service}: the reply went to ${got}${age}.`;
};

const mirrorText = ({ mirror: m }: Victim): string =>
  `${m.protocol} ${m.client.ip}:${m.client.port} → ${m.virtual.ip}:${m.virtual.port} → ${m.backend.ip}:${m.backend.port} ${m.state}`;

const tupleText = (t: LocalTuple): string =>
  `${t.source.ip}:${t.source.port} → ${t.destination.ip}:${t.destination.port} ${t.state}${t.owner ? ` ${t.owner.process}, pid ${t.owner.pid}` : ''}`;

const placeOf = ({ seenIn, protocol }: LocalTuple): string => {
  switch (seenIn) {
    case 'socket':
      return `/proc/net/${protocol.toLowerCase()}`;
    case 'conntrack':
      return '/proc/net/nf_conntrack';
    case 'trace':
      return 'tracepoint sock:inet_sock_set_state';
  }
};

/** Incident I1, caught: the SYN-ACK of the node's own connection went to a Service's pods. Facts A.1 and the last section. */
export const nodeportVictims = check({
  id: 'ports/nodeport-victims',
  title: 'No connection of this node lost its reply to a NodePort',
  severity: 'critical',
  per: 'node',
  docs: {
    why:
      "A connection of the node's own (kubelet's probe, most often) got a source port that is a NodePort. IPVS took the SYN-ACK that came " +
      'back for a new client of that Service and sent it to one of its pods. The connection hangs in SYN_SENT until it times out: with ' +
      "kubelet's default of one second, a failed probe. conntrack keeps the entry for 60 s and more, ip_vs_conn its mirror, so that it is " +
      'seen after the socket is gone.',
    links: [
      'https://github.com/kubernetes/kubernetes/issues/111682',
      'https://github.com/kubernetes/kubernetes/issues/139276',
    ],
  },
  needs: { proxyMode, suspects, flowMemory, window, ephemeralRange, reservedPorts },
  wants: { nodePorts, nodePortRange, backends, pods, proxyMode, listeners, autobound },
  judge: (facts, maybe) => {
    const proxy = facts.proxyMode;
    if (proxy.mode !== 'ipvs' && proxy.leftoverServers === 0)
      return notApplicable(`only IPVS takes replies; here: ${proxy.mode} (${proxy.source})`);
    const victims = victimsOf(facts.suspects);
    const [row] = victims;
    const [first, ...more] = victims.map((v) => describe(v, maybe));
    if (!row || !first) {
      const { source } = facts.flowMemory;
      const { samples, seconds } = facts.window;
      return pass(`${samples} looks at the sockets within ${seconds.toFixed(1)} s, and ${source} for the last minute`);
    }
    const reserved = inRanges(first.port, subtractRanges([facts.ephemeralRange], facts.reservedPorts))
      ? ''
      : ` Port ${first.port} is not in the ephemeral range now: if that was mended just now, they are gone within about three minutes.`;
    const all = [first, ...more];
    return fail({
      id: 'reply-taken',
      severity: 'critical',
      message: `${sentence(first)}${more.length > 0 ? ` ${more.length} more like it.` : ''}${reserved}`,
      data: { victims: all },
      evidence: [
        { source: '/proc/net/ip_vs_conn', text: mirrorText(row) },
        ...victims.slice(0, 10).map(({ tuple }) => ({
          source: placeOf(tuple),
          text: tupleText(tuple),
        })),
      ],
      fix: portsRemedy(
        facts.ephemeralRange,
        facts.reservedPorts,
        maybe,
        all.map((v): PortRange => [v.port, v.port]),
      ),
    });
  },
});
