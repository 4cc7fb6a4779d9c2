import type { Flags } from './flag.ts';
import { formats } from './formats.ts';

const group = 'Output:';

/** Flags of all commands that print something to choose the form of. */
export const outputFlags = {
  output: {
    kind: 'text',
    short: 'o',
    group,
    about: 'table, json or yaml',
    otherwise: 'table',
    completes: formats.list,
  },
  color: {
    kind: 'text',
    group,
    about: 'when to colour; auto heeds NO_COLOR, FORCE_COLOR and TERM',
    otherwise: 'auto',
    oneOf: ['auto', 'always', 'never'],
  },
} as const satisfies Flags;
