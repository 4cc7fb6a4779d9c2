import { fact } from '../../core/fact.ts';

/** How long a pod of the node may take to end. */
export interface GracePeriod {
  readonly namespace: string;
  readonly name: string;
  /** terminationGracePeriodSeconds. */
  readonly seconds: number;
  /** 0 where it has none. */
  readonly priority: number;
}

/** Of pods that have not ended. */
export const gracePeriods = fact<readonly GracePeriod[]>(
  'workloads/grace-periods',
  'node',
  "terminationGracePeriodSeconds and priority of the node's pods",
);
