import type { Flags } from './flag.ts';
import { formats } from './formats.ts';

/** The flags of `netdoctor version`. */
export const versionFlags = {
  output: { kind: 'text', short: 'o', group: 'Output:', about: 'json or yaml', completes: formats.data },
} as const satisfies Flags;
