import { fact } from '../../core/fact.ts';
import type { PortRange } from '../../core/report.ts';

/** kube-apiserver's default for --service-node-port-range. */
export const defaultNodePortRange: PortRange = [30000, 32767];

/** The NodePort range as configured, and where that was seen. */
export interface NodePortRange {
  readonly range: PortRange;
  readonly source: string;
}

/** kube-apiserver's --service-node-port-range. No API object has it (facts A.4). */
export const nodePortRange = fact<NodePortRange>(
  'services/node-port-range',
  'cluster',
  'the configured NodePort range (--service-node-port-range)',
);
