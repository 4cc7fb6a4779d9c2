import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Process } from '../../src/facts/workloads/processes.ts';
import { parseProcesses } from '../../src/parsers/container-processes.ts';
import { rawLines, textNear } from './fuzz.ts';

const key = 'c'.repeat(16);
const captured = rawLines('container-processes.debian-12.linux-6.18.44.txt');
const of = (text: string | readonly string[]): readonly Process[] =>
  parseProcesses(typeof text === 'string' ? text : text.join('\n')).get(key) ?? [];

/** What is said of one process that sleeps. */
const rows = (pid: number, more: Readonly<Record<string, string | null>> = {}): string[] =>
  Object.entries({
    Name: 'app',
    State: 'S (sleeping)',
    PPid: '1',
    NSpid: `${pid}\t1`,
    SigBlk: '0000000000000000',
    SigIgn: '0000000000000000',
    SigCgt: '0000000000004000',
    ...more,
  }).flatMap(([field, value]) => (value === null ? [] : [`/proc/${pid}/status:${field}:\t${value}`]));
const start = (pid: number, ticks: number, name = 'app'): string =>
  `/proc/${pid}/stat:${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${ticks} 0 0 0`;
const one = (...more: readonly string[]): Process | undefined =>
  of(['uptime 100.00', `in\t${key}\t7`, ...rows(7), start(7, 1000), '/proc/7/wchan:hrtimer_nanosleep', ...more])[0];

it('what was captured of a shell with a trap, its child and a zombie', () => {
  expect(of(captured)).toEqual([
    {
      pid: 2453,
      parent: 2451,
      ownPid: 1,
      depth: 2,
      name: 'sh',
      state: 'S',
      ignored: 0x6n,
      caught: 0x14000n,
      blocked: 0n,
      waitsForSignals: false,
      program: 'dash',
      words: ['sh', 'entry.sh'],
      forwards: true,
      ageSeconds: expect.closeTo(1.2, 2),
    },
    {
      pid: 2454,
      parent: 2453,
      ownPid: 2,
      depth: 2,
      name: 'perl',
      state: 'S',
      ignored: 0x86n,
      caught: 0x4000n,
      blocked: 0n,
      waitsForSignals: false,
      program: 'perl',
      words: ['perl', '-e'],
      forwards: null,
      ageSeconds: expect.closeTo(1.17, 2),
    },
    {
      pid: 2455,
      parent: 2454,
      ownPid: 3,
      depth: 2,
      name: 'perl',
      state: 'Z',
      ignored: 0x86n,
      caught: 0n,
      blocked: 0n,
      waitsForSignals: false,
      program: null,
      words: [],
      forwards: null,
      ageSeconds: expect.closeTo(1.17, 2),
    },
  ]);
});

describe('one process', () => {
  it('with nothing special', () =>
    expect(one()).toMatchObject({
      pid: 7,
      caught: 0x4000n,
      waitsForSignals: false,
      ageSeconds: 90,
      program: null,
      words: [],
    }));
  it('what is blocked', () =>
    expect(of([`in\t${key}\t7`, ...rows(7, { SigBlk: '0000000000004002' })])[0]?.blocked).toBe(0x4002n));
  it.each([
    ['yes', true],
    ['no', false],
  ])('forwards %s', (word, want) => expect(one(`forwards\t7\t${word}`)?.forwards).toBe(want));
  it('words', () =>
    expect(one('cmd\t7\tsh -c', 'exe\t7\tdash')).toMatchObject({ words: ['sh', '-c'], program: 'dash' }));
  it('no words', () => expect(one('cmd\t7\t')?.words).toEqual([]));
  it('a program with a tab', () => expect(one('exe\t7\ta\tb')?.program).toBe('a\tb'));
  it('in no namespace of its own', () =>
    expect(of([`in\t${key}\t7`, ...rows(7, { NSpid: '7' })])[0]).toMatchObject({ ownPid: 7, depth: 1 }));
  it('in two', () =>
    expect(of([`in\t${key}\t7`, ...rows(7, { NSpid: '7\t3\t1' })])[0]).toMatchObject({ ownPid: 1, depth: 3 }));
  it('a kernel without NSpid', () =>
    expect(of([`in\t${key}\t7`, ...rows(7, { NSpid: null })])[0]).toMatchObject({ ownPid: null, depth: 0 }));
  it('all signals', () =>
    expect(of([`in\t${key}\t7`, ...rows(7, { SigCgt: 'fffffffd7fc1fefd' })])[0]?.caught).toBe(0xfffffffd7fc1fefdn));
});

describe('whether it waits for signals may not be seen', () => {
  const waits = (wchan: string | null, state = 'S (sleeping)') =>
    of([`in\t${key}\t7`, ...rows(7, { State: state }), ...(wchan === null ? [] : [`/proc/7/wchan:${wchan}`])])[0]
      ?.waitsForSignals;
  it.each<[string, string | null, string, boolean | null]>([
    ['the kernel function is told', 'do_wait', 'S (sleeping)', false],
    ['and is that of waiting for signals', 'do_sigtimedwait', 'S (sleeping)', true],
    ['by another name', 'do_sigtimedwait.isra.0', 'S (sleeping)', true],
    ['the kernel function is hidden', '0', 'S (sleeping)', null],
    ['nothing is told', '', 'S (sleeping)', null],
    ['no file', null, 'S (sleeping)', null],
    ['it runs', '0', 'R (running)', false],
    ['it is a zombie', '0', 'Z (zombie)', false],
    ['it is stopped', '0', 'T (stopped)', false],
  ])('%s', (_, wchan, state, want) => expect(waits(wchan, state)).toBe(want));
});

describe('what is left out', () => {
  it.each(['State', 'PPid', 'SigBlk', 'SigIgn', 'SigCgt'])('a process that ended before its %s was read', (field) =>
    expect(of([`in\t${key}\t7`, ...rows(7, { [field]: null }), ...rows(8)])).toEqual([]),
  );
  it.each(['', 'zz', '00000000000000000', '0x4000', '-1'])('one whose mask is %j', (mask) =>
    expect(of([`in\t${key}\t7`, ...rows(7, { SigCgt: mask })])).toEqual([]),
  );
  it('the container stays, so that it is known to be seen', () =>
    expect([...parseProcesses(`in\t${key}\t7`)]).toEqual([[key, []]]));
  it('what is said of others', () => expect(of([`in\t${key}\t7`, ...rows(8), 'exe\t8\tx'])).toEqual([]));
  it('a row about no pid', () =>
    expect(one('exe\t\tevil', 'exe', 'exe\tx\tevil', 'exe\t-7\tevil')?.program).toBeNull());
});

describe('hostile rows', () => {
  it('a name with a line break breaks only its own row', () => {
    const [p] = of([
      'uptime 100.00',
      `in\t${key}\t7`,
      ...rows(7, { Name: 'a\\nb' }),
      '/proc/7/stat:7 (a',
      '/proc/7/stat:b) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 2000 0 0 0',
    ]);
    expect(p).toMatchObject({ name: 'a\\nb', ageSeconds: 80 });
  });
  it.each(['a) S 1 1 1', ') (', '))', '(x) S 9 9', ''])('a name %j that looks like more of the row', (name) =>
    expect(of(['uptime 100.00', `in\t${key}\t7`, ...rows(7), start(7, 2000, name)])[0]?.ageSeconds).toBe(80),
  );
  it('a pid belongs to the first container that names it', () => {
    const other = 'd'.repeat(16);
    const all = parseProcesses([`in\t${key}\t7`, `in\t${other}\t7`, ...rows(7)].join('\n'));
    expect([...all].map(([k, p]) => [k, p.length])).toEqual([[key, 1]]);
  });
  it.each([
    ['a pid', [`in\t${key}\t99999999999999999999`]],
    ['a key', [`in\t${'c'.repeat(17)}\t7`]],
    ['a key of other letters', [`in\t${'C'.repeat(16)}\t7`]],
    ['a key that goes on', [`in\t${key}\t7\tx`]],
  ])('%s that is none', (_, lines) => expect(parseProcesses(lines.join('\n')).size).toBe(0));
  it('numbers that are too large are none', () => {
    const huge = '9'.repeat(400);
    const [p] = of([
      `uptime ${huge}`,
      `in\t${key}\t7`,
      ...rows(7, { NSpid: `7\t${huge}` }),
      start(7, 5).replace(' 5 ', ` ${huge} `),
    ]);
    expect(p).toMatchObject({ ownPid: 7, depth: 1, ageSeconds: 0 });
  });
  it('a start that is yet to come', () =>
    expect(of(['uptime 1.00', `in\t${key}\t7`, ...rows(7), start(7, 5000)])[0]?.ageSeconds).toBe(0));
});

it('is total, and what it tells is sound', () => {
  const [first = '', ...rest] = [captured.join('\n'), ...captured, `more\t${key}\t3`];
  const sound = (p: Process): boolean =>
    [p.pid, p.parent, p.depth].every(Number.isSafeInteger) &&
    (p.ownPid === null || Number.isSafeInteger(p.ownPid)) &&
    Number.isFinite(p.ageSeconds) &&
    p.ageSeconds >= 0 &&
    [p.ignored, p.caught, p.blocked].every((m) => m >= 0n && m < 2n ** 64n) &&
    p.state.length === 1;
  const any = fc.property(textNear(first, ...rest), (text) => {
    for (const [k, all] of parseProcesses(text)) {
      expect(k).toMatch(/^[0-9a-f]{16}$/);
      expect(all.every(sound)).toBe(true);
    }
  });
  fc.assert(any, { numRuns: 1000 });
});
