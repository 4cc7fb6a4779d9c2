import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { command, file, http, script } from '../../../src/core/read.ts';
import type { ProgramOptions } from '../../../src/core/stream.ts';
import { answerLimitBytes, streamLimitBytes, writeProgram } from '../../../src/transports/collector/program.ts';
import { bareNode, collect, decodeAll, leftOf, needRoot, newNonce, runShell, shells, tempDir } from './run-program.ts';

const cat = (path: string): string => readFileSync(path, 'utf8');

/** A program of this name, in a directory of its own. */
const program = (text: string): string => {
  const path = join(tempDir(), 'program');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
};

/** A tree that stands for the host's root. */
const hostTree = (files: Readonly<Record<string, string | Buffer>>): string => {
  const root = tempDir();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
};

describe.each(shells)('%s', (_, argv) => {
  it('reads what cat reads, of /proc and of the host root', async () => {
    const hostRoot = hostTree({
      'etc/hostname': 'node-7\n',
      'etc/empty': '',
      'etc/no-end': 'no line break',
      'etc/blank': '\n\n\n',
    });
    const real = [
      '/proc/sys/net/ipv4/ip_local_port_range',
      '/proc/sys/net/ipv4/ip_local_reserved_ports',
      '/proc/version',
      '/proc/filesystems',
    ].map((p) => file(p));
    const host = ['/etc/hostname', '/etc/empty', '/etc/no-end', '/etc/blank'].map((p) => file(p));
    const c = await collect([...real, ...host], { argv, hostRoot });
    for (const r of real) expect(c.text(r), r.path).toBe(cat(r.path));
    for (const r of host) expect(c.text(r), r.path).toBe(cat(join(hostRoot, r.path)));
    expect(c.end).toEqual({
      complete: true,
      hello: { nonce: c.nonce, uid: process.getuid?.(), windowSeconds: 0, hostName: hostname() },
    });
    expect([c.code, c.stderr]).toEqual([0, '']);
    expect(await leftOf(c.nonce)).toEqual([]);
  });

  it('bytes survive: all 256 values, invalid UTF-8, carriage returns, characters of four bytes, frames of this very run', async () => {
    const all = Buffer.from(Array.from({ length: 1024 }, (__, i) => i % 256));
    const hostRoot = hostTree({
      all,
      cr: 'a\r\nb\r\n\r',
      utf8: 'é ♥ 🙂\n',
      bad: Buffer.from([0xff, 0xfe, 0x0a, 0xc3]),
      frames: '@x Z 1\n|@x E\n',
    });
    const reads = ['/all', '/cr', '/utf8', '/bad', '/frames'].map((p) => file(p));
    const c = await collect(reads, { argv, hostRoot });
    for (const r of reads) expect(c.text(r), r.path).toBe(cat(join(hostRoot, r.path)));
  });

  it('errors come along, and exit statuses', async () => {
    const both = command('both', [program('echo out; echo "err ♥" >&2')]);
    const three = command('three', [program('echo out; echo err >&2; exit 3')]);
    const c = await collect([both, three], { argv });
    expect(c.raws.get(both.id)).toMatchObject({
      ok: true,
      outputs: [{ stdout: 'out\n', stderr: 'err ♥\n', exit: 0, sample: 0 }],
    });
    expect(c.text(three)).toBe('failed: command:three: exit 3, err');
  });

  it('arguments arrive as they are', async () => {
    const args = ["it's", 'two words', '$HOME', '`id`', '$(id)', '*', '', '\\', 'a\nb', '"', '-n', '♥'];
    const c = await collect([command('args', ['printf', '<%s>', ...args])], { argv });
    expect(c.text(command('args', ['printf']))).toBe(args.map((a) => `<${a}>`).join(''));
  });

  it.each([
    ['exactly the limit', answerLimitBytes, 'whole'],
    ['one byte more', answerLimitBytes + 1, 'truncated: file:/big: the answer is longer than 1048576 bytes'],
  ])('%s', async (__, bytes, want) => {
    const hostRoot = hostTree({ big: `${'x'.repeat(99)}\n`.repeat(Math.ceil(bytes / 100)).slice(0, bytes) });
    const c = await collect([file('/big')], { argv, hostRoot });
    expect(c.text(file('/big')) === cat(join(hostRoot, 'big')) ? 'whole' : c.text(file('/big'))).toBe(want);
  });

  it('a program that prints without end, to either side, is cut', async () => {
    const [out, err] = [command('out', ['yes']), command('err', [program('yes >&2')])];
    const c = await collect([out, err, file('/proc/version')], { argv });
    expect([c.text(out), c.text(err)].map((t) => t.split(':')[0])).toEqual(['truncated', 'failed']);
    const raw = c.raws.get(err.id);
    expect(raw?.ok === false && raw.gap.detail.length).toBeLessThan(100);
    expect(c.text(file('/proc/version'))).toBe(cat('/proc/version'));
    expect(c.ms).toBeLessThan(12_000);
    expect(await leftOf(c.nonce)).toEqual([]);
  }, 30_000);

  it('ends at its deadline, whatever runs, and leaves nothing', async () => {
    const c = await collect([file('/proc/version'), script('endless', 'endless', 'sleep 300 | cat')], {
      argv,
      deadlineSeconds: 3,
    });
    expect(c.ms).toBeGreaterThan(2_900);
    expect(c.ms).toBeLessThan(20_000);
    expect([c.code, c.end.complete, c.text(file('/proc/version'))]).toEqual([143, false, cat('/proc/version')]);
    expect(c.text(script('endless', '', ''))).toMatch(/^(not-collected|truncated): /);
    expect(await leftOf(c.nonce)).toEqual([]);
  }, 60_000);

  it.each([
    ['TERM', script('endless', 'endless', 'sleep 300 | cat')],
    ['HUP', command('hang', ['sleep', '300'])],
    ['INT', script('window', 'window', 'echo', { sampling: 'often' })],
  ] as const)(
    'on SIG%s it ends at once and leaves nothing',
    async (signal, read) => {
      const c = await collect([read], { argv, windowSeconds: 60, signal: [`SIG${signal}`, 500] });
      expect(c.ms).toBeLessThan(15_000);
      expect([c.code, c.end.complete, c.stderr]).toEqual([143, false, '']);
      expect(await leftOf(c.nonce)).toEqual([]);
    },
    60_000,
  );

  it('where its main shell is killed, the rest still ends at the deadline', async () => {
    const c = await collect([script('endless', 'endless', 'sleep 300 | cat')], {
      argv,
      deadlineSeconds: 2,
      signal: ['SIGKILL', 500],
    });
    for (let i = 0; i < 4 && (await leftOf(c.nonce)).length > 0; i++);
    expect(await leftOf(c.nonce)).toEqual([]);
  }, 20_000);

  it('nothing that it runs reads its standard input', async () => {
    const [host, inScript, often] = [
      command('cat', ['cat']),
      script('cat', 'cat', 'cat'),
      script('read', 'read', 'read -r x; echo "<$x>"; exit 0', { sampling: 'often' }),
    ];
    const c = await collect([host, inScript, often, file('/proc/version')], { argv });
    expect([c.text(host), c.text(inScript), c.text(often), c.text(file('/proc/version'))]).toEqual([
      '',
      '',
      '<>\n',
      cat('/proc/version'),
    ]);
  });

  it('without reads that repeat, the two ends are a window apart, and what runs during it costs no time of its own', async () => {
    const reads = [
      script('t', 't', 'cat /proc/uptime', { sampling: 'twice' }),
      script('slow', 's', 'sleep 0.8; cat /proc/uptime', { sampling: 'during' }),
      script('e', 'e', 'cat /proc/uptime', { sampling: 'end' }),
    ] as const;
    const c = await collect(reads, { argv, windowSeconds: 1 });
    const times = reads.map((r) => {
      const raw = c.raws.get(r.id);
      return raw?.ok ? raw.outputs.map((o) => Number(o.stdout.split(' ')[0])) : [];
    });
    const [[first = 0, second = 0] = [], [slow = 0] = [], [end = 0] = []] = times;
    expect(times.map((t) => t.length)).toEqual([2, 1, 1]);
    expect(second - first).toBeGreaterThanOrEqual(0.95);
    expect(slow).toBeGreaterThan(first);
    expect(slow).toBeLessThan(second);
    expect(end).toBeGreaterThanOrEqual(second);
    expect(c.end.complete).toBe(true);
    const none = await collect(reads, { argv, windowSeconds: 0 });
    expect(reads.map((r) => none.raws.get(r.id)?.ok && none.text(r) !== '')).toEqual([true, true, true]);
    const raw = none.raws.get(reads[0].id);
    expect(raw?.ok && raw.outputs.length).toBe(1);
    expect(none.end.complete).toBe(true);
  });

  it('small files come together, and what is not plain text, empty or not there is read by itself', async () => {
    const plain = file('/proc/sys/kernel/osrelease');
    const reads = [
      file('/proc/version'),
      plain,
      file('/proc/self/environ'),
      file('/proc/none'),
      file('/proc/self/setgroups'),
      file('/proc/net/tcp6'),
    ];
    const c = await collect(reads, { argv });
    expect(c.text(plain)).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8'));
    expect(c.text(reads[0] ?? plain)).toBe(readFileSync('/proc/version', 'utf8'));
    expect(c.text(reads[2] ?? plain)).toContain('ND_TEST_RUN');
    expect(c.text(reads[3] ?? plain)).toMatch(/^absent/);
    expect(c.end.complete).toBe(true);
  });

  it('what runs during the window does not mix with what is looked at meanwhile', async () => {
    const reads = [
      script('o', 'o', 'head -c 30000 /dev/zero | tr "\\000" o', { sampling: 'often' }),
      script('d', 'd', 'for i in 1 2 3 4 5 6 7 8; do head -c 30000 /dev/zero | tr "\\000" d; sleep 0.1; done', {
        sampling: 'during',
      }),
      script('x', 'x', 'exit 3', { sampling: 'during' }),
    ] as const;
    const c = await collect(reads, { argv, windowSeconds: 1 });
    expect(c.text(reads[1])).toBe('d'.repeat(240_000));
    const often = c.raws.get(reads[0].id);
    expect(often?.ok && often.outputs.every((o) => o.stdout === 'o'.repeat(30_000))).toBe(true);
    expect(c.text(reads[2])).toMatch(/^failed/);
    expect(c.end.complete).toBe(true);
  });

  it.each([
    [0, 1, 1],
    [1, 2, 6],
  ])(
    'a window of %i s gives %i to %i samples, in order',
    async (windowSeconds, least, most) => {
      const reads = [
        file('/proc/version'),
        script('o', 'o', 'cat /proc/uptime', { sampling: 'often' }),
        script('e', 'e', 'cat /proc/uptime', { sampling: 'end' }),
      ] as const;
      const c = await collect(reads, { argv, windowSeconds });
      const outputs = (id: string) => {
        const raw = c.raws.get(id);
        return raw?.ok ? raw.outputs : [];
      };
      const times = outputs('script:o').map((o) => o.atMs);
      expect(times.length).toBeGreaterThanOrEqual(least);
      expect(times.length).toBeLessThanOrEqual(most);
      expect(outputs('script:o').map((o) => o.sample)).toEqual(times.map((__, i) => i));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(outputs('script:e')).toHaveLength(1);
      expect((outputs('script:e')[0]?.atMs ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(windowSeconds * 900);
      expect(c.end.hello?.windowSeconds).toBe(windowSeconds);
    },
    20_000,
  );

  it('why there is no answer', async () => {
    needRoot();
    const hostRoot = hostTree({ 'secret/file': 'x', plain: 'x' });
    chmodSync(hostRoot, 0o755);
    chmodSync(join(hostRoot, 'secret'), 0o700);
    const reads = [
      file('/gone'),
      file('/plain/below'),
      file('/secret/file'),
      file('/proc/netdoctor-is-not-here'),
      command('gone', ['netdoctor-is-not-here']),
      file('/secret'),
    ] as const;
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', ...argv];
    const c = await collect(reads.slice(0, 4), { argv: asNobody, hostRoot });
    expect(reads.slice(0, 4).map((r) => c.text(r).split(':')[0])).toEqual(['absent', 'absent', 'forbidden', 'absent']);
    expect(c.text(reads[0])).toBe('absent: /gone does not exist');
    expect(c.end.hello?.uid).toBe(65534);
    expect((await collect([reads[4]], { argv })).text(reads[4])).toMatch(/^tool-missing: /);
    expect((await collect([reads[5]], { argv, hostRoot })).text(reads[5])).toMatch(/^failed: .*Is a directory$/);
  });

  it("runs the host's programs in the host's root", async () => {
    needRoot();
    const hostRoot = hostTree({ 'etc/hostname': 'the host\n' });
    mkdirSync(join(hostRoot, 'bin'));
    copyFileSync('/bin/busybox', join(hostRoot, 'bin/busybox'));
    const [there, gone] = [command('there', ['/bin/busybox', 'cat', '/etc/hostname']), command('gone', ['ss', '-H'])];
    const c = await collect([there, gone], { argv, hostRoot });
    expect(c.text(there)).toBe('the host\n');
    expect(c.text(gone)).toMatch(/^tool-missing: chroot: .*ss.*No such file or directory$/);
    const asNobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', ...argv];
    chmodSync(hostRoot, 0o755);
    expect((await collect([there], { argv: asNobody, hostRoot })).text(there)).toMatch(
      /^forbidden: .*Operation not permitted$/,
    );
  });

  it('asks HTTP servers of the node, at the place that a parameter names', async () => {
    const server = createServer((q, a) => (q.url === '/hang' ? undefined : a.end(`ipvs ${q.url}`)));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const read = http('${nd_proxy_metrics:-127.0.0.1:1}', '/proxyMode');
    const env = { http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };
    expect((await collect([read], { argv, vars: { proxy_metrics: at }, env })).text(read)).toBe('ipvs /proxyMode');
    expect((await collect([read], { argv })).text(read)).toMatch(/^failed: /);
    const hangs = http(at, '/hang');
    expect((await collect([hangs], { argv })).text(hangs)).toMatch(/^timeout: /);
  }, 20_000);
});

// side by side: nearly all of their time they wait
describe.concurrent.each(shells)('what hangs, %s', (_, argv) => {
  it('is given five seconds, a program ten, with all that it started, also where it ignores TERM', async () => {
    const hostRoot = tempDir();
    spawnSync('mkfifo', [join(hostRoot, 'fifo')]);
    const reads = {
      child: command('child', [program('sleep 300; echo late')]),
      deaf: command('deaf', [program("trap '' TERM; (sleep 300; echo x) & wait")]),
      direct: command('direct', ['sleep', '300']),
    };
    const results = await Promise.all([
      ...Object.values(reads).map(async (r) => [r.id, await collect([r, file('/proc/version')], { argv })] as const),
      (async () =>
        ['file:/fifo', await collect([file('/fifo'), file('/proc/version')], { argv, hostRoot })] as const)(),
    ]);
    for (const [id, c] of results) {
      const seconds = id.startsWith('command:') ? 10 : 5;
      expect(c.raws.get(id), id).toEqual({
        ok: false,
        gap: { kind: 'timeout', detail: `${id}: no answer within ${seconds} s` },
      });
      expect(c.text(file('/proc/version'))).toBe(cat('/proc/version'));
      expect(c.ms, id).toBeGreaterThan(seconds * 1000 - 500);
      // not by the deadline of 30 s
      expect(c.ms, id).toBeLessThan(25_000);
      expect(await leftOf(c.nonce), id).toEqual([]);
      expect(c.end.complete).toBe(true);
    }
  }, 60_000);

  it('is given half a minute as a script, and its half of an answer is none', async () => {
    const [hangs, short] = [
      script('hangs', 'hangs', 'echo half; (sleep 300; echo late) | cat; exit 0'),
      script('short', 'short', 'nd_limited 1 sleep 300; echo "then $?"'),
    ];
    const c = await collect([hangs, short, file('/proc/version')], { argv, deadlineSeconds: 60 });
    expect(c.raws.get(hangs.id)).toEqual({
      ok: false,
      gap: {
        kind: 'timeout',
        detail: expect.stringMatching(/no answer within 30 s$/),
      },
    });
    expect([c.text(short), c.text(file('/proc/version'))]).toEqual(['then 137\n', cat('/proc/version')]);
    expect(c.ms).toBeGreaterThan(30_000);
    expect(c.ms).toBeLessThan(55_000);
    expect([c.end.complete, c.stderr]).toEqual([true, '']);
    expect(await leftOf(c.nonce)).toEqual([]);
  }, 90_000);
});

describe.each(shells)('a part of the kernel is there, %s', (_, argv) => {
  const other = 'x 1 0 - Live 0x0\n';
  const names = '0 T printk\n0 t nf_tables_newtable.llvm.7 [nf_tables]\n0 T ip_set_type_register [ip_set]\n';
  const builtin = 'kernel/net/netfilter/nf_tables.ko\nkernel/net/netfilter/ipset/ip_set.ko\n';
  it.each<readonly [string, Readonly<Record<string, string>>, boolean]>([
    ['loaded', { modules: 'nf_tables 1 0 - Live 0x0\nip_set 1 0 - Live 0x0\n' }, true],
    ['loaded or built in, by its functions', { modules: other, kallsyms: names }, true],
    ['built in, by its functions, where the kernel takes no modules', { kallsyms: names }, true],
    ['built in, by the list of the host, where nothing is told of functions', { modules: other, builtin }, true],
    [
      'built in, by the list of the host, against what is told of functions',
      { kallsyms: '0 T printk\n', builtin },
      true,
    ],
    [
      'another, by like names',
      { modules: 'nf_tables_x 1 0\nip_set_hash_ip 1 0\n', kallsyms: '0 T nf_tables_new\n' },
      false,
    ],
    ['not, where the kernel takes modules', { modules: other, kallsyms: '0 T printk\n' }, false],
    ['not, and nothing but its modules is told', { modules: other, builtin: 'kernel/net/x.ko\n' }, false],
    ['not, where the kernel takes no modules', { kallsyms: '0 T printk\n' }, false],
    ['where nobody can tell, and nothing can be loaded either', {}, true],
    ['where nothing is told of functions, and nothing can be loaded', { kallsyms: '' }, true],
  ])('%s', async (__, files, there) => {
    const dir = hostTree(files);
    const read = script(
      'loaded',
      'x',
      'nd_need awk uname grep\nfor m in nf_tables ip_set; do if nd_loaded "$m"; then echo yes; else echo no; fi; done',
    );
    const nonce = newNonce();
    const text = writeProgram([read], { nonce, windowSeconds: 0, deadlineSeconds: 30, hostRoot: '', vars: {} })
      .replaceAll('/proc/modules', join(dir, 'modules'))
      .replaceAll('/proc/kallsyms', join(dir, 'kallsyms'))
      .replaceAll('/lib/modules/$(uname -r)/modules.builtin', join(dir, 'builtin'));
    const { stdout, stderr } = await runShell(text, { argv, nonce });
    const word = there ? 'yes' : 'no';
    expect((await decodeAll(stdout, [read], nonce)).raws.get(read.id)).toMatchObject({
      outputs: [{ stdout: `${word}\n${word}\n`, stderr: '', exit: 0 }],
    });
    expect(stderr).toBe('');
  });
});

it('no more is read once more was sent than anyone takes, and what is missing says so', async () => {
  const mebibyte = `head -c ${answerLimitBytes} /dev/zero | tr '\\0' a`;
  const reads = Array.from({ length: 16 }, (_, i) => script(`large-${i}`, 'x', mebibyte));
  const last = script('last', 'x', 'cat /proc/version');
  const { stdout, raws } = await collect([...reads, last]);
  expect(stdout.length).toBeLessThan(streamLimitBytes + 2 * answerLimitBytes);
  expect(stdout).not.toContain('B script:last');
  expect(raws.get(reads[0]?.id ?? '')).toMatchObject({ ok: true });
  const detail = expect.stringContaining('the node sent more than 16 MiB');
  expect(raws.get(last.id)).toMatchObject({ gap: { kind: 'truncated', detail } });
}, 60_000);

describe('a node that lacks', () => {
  const basics = ['cat', 'head', 'sleep', 'id', 'uname'];
  const noApplets = shells.filter(([name]) => name !== 'busybox sh');

  it.each(noApplets)('base64: text comes behind bars, whole (%s)', async (_, [shell = '']) => {
    const text = "plain\n\n|bar\n@frame B x\n  spaces  \nback\\slash\\n\ttab\né ♥ 🙂\nit's $HOME `id` %s\n";
    const hostRoot = hostTree({ text, empty: '', blank: '\n\n', last: 'no line break' });
    const c = await collect([file('/text'), file('/empty'), file('/blank'), file('/last'), file('/gone')], {
      argv: bareNode([shell, '-s'], basics),
      hostRoot,
    });
    expect(c.stdout).toContain(' mode=txt ');
    expect([c.text(file('/text')), c.text(file('/empty')), c.text(file('/blank'))]).toEqual([text, '', '\n\n']);
    expect(c.text(file('/last'))).toBe('no line break\n');
    expect(c.text(file('/gone'))).toBe('absent: /gone does not exist');
    expect(c.stderr).toBe('');
  });

  it.each(noApplets)('awk: the script says so, and the rest goes on (%s)', async (_, [shell = '']) => {
    const [tables, quiet] = [
      script('tables', 't', 'awk 1 /proc/net/tcp'),
      script('quiet', 'q', 'nd_need cat awk\nx=$(awk 1 2>/dev/null)\nexit 0'),
    ];
    const c = await collect([tables, quiet, file('/proc/version')], {
      argv: bareNode([shell, '-s'], [...basics, 'base64']),
    });
    expect([c.text(tables), c.text(quiet)]).toEqual([
      'tool-missing: script:tables: awk is not there',
      'tool-missing: script:quiet: awk is not there',
    ]);
    expect(c.text(file('/proc/version'))).toBe(cat('/proc/version'));
  });

  it('curl and wget', async () => {
    const read = http('127.0.0.1:1', '/x');
    expect((await collect([read], { argv: bareNode(['dash', '-s'], [...basics, 'base64']) })).text(read)).toBe(
      'tool-missing: neither curl nor wget here',
    );
  });

  it('curl, but has busybox with wget', async () => {
    const server = createServer((_, a) => a.end('nftables'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const read = http(`127.0.0.1:${(server.address() as AddressInfo).port}`, '/proxyMode');
    expect(
      (await collect([read], { argv: bareNode(['dash', '-s'], [...basics, 'base64', 'wget=busybox']) })).text(read),
    ).toBe('nftables');
  });

  it('head and id: nothing is cut, and nobody knows the user', async () => {
    const c = await collect([file('/proc/version')], { argv: bareNode(['dash', '-s'], ['cat', 'sleep', 'base64']) });
    expect([c.text(file('/proc/version')), c.end.hello?.uid]).toEqual([cat('/proc/version'), null]);
  });
});

describe('what is not put into a program', () => {
  const options = (more: Partial<ProgramOptions>): ProgramOptions => ({
    nonce: newNonce(),
    windowSeconds: 0,
    deadlineSeconds: 5,
    hostRoot: '',
    vars: {},
    ...more,
  });

  it.each([
    "'",
    '"',
    '`id`',
    '$(id)',
    '$HOME',
    'a;b',
    'a|b',
    'a&b',
    'a\nb',
    'a\\b',
    'a>b',
    '{a}',
    '(a)',
    '*',
    '~',
    '#',
    '!',
    '\0',
    '♥',
    'é',
  ])('a variable %j', (value) => {
    expect(() => writeProgram([], options({ vars: { name: value } }))).toThrow('not safe');
  });

  it.each(['', 'a-b', 'A', 'a1', 'a b', 'a=b', '$a', 'x;id'])('a variable of the name %j', (name) =>
    expect(() => writeProgram([], options({ vars: { [name]: 'x' } }))).toThrow('not safe'),
  );

  it.each(['$(id)', '`id`', '${HOME}', '$HOME', '"', '\\', 'a b', '${nd_x:-$(id)}', '${nd_x:-a', '${nd_x:+a}', '\n'])(
    'an address %j',
    (address) => {
      expect(() => writeProgram([http(address, '/')], options({}))).toThrow('not safe');
    },
  );

  it.each([
    '',
    'short',
    'abcdefghijklmno',
    'abcdefghijklmnop!',
    "abcdefghijklmnop'",
    'abcdefghijklmnop\n',
    'abcdefgh ijklmnop',
  ])('a nonce %j', (nonce) => {
    expect(() => writeProgram([], options({ nonce }))).toThrow('nonce');
  });

  it.each(['file:/two words', "file:/it's", 'file:/a\nb', 'file:/$HOME', '', 'file:/♥'])('a read named %j', (id) => {
    expect(() => writeProgram([{ ...file('/x'), id }], options({}))).toThrow('not safe');
  });

  it('what is allowed arrives as it is', async () => {
    const value = 'aZ09 ._:,/[]-';
    const read = script('var', 'v', 'printf %s "$nd_my_var"');
    expect((await collect([read], { vars: { my_var: value } })).text(read)).toBe(value);
  });

  it('a path, however hostile, is a path', async () => {
    const name = 'a\'b$(touch x)`id`\n"*';
    const hostRoot = hostTree({ [name]: 'read' });
    const read = { ...file(`/${name}`), id: 'file:hostile' };
    expect((await collect([read], { hostRoot })).text(read)).toBe('read');
  });
});

it('a kernel that does not list the children of a process: nothing is left all the same', async () => {
  const nonce = newNonce();
  const hang = command('hang', [program('(sleep 300; echo x) & sleep 300')]);
  const text = writeProgram([hang], { nonce, windowSeconds: 0, deadlineSeconds: 30, hostRoot: '', vars: {} });
  const ran = await runShell(text.replaceAll('/children', '/not-there'), { argv: ['dash', '-s'], nonce });
  const { raws, end } = await decodeAll(ran.stdout, [hang], nonce);
  expect([raws.get(hang.id), end.complete]).toMatchObject([{ gap: { kind: 'timeout' } }, true]);
  expect(await leftOf(nonce)).toEqual([]);
}, 20_000);

it('the program is a POSIX shell script that checkers of syntax accept', async () => {
  const nonce = newNonce();
  const text = writeProgram(
    [file('/x'), command('c', ['true']), script('s', 's', 'true', { sampling: 'often' }), http('127.0.0.1:1', '/')],
    {
      nonce,
      windowSeconds: 1,
      deadlineSeconds: 5,
      hostRoot: '/host',
      vars: {},
    },
  );
  for (const [name, [shell = '', ...args]] of shells) {
    const checked = spawnSync(shell, [...args.slice(0, -1), '-n'], { input: text, encoding: 'utf8' });
    expect([checked.status, checked.stderr], name).toEqual([0, '']);
  }
  expect((await runShell(`${text}\necho AFTER`, { argv: ['dash', '-s'], nonce })).stdout).not.toContain('AFTER');
});
