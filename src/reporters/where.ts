import type { Target } from '../core/target.ts';

/** How a problem says what it is on; null where that goes without saying. */
export type Where = (target: Target) => string | null;
