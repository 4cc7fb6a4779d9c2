import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';

/** How long nothing may come before the first look, in milliseconds. */
const quietMs = 1500;
/** How long after a look the next one is taken, in milliseconds. */
const lookMs = 1000;

/** Watches while nothing comes. */
interface Vigil {
  /** Something came. */
  readonly heard: () => void;
  /** Resolves with what was found; rejects with the signal's reason when it is aborted. */
  readonly fault: Promise<Fault>;
}

/**
 * Looks for a fault every few seconds while nothing comes, and only then: who reads without a pause costs nothing. `watch` begins
 * the looks of one silence; what it found is passed over when something came meanwhile.
 */
export const createVigil = (watch: () => () => Promise<Fault | null>, signal: AbortSignal): Vigil => {
  let heardAt = performance.now();
  const silence = async (began: number): Promise<Fault | null> => {
    const look = watch();
    while (heardAt === began) {
      const found = await look();
      if (heardAt !== began) return null;
      if (found) return found;
      await sleep(lookMs, undefined, { signal });
    }
    return null;
  };
  const keep = async (): Promise<Fault> => {
    for (;;) {
      const rest = heardAt + quietMs - performance.now();
      if (rest > 0) await sleep(rest, undefined, { signal });
      else {
        const found = await silence(heardAt);
        if (found) return found;
      }
    }
  };
  const fault = keep();
  fault.catch(() => undefined);
  return {
    heard: () => {
      heardAt = performance.now();
    },
    fault,
  };
};
