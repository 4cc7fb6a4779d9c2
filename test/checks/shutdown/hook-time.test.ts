import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookTime } from '../../../src/checks/shutdown/hook-time.ts';

const exec = (...command: string[]) => hookTime({ kind: 'exec', command });
const sh = (script: string) => exec('sh', '-c', script);

describe('the sleep action and what is no program', () => {
  it('sleep', () =>
    expect(hookTime({ kind: 'sleep', seconds: 15 })).toEqual({ what: 'sleep 15', seconds: 15, atLeast: false }));
  it.each([['http', 'HTTP GET'] as const, ['tcp', 'TCP connect'] as const])('%s: nobody knows', (kind, what) =>
    expect(hookTime({ kind })).toEqual({ what, seconds: null, atLeast: true }),
  );
});

describe('sleep as a program', () => {
  it.each([
    [['sleep', '5'], 5],
    [['/bin/sleep', '5'], 5],
    [['/usr/bin/sleep', '0'], 0],
    [['sleep', '0.5'], 0.5],
    [['sleep', '.5'], 0.5],
    [['sleep', '5s'], 5],
    [['sleep', '1m'], 60],
    [['sleep', '2h'], 7200],
    [['sleep', '1d'], 86_400],
    [['sleep', '1m', '30'], 90],
  ])('%j: %s s', (command, seconds) =>
    expect(exec(...command)).toEqual({ what: command.join(' '), seconds, atLeast: false }),
  );

  it.each([
    [['sleep']],
    [['sleep', 'infinity']],
    [['sleep', '-5']],
    [['sleep', '5x']],
    [['sleep', '$SECONDS']],
    [['sleep', '5', '--help']],
    [['usleep', '5']],
    [['nosleep', '5']],
    [['/opt/drain', '--wait', '5']],
    [['busybox', 'sleep', '5']],
    [[]],
  ])('%j: its text does not tell', (command) =>
    expect(exec(...command)).toMatchObject({ seconds: null, atLeast: true }),
  );
});

describe('the script of a shell', () => {
  it.each([
    ['sleep 5', 5, false],
    ['sleep 5;', 5, false],
    [' sleep  5 ', 5, false],
    ['sleep 5; sleep 10', 15, false],
    ['sleep 5\nsleep 10\n', 15, false],
    ['sleep 5 && sleep 10', 15, false],
    ['sleep 5 && nginx -s quit', 5, true],
    ['nginx -s quit; sleep 5', 5, true],
    ['echo bye; sleep 5; exit 0', 5, true],
    ['sleep 5; nginx -s quit; while killall -0 nginx; do sleep 1; done', 5, true],
    ['sleep 5; kill $(cat /run/pid)', 5, true],
    ['sleep 5; if true; then sleep 40; fi', 5, true],
    ['sleep 5; (sleep 40)', 5, true],
    ['sleep 5 & sleep 40', null, true],
    ['sleep 40 || true', null, true],
    ['if test -e /x; then sleep 40; fi', null, true],
    ['sleep $DELAY', null, true],
    ['sleep "5"', null, true],
    ['# sleep 40', null, true],
    ['', null, true],
  ])('%j: %s s, or longer: %s', (script, seconds, atLeast) => expect(sh(script)).toMatchObject({ seconds, atLeast }));

  it.each([
    ['what comes after an exit never runs', 'sleep 5; exit 0; sleep 40', 5],
    ['what comes after an exec never runs', 'sleep 5; exec nginx -s quit; sleep 40', 5],
    ['what a test decides', 'test -e /x && sleep 40', null],
    ['what a program decides', 'curl -sf localhost/drain && sleep 40', null],
    ['what a test decides, and what follows in any case', 'test -e /x && sleep 40; sleep 5', 5],
  ])('%s: %j', (_, script, seconds) => expect(sh(script).seconds).toBe(seconds));

  it.each([
    [['sh', '-ec', 'sleep 5']],
    [['/bin/bash', '-c', 'sleep 5', 'name', 'sleep 40']],
    [['bash', '-o', 'pipefail', '-c', 'sleep 5']],
    [['/bin/ash', '-x', '-c', 'sleep 5']],
  ])('of %j', (command) => expect(exec(...command).seconds).toBe(5));

  it.each([
    [['sh', '/drain.sh', '-c', 'sleep 40']],
    [['sh', '-c']],
    [['sh']],
    [['python3', '-c', 'sleep 40']],
    [['/usr/bin/env', 'sh', '-c', 'sleep 40']],
  ])('%j has none that is known', (command) => expect(exec(...command).seconds).toBeNull());
});

it('a long hook is shortened to 60 characters', () => {
  expect(sh(`sleep 5; ${'x'.repeat(80)}`).what).toMatch(/^sh -c sleep 5; x+\.\.\.$/);
  expect(sh(`sleep 5; ${'x'.repeat(80)}`).what).toHaveLength(60);
});

it('whatever the hook: seconds that are a number, or none', () => {
  const word = fc.oneof(
    fc.constantFrom('sh', '-c', 'sleep', 'sleep 5', '9'.repeat(400), '5d', '&&', ';', '\n', 'sleep 5; sleep 6', "'"),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  const any = fc.property(fc.array(word, { maxLength: 5 }), (command) => {
    const { what, seconds, atLeast } = exec(...command);
    expect(what.length).toBeLessThanOrEqual(60);
    expect(seconds === null ? atLeast : Number.isFinite(seconds) && seconds >= 0).toBe(true);
  });
  fc.assert(any, { numRuns: 1000 });
});
