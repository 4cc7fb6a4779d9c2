import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Process } from '../../src/facts/workloads/processes.ts';
import { parseProcesses } from '../../src/parsers/container-processes.ts';
import { rawLines, textNear } from './fuzz.ts';

const key = 'c'.repeat(16);
const captured = rawLines('container-processes.debian-12.linux-6.18.44.txt');
const of = (text: string | readonly string[]): readonly Process[] =>
  parseProcesses(typeof text === 'string' ? text : text.join('\n')).get(key) ?? [];

/** The row of a process that sleeps. */
const row = (pid: number, more: Readonly<Record<string, string>> = {}): string => {
  const fields = {
    parent: '1',
    namespaces: `${pid} 1`,
    state: 'S',
    blocked: '0000000000000000',
    ignored: '0000000000000000',
    caught: '0000000000004000',
    ticks: '1000',
    wchan: 'hrtimer_nanosleep',
    name: 'app',
    ...more,
  };
  return ['p', key, String(pid), ...Object.values(fields)].join('\t');
};
const one = (...more: readonly string[]): Process | undefined =>
  of(['uptime 100.00', `in\t${key}`, row(7), ...more])[0];
const with7 = (more: Readonly<Record<string, string>>): Process | undefined => of(['uptime 100.00', row(7, more)])[0];

it('what was captured of a shell with a trap, its child and a zombie', () => {
  expect(of(captured)).toEqual([
    {
      pid: 13403,
      parent: 13391,
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
      ageSeconds: expect.closeTo(2.92, 2),
    },
    {
      pid: 13404,
      parent: 13403,
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
      ageSeconds: expect.closeTo(2.91, 2),
    },
    {
      pid: 13407,
      parent: 13404,
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
      ageSeconds: expect.closeTo(2.91, 2),
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
  it('what is blocked', () => expect(with7({ blocked: '0000000000004002' })?.blocked).toBe(0x4002n));
  it.each([
    ['yes', true],
    ['no', false],
  ])('forwards %s', (word, want) => expect(one(`forwards\t7\t${word}`)?.forwards).toBe(want));
  it('words', () =>
    expect(one('cmd\t7\tsh -c', 'exe\t7\tdash')).toMatchObject({ words: ['sh', '-c'], program: 'dash' }));
  it('no words', () => expect(one('cmd\t7\t')?.words).toEqual([]));
  it('a program with a tab', () => expect(one('exe\t7\ta\tb')?.program).toBe('a\tb'));
  it('in no namespace of its own', () => expect(with7({ namespaces: '7' })).toMatchObject({ ownPid: 7, depth: 1 }));
  it('in two', () => expect(with7({ namespaces: '7 3 1' })).toMatchObject({ ownPid: 1, depth: 3 }));
  it('a kernel without NSpid', () => expect(with7({ namespaces: '' })).toMatchObject({ ownPid: null, depth: 0 }));
  it('all signals', () => expect(with7({ caught: 'fffffffd7fc1fefd' })?.caught).toBe(0xfffffffd7fc1fefdn));
  it('whose start was not read', () => expect(with7({ ticks: '' })?.ageSeconds).toBe(100));
});

describe('whether it waits for signals may not be seen', () => {
  it.each<[string, string, string, boolean | null]>([
    ['the kernel function is told', 'do_wait', 'S', false],
    ['and is that of waiting for signals', 'do_sigtimedwait', 'S', true],
    ['by another name', 'do_sigtimedwait.isra.0', 'S', true],
    ['the kernel function is hidden', '0', 'S', null],
    ['nothing is told', '', 'S', null],
    ['it runs', '0', 'R', false],
    ['it is a zombie', '0', 'Z', false],
    ['it is stopped', '0', 'T', false],
  ])('%s', (_, wchan, state, want) => expect(with7({ wchan, state })?.waitsForSignals).toBe(want));
});

it('they are told by pid, and by container', () => {
  const other = 'd'.repeat(16);
  const text = [`in\t${key}`, `in\t${other}`, row(9), row(8).replace(key, other), row(11), row(10)].join('\n');
  expect([...parseProcesses(text)].map(([k, all]) => [k, all.map((p) => p.pid)])).toEqual([
    [key, [9, 10, 11]],
    [other, [8]],
  ]);
});

describe('what is left out', () => {
  it.each(['parent', 'state', 'blocked', 'ignored', 'caught'])('a process that ended before its %s was read', (field) =>
    expect(of([row(7, { [field]: '' }), `p\t${key}\t8`, `p\t${key}`])).toEqual([]),
  );
  it.each(['', 'zz', '00000000000000000', '0x4000', '-1'])('one whose mask is %j', (caught) =>
    expect(with7({ caught })).toBeUndefined(),
  );
  it.each(['', 'SS', '?', ' '])('one whose state is %j', (state) => expect(with7({ state })).toBeUndefined());
  it.each(['', '-1', '1.5', '9'.repeat(11), 'x'])('one whose parent is %j', (parent) =>
    expect(with7({ parent })).toBeUndefined(),
  );
  it('the container stays, so that it is known to be seen', () =>
    expect([...parseProcesses(`in\t${key}`)]).toEqual([[key, []]]));
  it('what is said of others', () => expect(of([`in\t${key}`, 'exe\t8\tx'])).toEqual([]));
  it('a row about no pid', () =>
    expect(one('exe\t\tevil', 'exe', 'exe\tx\tevil', 'exe\t-7\tevil', 'exec\t7\tevil')?.program).toBeNull());
});

describe('hostile rows', () => {
  it.each(['a\\nb', 'a\tb', 'a) S 1', '\r', '\u2028', '', 'in', `p\t${key}\t8`])('a name %j is a name', (name) =>
    expect(of([row(7, { name })])).toMatchObject([{ pid: 7, name }]),
  );
  it('a pid belongs to the first container that names it', () => {
    const other = 'd'.repeat(16);
    const all = parseProcesses([row(7), row(7).replace(key, other)].join('\n'));
    expect([...all].map(([k, p]) => [k, p.length])).toEqual([[key, 1]]);
  });
  it.each([
    ['a pid', row(7).replace('\t7\t', `\t${'9'.repeat(20)}\t`)],
    ['a key', row(7).replace(key, `${key}c`)],
    ['a key of other letters', row(7).replace(key, key.toUpperCase())],
    ['a container that goes on', `in\t${key}\t7`],
    ['another tag', ` ${row(7)}`],
  ])('%s that is none', (_, line) => expect(parseProcesses(line).size).toBe(0));
  it('numbers that are too large are none', () => {
    const huge = '9'.repeat(400);
    expect(of([`uptime ${huge}`, row(7, { namespaces: `7 ${huge}`, ticks: huge })])[0]).toMatchObject({
      ownPid: 7,
      depth: 1,
      ageSeconds: 0,
    });
  });
  it('a start that is yet to come', () =>
    expect(of(['uptime 1.00', row(7, { ticks: '5000' })])[0]?.ageSeconds).toBe(0));
});

it('is total, and what it tells is sound', () => {
  const [first = '', ...rest] = [captured.join('\n'), ...captured, row(3)];
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
