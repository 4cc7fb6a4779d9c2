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

// any text in this armour will do: it is read here, not understood
const armoured = '-----BEGIN CERTIFICATE-----';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

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
    [home]: `${config('https://a:1/prefix/', { current: 'x', cluster: 'tls-server-name: inside' }).replace('contexts:', '- name: v\n  user: {token: t2}\ncontexts:')}
- name: yy
  context: {cluster: c, user: v}
- name: nobody
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
    ['--context', { context: 'yy' }, { context: 'yy', namespace: 'default', auth: { token: 't2' } }],
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
      { context: 'empty', server: 'https://b', token: 'mine' },
      { server: 'https://b', cluster: '' },
    ],
    ['a server without scheme', { server: 'b:8080' }, { server: 'http://b:8080', auth: { token: null } }],
    ['a server without scheme but with TLS', { server: 'b:1', insecureSkipTlsVerify: true }, { server: 'http://b:1' }],
    [
      'a cluster that is not in the files',
      { context: 'gone' },
      { server: 'http://localhost:8080', auth: { token: null } },
    ],
    ['--token for a context without user', { context: 'nobody', token: 'mine' }, { auth: { token: 'mine' } }],
    [
      '--as with all that belongs to it',
      { as: 'jane', asGroup: ['g1', 'g2'], asUid: '7', asUserExtra: ['k=a', 'k=b=c'] },
      { impersonate: { user: 'jane', groups: ['g1', 'g2'], uid: '7', extra: { k: ['a', 'b=c'] } } },
    ],
  ])('%s', (_, flags, expected) => {
    expect(load(files, {}, flags)).toMatchObject(expected);
  });

  it.each<[string, KubeFlags, string]>([
    ['an unknown context', { context: 'zz' }, 'context "zz" does not exist'],
    ['an unknown cluster', { cluster: 'zz' }, 'cluster "zz" does not exist'],
    ['an unknown user', { user: 'zz' }, 'auth info "zz" does not exist'],
    ['a context without user', { context: 'nobody' }, 'no user is chosen, so nothing says who you are'],
    [
      'two faults at once',
      { clientCertificate: '/c', username: 'a' },
      'invalid configuration:\n* client-key-data or client-key must be specified for u to use the clientCert authentication method.\n* more than',
    ],
    ['a server with a user in its URL', { server: 'https://me:pw@b' }, 'the URL of the server b holds a user name'],
    ['a server of another scheme', { server: 'ftp://b' }, 'unsupported protocol scheme "ftp"'],
    ['a server without scheme but with a path', { server: 'b/c' }, 'host must be a URL or a host:port pair: "b/c"'],
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
    ['no server', { server: 'https://' }, 'host must be a URL or a host:port pair: "https://"'],
  ])('refuses %s', (_, flags, message) => {
    expect(() => load(files, {}, flags)).toThrow(message);
  });

  it('refuses an insecure cluster with a CA', () => {
    const cluster = `insecure-skip-tls-verify: true\n    certificate-authority-data: ${base64(armoured)}`;
    expect(() => load({ [home]: config('https://a', { current: 'x', cluster }) })).toThrow(
      'root certificates file with the insecure flag',
    );
  });

  it('takes paths relative to the file that names them', () => {
    const c = load(
      {
        '/etc/kube/conf': config('https://a', {
          current: 'x',
          cluster: 'certificate-authority: pki/ca.crt',
          user: '{client-certificate: ../c.crt, client-key: c.key, tokenFile: token, exec: {apiVersion: v, command: bin/x, interactiveMode: Never}}',
        }),
        '/etc/kube/pki/ca.crt': armoured,
        '/etc/c.crt': 'CERT',
        '/etc/kube/c.key': 'key',
      },
      { KUBECONFIG: '/etc/kube/conf' },
    );
    expect(c.tls.ca).toBe(armoured);
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
      env: [{ name: 'A', value: 'b' }],
      provideClusterInfo: true,
      interactiveMode: 'Never',
      installHint: 'install it',
    });
  });

  it('refuses what it cannot do by its name', () => {
    const withUser = (user: string) => () => load({ [home]: config('https://a', { current: 'x', user }) });
    expect(withUser('{auth-provider: {name: gcp}}')).toThrow('no Auth Provider found for name "gcp"');
    const both = `{client-key: /k, client-certificate: /c, client-certificate-data: ${base64('x')}}`;
    expect(withUser(both)).toThrow('client-cert-data and client-cert are both specified for u.');
    expect(withUser('{token: t, client-certificate-data: "!"}')).toThrow('illegal base64 data');
    expect(withUser('{exec: {command: x, apiVersion: client.authentication.k8s.io/v1}}')).toThrow(
      'interactiveMode must be specified for u to use exec authentication plugin',
    );
  });

  it('passes over what is wrong with users that are not chosen', () => {
    const odd = '{token: t}\n- name: odd\n  user: {exec: {interactiveMode: Sometimes}, token: t, username: u}';
    expect(load({ [home]: config('https://a', { current: 'x', user: odd }) }).auth.token).toBe('t');
  });

  it('takes IfAvailable where an old exec plugin does not say how it is run', () => {
    const user = '{exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1}}';
    expect(load({ [home]: config('https://a', { current: 'x', user }) }).auth.exec?.interactiveMode).toBe(
      'IfAvailable',
    );
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

  it('takes what kubectl takes when there is none either, and knows what to do if nobody is there', () => {
    expect(load({}, pod)).toMatchObject({
      server: 'http://localhost:8080',
      nothingChosen: expect.stringContaining('looked at /home/me/.kube/config'),
    });
    expect(load({}, { KUBERNETES_MASTER: 'http://m:1' })).toMatchObject({ server: 'http://m:1', nothingChosen: null });
    expect(load({ '.kube/config': config('http://cwd:1', { current: 'x' }) }, { HOME: '' }).server).toBe(
      'http://cwd:1',
    );
  });

  const account1 = { [`${account}/token`]: 'T', [`${account}/ca.crt`]: 'CA', '/ca': 'mine' };

  it.each<[string, KubeFlags, Record<string, string>, object]>([
    ['--token', { token: 'mine' }, {}, { auth: { token: 'mine', tokenFile: null } }],
    ['--certificate-authority', { certificateAuthority: '/ca' }, {}, { tls: { ca: 'mine' } }],
    ['--namespace', { namespace: 'x' }, { POD_NAMESPACE: 'p' }, { namespace: 'x' }],
    ['POD_NAMESPACE', {}, { POD_NAMESPACE: 'p' }, { namespace: 'p' }],
    ['HTTPS_PROXY', {}, { HTTPS_PROXY: 'http://p:1' }, { proxy: { url: 'http://p:1', variable: 'HTTPS_PROXY' } }],
  ])('stays with the service account under %s', (_, flags, env, expected) => {
    expect(load(account1, { ...pod, ...env }, flags)).toMatchObject({ cluster: 'in-cluster', ...expected });
  });

  it.each<KubeFlags>([{ as: 'jane' }, { disableCompression: true }, { server: 'http://s:1' }])(
    'leaves the service account under %j, as client-go does',
    (flags) => {
      expect(load(account1, pod, flags).cluster).toBe('');
    },
  );

  it.each<KubeFlags>([
    { clientCertificate: '/ca', clientKey: '/ca' },
    { username: 'a' },
    { tlsServerName: 'x' },
    { insecureSkipTlsVerify: true },
  ])('refuses %j, which kubectl would drop', (flags) => {
    expect(() => load(account1, pod, flags)).toThrow('has no effect with the service account of this pod');
  });
});

describe('proxies', () => {
  const through = (server: string, cluster: string, env: Record<string, string> = {}) =>
    load({ [home]: config(server, { current: 'x', cluster }) }, env).proxy;

  it.each<[string, Record<string, string>, object | null]>([
    ['', { HTTPS_PROXY: 'http://p:1' }, { url: 'http://p:1', variable: 'HTTPS_PROXY' }],
    ['', { https_proxy: 'p:1' }, { url: 'http://p:1', variable: 'https_proxy' }],
    ['', { HTTPS_PROXY: 'socks5h://p' }, { url: 'socks5h://p', variable: 'HTTPS_PROXY' }],
    ['', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example' }, null],
    ['proxy-url: socks5://q:1', { HTTPS_PROXY: 'http://p:1' }, { url: 'socks5://q:1', variable: null }],
    ['proxy-url: https://q', { NO_PROXY: '*' }, { url: 'https://q', variable: null }],
  ])('%j with %j: %j', (cluster, env, expected) => {
    expect(through('https://a.example', cluster, env)).toEqual(expected);
  });

  it('takes a proxy-url for a server on loopback, but not a proxy of the environment', () => {
    expect(through('https://127.0.0.1', 'proxy-url: http://q')).toMatchObject({ url: 'http://q' });
    expect(through('https://127.0.0.1', '', { HTTPS_PROXY: 'http://p' })).toBeNull();
  });

  it.each<[string, Record<string, string>, string]>([
    ['proxy-url: "ftp://me:secret@q"', {}, 'unsupported scheme "ftp", must be http, https, or socks5'],
    ['proxy-url: "socks5h://q"', {}, 'unsupported scheme "socks5h"'],
    ['proxy-url: "q:3128"', {}, 'unsupported scheme "q"'],
    ['proxy-url: "http://me:secret@"', {}, 'could not parse it'],
    ['', { HTTPS_PROXY: 'ftp://me:secret@p' }, 'HTTPS_PROXY: unsupported scheme "ftp"'],
    ['', { HTTPS_PROXY: 'http://me:secret@ p' }, 'HTTPS_PROXY is no URL of a proxy'],
  ])('refuses %j with %j by its name, without the password', (cluster, env, message) => {
    const act = () => through('https://a.example', cluster, env);
    expect(act).toThrow(message);
    expect(act).not.toThrow('secret');
  });
});
