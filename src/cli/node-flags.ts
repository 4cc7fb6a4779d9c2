import { connectionFlags } from './connection-flags.ts';
import type { Flags } from './flag.ts';
import { outputFlags } from './output-flags.ts';

const source = 'What is looked at:';
const reading = 'How it is read:';
const pod = 'Debug pod:';
const output = 'Output:';

/** The flags of `netdoctor node`. */
export const nodeFlags = {
  selector: { kind: 'text', short: 'l', group: source, about: 'nodes with these labels (role=web,zone!=a)' },
  all: { kind: 'switch', group: source, about: 'all nodes of the cluster' },
  local: { kind: 'switch', group: source, about: 'diagnose this machine: no pod, no API' },
  from: {
    kind: 'text',
    group: source,
    about: 'diagnose what a bundle holds (a file of --save, or what a collector printed)',
  },
  'emit-collector': {
    kind: 'switch',
    group: source,
    about: 'print the program that reads a node: ssh node sudo sh -s < collector.sh > bundle',
  },
  checks: {
    kind: 'list',
    group: reading,
    about: 'ids or patterns (ports/*), with commas or repeated',
    otherwise: 'all',
  },
  window: { kind: 'text', group: reading, about: 'how long sockets are sampled; 0 takes one sample', otherwise: '2s' },
  'node-port-range': {
    kind: 'text',
    group: reading,
    about: "the API server's --service-node-port-range, where it cannot be seen (30000-32767)",
  },
  save: { kind: 'text', group: reading, about: 'write what was read to this file, for --from' },
  image: { kind: 'text', group: pod, about: 'image of the pod: a POSIX shell and awk', otherwise: 'busybox:1.36' },
  'image-pull-policy': {
    kind: 'text',
    group: pod,
    about: 'when to pull it',
    otherwise: 'IfNotPresent',
    oneOf: ['Always', 'IfNotPresent', 'Never'],
  },
  'image-pull-secret': { kind: 'text', group: pod, about: 'name of the Secret to pull it with' },
  'probe-namespace': { kind: 'text', group: pod, about: 'namespace of the pod', otherwise: 'kube-system' },
  rights: {
    kind: 'text',
    group: pod,
    about: 'minimal: no capability; default: those that the reads need; full: SYS_ADMIN and SYSLOG too',
    otherwise: 'default',
    oneOf: ['minimal', 'default', 'full'],
  },
  parallel: { kind: 'text', group: reading, about: 'how many nodes are read at once', otherwise: '8' },
  timeout: { kind: 'text', group: pod, about: 'how long the pod may take to start', otherwise: '30s' },
  ...outputFlags,
  'fail-on': {
    kind: 'text',
    group: output,
    about: 'exit with 2 if a problem is at least as grave',
    otherwise: 'warning',
    oneOf: ['info', 'warning', 'error', 'critical', 'never'],
  },
  v: {
    kind: 'level',
    short: 'v',
    group: output,
    about: 'list every check, and show the commands that run and their results on stderr (-v6 is the same)',
  },
  ...connectionFlags,
} as const satisfies Flags;
