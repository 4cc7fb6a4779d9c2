import { fact } from '../../core/fact.ts';
import type { ConntrackCounters } from './counters.ts';

/** The same counters as differences; `entries` stays a state. */
export interface ConntrackChanges extends ConntrackCounters {
  /** How far apart the two looks are. */
  readonly seconds: number;
}

/** Namespaces that were there at one end of the window only are not in it. */
export const conntrackChanges = fact<ConntrackChanges>(
  'conntrack/changes',
  'node',
  'what connection tracking counted in each network namespace within the window',
);
