import type { Flags } from './flag.ts';

const group = "Connection to the cluster, as kubectl's:";

/** kubectl's global flags, under kubectl's names. */
export const connectionFlags = {
  kubeconfig: { kind: 'text', group, about: 'path of the kubeconfig file', completes: 'file' },
  context: { kind: 'text', group, about: 'context of the kubeconfig', completes: 'context' },
  cluster: { kind: 'text', group, about: 'cluster of the kubeconfig', completes: 'cluster' },
  user: { kind: 'text', group, about: 'user of the kubeconfig', completes: 'user' },
  namespace: {
    kind: 'text',
    short: 'n',
    group,
    about: 'namespace to look into; a node has none',
    completes: 'namespace',
  },
  server: { kind: 'text', short: 's', group, about: 'address and port of the API server' },
  token: { kind: 'text', group, about: 'bearer token' },
  username: { kind: 'text', group, about: 'for basic authentication' },
  password: { kind: 'text', group, about: 'for basic authentication' },
  as: { kind: 'text', group, about: 'user to impersonate' },
  'as-group': { kind: 'list', group, about: 'group to impersonate; may be repeated' },
  'as-uid': { kind: 'text', group, about: 'uid to impersonate' },
  'as-user-extra': { kind: 'list', group, about: 'key=value to impersonate with; may be repeated' },
  'certificate-authority': { kind: 'text', group, about: "file of the server's CA", completes: 'file' },
  'client-certificate': { kind: 'text', group, about: 'file of the client certificate', completes: 'file' },
  'client-key': { kind: 'text', group, about: 'file of its key', completes: 'file' },
  'insecure-skip-tls-verify': { kind: 'switch', group, about: "do not check the server's certificate" },
  'tls-server-name': { kind: 'text', group, about: "name to check the server's certificate for" },
  'disable-compression': { kind: 'switch', group, about: 'ask for answers without compression' },
  'request-timeout': {
    kind: 'text',
    group,
    about: 'how long one request may take (5s, 2m; 0: for ever)',
    otherwise: '30s',
  },
} as const satisfies Flags;
