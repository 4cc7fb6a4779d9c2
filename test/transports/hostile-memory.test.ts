import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { type Built, type BuiltRun, built } from '../support/built.ts';
import { containerState, type FakeApiserver, fakeApiserver, type Rule } from './debug-pod/fake-apiserver.ts';

/** What netdoctor may ever have, in MiB. */
const limit = 256;

let program: Built;
let dir = '';
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-hostile-'));
  program = await built();
}, 60_000);
afterAll(() => {
  program[Symbol.dispose]();
  rmSync(dir, { recursive: true });
});

const findingsOf = (run: BuiltRun): Report['findings'] => (JSON.parse(run.stdout) as Report).findings;
const told = (run: BuiltRun): string =>
  findingsOf(run)
    .map((f) => f.message)
    .join('\n');

/** Writes as fast as it is read, until `next` has no more or nobody listens. */
const pour = (response: http.ServerResponse, next: () => string | null): void => {
  for (let text = next(); ; text = next()) {
    if (response.destroyed) return;
    if (text === null) {
      response.end();
      return;
    }
    if (!response.write(text)) break;
  }
  response.once('drain', () => pour(response, next));
};

interface Cluster {
  /** What the pod prints, piece by piece, given its nonce and the number of the piece; null at its end. */
  readonly log?: (nonce: string, piece: number) => string | null;
  readonly slices?: Rule;
}

/** Runs netdoctor against a cluster of one node. */
const diagnose = async (c: Cluster): Promise<BuiltRun & { readonly sentMiB: number }> => {
  let sent = 0;
  let nonce = '';
  const log: Rule = ({ url }, response) => {
    if (!url.pathname.endsWith('/log') || nonce === '') return false;
    let piece = 0;
    pour(response, () => {
      const text = c.log
        ? c.log(nonce, piece++)
        : piece++ === 0
          ? `@${nonce} H netdoctor-stream 1 mode=b64 uid=0 window=0 host=n1\n@${nonce} Z 1.00 0\n`
          : null;
      sent += text?.length ?? 0;
      return text;
    });
    return true;
  };
  const others: Rule = ({ method, url, body }, response) => {
    const path = url.pathname;
    if (url.searchParams.has('dryRun')) response.end(JSON.stringify(body));
    else if (path.includes('/pods') && (method !== 'GET' || path.includes('/pods/') || url.searchParams.has('watch')))
      return false;
    else if (method === 'POST') response.end(JSON.stringify({ ...(body as object), status: { allowed: true } }));
    else if (path.endsWith('/nodes/n1'))
      response.end('{"metadata":{"name":"n1"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}');
    else if (path.endsWith('/endpointslices') && c.slices) return c.slices({ method, url, body }, response);
    else response.end('{"items":[]}');
    return true;
  };
  await using server: FakeApiserver = await fakeApiserver(log, others);
  void server.created.then((text) => {
    nonce = /nd_nonce='(\w+)'/.exec(text)?.[1] ?? '';
    server.setStatus(containerState({ running: { startedAt: '2026-01-01T00:00:00Z' } }, 'Running'));
  });
  const flags = ['--kubeconfig', '/dev/null', '--server', server.api.server, '--window', '0', '-o', 'json'];
  const run = await program.run(['node', 'n1', ...flags], { HOME: dir });
  return { ...run, sentMiB: sent / 1_048_576 };
};

const hello = (nonce: string): string => `@${nonce} H netdoctor-stream 1 mode=b64 uid=0 window=200 host=n1\n`;
const mebibyte = 'A'.repeat(1_048_576);
const rows = `${'A'.repeat(76)}\n`.repeat(17_500).trimEnd();
const tooMuch = /the node sent more than 16 MiB/;

describe('a node that sends without end', () => {
  it.each<readonly [string, (nonce: string, piece: number) => string | null]>([
    ['a line', (nonce, piece) => (piece === 0 ? hello(nonce) : mebibyte)],
    ['a line before anything else', () => mebibyte],
    ['empty lines', (nonce, piece) => (piece === 0 ? hello(nonce) : '\n'.repeat(65_536))],
    [
      'frames with answers of a mebibyte',
      (nonce, piece) => {
        if (piece === 0) return hello(nonce);
        const id = `script:ipvs/suspect-sockets ${piece - 1}`;
        return `@${nonce} B ${id} 1.00\n${rows}\n@${nonce} E ${id} 1.00 0 ${rows.length} 0\n`;
      },
    ],
    [
      'frames that nobody asked for',
      (nonce, piece) =>
        piece === 0
          ? hello(nonce)
          : `@${nonce} B x${piece} 0 1.00\n|\n@${nonce} E x${piece} 0 1.00 0 1 0\n`.repeat(999),
    ],
    [
      'a line of 100 MB in a frame',
      (nonce, piece) => {
        if (piece === 0) return `${hello(nonce)}@${nonce} B file:/proc/sys/kernel/osrelease 0 1.00\n`;
        if (piece <= 100) return mebibyte;
        if (piece > 101) return null;
        return `\n@${nonce} E file:/proc/sys/kernel/osrelease 0 1.00 0 104857600 0\n@${nonce} Z 1.00 1\n`;
      },
    ],
  ])(
    '%s',
    async (_, log) => {
      const run = await diagnose({ log });
      expect(run.code, run.stderr).toBe(3);
      expect(told(run)).toMatch(tooMuch);
      expect(run.sentMiB).toBeLessThan(40);
      expect(run.peakMiB).toBeLessThan(limit);
    },
    60_000,
  );
});

describe('a cluster with 100,000 EndpointSlices', () => {
  const slice = (i: number, endpoints: number): string => {
    const [namespace, name] = [`namespace-${i % 97}`, `service-${i}`];
    const metadata = {
      ...{ namespace, name: `${name}-abcde`, uid: `00000000-0000-0000-0000-${i}`, resourceVersion: `${i}` },
      labels: {
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller',
      },
      managedFields: [
        { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:endpoints': {}, 'f:ports': {} } },
      ],
    };
    const endpoint = (k: number) => ({
      addresses: [`10.${i % 251}.${Math.floor(i / 251) % 251}.${k % 251}`],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace, name: `${name}-6f7d9c8b5-${k}`, uid: `11111111-0000-0000-0000-${i}-${k}` },
      nodeName: `node-${i % 5000}.example.internal`,
      zone: 'europe-west-1a',
    });
    return JSON.stringify({
      metadata,
      addressType: 'IPv4',
      endpoints: Array.from({ length: endpoints }, (_, k) => endpoint(k)),
      ports: [],
    });
  };
  const serve =
    (count: number, endpoints: number, paged: boolean): Rule =>
    ({ url }, response) => {
      const from = Number(url.searchParams.get('continue') ?? 0);
      const to = paged ? Math.min(count, from + Number(url.searchParams.get('limit'))) : count;
      let i = from;
      pour(response, () => {
        if (i > to) return null;
        if (i++ === to) return `]${to < count ? `,"metadata":{"continue":"${to}"}` : ''}}`;
        return `${i - 1 === from ? '{"items":[' : ','}${slice(i - 1, endpoints)}`;
      });
      return true;
    };

  it.each([
    ['in pages, one endpoint each', 100_000, 1, true, /what is kept of the answer is longer than 16 MiB/],
    ['in pages, a hundred endpoints each', 100_000, 100, true, /what is kept of the answer is longer than 16 MiB/],
    ['all at once', 100_000, 1, false, /the server's answer is longer than 8388608 bytes/],
    ['just so many that they are kept', 75_000, 1, true, null],
    ['just so many that they are kept, in full slices', 1400, 100, true, null],
  ])(
    '%s',
    async (_, count, endpoints, paged, words) => {
      const run = await diagnose({ slices: serve(count, endpoints, paged) });
      expect(run.code, run.stderr).toBe(3);
      if (words) expect(`${told(run)}${run.stderr}`).toMatch(words);
      expect(run.peakMiB).toBeLessThan(limit);
    },
    60_000,
  );
});

describe('a bundle', () => {
  it('of a gigabyte is refused', async () => {
    const path = join(dir, 'huge.bundle');
    writeFileSync(path, '@abcdefghijklmnop H netdoctor-stream 1 mode=b64 uid=0 window=0 host=n1\n');
    truncateSync(path, 1_073_741_824);
    const run = await program.run(['node', '--from', path]);
    expect(run).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `error: ${path} is too large for a netdoctor bundle: it has more than 32 MiB.\n`,
    });
    expect(run.peakMiB).toBeLessThan(limit);
  }, 60_000);

  it('without end is refused', async () => {
    const run = await program.run(['node', '--from', '/dev/zero']);
    expect(run.stderr).toMatch(/^error: \/dev\/zero is too large/);
    expect(run.peakMiB).toBeLessThan(limit);
  }, 60_000);

  it('of just the limit is read', async () => {
    const text = JSON.stringify({ items: [], pad: 'x'.repeat(3_500_000) });
    const output = { stdout: text, stderr: '', exit: 0, sample: 0, atMs: 0 };
    const raws = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [`kube:/${i}`, { ok: true, outputs: [output] }]),
    );
    const path = join(dir, 'large.bundle');
    const stream = `@abcdefghijklmnop H netdoctor-stream 1 mode=b64 uid=0 window=0 host=n1\n${`${'x'.repeat(99)}\n`.repeat(150_000)}`;
    writeFileSync(
      path,
      `${JSON.stringify({ netdoctorBundle: 1, version: '', node: 'n1', startedAt: '', context: null, raws })}\n${stream}`,
    );
    const run = await program.run(['node', '--from', path, '-o', 'json']);
    expect(run.code, run.stderr).toBe(3);
    expect(run.peakMiB).toBeLessThan(limit);
  }, 60_000);
});
