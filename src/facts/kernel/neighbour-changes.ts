import { fact } from '../../core/fact.ts';
import type { NeighbourTable } from './neighbour-tables.ts';

/** The same tables with what was counted between two looks; `entries` and `thresholds` are the later ones. */
export interface NeighbourChanges {
  readonly seconds: number;
  readonly tables: readonly NeighbourTable[];
}

/** Within the window, or since another run. */
export const neighbourChanges = fact<NeighbourChanges>(
  'kernel/neighbour-changes',
  'node',
  'overflows and forced clean-ups of the ARP and ND tables within the window (--window), or since another run (--since)',
);
