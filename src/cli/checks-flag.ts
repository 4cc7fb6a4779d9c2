import type { Flags } from './flag.ts';

/** Which checks judge, for all commands that judge. */
export const checksFlag = {
  checks: {
    kind: 'list',
    group: 'How it is read:',
    about: 'ids or patterns (ports/*), with commas or repeated',
    otherwise: 'all',
    completes: 'checks',
  },
} as const satisfies Flags;
