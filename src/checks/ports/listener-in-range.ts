import { check, fail, pass } from '../../core/check.ts';
import { ephemeralRange } from '../../facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../facts/kernel/reserved-ports.ts';
import { proxyMode } from '../../facts/kube-proxy/mode.ts';
import { nodePortRange } from '../../facts/services/node-port-range.ts';
import { nodePorts } from '../../facts/services/node-ports.ts';
import { autobound } from '../../facts/sockets/autobound.ts';
import { type Listener, listeners } from '../../facts/sockets/listeners.ts';
import { pods } from '../../facts/workloads/pods.ts';
import { inRanges, subtractRanges } from '../../lib/port-ranges.ts';
import { podOf } from '../pod-of.ts';
import { portsRemedy } from './ports-remedy.ts';
import { isDeclared, serversInRange } from './servers-in-range.ts';

const ownerText = (l: Listener, pod: string | null): string => {
  if (!l.owner) return 'a process that could not be seen';
  const place = pod ? ` of pod ${pod}` : l.owner.unit ? ` (${l.owner.unit})` : '';
  return `${l.owner.process}${place}, pid ${l.owner.pid}`;
};

/** Facts A.2: a server whose port an outgoing connection holds at its restart gets EADDRINUSE, SO_REUSEADDR or not. */
export const listenerInRange = check({
  id: 'ports/listener-in-range',
  title: 'No server listens on a port of the ephemeral range',
  severity: 'warning',
  per: 'node',
  docs: {
    why:
      'While a server runs, nobody takes its port. When it restarts, an outgoing connection may hold that port as its source port (TIME_WAIT ' +
      'included), and bind() fails with EADDRINUSE; SO_REUSEADDR on the server alone does not help. Sockets that asked for no port in ' +
      'particular (bind to port 0) belong into the range and are not told; the kernel says which they are.',
    links: ['https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html'],
  },
  needs: { ephemeralRange, reservedPorts, listeners, autobound },
  wants: { autobound, pods, listeners, proxyMode, nodePorts, nodePortRange },
  judge: (facts, maybe) => {
    const effective = subtractRanges([facts.ephemeralRange], facts.reservedPorts);
    const inRange = facts.listeners.filter((l) => inRanges(l.port, effective));
    if (inRange.length === 0)
      return pass(`no listening socket in ${facts.ephemeralRange.join('-')} outside of what is reserved`);
    const distinct = serversInRange(facts.listeners, maybe.autobound, maybe.pods, effective);
    const servers = distinct.map((l) => ({ l, pod: podOf(l.owner, maybe.pods) }));
    const [head, ...tail] = servers.map(({ l, pod }) => ({
      source: `/proc/net/${l.protocol.toLowerCase()}`,
      text: `${l.ip}:${l.port} ${ownerText(l, pod)}`,
    }));
    if (!head) {
      const { size } = facts.autobound;
      return pass(
        `${inRange.length} listening sockets in the range took their ports themselves (${size} by the kernel's word)`,
      );
    }
    const ports = servers.map(({ l, pod }) => ({
      port: l.port,
      protocol: l.protocol,
      ip: l.ip,
      process: l.owner?.process ?? null,
      pid: l.owner?.pid ?? null,
      pod,
      unit: l.owner?.unit ?? null,
      declared: isDeclared(l, maybe.pods),
    }));
    const texts = servers.map(({ l, pod }) => `${l.port}/${l.protocol} (${ownerText(l, pod)})`);
    return fail({
      id: 'explicit',
      // a port that nobody declares may be random all the same: some programs choose one and bind to it by number
      severity: ports.some((p) => p.declared) ? 'warning' : 'info',
      message: `${texts.slice(0, 4).join(', ')}${texts.length > 4 ? ` and ${texts.length - 4} more` : ''} ${texts.length === 1 ? 'listens' : 'listen'} inside the ephemeral range ${facts.ephemeralRange.join('-')}: after a restart the port may be taken by an outgoing connection, and bind() fails with EADDRINUSE.`,
      data: { ephemeralRange: facts.ephemeralRange, ports },
      evidence: [head, ...tail],
      fix: portsRemedy(facts.ephemeralRange, facts.reservedPorts, maybe),
    });
  },
});
