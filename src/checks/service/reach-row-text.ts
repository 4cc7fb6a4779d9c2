import type { ReachTarget } from '../../facts/services/reach-targets.ts';
import type { ReachRow } from '../../facts/services/reachability.ts';

const titles: Readonly<Record<ReachRow['kind'], string>> = {
  'api-vip': 'API server, Service',
  'api-endpoint': 'API server, directly',
  'dns-vip': 'DNS, Service',
  'dns-pod': 'DNS pod',
  pod: 'pod',
  kubelet: "this node's kubelet",
};

/** What a row came to, in a few words. */
export const reachResultText = (r: ReachRow): string => {
  if (r.result === 'answers') return `answers, ${r.ms} ms`;
  const words =
    r.result === 'timeout'
      ? 'no answer'
      : r.result === 'refused'
        ? 'connection refused'
        : r.error.slice(r.error.lastIndexOf(': ') + 1).trim() || r.result;
  return `${words}, ${r.tries} ${r.tries === 1 ? 'try' : 'tries'}, ${r.ms} ms`;
};

/** Who has the address, its port and protocol. */
export const reachAddress = (r: ReachRow): string =>
  `${r.address.includes(':') ? `[${r.address}]` : r.address}:${r.port}/${r.protocol}`;

/** One line of the table. */
export const reachRowText = (r: ReachRow, t: ReachTarget | null): string => {
  const who = t?.pod ? ` ${t.pod}${t.node ? ` on ${t.node}` : ''}` : '';
  return `${titles[r.kind]}${who}, ${reachAddress(r)}: ${reachResultText(r)}`;
};
