import { checksFlag } from './checks-flag.ts';
import type { Flags } from './flag.ts';
import { reportFlags } from './report-flags.ts';

const source = 'Which manifests:';

/** The flags of `netdoctor lint`. */
export const lintFlags = {
  filename: {
    kind: 'list',
    short: 'f',
    group: source,
    about: 'a file, a directory (its .yaml, .yml and .json files) or - for standard input; may be repeated',
    completes: 'file',
  },
  recursive: { kind: 'switch', short: 'R', group: source, about: 'subdirectories too' },
  namespace: {
    kind: 'text',
    short: 'n',
    group: source,
    about: 'namespace of what names none',
    otherwise: 'default',
    completes: 'namespace',
  },
  ...checksFlag,
  ...reportFlags,
  v: { ...reportFlags.v, about: 'list every check, those that passed too' },
} as const satisfies Flags;
