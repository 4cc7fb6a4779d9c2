import type { Counts } from './vitest-counts.ts';

/** What a suite came to; `output` is shown when something failed and it was not shown while it ran. */
export interface Outcome extends Counts {
  readonly output: string;
}

/** One part of scripts/test. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  /** After so many minutes it is ended, and has failed. */
  readonly minutes: number;
  run(root: string, signal: AbortSignal): Promise<Outcome>;
}
