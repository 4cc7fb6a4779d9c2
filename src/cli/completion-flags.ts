import type { Flags } from './flag.ts';

const group = "For kubectl's own completion:";

/** The flags of `netdoctor completion`. */
export const completionFlags = {
  install: {
    kind: 'switch',
    group,
    about: 'write kubectl_complete-netdoctor, by which kubectl completes what follows "kubectl netdoctor"',
  },
  uninstall: { kind: 'switch', group, about: 'remove it' },
  dir: {
    kind: 'text',
    group,
    about: 'the directory to write it to, one of PATH; without it that of kubectl-netdoctor',
    completes: 'file',
  },
} as const satisfies Flags;
