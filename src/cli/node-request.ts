import type { NodeRequest, NodeSource, PodOptions } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import { duration } from './duration.ts';
import { type NodeFlag, refuseConflicts } from './node-conflicts.ts';
import { nodeName } from './node-name.ts';
import { portRange } from './port-range.ts';
import type { Values } from './values.ts';

const policies: readonly PodOptions['imagePullPolicy'][] = ['Always', 'IfNotPresent', 'Never'];
const allRights: readonly PodOptions['rights'][] = ['minimal', 'default', 'full'];

const podOptions = (v: Values<NodeFlag>): PodOptions => ({
  image: v.text('image') ?? 'busybox:1.36',
  imagePullPolicy: policies.find((p) => p === v.text('image-pull-policy')) ?? 'IfNotPresent',
  ...defined({ imagePullSecret: v.text('image-pull-secret') }),
  namespace: v.text('probe-namespace') ?? 'kube-system',
  rights: allRights.find((r) => r === v.text('rights')) ?? 'default',
  startSeconds: duration(v.text('timeout') ?? '30s', 'timeout', { least: 1, most: 600 }) / 1000,
});

const list = (of: readonly string[]): readonly string[] | undefined => (of.length > 0 ? of : undefined);
const whenOn = (on: boolean): true | undefined => on || undefined;

const fromPod = (v: Values<NodeFlag>, name: string): NodeSource => {
  const timeout = v.text('request-timeout');
  // 0 is no limit, as with kubectl
  const timeoutMs =
    timeout === undefined ? 0 : duration(timeout, 'request-timeout', { unit: 's', least: 0, most: 86_400 });
  return {
    kind: 'pod',
    node: nodeName(name),
    flags: defined({
      kubeconfig: v.text('kubeconfig'),
      context: v.text('context'),
      cluster: v.text('cluster'),
      user: v.text('user'),
      server: v.text('server'),
      namespace: v.text('namespace'),
      token: v.text('token'),
      username: v.text('username'),
      password: v.text('password'),
      clientCertificate: v.text('client-certificate'),
      clientKey: v.text('client-key'),
      certificateAuthority: v.text('certificate-authority'),
      insecureSkipTlsVerify: whenOn(v.on('insecure-skip-tls-verify')),
      tlsServerName: v.text('tls-server-name'),
      as: v.text('as'),
      asGroup: list(v.list('as-group')),
      asUid: v.text('as-uid'),
      asUserExtra: list(v.list('as-user-extra')),
      disableCompression: whenOn(v.on('disable-compression')),
    }),
    ...(timeoutMs > 0 ? { requestTimeoutMs: timeoutMs } : {}),
    pod: podOptions(v),
  };
};

const sourceOf = (v: Values<NodeFlag>, name: string | undefined): NodeSource => {
  const path = v.text('from');
  if (path !== undefined) return { kind: 'bundle', path };
  return v.on('local') || name === undefined ? { kind: 'local' } : fromPod(v, name);
};

/** What `netdoctor node` is asked, from its flags and the name. With --emit-collector only the window and the checks count. Throws UsageError. */
export const nodeRequest = (v: Values<NodeFlag>, name: string | undefined): NodeRequest => {
  refuseConflicts(v, name);
  const range = v.text('node-port-range');
  const patterns = v
    .list('checks')
    .flatMap((p) => p.split(','))
    .map((p) => p.trim())
    .filter((p) => p !== '');
  return {
    source: sourceOf(v, name),
    windowSeconds: duration(v.text('window') ?? '2s', 'window', { least: 0, most: 600 }) / 1000,
    ...defined({
      nodePortRange: range === undefined ? undefined : portRange(range, 'node-port-range'),
      checks: list(patterns),
      save: v.text('save'),
    }),
  };
};
