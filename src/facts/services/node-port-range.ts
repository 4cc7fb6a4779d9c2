import { fact } from '../../core/fact.ts';
import type { PortRange } from '../../core/report.ts';

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
