import { fact } from '../../core/fact.ts';
import type { Counters } from './counters.ts';

/** The same counters as differences between two looks. */
export interface CounterChanges extends Counters {
  /** How far apart the two looks are: the window, or the time since the bundle of --since. */
  readonly seconds: number;
}

/** What was counted within the window. Namespaces that were there at one end of it only are not in it. */
export const counterChanges = fact<CounterChanges>(
  'network/counter-changes',
  'node',
  'what these counters counted within the window (--window), or since another run (--since)',
);
