import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ScriptRead } from '../../src/core/read.ts';
import type { HookProgram } from '../../src/facts/workloads/hook-programs.ts';
import { hookProgramsProc } from '../../src/probes/workloads/hook-programs.proc.ts';
import { imageStopSignalsContainerd } from '../../src/probes/workloads/image-stop-signals.containerd.ts';
import { idOf } from '../support/pods.ts';
import { tempDir } from '../transports/collector/run-program.ts';
import { newCgroup, put, start } from './container.ts';
import { engines, everything, keyOf, run } from './pod-engines.ts';
import { none, told } from './raws.ts';

const hooks = hookProgramsProc.reads.rows as ScriptRead;

describe.each(engines)('programs of hooks, $name with awk of $awk', (engine) => {
  /** A container of busybox, with more in its root; what is found there of the programs. */
  const look = async (
    programs: readonly string[],
    path: string | null,
    more: (root: string) => void = () => {},
    by = engine,
  ) => {
    const root = tempDir();
    put(join(root, 'bin/busybox'), readFileSync('/usr/bin/busybox'));
    more(root);
    const id = idOf('hooks');
    const env: Readonly<Record<string, string>> = { PASSWORD: 'hunter2', ...(path === null ? {} : { PATH: path }) };
    const argv = ['/bin/busybox', 'sleep', '1000'] as const;
    await start(newCgroup(id), { first: true, argv: [...argv], env, root });
    const c = await run(hooks, { hooks: programs.map((p) => `${keyOf(id)}:${p}`).join(' ') }, by);
    const reading = hookProgramsProc.parse({ rows: c.raws.get(hooks.id) ?? none() });
    if (!reading.ok) throw new Error(reading.gap.detail);
    const text = everything(c, hooks);
    expect(text).not.toContain('hunter2');
    return { found: reading.value.get(keyOf(id)) ?? [], text };
  };
  const places = (found: readonly HookProgram[]) => found.map((p) => (p.found ? p.path : null));

  it('by its PATH, by absolute names, with its own links', async () => {
    const { found } = await look(
      ['busybox', '/bin/busybox', 'sleep', '/bin/sleep', 'nginx', '/bin/nginx'],
      '/sbin:/bin',
      (root) => symlinkSync('busybox', join(root, 'bin/sleep')),
    );
    expect(found).toEqual([
      { program: 'busybox', found: true, path: '/bin/busybox', searched: '/sbin:/bin' },
      { program: '/bin/busybox', found: true, path: '/bin/busybox', searched: '' },
      { program: 'sleep', found: true, path: '/bin/busybox', searched: '/sbin:/bin' },
      { program: '/bin/sleep', found: true, path: '/bin/busybox', searched: '' },
      { program: 'nginx', found: false, path: '', searched: '/sbin:/bin' },
      { program: '/bin/nginx', found: false, path: '', searched: '' },
    ]);
  });

  it.each<[string, string | null, string | null]>([
    ['of containers that have none', null, '/bin/busybox'],
    ['that is empty', '', '/bin/busybox'],
    ['with empty places', ':/sbin::/bin:', '/bin/busybox'],
    ['of the working directory', '.:bin:', null],
    ['with what is not there', '/nowhere:/bin/busybox:/bin', '/bin/busybox'],
    ['with blanks', '/my programs:/bin', '/my programs/busybox'],
    ['with stars', '/*:/b*', null],
    ['with slashes', '//bin///', '/bin/busybox'],
    ['with line breaks', '/x\n/bin:/bin', '/bin/busybox'],
    ['with tabs', '/x\ty:/bin', '/bin/busybox'],
    ['that is long', `${Array.from({ length: 63 }, (_, i) => `/none/${i}`).join(':')}:/bin`, '/bin/busybox'],
  ])('a PATH %s', async (_, path, want) => {
    const { found } = await look(['busybox'], path, (root) => put(join(root, 'my programs/busybox'), ''));
    expect(places(found)).toEqual([want]);
  });

  it.each([
    ['of more places than are searched', `${Array.from({ length: 64 }, (_, i) => `/none/${i}`).join(':')}:/bin`],
    ['that is longer than a path may be', `/${'x'.repeat(4096)}:/bin`],
    ['with a place too deep to go', `${'/.'.repeat(500)}/none:/bin`],
  ])('of a PATH %s nothing is said', async (_, path) => {
    expect((await look(['busybox', '/bin/busybox'], path)).found).toMatchObject([
      { program: '/bin/busybox', found: true },
    ]);
  });

  it('a program that others may run, and what nobody may', async () => {
    const { found } = await look(['/opt/own', '/opt/group', '/opt/setuid', '/opt/data'], '/bin', (root) => {
      put(join(root, 'opt/own'), '', 0o700);
      chownSync(join(root, 'opt/own'), 1234, 1234);
      put(join(root, 'opt/group'), '', 0o010);
      put(join(root, 'opt/data'), '', 0o666);
      put(join(root, 'opt/setuid'), '');
      chmodSync(join(root, 'opt/setuid'), 0o4711);
    });
    expect(places(found)).toEqual(['/opt/own', '/opt/group', '/opt/setuid', null]);
  });

  it('without the rights of root over files: what may not be entered is not said to lack it', async () => {
    const bare = {
      ...engine,
      argv: ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--inh-caps', '-all', ...engine.argv],
    };
    const { found } = await look(
      ['/opt/own', '/opt/data', '/shut/tool'],
      '/bin',
      (root) => {
        put(join(root, 'opt/own'), '', 0o700);
        put(join(root, 'opt/data'), '', 0o600);
        put(join(root, 'shut/tool'), '');
        chmodSync(join(root, 'shut'), 0o700);
        for (const name of ['opt/own', 'opt/data', 'shut']) chownSync(join(root, name), 1234, 1234);
        for (let d = root; d !== '/tmp' && d !== '/'; d = dirname(d)) chmodSync(d, 0o755);
      },
      bare,
    );
    expect(found.map((p) => [p.program, p.found])).toEqual([
      ['/opt/own', true],
      ['/opt/data', false],
    ]);
  });

  it('links end where the container ends', async () => {
    const names = ['absolute', 'ours', 'up', 'loop', 'self', 'broken', 'dir', 'data', 'viadir', 'deep', 'break'];
    const { found } = await look(
      names.map((n) => `/l/${n}`),
      '/bin',
      (root) => {
        put(join(root, 'opt/tool'), '');
        put(join(root, 'l/data'), '', 0o644);
        const link = (to: string, name: string) => symlinkSync(to, join(root, 'l', name));
        link('/opt/tool', 'absolute');
        // there for us, not for the container
        link('/usr/bin/env', 'ours');
        link('../../../../../../../opt/tool', 'up');
        link('pool', 'loop');
        link('loop', 'pool');
        link('self/self', 'self');
        link('/opt/none', 'broken');
        link('/opt', 'dir');
        link('dir/tool', 'viadir');
        for (let i = 0; i < 41; i++) link(i === 0 ? '/opt/tool' : `deep${i - 1}`, `deep${i}`);
        link('deep40', 'deep');
        put(join(root, 'opt/line\nbreak'), '');
        link('/opt/line\nbreak', 'break');
      },
    );
    expect(places(found)).toEqual([
      '/opt/tool',
      null,
      '/opt/tool',
      null,
      null,
      null,
      null,
      null,
      '/opt/tool',
      null,
      '?',
    ]);
  });

  it('a usr-merged root, and a program of a directory that is a link out', async () => {
    const { found } = await look(['sleep', '/bin/sleep', 'env'], '/bin', (root) => {
      mkdirSync(join(root, 'usr'));
      renameSync(join(root, 'bin'), join(root, 'usr/bin'));
      symlinkSync('usr/bin', join(root, 'bin'));
      symlinkSync('/usr/bin/busybox', join(root, 'usr/bin/sleep'));
      symlinkSync('/proc/1/root/usr/bin/env', join(root, 'usr/bin/env'));
    });
    expect(places(found)).toEqual(['/usr/bin/busybox', '/usr/bin/busybox', null]);
  });

  it('nobody goes where a file system of others may hang', async () => {
    let mounted = '';
    const { found } = await look(['/bin/busybox', '/srv/tool', '/link'], '/bin', (root) => {
      mounted = join(root, 'srv');
      mkdirSync(mounted);
      symlinkSync('/srv/tool', join(root, 'link'));
      const mount = 'mount -i -t fuse none "$0" -o fd=3,rootmode=40000,user_id=0,group_id=0 && exec sleep 1000';
      // what holds the device answers nothing
      const holder = spawn('bash', ['-c', `exec 3<>/dev/fuse; ${mount}`, mounted], { stdio: 'ignore' });
      onTestFinished(() => {
        spawnSync('umount', ['-l', mounted]);
        holder.kill('SIGKILL');
      });
      const isThere = () => readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${mounted} `);
      for (let i = 0; i < 500 && !isThere(); i++) spawnSync('sleep', ['0.01']);
      if (!isThere()) throw new Error('the file system was not mounted (needs /dev/fuse)');
    });
    expect(found).toMatchObject([{ program: '/bin/busybox', found: true }]);
  });

  it('without a process of the container nothing is said of it', async () => {
    const c = await run(hooks, { hooks: `${keyOf(idOf('nobody'))}:sleep` }, engine);
    expect(told(hookProgramsProc.parse({ rows: c.raws.get(hooks.id) ?? none() }))).toEqual(new Map());
    expect(everything(await run(hooks, { hooks: '' }, engine), hooks)).toBe('');
  });

  it('two containers, each with its own', async () => {
    const [a, b] = [idOf('with'), idOf('without')];
    for (const [id, name] of [
      [a, 'sleep'],
      [b, 'other'],
    ] as const) {
      const root = tempDir();
      put(join(root, 'bin/busybox'), readFileSync('/usr/bin/busybox'));
      put(join(root, 'bin', name), '');
      await start(newCgroup(id), { root, first: true, argv: ['/bin/busybox', 'sleep', '1000'], env: { PATH: '/bin' } });
    }
    const c = await run(hooks, { hooks: [a, b].map((id) => `${keyOf(id)}:sleep`).join(' ') }, engine);
    const reading = hookProgramsProc.parse({ rows: c.raws.get(hooks.id) ?? none() });
    expect(reading.ok && [...reading.value].map(([key, [p]]) => [key, p?.found])).toEqual([
      [keyOf(a), true],
      [keyOf(b), false],
    ]);
  });
});

const stops = imageStopSignalsContainerd.reads.rows as ScriptRead;

describe.each(engines)('stop signals of images, $name with awk of $awk', (engine) => {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  /** containerd's store: texts by their digests. */
  const store = (texts: readonly string[], at = 'var/lib/containerd'): string => {
    const root = tempDir();
    for (const t of texts) put(join(root, at, 'io.containerd.content.v1.content/blobs/sha256', hash(t)), t, 0o644);
    return root;
  };
  const ask = async (root: string, ...digests: readonly string[]) => {
    const c = await run(stops, { images: digests.join(' ') }, engine, root);
    return told(imageStopSignalsContainerd.parse({ rows: c.raws.get(stops.id) ?? none() }));
  };
  const config = (stop: string | null, more: object = {}): string =>
    JSON.stringify({
      architecture: 'amd64',
      config: { Env: ['PASSWORD=hunter2'], Cmd: ['nginx'], ...more, ...(stop === null ? {} : { StopSignal: stop }) },
      history: [{ created_by: 'STOPSIGNAL {"StopSignal":"SIGUSR1"}' }],
      rootfs: { type: 'layers', diff_ids: [`sha256:${'e'.repeat(64)}`] },
    });
  const manifest = (of: string, spaces = 0): string =>
    JSON.stringify(
      {
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${hash(of)}`, size: 1 },
        layers: [{ digest: `sha256:${'f'.repeat(64)}`, size: 9 }],
      },
      null,
      spaces,
    );
  const index = (...of: readonly string[]): string =>
    JSON.stringify({ schemaVersion: 2, manifests: of.map((m) => ({ digest: `sha256:${hash(m)}`, platform: {} })) });

  const quit = config('SIGQUIT');
  const plain = config(null);
  it.each<[string, readonly string[], string, unknown]>([
    ['a configuration', [quit], quit, 'SIGQUIT'],
    ['a manifest', [manifest(quit), quit], manifest(quit), 'SIGQUIT'],
    ['an index', [index(manifest(quit)), manifest(quit), quit], index(manifest(quit)), 'SIGQUIT'],
    ['a manifest in many lines', [manifest(quit, 3), quit], manifest(quit, 3), 'SIGQUIT'],
    [
      'an index of which one platform is there',
      [index(manifest(config('SIGHUP')), manifest(quit)), manifest(quit), quit],
      index(manifest(config('SIGHUP')), manifest(quit)),
      'SIGQUIT',
    ],
    [
      'an index of which one platform has its configuration',
      [index(manifest(config('SIGHUP')), manifest(quit)), manifest(config('SIGHUP')), manifest(quit), quit],
      index(manifest(config('SIGHUP')), manifest(quit)),
      'SIGQUIT',
    ],
    ['an image without one', [manifest(plain), plain], manifest(plain), ''],
    ['an empty one', [config('')], config(''), ''],
    ['a number', [config('3')], config('3'), '3'],
    ['a real-time signal', [config('SIGRTMIN+3')], config('SIGRTMIN+3'), 'SIGRTMIN+3'],
    [
      'what stands in a label as text',
      [config(null, { Labels: { x: '"StopSignal":"SIGINT"' } })],
      config(null, { Labels: { x: '"StopSignal":"SIGINT"' } }),
      '',
    ],
  ])('%s', async (_, texts, top, want) =>
    expect(await ask(store(texts), hash(top))).toEqual(new Map([[hash(top), want]])),
  );

  it.each<[string, readonly string[], string]>([
    ['an image that is not there', [], hash(quit)],
    ['a manifest whose configuration is not there', [manifest(quit)], hash(manifest(quit))],
    ['what is no image', ['hello'], hash('hello')],
    ['an empty file', [''], hash('')],
    ['an index of nothing', [index()], hash(index())],
    [
      'an index of indexes of indexes',
      [
        index(index(index(index(manifest(quit))))),
        index(index(index(manifest(quit)))),
        index(index(manifest(quit))),
        index(manifest(quit)),
        manifest(quit),
        quit,
      ],
      hash(index(index(index(index(manifest(quit)))))),
    ],
  ])('of %s nothing is known', async (_, texts, digest) => expect(await ask(store(texts), digest)).toMatch(/^absent/));

  it('an index that names itself has an end', async () => {
    const root = tempDir();
    const self = 'a'.repeat(64);
    put(
      join(root, 'var/lib/containerd/io.containerd.content.v1.content/blobs/sha256', self),
      JSON.stringify({ manifests: Array.from({ length: 5 }, () => ({ digest: `sha256:${self}` })) }),
    );
    expect(await ask(root, self)).toMatch(/^absent/);
  });

  it('several at once, and those that are there are told; nothing of their environment', async () => {
    const root = store([manifest(quit), quit, plain]);
    const digests = [hash(manifest(quit)), 'b'.repeat(64), hash(plain)];
    const c = await run(stops, { images: digests.join(' ') }, engine, root);
    expect(told(imageStopSignalsContainerd.parse({ rows: c.raws.get(stops.id) ?? none() }))).toEqual(
      new Map([
        [hash(manifest(quit)), 'SIGQUIT'],
        [hash(plain), ''],
      ]),
    );
    expect(everything(c, stops)).not.toContain('hunter2');
  });

  it("k3s' store", async () =>
    expect(await ask(store([quit], 'var/lib/rancher/k3s/agent/containerd'), hash(quit))).toEqual(
      new Map([[hash(quit), 'SIGQUIT']]),
    ));
});
