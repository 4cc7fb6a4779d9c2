import { connectionFlags } from './connection-flags.ts';
import type { Flags } from './flag.ts';
import { probingFlags } from './probing-flags.ts';
import { reportFlags } from './report-flags.ts';

const source = 'Which pods:';

/** The flags of `netdoctor pod`. */
export const podFlags = {
  selector: { kind: 'text', short: 'l', group: source, about: 'pods with these labels (app=web,tier!=cache)' },
  all: { kind: 'switch', group: source, about: 'all pods of the namespace' },
  'all-namespaces': { kind: 'switch', short: 'A', group: source, about: 'pods of all namespaces' },
  from: { kind: 'text', group: source, about: 'diagnose what a bundle holds (a file of --save)', completes: 'file' },
  'no-probe': {
    kind: 'switch',
    group: source,
    about: 'make no debug pod, ask the API alone: nothing is known then of processes and of the nodes',
  },
  ...probingFlags,
  ...reportFlags,
  ...connectionFlags,
  namespace: {
    kind: 'text',
    short: 'n',
    group: source,
    about: "namespace of the pods; without it the context's",
    completes: 'namespace',
  },
} as const satisfies Flags;
