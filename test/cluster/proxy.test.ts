import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { createKubeApi, type KubeApi } from '../../src/cluster/api.ts';
import type { ApiError } from '../../src/cluster/api-error.ts';
import type { Connection } from '../../src/cluster/connection.ts';
import { recordingProxy, recordingSocks } from '../support/identity/recording-proxy.ts';
import { makeCertificate } from './certificates.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

const ca = { ...makeCertificate('test CA', null), cn: 'test CA' };
const other = { ...makeCertificate('other CA', null), cn: 'other CA' };
const pair = makeCertificate('server', ca, ['api.example']);
const me = makeCertificate('me', ca);

/** A server that says who asks; the proxies lead the name api.example to it. */
const serve = async (tls: boolean): Promise<string> => {
  const listener: http.RequestListener = (request, response) => {
    const { servername, getPeerCertificate } = request.socket as Partial<TLSSocket>;
    const cn = getPeerCertificate?.call(request.socket)?.subject?.CN ?? null;
    response.end(JSON.stringify({ host: request.headers.host, sni: servername, cn, url: request.url }));
  };
  const server = tls
    ? https.createServer({ ...pair, ca: ca.cert, requestCert: true, rejectUnauthorized: false }, listener)
    : http.createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `${tls ? 'https' : 'http'}://api.example:${(server.address() as AddressInfo).port}`;
};

const start = async (
  kind: 'http' | 'https' | 'socks5',
  more: { readonly refuse?: number; readonly tls?: typeof pair } = {},
) => {
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const tls = more.tls ?? makeCertificate('proxy', ca);
  const proxy = await (kind === 'socks5'
    ? recordingSocks({ note, ...more })
    : recordingProxy({ note, ...more, ...(kind === 'https' ? { tls } : {}) }));
  cleanups.push(() => proxy.close());
  return { notes, url: (who = '') => `${kind}://${who}127.0.0.1:${proxy.port}` };
};

const connect = (
  server: string,
  proxy: string,
  more: Partial<Connection> = {},
  timeoutMs = 10_000,
  variable: string | null = null,
): KubeApi => {
  const api = createKubeApi(
    {
      ...{ context: 'x', cluster: 'c', server, namespace: 'default', impersonate: null, compress: true },
      ...{ execConfig: null, nothingChosen: null, proxy: { url: proxy, variable } },
      auth: { certifiedKey: null, token: null, tokenFile: null, basic: null, exec: null },
      tls: { ca: ca.cert, insecure: false, serverName: null },
      ...more,
    },
    { version: '1', timeoutMs },
  );
  cleanups.push(() => api.close());
  return api;
};

const failureOf = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => expect.unreachable(),
    (error) => error as ApiError,
  );

it.each(['http', 'https', 'socks5'] as const)('keeps one tunnel through %s for many requests', async (kind) => {
  const server = await serve(true);
  const proxy = await start(kind);
  const api = connect(server, proxy.url('me:p%40ss@'));
  for (let i = 0; i < 5; i++) await api.get(`/${i}`);
  const { port } = new URL(server);
  const word = kind === 'socks5' ? 'SOCKS' : 'CONNECT';
  expect(proxy.notes).toEqual([`${word} api.example:${port} as me:p@ss`]);
});

it.each(['http', 'https', 'socks5'] as const)('keeps client certificate and server name inside of %s', async (kind) => {
  const server = await serve(true);
  const proxy = await start(kind);
  const auth = { token: null, tokenFile: null, basic: null, exec: null };
  const mine = { auth: { ...auth, certifiedKey: { certificate: me.cert, key: me.key } } };
  const { body } = await connect(server, proxy.url(), mine).get('/');
  expect(body).toMatchObject({ sni: 'api.example', cn: 'me' });
  const named = (serverName: string) => ({ tls: { ca: ca.cert, insecure: false, serverName } });
  const wrong = await failureOf(connect(server, proxy.url(), named('wrong.example')).get('/'));
  expect(wrong).toMatchObject({ kind: 'tls', message: expect.stringContaining('valid for api.example, not wrong.ex') });
  const byAddress = await connect(server, proxy.url(), named('127.0.0.1')).get('/');
  expect(byAddress.body).toMatchObject({ sni: false });
  expect(proxy.notes).toHaveLength(3);
});

it('asks an http proxy for whole URLs of an http server, over one connection', async () => {
  const server = await serve(false);
  const sockets = new Set<unknown>();
  const urls: (string | undefined)[] = [];
  const proxy = http.createServer((request, response) => {
    sockets.add(request.socket);
    urls.push(`${request.url} ${request.headers.host} ${request.headers['proxy-authorization']}`);
    response.end('{}');
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  cleanups.push(() => proxy.close());
  const api = connect(`${server}/prefix`, `http://me:pw@127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  await api.get('/a?b=c');
  await api.get('/d');
  const { host } = new URL(server);
  const basic = `Basic ${Buffer.from('me:pw').toString('base64')}`;
  expect(urls).toEqual([`${server}/prefix/a?b=c ${host} ${basic}`, `${server}/prefix/d ${host} ${basic}`]);
  expect(sockets.size).toBe(1);
});

it('leads an http server through socks and through an https proxy', async () => {
  const server = await serve(false);
  for (const kind of ['https', 'socks5'] as const) {
    const { body } = await connect(server, (await start(kind)).url()).get('/x');
    expect(body).toMatchObject({ host: new URL(server).host });
  }
});

it('trusts an https proxy by the authorities of the cluster, and not by any other', async () => {
  const server = await serve(true);
  const proxy = await start('https', { tls: makeCertificate('proxy', other) });
  expect(await failureOf(connect(server, proxy.url()).get('/'))).toMatchObject({
    kind: 'proxy',
    message: expect.stringMatching(/proxyconnect tcp: tls: .*unknown authority.*the proxy is https:\/\/127\.0\.0\.1/),
  });
  const insecure = { tls: { ca: null, insecure: true, serverName: null } };
  await connect(server, proxy.url(), insecure).get('/');
});

it.each([
  ['http', 407, 'proxyconnect tcp: Proxy Authentication Required: CONNECT api.example:'],
  ['http', 502, 'proxyconnect tcp: Bad Gateway: CONNECT api.example:'],
  ['https', 403, 'proxyconnect tcp: Forbidden: CONNECT api.example:'],
  ['socks5', 2, 'socks connect tcp: it does not connect to api.example:'],
] as const)('says that %s refuses with %i, and never the password', async (kind, refuse, words) => {
  const server = await serve(true);
  const proxy = await start(kind, { refuse });
  const error = await failureOf(connect(server, proxy.url('me:secret@'), {}, 10_000, 'HTTPS_PROXY').get('/'));
  expect(error.kind).toBe('proxy');
  expect(error.message).toContain(`Unable to connect to the server: ${words}`);
  expect(error.message).toContain(`the proxy is ${proxy.url()} (HTTPS_PROXY)`);
  expect(`${error.stack}${(error.cause as Error).message}`).not.toContain('secret');
});

it('says that a proxy for whole URLs refuses', async () => {
  const proxy = await start('http', { refuse: 407 });
  const error = await failureOf(connect(await serve(false), proxy.url('me:secret@')).get('/'));
  expect(error).toMatchObject({ kind: 'proxy', message: expect.stringContaining('Proxy Authentication Required') });
  expect(error.message).not.toContain('secret');
});

it.each(['http', 'https', 'socks5'])('says that nobody listens at %s, and which proxy it is', async (kind) => {
  for (const server of ['https://api.example:1', 'http://api.example:1']) {
    const error = await failureOf(connect(server, `${kind}://me:secret@127.0.0.1:1`).get('/'));
    expect(error.kind).toBe('proxy');
    expect(error.message).toMatch(
      /connect tcp: dial tcp 127\.0\.0\.1:1: connect: connection refused; the proxy is \w+:\/\/127\.0\.0\.1:1 \(proxy-url/,
    );
    expect(error.message).not.toContain('secret');
  }
});

it('says that the name of the proxy does not resolve', async () => {
  const error = await failureOf(connect('https://api.example:1', 'http://proxy.invalid:3128').get('/'));
  expect(error.message).toContain('proxyconnect tcp: dial tcp: lookup proxy.invalid');
});

it.each(['http', 'https', 'socks5'])('gives up on %s that does not answer, and leaves nothing open', async (kind) => {
  const sockets = new Set<net.Socket>();
  const silent = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  cleanups.push(() => silent.close());
  const url = `${kind}://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const api = connect('https://api.example:1', url, {}, 1000);
  expect(await failureOf(api.get('/'))).toMatchObject({ kind: 'timeout', message: expect.stringContaining('1s') });
  expect(sockets.size).toBe(1);
  api.close();
  await expect.poll(() => sockets.size).toBe(0);
});
