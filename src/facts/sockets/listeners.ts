import { fact } from '../../core/fact.ts';
import type { Owner } from './owner.ts';

/** A socket of the host network that waits for others on a port of the ephemeral range (reserved ports included). */
export interface Listener {
  readonly protocol: 'TCP' | 'UDP';
  readonly ip: string;
  readonly port: number;
  /** Null where the owner could not be seen. */
  readonly owner: Owner | null;
  /** The port stands in the owner's command line, so it was asked for. */
  readonly inArguments: boolean;
}

/** Listening TCP sockets and unconnected UDP sockets in the ephemeral range. */
export const listeners = fact<readonly Listener[]>(
  'sockets/listeners',
  'node',
  'listening sockets of the host network in the ephemeral range, and their processes',
);
