import { describe, expect, it } from 'vitest';
import type { KubeFlags } from '../../src/cluster/kubeconfig/flags.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';

type Files = Readonly<Record<string, string>>;

const missing = (path: string) => Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });

const load = (files: Files, env: Record<string, string> = {}, flags: KubeFlags = {}) =>
  loadKubeconfig({
    env: { HOME: '/home/me', ...env },
    flags,
    readFile: (path) => {
      const found = files[path];
      if (found === undefined) throw missing(path);
      return found;
    },
  });

const config = (
  server: string,
  more: Partial<Record<'current' | 'cluster' | 'user' | 'namespace' | 'context', string>> = {},
) => `
apiVersion: v1
kind: Config
${more.current === undefined ? '' : `current-context: ${more.current}`}
clusters:
- name: c
  cluster:
    server: ${server}
    ${more.cluster ?? ''}
users:
- name: u
  user: ${more.user ?? '{token: t1}'}
contexts:
- name: ${more.context ?? 'x'}
  context: {cluster: c, user: u, namespace: ${more.namespace ?? 'ns1'}}
`;

const home = '/home/me/.kube/config';

describe('which files', () => {
  it('reads ~/.kube/config', () => {
    const c = load({ [home]: config('https://a:1', { current: 'x' }) });
    expect(c).toMatchObject({ context: 'x', cluster: 'c', server: 'https://a:1', namespace: 'ns1' });
    expect(c.auth.token).toBe('t1');
  });

  it('reads KUBECONFIG instead, passes over missing and empty files, and the first value wins', () => {
    const files = {
      [home]: config('https://home:1', { current: 'x' }),
      '/b': '',
      '/a': config('https://a:1'),
      '/c': config('https://c:1', {
        current: 'x',
        cluster: 'insecure-skip-tls-verify: true',
        user: '{token: t2}',
        namespace: 'ns2',
      }),
      '/d': config('https://d:1', { current: 'yy', context: 'yy' }),
    };
    const c = load(files, { KUBECONFIG: '/nowhere:/b::/a:/c:/d' });
    expect(c).toMatchObject({ context: 'x', server: 'https://a:1', namespace: 'ns1', tls: { insecure: false } });
    expect(c.auth.token).toBe('t1');
    expect(load(files, { KUBECONFIG: '/c:/a' })).toMatchObject({
      server: 'https://c:1',
      namespace: 'ns2',
      tls: { insecure: true },
    });
    expect(load(files, { KUBECONFIG: '/a:/d:/c' }).context).toBe('yy');
  });

  it('reads the file of --kubeconfig alone, and it must exist', () => {
    const files = { '/a': config('https://a:1', { current: 'x' }), [home]: config('https://home:1') };
    expect(load(files, { KUBECONFIG: '/zz' }, { kubeconfig: '/a' }).server).toBe('https://a:1');
    expect(() => load(files, {}, { kubeconfig: '/zz' })).toThrow('stat /zz: no such file or directory');
  });

  it('names the file that it cannot understand', () => {
    expect(() => load({ '/bad': 'a: [' }, { KUBECONFIG: '/bad' })).toThrow('error loading config file "/bad"');
    const numeric = config('https://a:1', { current: 'x', user: '{token: 12}' });
    expect(() => load({ '/a': numeric }, { KUBECONFIG: '/a' })).toThrow(
      /"\/a": cannot unmarshal number into field .*token of type string/,
    );
    const twice = `${config('https://a:1')}\n- name: x\n  context: {cluster: c}\n`;
    expect(() => load({ '/a': twice }, { KUBECONFIG: '/a' })).toThrow('duplicate name "x" in list contexts');
  });
});

describe('what is chosen', () => {
  const files = {
    [home]: `${config('https://a:1/prefix/', { current: 'x', cluster: 'tls-server-name: inside' })}
- name: yy
  context: {cluster: c}
- name: gone
  context: {cluster: nowhere, user: u}
- name: empty
`,
  };

  it.each<[string, KubeFlags, object]>([
    [
      'the current context',
      {},
      { context: 'x', server: 'https://a:1/prefix', namespace: 'ns1', tls: { serverName: 'inside' } },
    ],
    ['--context', { context: 'yy' }, { context: 'yy', namespace: 'default', auth: { token: null } }],
    ['--context and --user', { context: 'yy', user: 'u' }, { auth: { token: 't1' } }],
    ['--namespace', { namespace: 'other' }, { namespace: 'other' }],
    ['--token', { token: 'mine' }, { auth: { token: 'mine' } }],
    [
      '--server, which drops the TLS server name',
      { server: 'https://b' },
      { server: 'https://b', tls: { serverName: null } },
    ],
    ['--tls-server-name', { server: 'https://b', tlsServerName: 'z' }, { tls: { serverName: 'z' } }],
    ['--insecure-skip-tls-verify', { insecureSkipTlsVerify: true }, { tls: { insecure: true, ca: null } }],
    [
      'empty flags, as if not given',
      { context: '', server: '', namespace: '', token: '' },
      { context: 'x', namespace: 'ns1' },
    ],
    [
      '--server for a context without cluster',
      { context: 'empty', server: 'https://b' },
      { server: 'https://b', cluster: '' },
    ],
    ['a server without scheme', { server: 'b:8080' }, { server: 'http://b:8080', auth: { token: null } }],
    ['a server without scheme but with TLS', { server: 'b:1', insecureSkipTlsVerify: true }, { server: 'https://b:1' }],
    [
      '--as with all that belongs to it',
      { as: 'jane', asGroup: ['g1', 'g2'], asUid: '7', asUserExtra: ['k=a', 'k=b=c'] },
      { impersonate: { user: 'jane', groups: ['g1', 'g2'], uid: '7', extra: { k: ['a', 'b=c'] } } },
    ],
  ])('%s', (_, flags, expected) => {
    expect(load(files, {}, flags)).toMatchObject(expected);
  });

  it.each<[string, KubeFlags, string]>([
    ['an unknown context', { context: 'zz' }, 'context was not found for specified context: zz'],
    ['an unknown cluster', { cluster: 'zz' }, 'no server found for cluster "zz"'],
    ['an unknown user', { user: 'zz' }, 'auth info "zz" does not exist'],
    ["a context's missing cluster", { context: 'gone' }, 'no server found for cluster "nowhere"'],
    [
      'groups without a user',
      { asGroup: ['g'] },
      'requesting uid, groups or user-extra for u without impersonating a user',
    ],
    [
      'two ways to authenticate',
      { username: 'a', password: 'b' },
      'more than one authentication method found for u; found [token basicAuth]',
    ],
    ['a certificate without key', { clientCertificate: '/c' }, 'client-key-data or client-key must be specified for u'],
    [
      'a CA that is not there',
      { certificateAuthority: '/zz' },
      'unable to read certificate-authority /zz for c due to open /zz: no such file',
    ],
    ['no server', { server: 'https://' }, 'invalid server URL'],
  ])('refuses %s', (_, flags, message) => {
    expect(() => load(files, {}, flags)).toThrow(message);
  });

  it('refuses an insecure cluster with a CA', () => {
    const cluster = 'insecure-skip-tls-verify: true\n    certificate-authority-data: YQ==';
    expect(() => load({ [home]: config('https://a', { current: 'x', cluster }) })).toThrow(
      'root certificates file with the insecure flag',
    );
  });

  it('takes paths relative to the file that names them, data before files', () => {
    const c = load(
      {
        '/etc/kube/conf': config('https://a', {
          current: 'x',
          cluster: 'certificate-authority: pki/ca.crt',
          user: '{client-certificate: ../c.crt, client-key: c.key, client-key-data: a2V5, tokenFile: token, exec: {apiVersion: v, command: bin/x}}',
        }),
        '/etc/kube/pki/ca.crt': 'CA',
        '/etc/c.crt': 'CERT',
      },
      { KUBECONFIG: '/etc/kube/conf' },
    );
    expect(c.tls.ca).toBe('CA');
    expect(c.auth).toMatchObject({
      certifiedKey: { certificate: 'CERT', key: 'key' },
      tokenFile: '/etc/kube/token',
      exec: { command: '/etc/kube/bin/x' },
    });
  });

  it('leaves an exec command without a slash to PATH, and reads all of exec', () => {
    const user = `
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws
      args: [eks, get-token]
      env: [{name: A, value: b}]
      provideClusterInfo: true
      interactiveMode: Never
      installHint: install it`;
    expect(load({ [home]: config('https://a', { current: 'x', user }) }).auth.exec).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'aws',
      args: ['eks', 'get-token'],
      env: { A: 'b' },
      provideClusterInfo: true,
      interactiveMode: 'Never',
      installHint: 'install it',
    });
  });

  it('refuses what it cannot do by its name', () => {
    const withUser = (user: string) => () => load({ [home]: config('https://a', { current: 'x', user }) });
    expect(withUser('{auth-provider: {name: gcp}}')).toThrow('auth-provider "gcp"');
    const cluster = 'proxy-url: socks5://p:1';
    expect(() => load({ [home]: config('https://a', { current: 'x', cluster }) })).toThrow('proxy-url socks5://p:1');
    const plain = { [home]: config('https://a.example', { current: 'x' }) };
    expect(() => load(plain, { https_proxy: 'http://p:3128' })).toThrow(/https_proxy is set .*NO_PROXY=a\.example/);
    expect(load(plain, { https_proxy: 'http://p:3128', NO_PROXY: 'example' }).server).toBe('https://a.example');
  });
});

describe('without a kubeconfig', () => {
  const account = '/var/run/secrets/kubernetes.io/serviceaccount';
  const pod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

  it('uses the service account of the pod', () => {
    const c = load({ [`${account}/token`]: 'T', [`${account}/ca.crt`]: 'CA', [`${account}/namespace`]: 'mine\n' }, pod);
    expect(c).toMatchObject({ context: null, server: 'https://[fd00::1]:443', namespace: 'mine', tls: { ca: 'CA' } });
    expect(c.auth.tokenFile).toBe(`${account}/token`);
  });

  it('says what to do when there is none either', () => {
    expect(() => load({}, pod)).toThrow('The connection to the server localhost:8080 was refused');
    expect(() => load({})).toThrow('looked at /home/me/.kube/config');
  });
});
