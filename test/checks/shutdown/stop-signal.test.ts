import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inMask, stopSignalOf } from '../../../src/checks/shutdown/stop-signal.ts';
import { known, missing } from '../../../src/core/gap.ts';
import { containerOf, digest, maskOf, statusOf } from '../../support/pods.ts';

const ofImage = (signal: string) => known(new Map([[digest, signal]]));
const unread = missing('absent', 'no store');

describe('names and numbers', () => {
  it.each([
    ['SIGTERM', 'SIGTERM', 15],
    ['TERM', 'SIGTERM', 15],
    ['sigquit', 'SIGQUIT', 3],
    ['15', 'SIGTERM', 15],
    ['3', 'SIGQUIT', 3],
    ['28', 'SIGWINCH', 28],
    ['64', 'SIGRTMAX', 64],
    ['37', '37', 37],
    ['SIGRTMIN+3', 'SIGRTMIN+3', 37],
    ['RTMAX-2', 'SIGRTMAX-2', 62],
    ['SIGIO', 'SIGIO', 29],
    ['SIGSEGV', 'SIGSEGV', 11],
  ])('%s', (text, name, number) =>
    expect(stopSignalOf(containerOf({ stopSignal: text }), unread)).toEqual({
      name,
      number,
      source: 'lifecycle.stopSignal',
      known: true,
    }),
  );

  it.each([
    '',
    'SIG',
    'SIGFOO',
    '0',
    '65',
    '99',
    '-15',
    'SIGTERM+99',
    'SIGRTMAX+1',
    'SIGRTMIN-34',
    'toString',
    '__proto__',
    '\x1b[31m',
  ])('%j is none: SIGTERM, and that is not known', (text) =>
    expect(stopSignalOf(containerOf({ stopSignal: text }), unread)).toMatchObject({ number: 15, known: false }),
  );
});

describe('who says it, in order', () => {
  const status = statusOf('app', { stopSignal: 'SIGINT' });
  it.each([
    ['the spec', containerOf({ stopSignal: 'SIGQUIT', status }), ofImage('SIGWINCH'), 'SIGQUIT', true],
    ['the kubelet', containerOf({ status }), ofImage('SIGWINCH'), 'SIGINT', true],
    ['the image', containerOf(), ofImage('SIGWINCH'), 'SIGWINCH', true],
    ['an image without one: the default', containerOf(), ofImage(''), 'SIGTERM', true],
    ['an image that was not read', containerOf(), unread, 'SIGTERM', false],
    ['another image', containerOf(), known(new Map([['e'.repeat(64), 'SIGINT']])), 'SIGTERM', false],
    ['a container that never ran', containerOf({ status: null }), ofImage('SIGINT'), 'SIGTERM', false],
    ['an image that says nonsense', containerOf(), ofImage('SIGNONE'), 'SIGTERM', false],
  ])('%s', (_, container, images, name, isKnown) =>
    expect(stopSignalOf(container, images)).toMatchObject({ name, known: isKnown }),
  );
});

it('bit n-1 of a mask is signal n', () => {
  const any = fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 64 })), (signals) => {
    const mask = maskOf(...signals);
    for (let n = 1; n <= 64; n++) expect(inMask(mask, n)).toBe(signals.includes(n));
  });
  fc.assert(any);
  expect(inMask(0x4002n, 15)).toBe(true);
});

it('whatever a spec says: a signal that there is', () => {
  const any = fc.property(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^(SIG)?[A-Z]{1,6}([+-]\d{1,2})?$/),
      fc.stringMatching(/^\d+$/),
    ),
    (text) => {
      const { number } = stopSignalOf(containerOf({ stopSignal: text }), unread);
      expect(Number.isInteger(number) && number >= 1 && number <= 64).toBe(true);
    },
  );
  fc.assert(any, { numRuns: 500 });
});
