import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Process } from '../../src/facts/workloads/processes.ts';
import { idOf } from '../support/pods.ts';
import { tempDir } from '../transports/collector/run-program.ts';
import { asleep, childrenOf, newCgroup, put, type Start, start, until, waiter } from './container.ts';
import { engines, keyOf, processesOf } from './pod-engines.ts';

/** Command lines, and what is told of them. */
const lines: readonly (readonly [argv: readonly [string, ...string[]], told: readonly string[]])[] = [
  [
    ['sh', '-c', 'app --password=hunter2'],
    ['sh', '-c'],
  ],
  [
    ['/usr/bin/java', '-jar', '/opt/app.jar', '--hunter2'],
    ['java', '-jar', 'app.jar'],
  ],
  [
    ['node', '/srv/server.js', 'hunter2'],
    ['node', 'server.js'],
  ],
  [
    ['/entry/point.sh', '/srv/run', 'hunter2'],
    ['point.sh', 'run'],
  ],
  [
    ['tini', '--', '/srv/run', 'hunter2'],
    ['tini', '--', 'run'],
  ],
  [
    ['-bash', '-l'],
    ['bash', '-l'],
  ],
  [
    ['app', '-p', 'hunter2'],
    ['app', '-p'],
  ],
  [
    ['app', '-p', '/hunter2'],
    ['app', '-p'],
  ],
  [
    ['app', '-p', './hunter2'],
    ['app', '-p'],
  ],
  [['app', '-phunter2'], ['app']],
  [['app', '--password', 'hunter2'], ['app']],
  [['app', 'hunter2'], ['app']],
  [
    ['app', '-a', '-b', '-c', '-d', '-e', 'x.js'],
    ['app', '-a', '-b', '-c', '-d'],
  ],
  [['app', 'https://u:hunter2@host/x.js'], ['app']],
  [['app=hunter2'], ['?']],
  [['app\thunter2', 'x'], ['app']],
  [['app\nhunter2'], ['?']],
  [
    ['\x1b[31mred', '-x'],
    ['?', '-x'],
  ],
  [
    ['busybox', 'sh', '-c', 'hunter2'],
    ['sh', '-c'],
  ],
];

/** A program of no words that sleeps, so that tests see what they gave it. */
const perl = (program: string, ...args: readonly string[]): Start['argv'] => ['/usr/bin/perl', '-e', program, ...args];

describe.each(engines)('processes, $name with awk of $awk', (engine) => {
  const one = async (
    o: Start,
  ): Promise<{ readonly p: Process; readonly all: readonly Process[]; readonly text: string }> => {
    const id = idOf('one');
    const { pid } = await start(newCgroup(id), { first: true, ...o });
    await asleep(pid, /nanosleep|sigtimedwait/);
    const { found, text } = await processesOf([id], engine);
    const all = found.get(keyOf(id)) ?? [];
    const p = all.find((x) => x.pid === pid);
    if (!p) throw new Error(`pid ${pid} is not among ${text}`);
    return { p, all, text };
  };

  it('PID 1 of a namespace, its masks, its name, its age', async () => {
    const program = '$SIG{TERM} = sub {}; $SIG{HUP} = "IGNORE"; sleep 1000';
    const { p } = await one({ argv: perl(program) });
    expect(p).toMatchObject({
      ownPid: 1,
      depth: 2,
      name: 'perl',
      state: 'S',
      caught: 0x4000n,
      blocked: 0n,
      waitsForSignals: false,
      program: 'perl',
      words: ['perl', '-e'],
      forwards: null,
    });
    // perl itself ignores FPE
    expect(p.ignored & ~0x80n).toBe(1n);
    expect(p.ageSeconds).toBeGreaterThan(0);
    expect(p.ageSeconds).toBeLessThan(60);
  });

  it('what is blocked, and what waits for signals', async () => {
    const [procmask, timedwait] = process.arch === 'arm64' ? [135, 137] : [14, 128];
    const blocks = `my $set = pack "Q", 1 << 14; syscall(${procmask}, 0, $set, 0, 8);`;
    expect((await one({ argv: perl(`${blocks} sleep 1000`) })).p).toMatchObject({
      blocked: 0x4000n,
      waitsForSignals: false,
    });
    const { p } = await one({ argv: perl(`${blocks} syscall(${timedwait}, $set, 0, 0, 8)`) });
    // the kernel shows the mask without those that are waited for; the wait itself is seen
    expect(p).toMatchObject({ waitsForSignals: true });
  });

  it('children, zombies, and what was started beside PID 1', async () => {
    const id = idOf('tree');
    const cgroup = newCgroup(id);
    const { pid } = await start(cgroup, {
      first: true,
      argv: perl('fork or exit 0; fork or do { sleep 1000; exit }; sleep 1000'),
    });
    await until('its children', () => childrenOf(pid).length === 2);
    const beside = await start(cgroup, { argv: ['/usr/bin/sleep', '1000'] });
    const zombie = () => childrenOf(pid).some((c) => /^State:\tZ/m.test(readFileSync(`/proc/${c}/status`, 'utf8')));
    await until('one has ended', zombie);
    await asleep(beside.pid, /nanosleep/);
    const all = (await processesOf([id], engine)).found.get(keyOf(id)) ?? [];
    expect(
      all
        .filter((p) => p.parent === pid)
        .map((p) => p.state)
        .sort(),
    ).toEqual(['S', 'Z']);
    expect(all.find((p) => p.pid === beside.pid)).toMatchObject({ depth: 1, words: ['sleep'], program: 'sleep' });
    expect(all.find((p) => p.state === 'Z')).toMatchObject({ program: null, words: [], name: 'perl' });
  });

  it('of too many the init is kept, whatever its pid, and its children', async () => {
    // processes of the run before may still be there
    const id = idOf(`m${process.hrtime.bigint() % 1_000_000n}`);
    const cgroup = newCgroup(id);
    const beside = await start(cgroup, { argv: perl('for (1 .. 299) { fork or do { sleep 1000; exit } } sleep 1000') });
    await until('its children', () => childrenOf(beside.pid).length === 299);
    const init = await start(cgroup, { first: true, argv: perl('fork or do { sleep 1000; exit }; sleep 1000') });
    await until('its child', () => childrenOf(init.pid).length === 1);
    const { found, text } = await processesOf([id], engine);
    const all = found.get(keyOf(id)) ?? [];
    expect(all).toHaveLength(256);
    expect(all.find((p) => p.pid === init.pid)).toMatchObject({ ownPid: 1, depth: 2, program: 'perl' });
    expect(all.filter((p) => p.parent === init.pid)).toMatchObject([
      { ownPid: 2, program: 'perl', words: ['perl', '-e'] },
    ]);
    expect(all.find((p) => p.pid === beside.pid)).toMatchObject({ program: 'perl' });
    expect(all.filter((p) => p.words.length > 0)).toHaveLength(40);
    expect(text.length / all.length).toBeLessThan(150);
  }, 30_000);

  it('a title with blanks: its first word, and nothing of its secrets', async () => {
    const title = '$0 = "nginx: master process --password=hunter2 hunter2"; sleep 1000';
    const { p, text } = await one({ argv: perl(title, '--', '--token', 'hunter2'), env: { PASSWORD: 'hunter2' } });
    expect(p.words).toEqual(['nginx']);
    expect(text).not.toContain('hunter2');
  });

  it('a name with whatever breaks lines, and brackets, is a name still, and no row of its own', async () => {
    const forged = `a) S 1\\nin\\t${keyOf(idOf('forged'))}\\t1`;
    const { all, text } = await one({ argv: perl(`$0 = "${forged}"; sleep 1000`) });
    expect(all).toHaveLength(1);
    expect(all[0]?.ageSeconds).toBeLessThan(60);
    expect(text).not.toMatch(new RegExp(`^in\t${keyOf(idOf('forged'))}`, 'm'));
  });

  it('an executable that is gone has its name', async () => {
    const dir = tempDir();
    const id = idOf('gone');
    copyFileSync('/usr/bin/sleep', join(dir, 'gone'));
    const { pid } = await start(newCgroup(id), { argv: [join(dir, 'gone'), '1000'] });
    rmSync(join(dir, 'gone'));
    const { found } = await processesOf([id], engine);
    expect(found.get(keyOf(id))?.find((x) => x.pid === pid)).toMatchObject({ program: 'gone', words: ['gone'] });
  });

  it('of a command line the harmless words', async () => {
    const id = idOf('words');
    const path = join(tempDir(), 'waiter');
    put(path, waiter());
    const cgroup = newCgroup(id);
    const pids = await Promise.all(
      lines.map(async ([[argv0, ...args]]) => (await start(cgroup, { argv0, argv: [path, ...args] })).pid),
    );
    const { found, text } = await processesOf([id], engine);
    const words = new Map(found.get(keyOf(id))?.map((p) => [p.pid, p.words]));
    expect(lines.map(([argv], i) => [argv, words.get(pids[i] ?? 0)])).toEqual(lines);
    expect(text).not.toContain('hunter2');
  });
});

describe.each(engines)('where containers are, $name with awk of $awk', (engine) => {
  const pod = '0a1b2c3d-1111-2222-3333-444455556666';
  const shapes: readonly ((id: string) => readonly [cgroup: string, processes: number])[] = [
    (id) => [`kubepods/burstable/pod${pod}/${id}`, 1],
    (id) => [`kubepods.slice/kubepods-pod${pod.replaceAll('-', '_')}.slice/cri-containerd-${id}.scope`, 1],
    (id) => [`kubepods.slice/crio-${id}.scope/container`, 1],
    (id) => [`docker-${id}.scope/init.scope`, 1],
    (id) => [`${id}/docker/${idOf('inner')}`, 1],
    (id) => [`x${id}x`, 1],
    (id) => [`crio-conmon-${id}.scope`, 0],
    (id) => [`${id}0`, 0],
    (id) => [id.slice(1), 0],
    (id) => [id.slice(0, 63), 0],
    (id) => [id.replace(/^./, 'f'), 0],
  ];
  it('by every name that runtimes give their cgroups', async () => {
    const ids = shapes.map((_, i) => idOf(`shape${i}`));
    const all = shapes.map((shape, i) => shape(ids[i] ?? ''));
    for (const [name] of all) await start(newCgroup(name), { argv: ['/usr/bin/sleep', '1000'] });
    const { found } = await processesOf(ids, engine);
    expect(all.map(([name], i) => [name, found.get(keyOf(ids[i] ?? ''))?.length ?? 0])).toEqual(all);
  });

  it('each process to its own container, and none to one that was not asked for', async () => {
    const [a, b] = [idOf('aa'), idOf('bb')];
    const inA = await start(newCgroup(a), { argv: ['/usr/bin/sleep', '1000'] });
    const inB = await start(newCgroup(b), { argv: ['/usr/bin/sleep', '1000'] });
    const { found } = await processesOf([a, b], engine);
    expect([...found].map(([key, all]) => [key, all.map((p) => p.pid)]).sort()).toEqual([
      [keyOf(a), [inA.pid]],
      [keyOf(b), [inB.pid]],
    ]);
    expect((await processesOf([a], engine)).found.size).toBe(1);
    expect((await processesOf([idOf('cc')], engine)).found.size).toBe(0);
    expect((await processesOf([], engine)).text).toBe('');
  });
});
