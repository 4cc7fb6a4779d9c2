import { connectionFlags } from './connection-flags.ts';
import type { Flags } from './flag.ts';

const group = 'What is deleted:';

/** The flags of `netdoctor cleanup`. */
export const cleanupFlags = {
  ...connectionFlags,
  namespace: {
    kind: 'text',
    short: 'n',
    group,
    about: 'where to look; without it in all namespaces',
    completes: 'namespace',
  },
  'dry-run': { kind: 'switch', group, about: 'only say what would be deleted' },
  force: { kind: 'switch', group, about: 'delete pods whose run may still be at work, too' },
} as const satisfies Flags;
