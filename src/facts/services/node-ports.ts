import { fact } from '../../core/fact.ts';

/** One port of the NodePort range that is taken. */
export interface NodePort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** namespace/name; null where only the node was asked. */
  readonly service: string | null;
  /** healthCheckNodePort: a real listener on every node, in every mode (facts A.2). */
  readonly kind: 'nodePort' | 'healthCheckNodePort';
}

/** The ports of the NodePort range that Services really have. */
export const nodePorts = fact<readonly NodePort[]>(
  'services/node-ports',
  'cluster',
  'allocated NodePorts and healthCheckNodePorts, with their Services',
);
