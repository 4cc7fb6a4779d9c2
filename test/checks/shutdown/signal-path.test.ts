import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processTree } from '../../../src/checks/shutdown/process-tree.ts';
import { commandOf, programOf, signalPath } from '../../../src/checks/shutdown/signal-path.ts';
import type { StopSignal } from '../../../src/checks/shutdown/stop-signal.ts';
import type { ProcessNode } from '../../../src/core/report.ts';
import type { Process } from '../../../src/facts/workloads/processes.ts';
import { maskOf, processOf } from '../../support/pods.ts';

const signal = (name: string, number: number): StopSignal => ({ name, number, source: 'test', known: true });
const term = signal('SIGTERM', 15);
const hup = signal('SIGHUP', 1);
const int = signal('SIGINT', 2);
const quit = signal('SIGQUIT', 3);
const winch = signal('SIGWINCH', 28);
const kill = signal('SIGKILL', 9);
const rtmin3 = signal('SIGRTMIN+3', 37);

const catches = (...n: readonly number[]): Partial<Process> => ({ caught: maskOf(...n) });
/** Who acts on the signal, and how. */
const acts = (all: readonly Process[], s = term) => {
  const { role, isPid1, receiver } = signalPath(all, s);
  return { role, isPid1, pid: receiver?.process.ownPid ?? null, fate: receiver?.fate ?? null };
};
const fate = (all: readonly Process[], s = term) => acts(all, s).fate;
const child = (words: string, more: Partial<Process> = {}) => processOf(7, words, more);
/** In no PID namespace of its own, or in one that others made. */
const notFirst = (words: string, more: Partial<Process> = {}) => processOf(7, words, { parent: 900, ...more });

describe('a program as PID 1 (facts K.3)', () => {
  it.each<[string, Process, string]>([
    ['sleep, python: no handler', processOf(1, 'sleep'), 'dropped'],
    ['SIG_IGN', processOf(1, 'python3 app.py', { ignored: maskOf(15) }), 'ignores'],
    [
      'ignored though another mask has it too',
      processOf(1, 'x', { ignored: maskOf(15), caught: maskOf(15) }),
      'ignores',
    ],
    ['a handler', processOf(1, 'python3 app.py', catches(15)), 'reacts'],
    ['Go: all of them', processOf(1, 'server', { caught: 0xfffffffd7fc1fefdn }), 'reacts'],
    ['Java', processOf(1, 'java -jar app.jar', catches(1, 2, 15)), 'reacts'],
    ['a handler for another signal', processOf(1, 'x', catches(2, 3)), 'dropped'],
    ['node, with or without a handler', processOf(1, 'node server.js', { caught: 0x100004602n }), 'unsure'],
    ['blocked: signalfd', processOf(1, 'x', { blocked: maskOf(15) }), 'unsure'],
    ['sigtimedwait', processOf(1, 'x', { waitsForSignals: true }), 'unsure'],
    ['whether it waits may not be seen', processOf(1, 'x', { waitsForSignals: null }), 'unsure'],
    ['blocked: signalfd, and another signal', processOf(1, 'x', { blocked: maskOf(2) }), 'dropped'],
    ['a shell without children', processOf(1, 'sh'), 'dropped'],
    ['mysqld: a thread of it waits', processOf(1, 'mysqld', { blocked: maskOf(1, 3, 15) }), 'reacts'],
    ['mariadbd', processOf(1, 'mariadbd', { blocked: maskOf(15) }), 'reacts'],
    ['mysqld that blocks nothing', processOf(1, 'mysqld'), 'dropped'],
    ['mysqld that is told to ignore it', processOf(1, 'mysqld', { ignored: maskOf(15) }), 'ignores'],
  ])('%s', (_, p, want) => expect(acts([p])).toEqual({ role: 'none', isPid1: true, pid: 1, fate: want }));
});

describe('the same when it is not PID 1', () => {
  it.each<[string, Process, string]>([
    ['no handler', notFirst('sleep'), 'reacts'],
    ['ignored', notFirst('sleep', { ignored: maskOf(15) }), 'ignores'],
    ['node', notFirst('node', catches(15)), 'reacts'],
    ['whether it waits may not be seen', notFirst('x', { waitsForSignals: null }), 'reacts'],
    ['it waits for signals', notFirst('x', { waitsForSignals: true }), 'unsure'],
    ["the node's own namespace", notFirst('sleep', { depth: 1, ownPid: 1007 }), 'reacts'],
    ['a kernel that tells no NSpid', notFirst('sleep', { depth: 0, ownPid: null }), 'reacts'],
  ])('%s', (_, p, want) => expect(acts([p])).toMatchObject({ role: 'none', isPid1: false, fate: want }));
});

describe('other stop signals', () => {
  it.each<[string, readonly Process[], StopSignal, string]>([
    ['QUIT with a handler for it', [processOf(1, 'nginx', catches(3))], quit, 'reacts'],
    ['QUIT with a handler for TERM only', [processOf(1, 'nginx', catches(15))], quit, 'dropped'],
    ['node does not catch QUIT by itself', [processOf(1, 'node', { caught: 0x100004602n })], quit, 'dropped'],
    ['WINCH with a handler', [processOf(1, 'httpd', catches(28))], winch, 'reacts'],
    ['WINCH ends nobody by itself, behind an init either', [processOf(1, 'tini'), child('httpd')], winch, 'ignores'],
    ['WINCH behind an init, with a handler', [processOf(1, 'tini'), child('httpd', catches(28))], winch, 'reacts'],
    ['KILL ends PID 1 too', [processOf(1, 'sleep')], kill, 'reacts'],
    ['KILL ends a shell too', [processOf(1, 'sh'), child('app')], kill, 'reacts'],
    [
      'a trap for TERM that forwards is none for QUIT',
      [processOf(1, 'sh', { ...catches(3), forwards: true }), child('app')],
      quit,
      'trap',
    ],
    ['a shell that catches INT, as each does', [processOf(1, 'sh', catches(2)), child('app')], int, 'trap'],
    ['mysqld waits for TERM only', [processOf(1, 'mysqld', { blocked: maskOf(3, 15) })], quit, 'unsure'],
    ['no trap for QUIT', [processOf(1, 'sh', { ...catches(15), forwards: true }), child('app')], quit, 'shell'],
  ])('%s', (_, all, s, want) => expect(fate(all, s)).toBe(want));
});

describe('shells with children', () => {
  const shell = (more: Partial<Process> = {}, words = 'sh -c') => processOf(1, words, { ...catches(17), ...more });
  it.each<[string, readonly Process[], string]>([
    ['no trap', [shell(), child('app')], 'shell'],
    ['a trap that forwards', [shell({ ...catches(15, 17), forwards: true }), child('app')], 'forwards'],
    [
      'a trap that forwards, and two children',
      [shell({ ...catches(15, 17), forwards: true }), child('app'), processOf(8, 'log')],
      'trap',
    ],
    [
      'a trap that does not, as far as is known',
      [shell({ ...catches(15, 17), forwards: false }), child('app')],
      'trap',
    ],
    ['a trap, and the script was not read', [shell({ ...catches(15, 17) }), child('app')], 'trap'],
    ['a trap, and no child any more: by its masks', [shell({ ...catches(15, 17) })], 'reacts'],
    ["trap ''", [shell({ ignored: maskOf(15) }), child('app')], 'ignores'],
    ['a script that would forward, and no trap is set yet', [shell({ forwards: true }), child('app')], 'shell'],
    ['only a zombie left', [shell(), child('app', { state: 'Z' })], 'dropped'],
    ['bash', [shell({}, 'bash -c'), child('app')], 'shell'],
    ["busybox's", [shell({ program: 'busybox' }, 'ash -c'), child('app')], 'shell'],
    ['a login shell, whose executable may not be seen', [shell({ program: null }, 'zsh'), child('app')], 'shell'],
    [
      'no shell: its children are its own',
      [processOf(1, 'gunicorn', { ...catches(15), program: 'python3.11' }), child('gunicorn')],
      'reacts',
    ],
  ])('%s', (_, all, want) => expect(acts(all)).toMatchObject({ pid: 1, fate: want }));

  it('not as PID 1: it dies, and what it started is killed', () =>
    expect(acts([notFirst('sh -c'), processOf(8, 'app', { parent: 1007 })])).toMatchObject({
      pid: 7,
      isPid1: false,
      fate: 'shell',
    }));
});

describe('behind an init', () => {
  it.each(['tini', 'tini-static', 'docker-init', 'dumb-init', 'catatonit', 'podman-init'])('%s', (init) => {
    const first = processOf(1, `${init} --`, { ignored: 0x300006n });
    expect(acts([first, child('app', catches(15))])).toEqual({ role: 'passes', isPid1: true, pid: 7, fate: 'reacts' });
    expect(acts([first, child('sleep')])).toMatchObject({ pid: 7, fate: 'reacts' });
    expect(acts([first, child('node', catches(15))])).toMatchObject({ pid: 7, fate: 'reacts' });
    expect(acts([first, child('x', { ignored: maskOf(15) })])).toMatchObject({ pid: 7, fate: 'ignores' });
  });
  it('a shell behind it is seen through', () =>
    expect(
      acts([processOf(1, 'tini -- sh'), child('sh -c', { parent: 1001 }), processOf(8, 'app', { parent: 1007 })]),
    ).toMatchObject({ role: 'passes', pid: 7, fate: 'shell' }));
  it('its child is the oldest, not what it adopted', () =>
    expect(
      acts([processOf(1, 'tini'), processOf(9, 'app', { ageSeconds: 900 }), processOf(5, 'orphan', { ageSeconds: 2 })]),
    ).toMatchObject({ pid: 9 }));
  it('without a child nobody acts', () =>
    expect(acts([processOf(1, 'tini')])).toMatchObject({ role: 'passes', fate: null }));
  it('the oldest has to be no zombie', () =>
    expect(acts([processOf(1, 'tini'), processOf(5, 'x', { state: 'Z' }), child('app')])).toMatchObject({ pid: 7 }));

  it.each([
    ['dumb-init --', true],
    ['dumb-init -v --', true],
    ['dumb-init -c --', false],
    ['dumb-init --single-child --', false],
    ['tini --', false],
    ['tini -g --', true],
    ['tini-static -g', true],
    ['docker-init --', false],
    ['catatonit --', false],
  ])('%s signals the whole group: %s', (init, toGroup) =>
    expect(signalPath([processOf(1, init), child('app')], term).toGroup).toBe(toGroup),
  );
});

describe('supervisors', () => {
  // signals: HUP, INT, QUIT, USR1, TERM, WINCH, RTMIN+3
  const all = [1, 2, 3, 10, 15, 28, 37];
  it.each<[string, readonly number[]]>([
    ['s6-svscan', [1, 2, 3, 15]],
    ['s6-linux-init', [1, 2, 3, 15]],
    ['systemd', [37]],
    ['runsvdir', [1]],
    ['runit', []],
    ['runit-init', []],
  ])('%s ends with its services on %j, and of others nobody knows', (init, endsOn) => {
    // whatever its masks
    for (const more of [{}, { caught: 2n ** 64n - 1n }, { ignored: 2n ** 64n - 1n }, { blocked: 2n ** 64n - 1n }])
      for (const n of all)
        expect(acts([processOf(1, init, more), child('app')], signal(`signal ${n}`, n)), `signal ${n}`).toEqual({
          role: 'none',
          isPid1: true,
          pid: 1,
          fate: endsOn.includes(n) ? 'reacts' : 'unsure',
        });
  });
  it('SIGKILL ends them all', () => expect(fate([processOf(1, 'runit')], kill)).toBe('reacts'));
  it('behind an init', () =>
    expect(acts([processOf(1, 'tini'), child('runsvdir')], hup)).toMatchObject({ pid: 7, fate: 'reacts' }));
  it('the name is that of the executable', () =>
    expect(fate([processOf(1, 'init', { program: 'systemd' })], rtmin3)).toBe('reacts'));

  it.each<[string, Process, StopSignal, string]>([
    [
      'supervisord has handlers',
      processOf(1, 'python3 supervisord', { ...catches(1, 2, 3, 15), program: 'python3.11' }),
      term,
      'reacts',
    ],
    ['supervisord without any', processOf(1, 'supervisord'), term, 'dropped'],
    ['supervisord and a signal it has none for', processOf(1, 'supervisord', catches(1, 2, 3, 15)), winch, 'ignores'],
    ['monit', processOf(1, 'monit', catches(15)), term, 'reacts'],
    ['monit without a handler', processOf(1, 'monit'), term, 'dropped'],
  ])('by their masks like anybody: %s', (_, p, s, want) =>
    expect(acts([p, child('app')], s)).toMatchObject({ role: 'none', pid: 1, fate: want }),
  );
});

describe('npm and its like start a shell of their own', () => {
  const ofNode = (words: string) => ({ words: words.split(' '), program: 'node', ...catches(2, 15) });
  it.each<[string, Partial<Process>]>([
    ['npm', ofNode('npm')],
    ['npx', ofNode('npx')],
    ['yarn', ofNode('yarn')],
    ['pnpm', ofNode('pnpm')],
    ['a script of node', ofNode('node npm-cli.js')],
    ['npx too', ofNode('node npx-cli.js')],
    ['yarn.js', ofNode('node yarn.js')],
    ['pnpm.cjs', ofNode('node pnpm.cjs')],
    ['pnpm as an executable', { program: 'pnpm', words: ['pnpm'] }],
    ['no handler', { ...ofNode('npm'), caught: 0n }],
    ['the executable may not be seen', { ...ofNode('npm'), program: null }],
  ])('%s: nobody knows, as PID 1, behind an init and in another namespace', (_, p) => {
    for (const s of [term, quit]) {
      expect(fate([processOf(1, 'x', p)], s)).toBe('unsure');
      expect(fate([processOf(1, 'tini'), child('x', p)], s)).toBe('unsure');
      expect(fate([notFirst('x', p), processOf(8, 'sh -c', { parent: 1007 })], s)).toBe('unsure');
    }
    expect(fate([processOf(1, 'x', p)], kill)).toBe('reacts');
  });
  it.each(['node npm.config.ts', 'node server.js', 'node my-npm', 'node server.js npm'])(
    '%s is none of them',
    (words) => expect(fate([processOf(1, 'tini'), child(words, { ...ofNode(words) })])).toBe('reacts'),
  );
});

describe('sandboxes: what runs in them the node does not see', () => {
  it.each(['runsc', 'runsc-sandbox', 'qemu-system-x86_64', 'firecracker', 'cloud-hypervisor'])('%s', (program) => {
    for (const more of [{}, catches(15), { ignored: maskOf(15) }])
      expect(fate([notFirst(program, { depth: 1, ...more })])).toBe('unsure');
  });
  it.each(['qemu-img', 'not-runsc'])('%s is none', (program) => expect(fate([notFirst(program)])).toBe('reacts'));
});

describe('which process the runtime signals', () => {
  it('nobody was seen', () =>
    expect(signalPath([], term)).toEqual({ init: null, isPid1: false, role: 'none', toGroup: false, receiver: null }));
  it('PID 1, not what exec started beside it, however old', () =>
    expect(
      acts([processOf(33, 'sh', { parent: 800, ageSeconds: 99_999 }), processOf(1, 'app', catches(15))]),
    ).toMatchObject({ pid: 1 }));
  it('PID 1 of the outermost namespace: what it makes itself is its own', () =>
    expect(
      acts([processOf(1, 'sandboxed', { pid: 950, parent: 1001, depth: 3 }), processOf(1, 'chrome', catches(15))]),
    ).toMatchObject({ fate: 'reacts', isPid1: true }));
  it('the first of a namespace that a browser made is not PID 1 of the container', () =>
    expect(
      acts([
        processOf(7, 'chrome', { ...catches(15), parent: 900 }),
        processOf(1, 'zygote', { pid: 950, parent: 1007, depth: 3 }),
      ]),
    ).toEqual({ role: 'none', isPid1: false, pid: 7, fate: 'reacts' }));
  it("nor in the node's own namespace", () =>
    expect(
      acts([
        processOf(7, 'dockerd', { ownPid: 1007, depth: 1, parent: 900, ...catches(15) }),
        processOf(1, 'sleep', { pid: 950, parent: 1007, depth: 2 }),
      ]),
    ).toEqual({ role: 'none', isPid1: false, pid: 1007, fate: 'reacts' }));
  it('without PID 1 (a shared namespace) the oldest from outside', () =>
    expect(
      acts([
        processOf(20, 'sh', { parent: 800, ageSeconds: 5 }),
        processOf(7, 'app', { parent: 900, ageSeconds: 100 }),
        processOf(9, 'worker', { parent: 1007, ageSeconds: 200 }),
      ]),
    ).toMatchObject({ pid: 7, isPid1: false }));
});

describe('names', () => {
  it.each<[Partial<Process>, string, string]>([
    [{ program: 'dash', words: ['sh', '-c'] }, 'dash', 'sh -c'],
    [{ program: 'busybox', words: ['ash', '-c'] }, 'ash', 'ash -c'],
    [{ program: 'busybox.static', words: ['sh'] }, 'sh', 'sh'],
    [{ program: 'python3.11', words: ['python3', 'app.py'] }, 'python3.11', 'python3 app.py'],
    [{ program: null, words: ['java', '-jar', 'app.jar'] }, 'java', 'java -jar app.jar'],
    [{ program: null, words: ['?'], name: 'evil' }, 'evil', 'evil'],
    [{ program: null, words: [], name: 'kworker' }, 'kworker', 'kworker'],
    [{ program: 'app', words: ['?', '-x'] }, 'app', 'app'],
  ])('%j', (more, program, command) => {
    const p = processOf(1, 'x', more);
    expect([programOf(p), commandOf(p)]).toEqual([program, command]);
  });
});

describe('the tree', () => {
  const tree = (all: readonly Process[], s = term) => processTree(all, signalPath(all, s), 30);
  const flat = (nodes: readonly ProcessNode[], depth = 0): string[] =>
    nodes.flatMap((n) => [`${' '.repeat(depth)}${n.pid} ${n.signalFrom} ${n.state}`, ...flat(n.children, depth + 1)]);

  it.each<[string, readonly Process[], string[]]>([
    ['a program', [processOf(1, 'app', catches(15)), child('worker')], ['1 runtime ok', ' 7 none ok']],
    ['no handler', [processOf(1, 'app'), child('worker')], ['1 runtime lost', ' 7 none lost']],
    ['nobody knows', [processOf(1, 'node', catches(15)), child('worker')], ['1 runtime unsure', ' 7 none unsure']],
    ['a shell', [processOf(1, 'sh'), child('app', catches(15))], ['1 runtime lost', ' 7 none lost']],
    [
      'a shell with a trap',
      [processOf(1, 'sh', catches(15)), child('app', catches(15))],
      ['1 runtime unsure', ' 7 none unsure'],
    ],
    [
      'npm behind an init',
      [processOf(1, 'tini'), child('npm'), processOf(8, 'sh', { parent: 1007 })],
      ['1 runtime ok', ' 7 init unsure', '  8 none unsure'],
    ],
    ['a supervisor that ends its services', [processOf(1, 's6-svscan'), child('app')], ['1 runtime ok', ' 7 none ok']],
    ['one that does not', [processOf(1, 'systemd'), child('app')], ['1 runtime unsure', ' 7 none unsure']],
    [
      'a shell that passes it on',
      [processOf(1, 'sh', { ...catches(15), forwards: true }), child('app', catches(15))],
      ['1 runtime ok', ' 7 init ok'],
    ],
    ['an init', [processOf(1, 'tini'), child('app', catches(15))], ['1 runtime ok', ' 7 init ok']],
    [
      'a shell behind an init',
      [processOf(1, 'tini'), child('sh'), processOf(8, 'app', { parent: 1007 })],
      ['1 runtime ok', ' 7 init lost', '  8 none lost'],
    ],
    ['a zombie', [processOf(1, 'app', catches(15)), child('x', { state: 'Z' })], ['1 runtime ok', ' 7 none unsure']],
    [
      'what exec started is not shown',
      [processOf(1, 'app', catches(15)), processOf(9, 'sh', { parent: 5 })],
      ['1 runtime ok'],
    ],
    ['nobody', [], []],
  ])('%s', (_, all, want) => expect(flat(tree(all))).toEqual(want));

  it.each([
    ['dumb-init --', ['1 runtime ok', ' 7 init lost', '  8 init lost']],
    ['dumb-init -c --', ['1 runtime ok', ' 7 init lost', '  8 none lost']],
    ['tini -g --', ['1 runtime ok', ' 7 init lost', '  8 init lost']],
    ['catatonit --', ['1 runtime ok', ' 7 init lost', '  8 none lost']],
  ])('%s signals its child, or the whole group', (init, want) =>
    expect(flat(tree([processOf(1, init), child('sh -c'), processOf(8, 'app', { parent: 1007 })]))).toEqual(want),
  );
  it('says of KILL what it does to a shell', () =>
    expect(tree([processOf(1, 'sh'), child('app')], kill)[0]?.fate).toMatch(/killed by SIGKILL/));
});

it('whatever the processes: a way and a tree, each process once at the most, and an end', () => {
  const any = fc.array(
    fc
      .record({
        pid: fc.nat({ max: 12 }),
        parent: fc.nat({ max: 12 }),
        ownPid: fc.option(fc.nat({ max: 4 })),
        depth: fc.nat({ max: 3 }),
        state: fc.constantFrom('S', 'Z', 'R'),
        caught: fc.constantFrom(0n, maskOf(15), 2n ** 64n - 1n),
        ignored: fc.constantFrom(0n, maskOf(15)),
        blocked: fc.constantFrom(0n, maskOf(15)),
        waitsForSignals: fc.constantFrom(true, false, null),
        program: fc.constantFrom(null, 'tini', 'sh', 'node', 'busybox', 'systemd', 'npm', 'runsc', 'app'),
        words: fc.constantFrom([], ['?'], ['sh', '-c'], ['tini', '--'], ['supervisord']),
        forwards: fc.constantFrom(true, false, null),
        ageSeconds: fc.nat({ max: 3 }),
      })
      .map((more) => processOf(1, 'x', more)),
    { maxLength: 12 },
  );
  const total = fc.property(any, fc.integer({ min: 1, max: 64 }), (drawn, number) => {
    const all = [...new Map(drawn.map((p) => [p.pid, p])).values()];
    const path = signalPath(all, signal('SIG', number));
    if (path.init === null) expect(all.every((p) => all.some((q) => q.pid === p.parent))).toBe(true);
    expect(path.receiver === null || path.receiver.why !== '').toBe(true);
    const count = (nodes: readonly ProcessNode[]): number => nodes.reduce((n, x) => n + 1 + count(x.children), 0);
    expect(count(processTree(all, path, 30))).toBeLessThanOrEqual(all.length);
  });
  fc.assert(total, { numRuns: 1000 });
});
