import { fact } from '../../core/fact.ts';
import type { Device } from './device-counters.ts';

/** What the cards counted between two looks. */
export interface DeviceChanges {
  readonly seconds: number;
  readonly devices: readonly Device[];
}

/** Within the window, or since another run. */
export const deviceChanges = fact<DeviceChanges>(
  'network/device-changes',
  'node',
  "packets and drops of the node's network cards within the window (--window), or since another run (--since)",
);
