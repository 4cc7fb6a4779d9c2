import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type KrewManifest, krewFaults } from '../../scripts/lib/krew-faults.ts';
import { releasePlatforms } from '../../scripts/lib/release-platforms.ts';

const root = join(import.meta.dirname, '../..');
const manifest = parse(readFileSync(join(root, 'plugin.yaml'), 'utf8')) as KrewManifest;
const [platform] = manifest.spec?.platforms ?? [];
const faults = (change: (m: KrewManifest) => object): readonly string[] => [
  ...krewFaults(change(manifest) as KrewManifest),
];
const withSpec = (spec: object) => faults((m) => ({ ...m, spec: { ...m.spec, ...spec } }));
const withPlatform = (p: object) => withSpec({ platforms: [{ ...platform, ...p }] });

describe('plugin.yaml', () => {
  it('obeys the rules of krew', () => {
    expect(faults((m) => m)).toEqual([]);
  });

  it('is this plugin in this version', () => {
    const { name, version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      bin: object;
    };
    expect(`kubectl-${manifest.metadata?.name}`).toBe(name);
    expect(manifest.spec?.version).toBe(`v${version}`);
    expect(Object.keys(bin)).toEqual([platform?.bin]);
  });

  it('is for all that is released, and says what was never tried', () => {
    const of = manifest.spec?.platforms?.map((p) => p.selector?.matchLabels);
    expect(of).toEqual(releasePlatforms.map(({ os, arch }) => ({ os, arch })));
    expect(manifest.spec?.caveats).toMatch(/macOS and Windows were never run/);
    expect(manifest.spec?.platforms?.map((p) => p.sha256)).toEqual(of?.map(() => '0'.repeat(64)));
  });
});

describe('the rules of krew', () => {
  it.each([
    ['a version without v', withSpec({ version: '0.1.0' }), /version/],
    ['a version that is not semantic', withSpec({ version: 'v1.0' }), /version/],
    ['a description of two lines', withSpec({ shortDescription: 'a\nb' }), /one line/],
    ['a long short description', withSpec({ shortDescription: 'a'.repeat(51) }), /50/],
    ['no platform', withSpec({ platforms: [] }), /no platform/],
    [
      'two platforms for one system',
      withSpec({ platforms: [platform, { ...platform }] }),
      /two platforms match linux\/amd64/,
    ],
    ['a sum in capitals', withPlatform({ sha256: 'A'.repeat(64) }), /sha256/],
    ['an empty selector', withPlatform({ selector: {} }), /selector is empty/],
    ['a selector that knows too much', withPlatform({ selector: { matchLabels: { libc: 'musl' } } }), /libc/],
    [
      'a system that krew does not know',
      withPlatform({ selector: { matchLabels: { os: 'plan9' } } }),
      /matches no platform/,
    ],
    ['Windows without an .exe', withPlatform({ selector: { matchLabels: { os: 'windows' } } }), /\.exe/],
    ['no files at all', withPlatform({ files: [] }), /files is empty/],
    ['a file that leaves its folder', withPlatform({ files: [{ from: '*', to: '../x' }] }), /clean path/],
    ['no bin', withPlatform({ bin: '' }), /no bin/],
    ['a name with a dot', faults((m) => ({ ...m, metadata: { name: 'net.doctor' } })), /name/],
    ['the name of a Windows device', faults((m) => ({ ...m, metadata: { name: 'Com1' } })), /device/],
  ])('refuse %s', (_, found, expected) => {
    expect(found.join('\n')).toMatch(expected);
  });
});
