import type { Env } from './env.ts';
import type { Output } from './streams.ts';

/** Whether what was written can be drawn over: a terminal that knows how. One without a width (some pseudo-terminals, CI) would be cleared without end. */
export const redrawable = ({ isTTY, columns = 0 }: Output, env: Env): boolean =>
  isTTY === true && columns > 0 && env.TERM !== 'dumb';
