import { fact } from '../../core/fact.ts';

/** How long and how often sockets were looked at. */
export interface Window {
  readonly samples: number;
  readonly seconds: number;
}

/** The time over which sockets were sampled. */
export const window = fact<Window>('sockets/window', 'node', 'how often and how long sockets were sampled (--window)');
