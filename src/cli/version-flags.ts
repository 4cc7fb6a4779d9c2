import type { Flags } from './flag.ts';

/** The flags of `netdoctor version`. */
export const versionFlags = {
  output: { kind: 'text', short: 'o', group: 'Output:', about: 'json or yaml', completes: ['json', 'yaml'] },
} as const satisfies Flags;
