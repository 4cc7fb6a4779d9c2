import type { Flags } from './flag.ts';

/** Which checks judge, for all commands that judge. */
export const checksFlag = {
  checks: {
    kind: 'list',
    group: 'What is read and judged:',
    about: 'ids or patterns (ports/*), with commas or repeated; without it all',
    completes: 'checks',
  },
} as const satisfies Flags;
