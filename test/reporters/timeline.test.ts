import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { canvas } from '../../src/reporters/canvas.ts';
import { timeline } from '../../src/reporters/timeline.ts';
import { endOf, podOf, processOf, terminationOf } from './sample-pods.ts';

const ascii = canvas({ color: false, width: 80, unicode: false, verbose: false });
const none = { preStop: null, signalAt: 0 } as const;

test('what happens stands where it is on the axis, and in words below', () => {
  const t = terminationOf({ losses: [{ from: 2, to: 5, why: 'new connections' }] });
  expect(timeline(t, podOf({}).processes, ascii)).toEqual([
    'When it is deleted, in seconds (grace period 30 s):',
    `           0         5         10        15        20        25        30 s`,
    `  traffic  ${'='.repeat(10)}`,
    '           may come until about 5 s, by Service shop/web',
    `  web      ${'#'.repeat(10)}V${'-'.repeat(49)}|`,
    '            0 s  preStop sleep 5 s',
    '            5 s  SIGTERM -> tini (PID 1) -> node server.js (PID 7): catches',
    '                 SIGTERM',
    '           30 s  SIGKILL if it still runs',
    `  lost         XXXXXX`,
    '           2-5 s  new connections',
  ]);
});

test.each([
  ['no grace', terminationOf({ graceSeconds: 0, containers: [endOf({ ...none, killAt: 0 })] }), 'V\\|'],
  ['two seconds, the least', terminationOf({ graceSeconds: 0, containers: [endOf({ ...none, killAt: 2 })] }), 'V-+\\|'],
  [
    'a hook that is cut off',
    terminationOf({
      containers: [
        endOf({
          preStop: { what: 'exec sleep', seconds: 60, atLeast: false, runs: true },
          signalAt: 30,
          killAt: 30,
          reacts: 'no',
        }),
      ],
    }),
    '#{60}VX',
  ],
  [
    'a hook that is cut off, with the two seconds that are granted still',
    terminationOf({
      graceSeconds: 10,
      containers: [
        endOf({
          preStop: { what: 'exec sleep', seconds: 60, atLeast: false, runs: true },
          signalAt: 10,
          killAt: 12,
          reacts: 'no',
        }),
      ],
    }),
    '#{50}V-{9}X',
  ],
  [
    'a hook that cannot run',
    terminationOf({
      containers: [
        endOf({ preStop: { what: 'exec sleep', seconds: 5, atLeast: false, runs: false }, signalAt: 0, reacts: 'no' }),
      ],
    }),
    'V-{59}X',
  ],
  [
    'a hook of which nobody knows how long it takes',
    terminationOf({
      containers: [
        endOf({ preStop: { what: 'exec drain', seconds: null, atLeast: false, runs: null }, signalAt: null }),
      ],
    }),
    '#\\?{59}\\|',
  ],
  [
    'a sidecar, which waits',
    terminationOf({ containers: [endOf({ kind: 'sidecar', ...none, signalAt: null, reacts: 'unsure' })] }),
    '\\.{60}\\|',
  ],
  ['an hour of grace', terminationOf({ graceSeconds: 3600, containers: [endOf({ killAt: 3600 })] }), '#V-{58}\\|'],
])('%s is drawn', (_, t, picture) => {
  const row = timeline(t, [], ascii).find((line) => line.startsWith('  web '));
  expect(row).toMatch(new RegExp(`^  web      ${picture}$`));
});

test.each([
  [{ preStop: { what: 'sh -c sleep 5', seconds: 5, atLeast: false, runs: true } }, ['0 s  preStop sh -c sleep 5, 5 s']],
  [{ preStop: { what: 'exec sh', seconds: 5, atLeast: true, runs: true } }, ['0 s  preStop exec sh, at least 5 s']],
  [
    { preStop: { what: 'exec sleep', seconds: 60, atLeast: false, runs: true }, signalAt: 30, killAt: 32 },
    ['0 s  preStop exec sleep, 60 s, cut off at 30 s', '30 s  SIGTERM: it ends', '32 s  SIGKILL if it still runs'],
  ],
  [
    { preStop: { what: 'exec x', seconds: 5, atLeast: false, runs: false }, signalAt: 0 },
    ['0 s  preStop exec x: does not run', '0 s  SIGTERM: it ends'],
  ],
  [
    { preStop: { what: 'exec x', seconds: null, atLeast: false, runs: null }, signalAt: null },
    ['0 s  preStop exec x, nobody knows for how long', 'then  SIGTERM: it ends'],
  ],
  [
    { ...none, kind: 'sidecar' as const, signalAt: null, reacts: 'unsure' as const },
    ['then  SIGTERM when the main containers have ended: what it does then was not seen'],
  ],
  [{ ...none, stopSignal: null, reacts: 'no' as const }, ['0 s  the stop signal: it goes on', '30 s  SIGKILL']],
  [{ ...none, stopSignal: 'SIGQUIT' }, ['0 s  SIGQUIT: it ends']],
])('%j in words', (more, lines) => {
  const wide = canvas({ color: false, width: 120, unicode: false, verbose: false });
  const told = timeline(terminationOf({ containers: [endOf(more)] }), [], wide).map((line) => line.trim());
  for (const line of lines) expect(told).toContain(line);
});

test('behind an init the child is named that fares worst', () => {
  const children = [
    processOf({ pid: 7, signalFrom: 'init' }),
    processOf({ pid: 8, command: 'sh -c', signalFrom: 'init', fate: 'ignores it', state: 'lost' }),
    processOf({ pid: 9, command: 'cat', signalFrom: 'none', fate: 'gets none', state: 'lost' }),
  ];
  const trees = [{ name: 'web', unseen: null, roots: [processOf({ command: 'tini', children })], left: 0 }];
  expect(timeline(terminationOf({ containers: [endOf({ reacts: 'no' })] }), trees, ascii).join('\n')).toContain(
    ' 5 s  SIGTERM -> tini (PID 1) -> sh -c (PID 8): ignores it\n',
  );
});

test('without a Service there is no row of traffic', () => {
  const lines = timeline(terminationOf({ trafficUntil: null, services: [] }), [], ascii);
  expect(lines[2]).toBe('           no Service leads traffic to it');
  expect(lines.some((line) => line.startsWith('  traffic'))).toBe(false);
});

test('a pod without containers', () => {
  expect(timeline(terminationOf({ containers: [] }), [], ascii)).toHaveLength(4);
});

test('containers that end alike are one row', () => {
  const containers = Array.from({ length: 30 }, (_, i) => endOf({ name: `c${i}` }));
  const lines = timeline(terminationOf({ containers }), [], ascii);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}30 alike {2}#+V-+\|$/));
  expect(lines).toContain('            c0, c1, c2, c3, c4 and 25 more:');
  expect(lines.length).toBeLessThan(12);
});

test('of many that end each in its own way those are shown that do not end by themselves', () => {
  const containers = Array.from({ length: 30 }, (_, i) =>
    endOf({ name: `c${i}`, signalAt: i, reacts: i === 29 ? 'no' : 'yes' }),
  );
  const lines = timeline(terminationOf({ containers }), [], ascii);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}c29 .*X$/));
  expect(lines).toContain('           ... 22 more containers (-v)');
  expect(timeline(terminationOf({ containers }), [], { ...ascii, verbose: true })).toContainEqual(
    expect.stringMatching(/^ {2}c15 /),
  );
});

test('a name that is too long is cut, and told in full', () => {
  const name = 'a-container-with-quite-a-long-name';
  const lines = timeline(terminationOf({ containers: [endOf({ name })] }), [], ascii);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}a-container-w\.\.\. {2}#/));
  expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ {20}${name}:$`)));
});

describe.each([40, 60, 80, 120, 200])('at %i columns', (width) => {
  const c = canvas({ color: false, width, unicode: true, verbose: false });
  test.each([0, 0.5, 1, 2, 7, 30, 31, 45, 600, 86_400])('%d s of grace fit, and the axis is in order', (grace) => {
    const t = terminationOf({
      graceSeconds: grace,
      trafficUntil: grace / 2,
      containers: [endOf({ signalAt: Math.min(5, grace), killAt: grace, reacts: 'no' })],
      losses: [{ from: grace, to: grace, why: 'work' }],
    });
    const lines = timeline(t, [], c);
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
    const numbers = (lines.find((line) => /^ +0 /.test(line)) ?? '').replace(/ s$/, '').trim().split(/ +/).map(Number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers.length).toBeGreaterThan(1);
  });
});
