import type { ProbeTally } from '../core/watch.ts';

/** How many ports are named. */
const shownPorts = 10;

/** What a watch says at its end of a probe that failed. Names are the cluster's text. */
export const probeTallyText = ({ pod, probe, failed, fromNodePort, ports }: ProbeTally): string => {
  const which = `failed ${probe} ${failed === 1 ? 'probe' : 'probes'} of ${pod.namespace}/${pod.name}`;
  if (fromNodePort === 0) return `${failed} ${which}: no connect from a NodePort was seen`;
  const rest = ports.length > shownPorts ? ` and ${ports.length - shownPorts} more` : '';
  const named = `${ports.slice(0, shownPorts).join(', ')}${rest}`;
  const of = ports.length === 1 ? `port ${named}, which is a NodePort` : `ports ${named}, which are NodePorts`;
  return `${fromNodePort} of ${failed} ${which} came from kubelet ${of}`;
};
