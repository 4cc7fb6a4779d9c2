import type { Flags } from './flag.ts';

const group = 'Output:';

/** What is not to count, for all commands that judge. */
export const suppressFlags = {
  suppress: {
    kind: 'list',
    group,
    about:
      'do not count the problems of a check (or check=node, check=namespace/name; both may be patterns) for the exit code; may be repeated',
    completes: 'check',
  },
  reason: { kind: 'text', group, about: 'why they are suppressed; every format tells it' },
} as const satisfies Flags;
