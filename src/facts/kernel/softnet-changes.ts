import { fact } from '../../core/fact.ts';
import type { Softnet } from './softnet.ts';

/** The same between two looks. CPUs that were there at one end only are not in it. */
export interface SoftnetChanges extends Softnet {
  readonly seconds: number;
}

/** Within the window, or since another run. */
export const softnetChanges = fact<SoftnetChanges>(
  'kernel/softnet-changes',
  'node',
  'packets that each CPU processed and dropped within the window (--window), or since another run (--since)',
);
