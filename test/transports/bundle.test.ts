import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kube, type Raw } from '../../src/core/read.ts';
import { bundleTransport, createBundle, openBundle } from '../../src/transports/bundle.ts';
import { allNodeReads, reportOf } from '../support/report-of.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-bundle-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const open = async (text: string) => {
  const path = join(dir, 'any.bundle');
  writeFileSync(path, text);
  return await openBundle(path);
};

const services = kube('/api/v1/services', ['items']);
const output = { stdout: '{}', stderr: '', exit: 0, sample: 0, atMs: 1 };
const manifest = {
  netdoctorBundle: 1,
  version: '1',
  node: 'n1',
  startedAt: '2026-11-27T21:22:03.163Z',
  context: null,
  raws: {},
};
const startedAt = new Date(manifest.startedAt);

const answersOf = async (text: string): Promise<ReadonlyMap<string, Raw>> => {
  const raws = new Map<string, Raw>();
  await using transport = bundleTransport(await open(text));
  for await (const [read, raw] of transport.fetch([services, ...allNodeReads], new AbortController().signal))
    raws.set(read.id, raw);
  return raws;
};

const unparsable = { ok: false, gap: { kind: 'unparsable' } };

describe('a manifest that is not what it should be', () => {
  it.each<readonly [string, unknown, object]>([
    ['an answer', { ok: true, outputs: [output] }, { ok: true, outputs: [output] }],
    [
      'a gap',
      { ok: false, gap: { kind: 'absent', detail: 'no' } },
      { ok: false, gap: { kind: 'absent', detail: 'no' } },
    ],
    ['null', null, unparsable],
    ['a number', 7, unparsable],
    ['no outputs', { ok: true }, unparsable],
    ['no output', { ok: true, outputs: [] }, unparsable],
    ['outputs that are none', { ok: true, outputs: [output, null] }, unparsable],
    ['a text that is none', { ok: true, outputs: [{ ...output, stdout: 7 }] }, unparsable],
    ['a time that is none', { ok: true, outputs: [{ ...output, atMs: '1' }] }, unparsable],
    ['a gap of no kind', { ok: false, gap: { kind: '__proto__', detail: 'x' } }, unparsable],
    ['a gap without words', { ok: false, gap: { kind: 'absent' } }, unparsable],
  ])('%s', async (_, given, want) => {
    const raws = await answersOf(`${JSON.stringify({ ...manifest, raws: { [services.id]: given } })}\n`);
    expect(raws.get(services.id)).toMatchObject(want);
  });

  it.each([
    ['raws', null],
    ['raws', 'x'],
    ['netdoctorBundle', '1'],
  ])('%s: %j is refused', async (field, value) => {
    await expect(open(JSON.stringify({ ...manifest, [field]: value }))).rejects.toThrow(/of a version that/);
  });

  it.each([
    ['node', 7, { node: 'unknown' }],
    ['startedAt', 'yesterday', { startedAt: null }],
    ['startedAt', '+275760-09-13T00:00:00.000Z', { startedAt: null }],
    ['startedAt', '2026-13-40T00:00:00Z', { startedAt: null }],
    ['context', 'x', { context: null }],
    ['context', { name: 7 }, { context: { name: null, cluster: null, server: '' } }],
  ])('%s: %j is left out', async (field, value, want) => {
    expect((await open(JSON.stringify({ ...manifest, [field]: value }))).manifest).toMatchObject(want);
  });

  it('any JSON at all: refused, or a report', async () => {
    const any = fc.asyncProperty(fc.json(), fc.json(), async (raw, context) => {
      const raws = `{"${services.id}":${raw},"${allNodeReads[0]?.id}":${raw}}`;
      const text = `{"netdoctorBundle":1,"node":${context},"context":${context},"raws":${raws}}\n`;
      reportOf(await answersOf(text));
    });
    await fc.assert(any, { numRuns: 200 });
  });
});

it('what is saved is read again, in characters that parts of the file may cut', async () => {
  const path = join(dir, 'saved.bundle');
  const stream = `@abcdefghijklmnop H netdoctor-stream 1 mode=b64 uid=0 window=0 host=n1\n${'é🙂\n'.repeat(50_000)}`;
  const raws = { x: { ok: true, outputs: [{ ...output, stdout: '♥\n'.repeat(50_000) }] } } as const;
  await (await createBundle(path)).write({ ...manifest, startedAt, netdoctorBundle: 1, raws }, stream);
  expect(await openBundle(path)).toEqual({ manifest: { ...manifest, startedAt, raws }, stream, hostName: 'n1' });
});
