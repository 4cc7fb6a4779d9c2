import type { Reading } from '../../core/gap.ts';
import type { PortRange } from '../../core/report.ts';
import { defaultNodePortRange as defaultRange, type NodePortRange } from '../../facts/services/node-port-range.ts';
import type { NodePort } from '../../facts/services/node-ports.ts';

/** The NodePort range as far as it is known. */
export interface NodePortSpace {
  readonly range: PortRange;
  /** Where it was seen, or how it was inferred. */
  readonly source: string;
  /** Configuration was seen; otherwise it is inferred or assumed (facts A.4). */
  readonly known: boolean;
  /** What a fix that reserves it should add; empty where the range is sure enough. */
  readonly caveat: string;
}

/** The configured range, else what the Services' own ports tell, else the default; and which of these it is. */
export const nodePortSpace = (configured: Reading<NodePortRange>, allocated: readonly NodePort[]): NodePortSpace => {
  if (configured.ok) return { ...configured.value, known: true, caveat: '' };
  const outside = allocated.filter((p) => p.port < defaultRange[0] || p.port > defaultRange[1]);
  if (outside.length === 0)
    return { range: defaultRange, source: "assumed, it is Kubernetes' default", known: false, caveat: '' };
  const ports = allocated.map((p) => p.port);
  return {
    range: [Math.min(...ports), Math.max(...ports)],
    source: 'inferred from the ports of the Services',
    known: false,
    caveat:
      ' The NodePort range itself was not seen: with --node-port-range all of it is reserved, not only what Services have now.',
  };
};
