import { known, missing, type Reading } from '../core/gap.ts';
import type { Output, Raw } from '../core/read.ts';

/** The first and the last sample of a read, and the node's clock between them. */
export interface Ends {
  readonly first: Output;
  readonly last: Output;
  readonly seconds: number;
}

/** Both ends of the window of a read with sampling `twice`; a gap where the user wanted no window, which goes on with `so`. */
export const bothEnds = (raw: Raw, so: string): Reading<Ends> => {
  if (!raw.ok) return raw;
  const [first] = raw.outputs;
  const last = raw.outputs.at(-1) ?? first;
  return raw.outputs.length < 2
    ? missing('not-chosen', `one sample was taken (--window 0): ${so}`)
    : known({ first, last, seconds: (last.atMs - first.atMs) / 1000 });
};
