import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import {
  type ClusterEntry,
  type ContextEntry,
  type ExecEntry,
  type Kubeconfig,
  type Material,
  noCluster,
  noUser,
  type UserEntry,
} from './entries.ts';
import { KubeconfigError } from './error.ts';
import { type Fields, fieldsOf } from './fields.ts';

type ResolvePath = (path: string | null) => string | null;

const base64 = (text: string | null): string | null => {
  const plain = text?.replace(/[\r\n]/g, '') ?? null;
  if (plain === null || /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(plain)) return plain;
  throw new KubeconfigError('illegal base64 data');
};

const material = (f: Fields, name: string, path: ResolvePath): Material => ({
  data: base64(f.text(`${name}-data`)),
  file: path(f.text(name)),
});

const cluster = (f: Fields, path: ResolvePath): ClusterEntry => ({
  server: f.text('server'),
  certificateAuthority: material(f, 'certificate-authority', path),
  insecureSkipTlsVerify: f.flag('insecure-skip-tls-verify'),
  tlsServerName: f.text('tls-server-name'),
  proxyUrl: f.text('proxy-url'),
  disableCompression: f.flag('disable-compression'),
  execConfig:
    f
      .list('extensions')
      .find((e) => e.text('name') === 'client.authentication.k8s.io/exec')
      ?.raw('extension') ?? null,
});

/** What client-go takes where an older version of the API leaves it out; v1 demands it. */
const defaultMode = (apiVersion: string): string | null =>
  /^client\.authentication\.k8s\.io\/v1(alpha|beta)1$/.test(apiVersion) || apiVersion === '' ? 'IfAvailable' : null;

const exec = (f: Fields, path: ResolvePath): ExecEntry => {
  const command = f.text('command') ?? '';
  const apiVersion = f.text('apiVersion') ?? '';
  return {
    apiVersion,
    command: command.includes(sep) || command.includes('/') ? (path(command) ?? command) : command,
    args: f.texts('args'),
    env: f.list('env').map((e) => ({ name: e.text('name') ?? '', value: e.text('value') ?? '' })),
    provideClusterInfo: f.flag('provideClusterInfo'),
    interactiveMode: f.text('interactiveMode') ?? defaultMode(apiVersion),
    installHint: f.text('installHint'),
  };
};

const user = (f: Fields, path: ResolvePath): UserEntry => {
  const plugin = f.fields('exec');
  const extra = f.fields('as-user-extra');
  return {
    clientCertificate: material(f, 'client-certificate', path),
    clientKey: material(f, 'client-key', path),
    token: f.text('token'),
    tokenFile: path(f.text('tokenFile')),
    username: f.text('username'),
    password: f.text('password'),
    exec: plugin && exec(plugin, path),
    authProvider: f.raw('auth-provider') === null ? null : (f.fields('auth-provider')?.text('name') ?? '?'),
    as: f.text('as'),
    asUid: f.text('as-uid'),
    asGroups: f.texts('as-groups'),
    asUserExtra: extra ? Object.fromEntries(extra.names.map((name) => [name, extra.texts(name)])) : {},
  };
};

const context = (f: Fields): ContextEntry => ({
  cluster: f.text('cluster'),
  user: f.text('user'),
  namespace: f.text('namespace'),
});

const named = <T>(top: Fields, list: string, part: string, none: T, read: (f: Fields) => T): Map<string, T> => {
  const all = new Map<string, T>();
  for (const item of top.list(list)) {
    const name = item.text('name') ?? '';
    if (all.has(name)) throw new KubeconfigError(`duplicate name "${name}" in list ${list}`);
    const content = item.fields(part);
    all.set(name, content ? read(content) : none);
  }
  return all;
};

const isConfig = (top: Fields): void => {
  const kind = top.text('kind') ?? 'Config';
  const version = top.text('apiVersion') ?? 'v1';
  if (kind !== 'Config' || version !== 'v1')
    throw new KubeconfigError(`no kind "${kind}" is registered for version "${version}"`);
};

/**
 * Understands one kubeconfig file as kubectl does (YAML 1.1; of a field that is there twice the last one counts). Relative paths in it, and a relative path of an exec command, are
 * relative to the file's own directory. Null for an empty file. Throws {@link KubeconfigError} that names the file.
 */
export const parseKubeconfig = (content: string, location: string): Kubeconfig | null => {
  const base = dirname(resolve(location));
  const path: ResolvePath = (p) => (p === null || isAbsolute(p) ? p : join(base, p));
  try {
    const data: unknown = parse(content, { version: '1.1', logLevel: 'error', uniqueKeys: false });
    if (data === null || data === undefined) return null;
    const top = fieldsOf(data, '');
    isConfig(top);
    return {
      currentContext: top.text('current-context'),
      clusters: named(top, 'clusters', 'cluster', noCluster, (f) => cluster(f, path)),
      users: named(top, 'users', 'user', noUser, (f) => user(f, path)),
      contexts: named(top, 'contexts', 'context', { cluster: null, user: null, namespace: null }, context),
    };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new KubeconfigError(`error loading config file "${location}": ${why}`);
  }
};
