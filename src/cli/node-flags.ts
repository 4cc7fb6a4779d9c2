import { connectionFlags } from './connection-flags.ts';
import type { Flags } from './flag.ts';
import { probingFlags } from './probing-flags.ts';
import { reportFlags } from './report-flags.ts';

const source = 'Which nodes:';

/** The flags of `netdoctor node`. */
export const nodeFlags = {
  selector: { kind: 'text', short: 'l', group: source, about: 'nodes with these labels (role=web,zone!=a)' },
  all: { kind: 'switch', group: source, about: 'all nodes of the cluster' },
  local: { kind: 'switch', group: source, about: 'diagnose this machine: no pod, no API' },
  from: {
    kind: 'text',
    group: source,
    about: 'diagnose what a bundle holds (a file of --save, or what a collector printed)',
    completes: 'file',
  },
  'emit-collector': {
    kind: 'switch',
    group: source,
    about: 'print the program that reads a node: ssh node sudo sh -s < collector.sh > bundle',
  },
  since: {
    kind: 'text',
    group: 'What is read and judged:',
    about: 'judge what was counted since this bundle of the same node was saved, not only within the window',
    completes: 'file',
  },
  ...probingFlags,
  ...reportFlags,
  ...connectionFlags,
} as const satisfies Flags;
