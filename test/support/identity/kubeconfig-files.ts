import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The kubeconfigs of the comparison; the main one has a context `cluster/user` for every pair that a row asks for. */
export const kubeconfigFiles = (w: World) => {
  const { port } = w;
  const server = (name: keyof World['port'], host = '127.0.0.1') => `https://${host}:${port[name]}`;
  const caA = { 'certificate-authority-data': base64(w.ca.a) };
  const a = { server: server('a'), ...caA };
  const named = { server: server('a', 'a.example'), ...caA };
  const through = (proxy: string) => ({ ...named, 'proxy-url': proxy });
  w.file('ca-a.crt', w.ca.a);
  w.file('jane.crt', w.person.cert);
  w.file('jane.key', w.person.key);
  w.file('token', 'from-file\n');
  w.file('blank', '\n');
  const certificate = {
    'client-certificate-data': base64(w.person.cert),
    'client-key-data': base64(w.person.key),
  };
  const clusters: Record<string, object> = {
    a,
    b: { server: server('b'), 'certificate-authority-data': base64(w.ca.b) },
    plain: { server: `http://127.0.0.1:${port.plain}` },
    six: { server: `http://[::1]:${port.six}` },
    prefix: { ...a, server: `${server('a')}/k8s/c-1/` },
    bare: { server: `127.0.0.1:${port.plain}`, ...caA },
    'bare-path': { server: `127.0.0.1:${port.plain}/x` },
    'with-user': { server: `http://me:pw@127.0.0.1:${port.plain}` },
    ftp: { server: 'ftp://127.0.0.1:1' },
    'ca-file': { server: server('a'), 'certificate-authority': 'ca-a.crt' },
    'ca-gone': { server: server('a'), 'certificate-authority': 'gone.crt' },
    'ca-twice': { ...a, 'certificate-authority': 'ca-a.crt' },
    'ca-other': { server: server('a'), 'certificate-authority-data': base64(w.ca.b) },
    'ca-broken': { server: server('a'), 'certificate-authority-data': base64('no PEM') },
    'ca-none': { server: server('a') },
    inside: { ...a, 'tls-server-name': 'inside.example' },
    outside: { ...a, 'tls-server-name': 'outside.example' },
    insecure: { server: server('b'), 'insecure-skip-tls-verify': true },
    'insecure-ca': { ...a, 'insecure-skip-tls-verify': true },
    'no-server': { ...caA },
    named,
    'plain-named': { server: `http://plain.example:${port.plain}` },
    'via-http': through(`http://127.0.0.1:${port.proxy}`),
    'via-http-inside': { ...through(`http://127.0.0.1:${port.proxy}`), 'tls-server-name': 'inside.example' },
    'via-user': through(`http://me:p%40ss@127.0.0.1:${port.proxy}`),
    'via-https': through(`https://127.0.0.1:${port.tlsProxy}`),
    'via-https-other': {
      ...through(`https://127.0.0.1:${port.tlsProxy}`),
      ...{ server: server('b', 'b.example'), 'certificate-authority-data': base64(w.ca.b) },
    },
    'via-socks': through(`socks5://127.0.0.1:${port.socks}`),
    'via-socks-user': through(`socks5://me:pw@127.0.0.1:${port.socks}`),
    'via-socks5h': through(`socks5h://127.0.0.1:${port.socks}`),
    'via-ftp': through('ftp://127.0.0.1:1'),
    'via-nobody': through('http://me:secret@127.0.0.1:1'),
    'via-no': through(`http://me:secret@127.0.0.1:${port.no}`),
    'loopback-via-http': { ...a, 'proxy-url': `http://127.0.0.1:${port.proxy}` },
    'plain-via-http': {
      server: `http://plain.example:${port.plain}`,
      'proxy-url': `http://me:pw@127.0.0.1:${port.proxy}`,
    },
    'plain-via-socks': {
      server: `http://plain.example:${port.plain}`,
      'proxy-url': `socks5://127.0.0.1:${port.socks}`,
    },
    told: {
      ...a,
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
    },
  };
  const token = `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/VERSION","status":{"token":"from-exec"}}'`;
  const says = (text: string, version = 'v1') => text.replace('VERSION', version);
  w.plugin('plugin', says(token));
  w.plugin('plugin-beta', says(token, 'v1beta1'));
  w.plugin('plugin-old', says(token.replace('from-exec', 'old')));
  w.plugin('plugin-fails', 'exit 3');
  w.plugin('on-path', says(token));
  w.file(
    'credential',
    JSON.stringify({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      status: { clientCertificateData: w.person.cert, clientKeyData: w.person.key },
    }),
  );
  w.plugin('plugin-certificate', `cat ${w.folder}/credential`);
  const exec = (command: string, more: object = {}) => ({
    exec: {
      ...{ apiVersion: 'client.authentication.k8s.io/v1', command, args: ['x', 'y z'], interactiveMode: 'Never' },
      ...{ env: [{ name: 'EXTRA', value: 'extra ' }], ...more },
    },
  });
  const beta = { apiVersion: 'client.authentication.k8s.io/v1beta1' };
  const without = { interactiveMode: undefined };
  const users: Record<string, object> = {
    t1: { token: 't1' },
    t2: { token: 't2' },
    old: { token: 'old' },
    cert: certificate,
    'cert-files': { 'client-certificate': 'jane.crt', 'client-key': 'jane.key' },
    'cert-token': { ...certificate, token: 't1' },
    'cert-half': { 'client-certificate': 'jane.crt' },
    'cert-gone': { 'client-certificate': 'gone.crt', 'client-key': 'jane.key' },
    'token-file': { tokenFile: 'token' },
    'token-both': { token: 't1', tokenFile: 'token' },
    'token-file-gone': { tokenFile: 'gone' },
    'token-both-gone': { token: 't1', tokenFile: 'gone' },
    'token-both-blank': { token: 't1', tokenFile: 'blank' },
    basic: { username: 'me', password: 'pw' },
    two: { token: 't1', username: 'me', password: 'pw' },
    nobody: {},
    gcp: { 'auth-provider': { name: 'gcp' } },
    acting: {
      token: 't1',
      as: 'jane',
      'as-uid': '7',
      'as-groups': ['g1', 'g2'],
      'as-user-extra': { 'example.com/Über': ['p', 'q'], k: ['r'] },
    },
    groupie: { token: 't1', 'as-groups': ['g1'] },
    exec: exec('./plugin'),
    'exec-path': exec('on-path'),
    'exec-told': exec('./plugin', { provideClusterInfo: true }),
    'exec-beta': exec('./plugin-beta', { ...beta, ...without }),
    'exec-beta-told': exec('./plugin-beta', { ...beta, ...without, provideClusterInfo: true }),
    'exec-if': exec('./plugin', { interactiveMode: 'IfAvailable' }),
    'exec-always': exec('./plugin', { interactiveMode: 'Always' }),
    'exec-silent': exec('./plugin', without),
    'exec-odd': exec('./plugin', { interactiveMode: 'Sometimes' }),
    'exec-alpha': exec('./plugin', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }),
    'exec-other': exec('./plugin-beta'),
    'exec-gone': exec('./gone', { installHint: 'brew install it' }),
    'exec-path-gone': exec('netdoctor-no-such-plugin', { installHint: 'brew install it' }),
    'exec-fails': exec('./plugin-fails'),
    'exec-old': exec('./plugin-old'),
    'exec-certificate': exec('./plugin-certificate'),
    'exec-cert': { ...exec('./plugin'), ...certificate },
    'exec-token': { ...exec('./plugin'), token: 't1' },
    'exec-basic': { ...exec('./plugin'), username: 'me', password: 'pw' },
  };
  for (const [folder, path] of [
    ['home/.kube', 'home'],
    ['cwd/.kube', 'working-directory'],
  ] as const) {
    mkdirSync(join(w.folder, folder));
    w.file(`${folder}/config`, {
      'current-context': 'x',
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port.plain}/${path}` } }],
      contexts: [{ name: 'x', context: { cluster: 'c' } }],
    });
  }
  const list = (of: Record<string, object>, part: string) =>
    Object.entries(of).map(([name, value]) => ({ name, [part]: value }));
  const pairs = [...Object.keys(clusters).map((c) => [c, 't1']), ...Object.keys(users).map((u) => ['a', u])];
  const special = {
    'no-user': { cluster: 'a' },
    'gone-user': { cluster: 'a', user: 'gone' },
    'gone-cluster': { cluster: 'gone', user: 't1' },
    'no-cluster': { user: 't1' },
    'plain/nobody': { cluster: 'plain' },
    'plain/acting': { cluster: 'plain', user: 'acting' },
    'plain/cert': { cluster: 'plain', user: 'cert' },
    'via-http/cert': { cluster: 'via-http', user: 'cert' },
    'via-socks/cert': { cluster: 'via-socks', user: 'cert' },
    'via-https/cert': { cluster: 'via-https', user: 'cert' },
    'via-http/exec-told': { cluster: 'via-http', user: 'exec-told' },
    'told/exec-told': { cluster: 'told', user: 'exec-told' },
    'inside/exec-told': { cluster: 'inside', user: 'exec-told' },
    'insecure/exec-told': { cluster: 'insecure', user: 'exec-told' },
  };
  const contexts = {
    ...Object.fromEntries(pairs.map(([cluster, user]) => [`${cluster}/${user}`, { cluster, user }])),
    ...special,
  };
  const config = (current: string, more: object = {}) => ({
    ...{ apiVersion: 'v1', kind: 'Config', preferences: {}, 'current-context': current, unknown: { field: 1 } },
    ...{ clusters: list(clusters, 'cluster'), users: list(users, 'user'), contexts: list(contexts, 'context') },
    ...more,
  });
  const small = (current: string | undefined, cluster: string, user: string) => ({
    ...(current === undefined ? {} : { 'current-context': current }),
    clusters: [{ name: 'c', cluster: clusters[cluster] }],
    users: [{ name: 'u', user: users[user] }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  });
  const yaml = `clusters: [{name: c, cluster: {server: "http://127.0.0.1:${port.plain}"}}]
contexts: [{name: x, context: {cluster: c}}]
`;
  return {
    main: w.file('main', config('a/t1')),
    other: w.file('other', small('x', 'b', 't2')),
    same: w.file('same', small(undefined, 'a', 't1')),
    only: w.file('only', { 'current-context': 'x' }),
    empty: w.file('empty', ''),
    broken: w.file('broken', 'clusters: [\n'),
    typed: w.file('typed', config('a/t1', { users: [{ name: 't1', user: { token: 12 } }] })),
    twice: w.file(
      'twice',
      config('a/t1', { users: [...list({ t1: users.t1 ?? {} }, 'user'), { name: 't1', user: {} }] }),
    ),
    kind: w.file('kind', config('a/t1', { kind: 'Pod' })),
    base64: w.file('base64', config('a/t1', { users: [{ name: 't1', user: { 'client-key-data': '!' } }] })),
    lost: w.file('lost', config('gone')),
    'twice-field': w.file('twice-field', `${yaml}current-context: gone\ncurrent-context: x\n`),
    missing: `${w.folder}/missing`,
    folder: w.folder,
  };
};
