import type { ProbeConnect, WatchEvent } from '../core/watch.ts';

/** How many ports are named. */
const shown = 5;

const portText = ({ service, taken }: ProbeConnect, before: string): string => {
  const port = service === null ? '' : `${before}the NodePort of ${service}`;
  return `${port}${taken ? `${port === '' ? before : ', '}and its SYN-ACK went elsewhere` : ''}`;
};

const connectsText = (connects: readonly ProbeConnect[]): string => {
  const [first, ...more] = connects;
  if (!first) return '';
  if (more.length === 0) return `; kubelet's connect came from port ${first.source.port}${portText(first, ', ')}`;
  const ports = connects.slice(0, shown).map((c) => {
    const said = portText(c, '');
    return `${c.source.port}${said === '' ? '' : ` (${said})`}`;
  });
  const rest = connects.length > shown ? ` and ${connects.length - shown} more` : '';
  return `; kubelet's connects came from ports ${ports.join(', ')}${rest}`;
};

/** Kubelet's words without the address, which the connect or the pod's name tells better. */
const reasonText = (text: string): string =>
  text
    .replace(/^Get "[^"]*": /, '')
    .replace(/^dial tcp \S+: /, '')
    .trim() || 'no reason given';

/** A failed probe in words, with the connects that were seen of it. */
export const probeText = (e: Extract<WatchEvent, { kind: 'probe-failed' }>): string => {
  const times = e.count === 1 ? '' : ` (${e.count} times)`;
  return `${e.probe} probe of ${e.pod.namespace}/${e.pod.name} failed${times}: ${reasonText(e.text)}${connectsText(e.connects)}`;
};
