import { check, fail, pass, type Severity } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import { ephemeralRange } from '../../facts/kernel/ephemeral-range.ts';
import { reservedPorts } from '../../facts/kernel/reserved-ports.ts';
import { autobound } from '../../facts/sockets/autobound.ts';
import { type Listener, listeners } from '../../facts/sockets/listeners.ts';
import { type Pod, pods } from '../../facts/workloads/pods.ts';
import { inRanges, subtractRanges } from '../../lib/port-ranges.ts';
import { podOfOwner } from './pod-of-owner.ts';
import { reserveRemedy } from './reserve-remedy.ts';

/** Ports that Kubernetes' own servers listen on by default (ports and protocols reference of Kubernetes). */
const wellKnown = (port: number): boolean =>
  port === 6443 || (port >= 2379 && port <= 2381) || (port >= 10248 && port <= 10259) || port === 9099 || port === 4240;

const declared = (l: Listener, all: Reading<readonly Pod[]>): boolean =>
  all.ok && all.value.some((p) => p.ports.some((c) => c.hostPort === l.port || (p.hostNetwork && c.port === l.port)));

const isAutobound = (l: Listener, set: ReadonlySet<string>): boolean =>
  set.has(`${l.protocol} ${l.ip} ${l.port}`) || (l.ip === '0.0.0.0' && set.has(`${l.protocol} :: ${l.port}`));

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
  wants: { autobound, pods },
  judge: (facts, maybe) => {
    const effective = subtractRanges([facts.ephemeralRange], facts.reservedPorts);
    const inRange = facts.listeners.filter((l) => inRanges(l.port, effective));
    if (inRange.length === 0)
      return pass(`no listening socket in ${facts.ephemeralRange.join('-')} outside of what is reserved`);
    const asked = (l: Listener): boolean => wellKnown(l.port) || declared(l, maybe.pods) || l.inArguments;
    const sure = maybe.autobound.ok
      ? inRange.filter((l) => !isAutobound(l, maybe.autobound.ok ? maybe.autobound.value : new Set()))
      : inRange.filter(asked);
    if (sure.length === 0)
      return pass(
        `${inRange.length} listening sockets in the range took their ports themselves (${[...facts.autobound].length} by the kernel's word)`,
      );
    const severity: Severity = 'warning';
    const distinct = [...new Map(sure.map((l) => [`${l.protocol} ${l.port}`, l])).values()].sort(
      (a, b) => a.port - b.port,
    );
    const ports = distinct.map((l) => ({
      port: l.port,
      protocol: l.protocol,
      ip: l.ip,
      process: l.owner?.process ?? null,
      pid: l.owner?.pid ?? null,
      pod: podOfOwner(l.owner, maybe.pods),
      unit: l.owner?.unit ?? null,
    }));
    const texts = distinct.map((l, i) => `${l.port}/${l.protocol} (${ownerText(l, ports[i]?.pod ?? null)})`);
    const [first, ...rest] = distinct.map((l, i) => ({
      source: `/proc/net/${l.protocol.toLowerCase()}`,
      text: `${l.ip}:${l.port} ${ownerText(l, ports[i]?.pod ?? null)}`,
    }));
    if (!first) return pass('no listening socket in the range');
    return fail({
      id: 'explicit',
      severity,
      message: `${texts.slice(0, 4).join(', ')}${texts.length > 4 ? ` and ${texts.length - 4} more` : ''} ${texts.length === 1 ? 'listens' : 'listen'} inside the ephemeral range ${facts.ephemeralRange.join('-')}: after a restart the port may be taken by an outgoing connection, and bind() fails with EADDRINUSE.`,
      data: { ephemeralRange: facts.ephemeralRange, ports },
      evidence: [first, ...rest],
      fix: reserveRemedy(
        facts.ephemeralRange,
        facts.reservedPorts,
        distinct.map((l) => [l.port, l.port]),
      ),
    });
  },
});
