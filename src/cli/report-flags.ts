import type { Flags } from './flag.ts';
import { formats } from './formats.ts';
import { outputFlags } from './output-flags.ts';
import { suppressFlags } from './suppress-flags.ts';

const group = 'Output:';

/** Flags of all commands that print a report. */
export const reportFlags = {
  ...outputFlags,
  output: { ...outputFlags.output, about: 'table, json, yaml, junit, sarif or markdown', completes: formats.report },
  ...suppressFlags,
  'fail-on': {
    kind: 'text',
    group,
    about: 'exit with 2 if a problem is at least as grave',
    otherwise: 'warning',
    oneOf: ['info', 'warning', 'error', 'critical', 'never'],
  },
  v: {
    kind: 'level',
    short: 'v',
    group,
    about: 'list every check, and show the commands that run and their results on stderr (-v6 is the same)',
  },
} as const satisfies Flags;
