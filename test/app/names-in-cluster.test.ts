import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type NamesRequest, namesInCluster } from '../../src/app/names-in-cluster.ts';
import { namesInKubeconfig } from '../../src/app/names-in-kubeconfig.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Asked = Pick<http.IncomingMessage, 'url' | 'headers'>;

/** An API server that answers so, and what it was asked. */
const serve = async (answer: (url: URL, response: http.ServerResponse) => void) => {
  const asked: Asked[] = [];
  const server = http.createServer(({ url = '', headers }, response) => {
    asked.push({ url, headers });
    answer(new URL(url, 'http://x'), response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const list = (names: readonly unknown[], next = '') =>
  JSON.stringify({
    kind: 'PartialObjectMetadataList',
    metadata: { continue: next },
    items: names.map((name) => ({ metadata: { name } })),
  });

const env = { KUBECONFIG: '/dev/null' };
const ask = (of: NamesRequest['of'], flags: NamesRequest['flags'], ms = 5000) =>
  namesInCluster({ of, flags }, { env, signal: AbortSignal.timeout(ms) });

it('asks for metadata alone, in pages, and gives the names of all', async () => {
  const { asked, server } = await serve((url, response) =>
    response.end(url.searchParams.has('continue') ? list(['c']) : list(['a', 'b'], 'more')),
  );
  expect(await ask('node', { server })).toEqual(['a', 'b', 'c']);
  expect(asked.map((a) => a.url)).toEqual(['/api/v1/nodes?limit=500', '/api/v1/nodes?limit=500&continue=more']);
  expect(asked[0]?.headers.accept).toMatch(/^application\/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,/);
});

it.each([
  ['namespace', '/api/v1/namespaces'],
  ['pod', '/api/v1/namespaces/shop/pods'],
  ['service', '/api/v1/namespaces/shop/services'],
  ['deployment', '/apis/apps/v1/namespaces/shop/deployments'],
  ['job', '/apis/batch/v1/namespaces/shop/jobs'],
] as const)('a %s is looked for at %s', async (of, path) => {
  const { asked, server } = await serve((_, response) => response.end(list(['a'])));
  expect(await ask(of, { server, namespace: 'shop' })).toEqual(['a']);
  expect(asked.map((a) => a.url)).toEqual([`${path}?limit=500`]);
});

it('takes no name that no object can have', async () => {
  const hostile = ['ok', '', 'A', '\x1b[31mred', 'a\nb', 'a\tb', '$(id)', '../x', 'a/b', ':4', 7, null, 'a.b-c'];
  const { server } = await serve((_, response) => response.end(list(hostile)));
  expect(await ask('node', { server })).toEqual(['ok', 'a.b-c']);
});

it.each(['../nodes', 'a/b', 'UPPER', 'a b'])('asks nothing for the namespace %j', async (namespace) => {
  const { asked, server } = await serve((_, response) => response.end(list(['a'])));
  expect(await ask('pod', { server, namespace })).toEqual([]);
  expect(asked).toEqual([]);
});

it.each([
  ['a refusal', 403, '{"kind":"Status","message":"no","reason":"Forbidden"}'],
  ['no JSON', 200, '<html>'],
])('throws for %s', async (_, code, text) => {
  const { server } = await serve((_url, response) => response.writeHead(code).end(text));
  await expect(ask('node', { server })).rejects.toThrow();
});

it.each([
  ['[]', []],
  ['null', []],
  ['{"items":{"a":1}}', []],
  ['{"items":[7,{"metadata":[]},{"metadata":{"name":"a"}}]}', ['a']],
])('an answer of another shape: %s', async (text, names) => {
  const { server } = await serve((_, response) => response.end(text));
  expect(await ask('node', { server })).toEqual(names);
});

it('an API that does not answer is left when time is up', async () => {
  const { server } = await serve(() => {});
  const began = performance.now();
  await expect(ask('node', { server }, 300)).rejects.toThrow(/timeout/);
  expect(performance.now() - began).toBeLessThan(5000);
});

it('of a long list, what came until time was up', async () => {
  const { server } = await serve((url, response) => {
    if (!url.searchParams.has('continue')) response.end(list(['a', 'b'], 'more'));
  });
  expect(await ask('pod', { server }, 1000)).toEqual(['a', 'b']);
});

/** A kubeconfig in a folder of its own. */
const kubeconfig = (text: string): string => {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-names-'));
  closing.push(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'config'), text);
  return join(dir, 'config');
};

it('runs the exec plugin of the user, and one that wants to ask somebody not at all', async () => {
  const { asked, server } = await serve((_, response) => response.end(list(['a'])));
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'T' } };
  const user = (mode: string) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'echo',
      args: [JSON.stringify(credential)],
      interactiveMode: mode,
    },
  });
  const file = kubeconfig(
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: server.replace('http:', 'https:') } }],
      users: ['Always', 'Never'].map((name) => ({ name, user: user(name) })),
      contexts: ['Always', 'Never'].map((name) => ({ name, context: { cluster: 'c', user: name } })),
    }),
  );
  await expect(ask('node', { kubeconfig: file, context: 'Always' })).rejects.toThrow(/cannot support interactive mode/);
  // it got as far as the server, which speaks no TLS
  await expect(ask('node', { kubeconfig: file, context: 'Never' })).rejects.toThrow(/HTTP response to HTTPS client/);
  expect(asked).toEqual([]);
});

it('nothing is heard of an exec plugin that complains, and nothing of its failure', () => {
  const user = {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'ls',
      args: ['/not/there'],
      interactiveMode: 'Never',
    },
  };
  const file = kubeconfig(
    JSON.stringify({
      ...{ 'current-context': 'a', contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }] },
      ...{ clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }], users: [{ name: 'u', user }] },
    }),
  );
  const main = join(import.meta.dirname, '../../src/main.ts');
  const ended = spawnSync(process.execPath, ['--no-warnings', main, '__complete', 'node', '--kubeconfig', file, ''], {
    encoding: 'utf8',
  });
  expect(ended).toMatchObject({ status: 0, stdout: ':4\n', stderr: '' });
});

it('names of the kubeconfig, of all its files', () => {
  const named = (name: string) => ({
    clusters: [{ name: `${name}-cluster`, cluster: {} }],
    users: [{ name: `${name}-user`, user: {} }],
    contexts: [{ name, context: { cluster: `${name}-cluster` } }],
  });
  const [a, b] = [kubeconfig(JSON.stringify(named('a'))), kubeconfig(JSON.stringify(named('b')))];
  const both = { KUBECONFIG: `${a}:${b}:/not/there` };
  expect(namesInKubeconfig('context', {}, { env: both })).toEqual(['a', 'b']);
  expect(namesInKubeconfig('cluster', {}, { env: both })).toEqual(['a-cluster', 'b-cluster']);
  expect(namesInKubeconfig('user', { kubeconfig: b }, { env: both })).toEqual(['b-user']);
  expect(namesInKubeconfig('context', { context: 'unknown' }, { env: both })).toEqual(['a', 'b']);
  expect(() => namesInKubeconfig('context', { kubeconfig: '/not/there' }, { env: both })).toThrow(/no such file/);
});
