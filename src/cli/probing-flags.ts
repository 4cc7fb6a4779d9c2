import { checksFlag } from './checks-flag.ts';
import type { Flags } from './flag.ts';

const reading = 'What is read and judged:';
const pod = 'The debug pod:';

/** Flags of the commands that read nodes: what is read there, and by what pod. */
export const probingFlags = {
  ...checksFlag,
  window: { kind: 'text', group: reading, about: 'how long sockets are sampled; 0 takes one sample', otherwise: '2s' },
  'node-port-range': {
    kind: 'text',
    group: reading,
    about: "the API server's --service-node-port-range, where it cannot be seen (30000-32767)",
  },
  'watch-for': {
    kind: 'text',
    group: reading,
    about: "after the report, tell what fails while it fails, by the kernel's tracepoints, for so long (10m)",
  },
  'until-found': {
    kind: 'switch',
    group: reading,
    about: 'with --watch-for: end at the first connection whose reply a NodePort took',
  },
  save: { kind: 'text', group: reading, about: 'write what was read to this file, for --from', completes: 'file' },
  parallel: { kind: 'text', group: reading, about: 'how many nodes are read at once', otherwise: '8' },
  image: { kind: 'text', group: pod, about: 'image of the pod: a POSIX shell and awk', otherwise: 'busybox:1.36' },
  'image-pull-policy': {
    kind: 'text',
    group: pod,
    about: 'when to pull it',
    otherwise: 'IfNotPresent',
    oneOf: ['Always', 'IfNotPresent', 'Never'],
  },
  'image-pull-secret': { kind: 'text', group: pod, about: 'name of the Secret to pull it with' },
  'probe-namespace': {
    kind: 'text',
    group: pod,
    about: 'namespace of the pod',
    otherwise: 'kube-system',
    completes: 'namespace',
  },
  rights: {
    kind: 'text',
    group: pod,
    about: 'minimal: no capability; default: those that the reads need; full: SYS_ADMIN too, where a read needs it',
    otherwise: 'default',
    oneOf: ['minimal', 'default', 'full'],
  },
  timeout: { kind: 'text', group: pod, about: 'how long the pod may take to start', otherwise: '30s' },
} as const satisfies Flags;
