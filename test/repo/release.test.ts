import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, list } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { archive } from '../../scripts/lib/archive.ts';
import { bundledPackages } from '../../scripts/lib/bundled-packages.ts';
import type { KrewManifest } from '../../scripts/lib/krew-faults.ts';
import { krewManifest } from '../../scripts/lib/krew-manifest.ts';
import { machOSignature } from '../../scripts/lib/mach-o-signature.ts';
import { notices } from '../../scripts/lib/notices.ts';
import { releasePlatforms } from '../../scripts/lib/release-platforms.ts';
import { sbom } from '../../scripts/lib/sbom.ts';
import { stageNpm } from '../../scripts/lib/stage-npm.ts';
import { strippedElf } from '../../scripts/lib/stripped-elf.ts';
import { unsignedPe } from '../../scripts/lib/unsigned-pe.ts';
import { krewInstall } from '../support/krew-install.ts';

const root = join(import.meta.dirname, '../..');
const template = readFileSync(join(root, 'plugin.yaml'), 'utf8');
const madeAt = new Date('2026-11-28T08:00:00Z');
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-release-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A plugin that prints what it was called with, its licence, and a folder. */
const plugin = (name: string): string => {
  const folder = join(dir, name);
  mkdirSync(join(folder, 'lib'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'lib/data.js'), 'data');
  writeFileSync(join(folder, 'kubectl-netdoctor'), '#!/bin/sh\necho "$0 $*"\n');
  chmodSync(join(folder, 'kubectl-netdoctor'), 0o755);
  return folder;
};

const manifestFor = (sum: string): KrewManifest =>
  parse(
    krewManifest(template, 'https://h.example/v/', [{ os: 'linux', arch: 'amd64', file: 'a.tar.gz', sha256: sum }]),
  ) as KrewManifest;
const linux = { os: 'linux', arch: 'amd64' };

describe('an archive', () => {
  it.each(['a.tar.gz', 'a.zip'])('%s has the same bytes whenever and wherever its files were made', async (name) => {
    const [one, two] = [plugin('one'), plugin('two')];
    utimesSync(join(two, 'LICENSE'), 1, 1);
    const zone = process.env.TZ;
    await archive(one, join(dir, `1${name}`), madeAt);
    process.env.TZ = 'Pacific/Kiritimati';
    await archive(two, join(dir, `2${name}`), madeAt);
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(readFileSync(join(dir, `1${name}`)).equals(readFileSync(join(dir, `2${name}`)))).toBe(true);
  });

  it('is sorted, belongs to nobody, and keeps what may be run', async () => {
    const file = join(dir, 'a.tar.gz');
    await archive(plugin('one'), file, madeAt);
    const found: unknown[] = [];
    await list({
      file,
      onReadEntry: ({ path, type, uid, mode, mtime }) =>
        found.push([path, type, uid, mode?.toString(8), type === 'File' && mtime?.toISOString()]),
    });
    const at = '2026-11-28T08:00:00.000Z';
    expect(found).toEqual([
      ['LICENSE', 'File', undefined, '644', at],
      ['kubectl-netdoctor', 'File', undefined, '755', at],
      ['lib/', 'Directory', undefined, '755', false],
      ['lib/data.js', 'File', undefined, '644', at],
    ]);
  });

  it('is installed as krew does', async () => {
    const file = join(dir, 'a.tar.gz');
    await archive(plugin('one'), file, madeAt);
    const { bin } = await krewInstall(manifestFor(sha256(readFileSync(file))), linux, file, join(dir, 'krew'));
    const link = join(bin, 'kubectl-netdoctor');
    expect(execFileSync(link, ['node'], { encoding: 'utf8' })).toBe(`${link} node\n`);
  });

  it.each([
    ['another sum', {}, '0'.repeat(64), /the sum is/],
    ['a symlink', { link: true }, null, /latest: unable to handle SymbolicLink/],
    ['no licence', { license: false }, null, /no licence/],
    ['something that is no archive', { text: 'PK' }, null, /no gzip file/],
  ] as const)(
    'with %s is refused',
    async (_, change: { link?: true; license?: false; text?: string }, sum, expected) => {
      const folder = plugin('one');
      const file = join(dir, 'a.tar.gz');
      if (change.link) symlinkSync('kubectl-netdoctor', join(folder, 'latest'));
      if (change.license === false) rmSync(join(folder, 'LICENSE'));
      await create({ gzip: true, cwd: folder, file }, ['.']);
      if (change.text) writeFileSync(file, change.text);
      const installed = krewInstall(manifestFor(sum ?? sha256(readFileSync(file))), linux, file, join(dir, 'krew'));
      await expect(installed).rejects.toThrow(expected);
    },
  );
});

describe('the launcher', () => {
  const launched = (through: (launcher: string) => string): string => {
    const store = join(dir, 'a store');
    mkdirSync(join(store, 'lib'), { recursive: true });
    cpSync(join(root, 'scripts/lib/launcher.sh'), join(store, 'kubectl-netdoctor'));
    symlinkSync(process.execPath, join(store, 'node'));
    writeFileSync(
      join(store, 'lib/kubectl-netdoctor.js'),
      'console.log(JSON.stringify([...process.argv.slice(1), process.env.NODE_OPTIONS ?? null, process.env.NETDOCTOR_CALLED_AS]))',
    );
    const path = through(join(store, 'kubectl-netdoctor'));
    return execFileSync(path, ['a b', '', '$x'], {
      encoding: 'utf8',
      cwd: dir,
      env: { PATH: '/usr/bin:/bin', NODE_OPTIONS: '--no-such-flag' },
    });
  };
  const expected = () =>
    `${JSON.stringify([join(dir, 'a store/lib/kubectl-netdoctor.js'), 'a b', '', '$x', null, join(dir, 'a store/kubectl-netdoctor')])}\n`;

  it('runs the Node beside it, with all words as they are and without NODE_OPTIONS', () => {
    expect(launched((path) => path)).toBe(expected());
  });

  it('finds it through symlinks, absolute and relative', () => {
    const through = (launcher: string): string => {
      mkdirSync(join(dir, 'bin'));
      symlinkSync('../a store/kubectl-netdoctor', join(dir, 'bin/relative'));
      symlinkSync(join(dir, 'bin/relative'), join(dir, 'bin/kubectl-netdoctor'));
      expect(statSync(join(dir, 'bin/kubectl-netdoctor')).ino).toBe(statSync(launcher).ino);
      return join(dir, 'bin/kubectl-netdoctor');
    };
    const said = JSON.parse(launched(through));
    expect(said[0]).toMatch(/\/lib\/kubectl-netdoctor\.js$/);
    expect(said.at(-1)).toBe(join(dir, 'bin/kubectl-netdoctor'));
  });
});

it('what leads kubectl-netdoctor.exe to the files beside it does so on this system too', () => {
  const executable = join(dir, 'kubectl-netdoctor');
  const sea = {
    main: join(root, 'scripts/lib/sea-main.cjs'),
    output: executable,
    disableExperimentalSEAWarning: true,
    execArgvExtension: 'none',
  };
  writeFileSync(join(dir, 'sea.json'), JSON.stringify(sea));
  execFileSync(process.execPath, ['--build-sea', join(dir, 'sea.json')], { stdio: 'pipe' });
  mkdirSync(join(dir, 'lib'));
  writeFileSync(join(dir, 'lib/package.json'), '{"type":"commonjs"}');
  writeFileSync(
    join(dir, 'lib/kubectl-netdoctor.js'),
    "console.log(JSON.stringify(process.argv.slice(1))); Promise.resolve().then(() => require('./more.js').more());",
  );
  writeFileSync(join(dir, 'lib/more.js'), "exports.more = () => console.log('more');");
  const said = execFileSync(executable, ['node', '--help'], {
    encoding: 'utf8',
    env: { NODE_OPTIONS: '--no-such-flag' },
  });
  expect(said).toBe(`${JSON.stringify([executable, 'node', '--help'])}\nmore\n`);
}, 120_000);

describe('an ELF file', () => {
  it('is smaller without what is not loaded, and still runs', () => {
    const node = readFileSync(process.execPath);
    const stripped = strippedElf(node);
    expect(stripped.length).toBeLessThan(node.length);
    expect(strippedElf(stripped).equals(stripped)).toBe(true);
    writeFileSync(join(dir, 'node'), stripped, { mode: 0o755 });
    expect(execFileSync(join(dir, 'node'), ['-p', '6 * 7'], { encoding: 'utf8' })).toBe('42\n');
  });

  it.each([
    ['text', Buffer.from('#!/bin/sh\n'.repeat(20))],
    ['nothing', Buffer.alloc(0)],
    ['a header alone', Buffer.concat([Buffer.from('7f454c460201', 'hex'), Buffer.alloc(60)])],
  ])('%s is none', (_, bytes) => {
    expect(() => strippedElf(bytes)).toThrow(/ELF/);
  });
});

describe('a Windows executable', () => {
  /** The header of one, with a signature of 16 bytes at its end. */
  const signed = (): Buffer => {
    const pe = Buffer.alloc(0x200 + 16, 0x11);
    pe.writeUInt32LE(0x80, 0x3c);
    pe.write('PE\0\0', 0x80, 'latin1');
    pe.writeUInt16LE(0x20b, 0x98);
    pe.writeUInt32LE(0x200, 0x98 + 144);
    pe.writeUInt32LE(16, 0x98 + 148);
    return pe;
  };

  it('loses its signature, and nothing else but the checksum', () => {
    const pe = signed();
    const unsigned = unsignedPe(pe);
    expect(unsigned.length).toBe(0x200);
    const changed = [...unsigned.entries()].flatMap(([i, byte]) => (byte === pe[i] ? [] : [i]));
    expect(changed).toEqual([0xd8, 0xd9, 0xda, 0xdb, 0x129, 0x12c]);
    expect(unsignedPe(unsigned).equals(unsigned)).toBe(true);
  });

  it('is refused when the signature is not its end, or when it is none', () => {
    expect(() => unsignedPe(Buffer.concat([signed(), Buffer.alloc(1)]))).toThrow(/at the end/);
    expect(() => unsignedPe(Buffer.from('MZ'))).toThrow(/no Windows/);
  });
});

describe('the signature of a macOS executable', () => {
  const team = 'ABCDE12345';
  const blob = (magic: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(magic, 0);
    head.writeUInt32BE(8 + data.length, 4);
    return Buffer.concat([head, data]);
  };
  /** Two and a half pages of 4 KiB, signed; `requirements` are signed too, as slot 2. */
  const signed = (): Buffer => {
    const limit = 10_240;
    const code = Buffer.alloc(limit, 0x5a);
    code.writeUInt32LE(0xfeedfacf, 0);
    code.writeUInt32LE(1, 16);
    code.writeUInt32LE(0x1d, 32);
    code.writeUInt32LE(16, 36);
    code.writeUInt32LE(limit, 40);
    const requirements = blob(0xfade0c01, Buffer.from('who may have signed'));
    const cms = blob(0xfade0b01, Buffer.from('certificates'));
    const texts = Buffer.from(`node\0${team}\0`);
    const sums = (data: readonly Buffer[]): Buffer =>
      Buffer.concat(data.map((d) => createHash('sha256').update(d).digest()));
    const head = Buffer.alloc(52 - 8);
    const hashes = 52 + texts.length + 2 * 32;
    const fields: readonly [number, number][] = [
      [8, 0x20200],
      [16, hashes],
      [20, 52],
      [24, 2],
      [28, 3],
      [32, limit],
      [48, 57],
    ];
    for (const [at, value] of fields) head.writeUInt32BE(value, at - 8);
    head.set([32, 2, 0, 12], 36 - 8);
    // Now the size of the command is known, pages can be summed.
    const layout = (directory: Buffer): Buffer => {
      const blobs = [directory, requirements, cms];
      const index = Buffer.alloc(4 + 8 * blobs.length);
      index.writeUInt32BE(blobs.length, 0);
      let at = 12 + 8 * blobs.length;
      for (const [i, b] of blobs.entries()) {
        index.writeUInt32BE([0, 2, 0x10000][i] ?? 0, 4 + 8 * i);
        index.writeUInt32BE(at, 8 + 8 * i);
        at += b.length;
      }
      return blob(0xfade0cc0, Buffer.concat([index, ...blobs]));
    };
    const directoryOf = (pages: Buffer): Buffer =>
      blob(0xfade0c02, Buffer.concat([head, texts, sums([requirements]), Buffer.alloc(32), pages]));
    code.writeUInt32LE(layout(directoryOf(Buffer.alloc(96))).length, 44);
    const pages = sums([code.subarray(0, 4096), code.subarray(4096, 8192), code.subarray(8192)]);
    return Buffer.concat([code, layout(directoryOf(pages))]);
  };
  const changed = (at: number): Buffer => {
    const file = signed();
    file[at] = (file[at] ?? 0) ^ 1;
    return file;
  };

  it('is valid when every page and every blob has its sum', () => {
    expect(machOSignature(signed())).toEqual({ identifier: 'node', team, pages: 3, faults: [] });
  });

  it.each([
    ['the first byte after the commands', 64, 'page 0 is not what was signed'],
    ['the last byte of the second page', 8191, 'page 1 is not what was signed'],
    ['the last byte before the signature', 10_239, 'page 2 is not what was signed'],
  ])('is not valid when %s is another', (_, at, fault) => {
    expect(machOSignature(changed(at)).faults).toEqual([fault]);
  });

  it('is not valid when a blob is another', () => {
    const file = signed();
    expect(machOSignature(changed(file.indexOf('who may'))).faults).toEqual(['slot 2 is not what was signed']);
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, -1), /does not stand at the end/],
    ['something behind it', (file: Buffer) => Buffer.concat([file, Buffer.alloc(1)]), /does not stand at the end/],
    ['no signature', (file: Buffer) => file.fill(0, 32, 36), /no signature|out of range/],
    ['no Mach-O file', () => Buffer.from('#!/bin/sh'), /no 64-bit Mach-O/],
  ])('%s is refused', (_, change, expected) => {
    expect(() => machOSignature(change(signed()))).toThrow(expected);
  });
});

describe('the manifest of a release', () => {
  const sums = releasePlatforms.map(({ os, arch }, i) => ({
    os,
    arch,
    file: `${os}_${arch}`,
    sha256: `${i}`.repeat(64),
  }));

  it('has the address and the sum of every archive', () => {
    const text = krewManifest(template, 'https://h.example/v', sums);
    const { spec } = parse(text) as KrewManifest;
    expect(spec?.platforms?.map((p) => [p.uri, p.sha256])).toEqual(
      sums.map((s) => [`https://h.example/v/${s.file}`, s.sha256]),
    );
    expect(text).not.toContain('placeholder');
  });

  it('leaves out what was not made', () => {
    expect(manifestFor('1'.repeat(64)).spec?.platforms).toHaveLength(1);
  });

  it.each([
    ['has no place for an archive', [{ os: 'plan9', arch: 'amd64', file: 'a', sha256: '1'.repeat(64) }], /plan9/],
    ['would have a wrong sum', [{ os: 'linux', arch: 'amd64', file: 'a', sha256: 'none' }], /sha256/],
    ['would have no archive', [], /no platform/],
  ])('is not made when it %s', (_, archives, expected) => {
    expect(() => krewManifest(template, 'https://h.example/v', archives)).toThrow(expected);
  });
});

describe('what is in it of others', () => {
  const packages = bundledPackages(root, [
    join(root, 'src/main.ts'),
    join(root, 'node_modules/yaml/dist/index.js'),
    join(root, 'node_modules/yaml/dist/parse/cst.js'),
    join(root, 'node_modules/@colors/colors/lib/index.js'),
  ]);

  it('is told by package, once, with the text of its licence', () => {
    expect(packages.map((p) => p.name)).toEqual(['@colors/colors', 'yaml']);
    const text = notices(packages, { version: '24.0.0', license: 'LICENCE OF NODE' });
    expect(text).toMatch(/yaml [\d.]+ \(ISC\)/);
    expect(text).toContain('Copyright Eemeli Aro');
    expect(text).toContain('LICENCE OF NODE');
    expect(notices(packages, null)).not.toContain('Node.js');
  });

  it('is listed for machines, with sums', () => {
    const [platform] = releasePlatforms;
    if (!platform) throw new Error('none');
    const made = sbom({
      version: '1.2.3',
      madeAt,
      packages,
      integrity: () => `sha512-${Buffer.from('sum').toString('base64')}`,
      nodes: [{ platform: 'linux/amd64', node: platform.node }],
    });
    expect(JSON.parse(made)).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { timestamp: '2026-11-28T08:00:00.000Z' },
      components: [
        { purl: expect.stringMatching(/^pkg:npm\/%40colors\/colors@/), hashes: [{ content: '73756d' }] },
        { name: 'yaml' },
        { name: 'Node.js', version: platform.node.version },
      ],
    });
    const without = { version: '1', madeAt, packages, integrity: () => undefined, nodes: [] };
    expect(() => sbom(without)).toThrow(/no sum/);
  });
});

it('kubectl_complete-netdoctor of the npm package asks for completion, with the words as they are', () => {
  const bundle = join(dir, 'bundle');
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'kubectl-netdoctor.js'), 'console.log(JSON.stringify(process.argv.slice(2)))');
  stageNpm(root, join(dir, 'npm'), bundle, 'notices');
  const packed = join(dir, 'npm/package');
  const { bin, dependencies, optionalDependencies } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8'));
  expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
  const said = execFileSync(process.execPath, [join(packed, bin['kubectl_complete-netdoctor']), 'node', ''], {
    encoding: 'utf8',
  });
  expect(JSON.parse(said)).toEqual(['__complete', 'node', '']);
});
