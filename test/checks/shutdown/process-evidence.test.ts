import { describe, expect, it } from 'vitest';
import { processEvidence } from '../../../src/checks/shutdown/process-evidence.ts';
import { maskOf, processOf } from '../../support/pods.ts';

const byDefault = {
  name: 'SIGTERM',
  number: 15,
  source: 'the default, since the image has no STOPSIGNAL',
  known: true,
};
const text = (p: ReturnType<typeof processOf>, signal = byDefault) => processEvidence(p, [], signal)[0].text;

describe('what a process does with the signal, and its masks as the kernel prints them', () => {
  it.each([
    ['caught', processOf(1, 'app', { caught: maskOf(15) }), /SigCgt 0000000000004000, .*\(SIGTERM caught\)/],
    [
      'ignored',
      processOf(1, 'app', { ignored: maskOf(15), caught: maskOf(15) }),
      /SigIgn 0000000000004000, .*\(SIGTERM ignored\)/,
    ],
    ['blocked', processOf(1, 'app', { blocked: maskOf(15) }), /SigBlk 0000000000004000 \(SIGTERM blocked\)/],
    ['none of these', processOf(1, 'app'), /\(SIGTERM not caught\)/],
    ['all signals', processOf(1, 'app', { caught: 2n ** 64n - 1n }), /SigCgt ffffffffffffffff/],
  ])('%s', (_, p, words) => expect(text(p)).toMatch(words));
  it('by its own pid where that is known', () => {
    expect(text(processOf(1, 'app'))).toMatch(/^app, pid 1 in the container/);
    expect(text(processOf(1, 'app', { ownPid: null }))).toMatch(/^app, pid 1001 in the container/);
  });
});

it('its children too, four of them, and where the signal is from unless it is the default', () => {
  const children = [2, 3, 4, 5, 6].map((pid) => processOf(pid, 'worker'));
  expect(processEvidence(processOf(1, 'sh'), children, byDefault).map((e) => e.source)).toEqual(
    [1001, 1002, 1003, 1004, 1005].map((pid) => `/proc/${pid}/status`),
  );
  const quit = { name: 'SIGQUIT', number: 3, source: 'STOPSIGNAL of the image', known: true };
  expect(processEvidence(processOf(1, 'sh'), [], quit).at(-1)).toEqual({
    source: 'stop signal',
    text: 'SIGQUIT, STOPSIGNAL of the image',
  });
  const assumed = { ...byDefault, source: 'assumed, since the image was not read', known: false };
  expect(processEvidence(processOf(1, 'sh'), [], assumed)).toHaveLength(2);
});
