import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { createKubeApi, type KubeApi, type KubeApiOptions } from '../../src/cluster/api.ts';
import type { ApiError } from '../../src/cluster/api-error.ts';
import type { Auth, Connection } from '../../src/cluster/connection.ts';
import type { ExecEntry } from '../../src/cluster/kubeconfig/entries.ts';
import { makeCertificate } from './certificates.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

const serve = async (handler: http.RequestListener, tls?: https.ServerOptions): Promise<string> => {
  const server = tls ? https.createServer(tls, handler) : http.createServer(handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const noAuth: Auth = { certifiedKey: null, token: null, tokenFile: null, basic: null, exec: null };

const connect = (server: string, more: Partial<Connection> = {}, options: Partial<KubeApiOptions> = {}): KubeApi => {
  const api = createKubeApi(
    {
      ...{
        context: 'x',
        cluster: 'c',
        server,
        namespace: 'default',
        auth: noAuth,
        proxy: null,
        nothingChosen: null,
        impersonate: null,
        compress: true,
        execConfig: null,
      },
      tls: { ca: null, insecure: false, serverName: null },
      ...more,
    },
    { version: '1.2.3', ...options },
  );
  cleanups.push(() => api.close());
  return api;
};

const status =
  (code: number, reason: string, message: string): http.RequestListener =>
  (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code }));
  };

const failureOf = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => expect.unreachable(),
    (error) => error as ApiError,
  );

it('gets JSON and the date of the server, over one connection, as netdoctor', async () => {
  const sockets = new Set<unknown>();
  const seen: http.IncomingMessage[] = [];
  const server = await serve((request, response) => {
    sockets.add(request.socket);
    seen.push(request);
    response.setHeader('Date', 'Mon, 23 Nov 2026 20:00:00 GMT');
    response.end('{"items":[]}');
  });
  const api = connect(`${server}/k8s/clusters/c-1`);
  expect(await api.get('/api/v1/pods?limit=1')).toEqual({ body: { items: [] }, dateMs: Date.UTC(2026, 10, 23, 20) });
  await api.get('/version');
  expect(sockets.size).toBe(1);
  expect(seen[0]?.url).toBe('/k8s/clusters/c-1/api/v1/pods?limit=1');
  expect(seen[0]?.headers['user-agent']).toBe(`kubectl-netdoctor/1.2.3 (${process.platform}/${process.arch})`);
});

it('repeats the headers of impersonation', async () => {
  let raw: string[] = [];
  const server = await serve((request, response) => {
    raw = request.rawHeaders;
    response.end('{}');
  });
  const impersonate = { user: 'jane', uid: '7', groups: ['g1', 'g2'], extra: { 'example.com/Über%': ['a', 'b'] } };
  await connect(server, { impersonate }).get('/');
  const pairs = raw.flatMap((name, i) =>
    i % 2 === 0 && name.startsWith('Impersonate') ? [`${name}: ${raw[i + 1]}`] : [],
  );
  expect(pairs).toEqual([
    'Impersonate-User: jane',
    'Impersonate-Uid: 7',
    'Impersonate-Group: g1',
    'Impersonate-Group: g2',
    'Impersonate-Extra-example.com%2F%C3%9Cber%25: a',
    'Impersonate-Extra-example.com%2F%C3%9Cber%25: b',
  ]);
});

it('sends bodies, and unpacks compressed answers', async () => {
  const bodies: string[] = [];
  const server = await serve(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(`${request.method} ${request.headers['content-type']} ${body}`);
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzipSync(JSON.stringify({ text: 'ü'.repeat(100_000) })));
  });
  const api = connect(server);
  expect((await api.post('/x', { a: 'é' })).body).toEqual({ text: 'ü'.repeat(100_000) });
  await api.delete('/x', { b: 1 });
  expect(bodies).toEqual(['POST application/json {"a":"é"}', 'DELETE application/json {"b":1}']);
});

it.each<[http.RequestListener, string, Partial<ApiError>]>([
  [
    status(404, 'NotFound', 'pods "x" not found'),
    'Error from server (NotFound): pods "x" not found',
    { status: 404, reason: 'NotFound' },
  ],
  [status(403, 'Forbidden', 'no'), 'Error from server (Forbidden): no', { status: 403, serverMessage: 'no' }],
  [status(500, '', 'etcd is away'), 'Error from server: etcd is away', { status: 500, reason: null }],
  [status(401, 'Unauthorized', 'Unauthorized'), 'You must be logged in to the server (Unauthorized)', { status: 401 }],
  [
    (_, response) => response.writeHead(503).end('<h1>upstream down</h1>\n'),
    'Error from server (HTTP 503): <h1>upstream down</h1>',
    { status: 503, serverMessage: '<h1>upstream down</h1>' },
  ],
  [(_, response) => response.writeHead(502).end(), 'Error from server (HTTP 502): 502 Bad Gateway', { status: 502 }],
  [
    (_, response) => response.end('<html>'),
    'Server returned an unexpected response: /x is no JSON',
    { kind: 'unreadable' },
  ],
])("says the server's errors in kubectl's words", async (handler, message, more) => {
  const api = connect(await serve(handler));
  const error = await failureOf(api.get('/x'));
  expect(error.message).toBe(message);
  expect(error).toMatchObject(more);
  if (error.kind === 'status') expect((await failureOf(api.stream('/x'))).message).toBe(message);
});

it('says in kubectl’s words that nobody listens there', async () => {
  const gone = await serve(() => undefined);
  cleanups.pop()?.();
  const error = await failureOf(connect(gone).get('/api'));
  expect(error).toMatchObject({
    kind: 'refused',
    message: `The connection to the server ${new URL(gone).host} was refused - did you specify the right host or port?`,
  });
});

it('says that a name does not resolve', async () => {
  const error = await failureOf(connect('http://nowhere.invalid:1').get('/api'));
  expect(error.kind).toBe('dns');
  expect(error.message).toContain('Unable to connect to the server: dial tcp: lookup nowhere.invalid');
});

it('says that no answer came in time, and tells that from an abort', async () => {
  const api = connect(await serve(() => undefined), {}, { timeoutMs: 50 });
  expect(await failureOf(api.get('/slow'))).toMatchObject({
    kind: 'timeout',
    message: expect.stringMatching(/within 0\.05s \(GET \/slow\)$/),
  });
  expect(await failureOf(api.get('/slow', { timeoutMs: 20 }))).toMatchObject({ kind: 'timeout' });
  const abort = new AbortController();
  const work = failureOf(api.get('/slow', { signal: abort.signal, timeoutMs: 5000 }));
  abort.abort(new Error('Ctrl-C'));
  expect((await work).message).toBe('Ctrl-C');
  expect((await failureOf(api.get('/slow', { signal: abort.signal }))).message).toBe('Ctrl-C');
});

it('says that the connection broke', async () => {
  const api = connect(await serve((request) => request.socket.destroy()));
  expect(await failureOf(api.get('/'))).toMatchObject({
    kind: 'network',
    message: expect.stringContaining('connection reset'),
  });
});

it('asks again when a kept connection was closed meanwhile', async () => {
  let requests = 0;
  const server = await serve((request, response) => {
    requests++;
    response.end('{}');
    if (requests === 1) response.once('finish', () => setTimeout(() => request.socket.resetAndDestroy(), 5));
  });
  const api = connect(server);
  await api.get('/');
  await api.get('/');
  await new Promise((done) => setTimeout(done, 20));
  await api.get('/');
  expect(requests).toBeGreaterThanOrEqual(3);
});

it('streams text as it comes, whole characters only, and ends with the loop', async () => {
  let closed: () => void = () => undefined;
  const ended = new Promise<void>((done) => {
    closed = done;
  });
  const server = await serve((request, response) => {
    request.socket.once('close', closed);
    response.write(Buffer.from('ab\xc3', 'latin1'));
    setTimeout(() => response.write(Buffer.from('\xbcd', 'latin1')), 20);
  });
  const got: string[] = [];
  for await (const text of await connect(server).stream('/log')) {
    got.push(text);
    if (got.length === 2) break;
  }
  expect(got).toEqual(['ab', 'üd']);
  await ended;
});

it('ends a stream on abort, and says when it broke', async () => {
  const server = await serve((request, response) => {
    response.write('x');
    if (request.url === '/break') setTimeout(() => request.socket.destroy(), 20);
  });
  const api = connect(server);
  const abort = new AbortController();
  const read = async (path: string) => {
    for await (const _ of await api.stream(path, { signal: abort.signal }))
      if (path === '/hold') abort.abort(new Error('enough'));
  };
  expect((await failureOf(read('/break'))).kind).toBe('network');
  expect((await failureOf(read('/hold'))).message).toBe('enough');
});

const ca = { ...makeCertificate('test CA', null), cn: 'test CA' };
const serverPair = makeCertificate('server', ca, ['inside.example']);

it('trusts the CA of the cluster and no other, and checks the name', async () => {
  const server = await serve((_, response) => response.end('{}'), serverPair);
  const tls = (more: Partial<Connection['tls']>) => ({ tls: { ca: null, insecure: false, serverName: null, ...more } });
  await connect(server, tls({ ca: ca.cert })).get('/');
  await connect(server, tls({ ca: ca.cert, serverName: 'inside.example' })).get('/');
  await connect(server, tls({ insecure: true })).get('/');
  const unknown = await failureOf(connect(server, tls({})).get('/'));
  expect(unknown).toMatchObject({
    kind: 'tls',
    message: expect.stringContaining('x509: certificate signed by unknown authority'),
  });
  const other = await failureOf(connect(server, tls({ ca: ca.cert, serverName: 'other.example' })).get('/'));
  expect(other).toMatchObject({ kind: 'tls', message: expect.stringContaining('other.example') });
});

it('says that a certificate has expired, and that the server speaks no TLS', async () => {
  const old = await serve((_, response) => response.end('{}'), makeCertificate('server', ca, [], -1));
  const expired = await failureOf(connect(old, { tls: { ca: ca.cert, insecure: false, serverName: null } }).get('/'));
  expect(expired.message).toContain('x509: certificate has expired');
  const plain = (await serve((_, response) => response.end('{}'))).replace('http:', 'https:');
  const error = await failureOf(connect(plain).get('/'));
  expect(error.message).toContain('http: server gave HTTP response to HTTPS client');
});

it('shows a client certificate', async () => {
  const server = await serve(
    (request, response) =>
      response.end(JSON.stringify({ cn: (request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? null })),
    { ...serverPair, ca: ca.cert, requestCert: true, rejectUnauthorized: true },
  );
  const mine = makeCertificate('me', ca);
  const auth = { ...noAuth, certifiedKey: { certificate: mine.cert, key: mine.key } };
  const tls = { ca: ca.cert, insecure: false, serverName: null };
  expect((await connect(server, { auth, tls }).get('/')).body).toEqual({ cn: 'me' });
});

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'netdoctor-api-'));
  cleanups.push(() => rmSync(path, { recursive: true }));
  return path;
};

const expecting =
  (token: () => string): http.RequestListener =>
  (request, response) =>
    request.headers.authorization === token()
      ? response.end('{"ok":true}')
      : status(
          401,
          'Unauthorized',
          'Unauthorized',
        )(request, response as http.ServerResponse & { req: http.IncomingMessage });

it.each<[Partial<Auth>, string]>([
  [{ token: 'T' }, 'Bearer T'],
  [{ basic: { username: 'ü', password: 'p:w' } }, `Basic ${Buffer.from('ü:p:w').toString('base64')}`],
])('authenticates by %j', async (auth, header) => {
  const server = await serve(expecting(() => header));
  expect((await connect(server, { auth: { ...noAuth, ...auth } }).get('/')).body).toEqual({ ok: true });
});

it('reads the token file again when its token is refused', async () => {
  const tokenFile = join(folder(), 'token');
  writeFileSync(tokenFile, 'old\n');
  let token = 'Bearer old';
  const api = connect(await serve(expecting(() => token)), { auth: { ...noAuth, tokenFile } });
  await api.get('/');
  writeFileSync(tokenFile, 'new\n');
  token = 'Bearer new';
  expect((await api.get('/')).body).toEqual({ ok: true });
  token = 'Bearer third';
  expect(await failureOf(api.get('/'))).toMatchObject({ status: 401 });
});

const plugin = (text: string): { readonly path: string; readonly runs: () => readonly string[] } => {
  const dir = folder();
  const path = join(dir, 'plugin');
  writeFileSync(
    path,
    `#!/bin/sh\nprintf '%s\\n' "$KUBERNETES_EXEC_INFO $* $EXTRA" >>${dir}/runs\nn=$(wc -l <${dir}/runs)\n${text}\n`,
  );
  chmodSync(path, 0o755);
  return { path, runs: () => readFileSync(`${dir}/runs`, 'utf8').trim().split('\n') };
};

const credential = (fields: string) =>
  `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{'${fields}'}}'`;

const exec = (command: string, more: Partial<ExecEntry> = {}): Auth => ({
  ...noAuth,
  exec: {
    ...{
      apiVersion: 'client.authentication.k8s.io/v1',
      command,
      args: ['a', 'b c'],
      env: [{ name: 'EXTRA', value: 'extra' }],
    },
    ...{ provideClusterInfo: false, interactiveMode: 'Never', installHint: null, ...more },
  },
});

it('runs an exec plugin once for many requests, and once more when its token is refused', async () => {
  const { path, runs } = plugin(credential(`'"token":"t'"$n"'"'`));
  let token = 'Bearer t1';
  const server = await serve(expecting(() => token));
  const api = connect(server, { auth: exec(path, { provideClusterInfo: true }), execConfig: { audience: 'x' } });
  await Promise.all([api.get('/1'), api.get('/2'), api.get('/3')]);
  expect(runs()).toHaveLength(1);
  expect(runs()[0]).toMatch(/ a b c extra$/);
  expect(JSON.parse(runs()[0]?.replace(/ a b c extra$/, '') ?? '')).toEqual({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: { interactive: false, cluster: { server, config: { audience: 'x' } } },
  });
  token = 'Bearer t2';
  await Promise.all([api.get('/1'), api.get('/2'), api.get('/3')]);
  expect(runs()).toHaveLength(2);
});

it.each<[string, string, Partial<ExecEntry>, string]>([
  ['fails', 'exit 3', {}, 'failed with exit code 3'],
  ['prints no JSON', 'echo hello', {}, 'it is no JSON'],
  ['gives no status', `echo '{"apiVersion":"client.authentication.k8s.io/v1"}'`, {}, "didn't return a status field"],
  ['gives neither token nor certificate', credential(''), {}, "didn't return a token or cert/key pair"],
  ['gives half a certificate', credential(`'"clientCertificateData":"x"'`), {}, 'only certificate or key, not both'],
  [
    'speaks another version',
    credential(''),
    { apiVersion: 'client.authentication.k8s.io/v1beta1' },
    'is configured to use API version',
  ],
  [
    'is too old',
    'exit 0',
    { apiVersion: 'client.authentication.k8s.io/v1alpha1' },
    'invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
  ],
  ['wants a terminal', 'exit 0', { interactiveMode: 'Always' }, 'standard input is not a terminal'],
])('says when an exec plugin %s', async (_, text, more, message) => {
  const { path } = plugin(text);
  const surroundings = { env: process.env, interactive: false };
  const api = connect('http://127.0.0.1:1', { auth: exec(path, more) }, { surroundings });
  expect(await failureOf(api.get('/'))).toMatchObject({
    kind: 'credentials',
    message: expect.stringContaining(message),
  });
});

it('tells how to install a plugin that is not there', async () => {
  const api = connect('http://127.0.0.1:1', { auth: exec('/no/such/plugin', { installHint: 'brew install it' }) });
  const { message } = await failureOf(api.get('/'));
  expect(message).toContain('exec: executable /no/such/plugin not found\n\nbrew install it');
});
