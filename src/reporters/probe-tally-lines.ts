import type { ProbeTally } from '../core/watch.ts';
import { printable } from '../lib/printable.ts';

/** How many ports a line names, and how many lines there are. */
const shown = { ports: 10, lines: 20 };

const lineOf = ({ pod, probe, failed, fromNodePort, ports }: ProbeTally): string => {
  const which = `failed ${probe} ${failed === 1 ? 'probe' : 'probes'} of ${pod.namespace}/${pod.name}`;
  if (fromNodePort === 0) return `${failed} ${which}: no connect from a NodePort was seen`;
  const rest = ports.length > shown.ports ? ` and ${ports.length - shown.ports} more` : '';
  const named = `${ports.slice(0, shown.ports).join(', ')}${rest}`;
  const of = ports.length === 1 ? `port ${named}, which is a NodePort` : `ports ${named}, which are NodePorts`;
  return `${fromNodePort} of ${failed} ${which} came from kubelet ${of}`;
};

/** What a watch says at its end of probes that failed, a line for each pod and probe: those that came from NodePorts first. */
export const probeTallyLines = (tallies: readonly ProbeTally[]): readonly string[] => {
  const sorted = tallies.toSorted((a, b) => b.fromNodePort - a.fromNodePort || b.failed - a.failed);
  const more = sorted.length - shown.lines;
  return [
    ...sorted.slice(0, shown.lines).map((t) => printable(lineOf(t))),
    ...(more > 0 ? [`and of ${more} more`] : []),
  ];
};
