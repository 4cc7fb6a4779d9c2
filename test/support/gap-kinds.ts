import type { GapKind } from '../../src/core/gap.ts';

const all: Readonly<Record<GapKind, null>> = {
  'not-collected': null,
  'not-chosen': null,
  absent: null,
  forbidden: null,
  'tool-missing': null,
  unsupported: null,
  timeout: null,
  truncated: null,
  failed: null,
  unparsable: null,
  undecided: null,
};

/** Every kind of gap; a new kind that is missing here does not compile. */
export const gapKinds = Object.keys(all) as readonly GapKind[];
