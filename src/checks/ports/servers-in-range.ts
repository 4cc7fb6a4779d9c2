import type { Reading } from '../../core/gap.ts';
import type { PortRange } from '../../core/report.ts';
import type { Listener } from '../../facts/sockets/listeners.ts';
import type { Pod } from '../../facts/workloads/pods.ts';
import { inRanges } from '../../lib/port-ranges.ts';

/** Ports that Kubernetes' own servers listen on by default (ports and protocols reference of Kubernetes). */
const wellKnown = (port: number): boolean =>
  port === 6443 || (port >= 2379 && port <= 2381) || (port >= 10248 && port <= 10259) || port === 9099 || port === 4240;

/** The port was asked for, and somebody says so: Kubernetes' reference, a pod's spec, the owner's command line. */
export const isDeclared = (l: Listener, pods: Reading<readonly Pod[]>): boolean =>
  wellKnown(l.port) ||
  l.inArguments ||
  (pods.ok &&
    pods.value.some((p) => p.ports.some((c) => c.hostPort === l.port || (p.hostNetwork && c.port === l.port))));

const isAutobound = (l: Listener, set: ReadonlySet<string>): boolean =>
  set.has(`${l.protocol} ${l.ip} ${l.port}`) || (l.ip === '0.0.0.0' && set.has(`${l.protocol} :: ${l.port}`));

/**
 * Sockets that listen in these ranges on a port that they asked for, one of each protocol and port, by port. Where the kernel could
 * not be asked who took a port by itself, only declared ones.
 */
export const serversInRange = (
  listeners: readonly Listener[],
  autobound: Reading<ReadonlySet<string>>,
  pods: Reading<readonly Pod[]>,
  effective: readonly PortRange[],
): readonly Listener[] => {
  const asked = listeners
    .filter((l) => inRanges(l.port, effective))
    .filter((l) => (autobound.ok ? !isAutobound(l, autobound.value) : isDeclared(l, pods)));
  return [...new Map(asked.map((l) => [`${l.protocol} ${l.port}`, l])).values()].sort((a, b) => a.port - b.port);
};
