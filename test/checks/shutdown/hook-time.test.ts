import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookTime } from '../../../src/checks/shutdown/hook-time.ts';
import { prestopCannotRun } from '../../../src/checks/shutdown/prestop-cannot-run.ts';
import { prestopExceedsGrace } from '../../../src/checks/shutdown/prestop-exceeds-grace.ts';
import { prestopMissing } from '../../../src/checks/shutdown/prestop-missing.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { fronts } from '../../../src/facts/services/fronts.ts';
import { controllers } from '../../../src/facts/workloads/controllers.ts';
import { hookPrograms } from '../../../src/facts/workloads/hook-programs.ts';
import { type PodEvent, podEvents } from '../../../src/facts/workloads/pod-events.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { PodContainer } from '../../../src/facts/workloads/subjects.ts';
import { containerKey } from '../../../src/lib/container-key.ts';
import { hookWords } from '../../../src/lib/hook-words.ts';
import { type Given, given, run } from '../../support/check-tester.ts';
import { containerOf, frontOf, idOf, podOf, webControllers } from '../../support/pods.ts';

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

describe('what is shown of it: no arguments but those of sleep', () => {
  it.each([
    [['nginx', '-s', 'quit'], 'nginx ...'],
    [['/usr/sbin/nginx'], '/usr/sbin/nginx'],
    [['sleep', '1m', '30'], 'sleep 1m 30'],
    [['sleep', 'hunter2'], 'sleep ...'],
    [['redis-cli -a hunter2 shutdown'], 'redis-cli...'],
    [['PASS=hunter2', 'drain'], 'PASS...'],
    [['python3', '-c', 'hunter2'], 'python3 ...'],
    [['sh', '/drain.sh', 'hunter2'], 'sh ...'],
    [['sh', '-c'], 'sh ...'],
    [['sh'], 'sh'],
    [[], ''],
  ])('%j: %s', (command, what) => expect(exec(...command).what).toBe(what));

  it.each([
    ['sleep 5', "sh -c 'sleep 5'"],
    ['sleep 5; redis-cli -a hunter2 shutdown; if true; then x; fi', "sh -c 'sleep 5; redis-cli ...; ...'"],
    ['nginx -s quit; sleep 10', "sh -c 'nginx ...; sleep 10'"],
    ['redis-cli -a "hunter2" shutdown', "sh -c '...'"],
    ['PASS=hunter2 drain; sleep 5', "sh -c '...'"],
    ['sleep hunter2', "sh -c 'sleep ...'"],
    ['test -e /hunter2 && sleep 40; sleep 5', "sh -c 'test ...; sleep 5; ...'"],
    ['# hunter2', "sh -c '...'"],
    ['', "sh -c ''"],
  ])('of the script %j: %s', (script, what) => expect(sh(script).what).toBe(what));
  it('what stands behind the script is not shown either', () =>
    expect(exec('/bin/bash', '-ec', 'drain $1', 'name', 'hunter2').what).toBe("/bin/bash -c '...'"));
  it('nor what stands before the shell in one word with it', () =>
    expect(exec('echo hunter2 | /bin/sh', '-c', 'sleep 5').what).toBe("echo... -c 'sleep 5'"));

  it('10 000 commands: the first ones, and all their seconds', () =>
    expect(sh('sleep 1;'.repeat(10_000))).toEqual({
      what: "sh -c 'sleep 1; sleep 1; sleep 1; sleep 1; sleep 1; sleep 1; ...'",
      seconds: 10_000,
      atLeast: false,
    }));
  it('10 000 arguments of sleep: none of them, and all their seconds', () =>
    expect(exec('sleep', ...Array.from({ length: 10_000 }, () => '1'))).toEqual({
      what: 'sleep ...',
      seconds: 10_000,
      atLeast: false,
    }));
  it('a long name', () => {
    expect(exec('x'.repeat(60)).what).toBe('x'.repeat(60));
    expect(exec('x'.repeat(61)).what).toBe(`${'x'.repeat(60)}...`);
    expect(sh(`${'x'.repeat(61)}; sleep 5`).what).toBe(`sh -c '${'x'.repeat(60)}...; ...'`);
  });
});

describe('a password in the command of a hook is nowhere in what is told', () => {
  const password = 'hunter2';
  const name = 'app';
  const commands: readonly (readonly string[])[] = [
    ['redis-cli', '-a', password, 'shutdown'],
    [`redis-cli -a ${password} shutdown`],
    [`PASS=${password}`],
    ['sh', '-c', `redis-cli -a ${password} shutdown`],
    ['sh', '-c', `sleep 1; redis-cli -a ${password} shutdown; sleep 28`],
    ['sh', '-c', `sleep 40; redis-cli -a "${password}" shutdown`],
    ['sh', '-c', `PASS=${password} drain; sleep 5`],
    ['sh', '-c', `sleep 1 ${password}`],
    ['sh', '-c', 'sleep 1; drain $1', 'x', password],
    ['sh', '-c', `sleep 1 # ${password}`],
    ['sleep', password],
    ['python3', '-c', `drain("${password}")`],
    ['curl', `https://admin:${password}@localhost/drain`],
  ];
  const event: PodEvent = {
    podUid: 'u1',
    reason: 'FailedPreStopHook',
    message: `Exec lifecycle hook ([redis-cli -a ${password} shutdown]) for Container "app" in Pod "web-1" failed - error: exit status 1`,
    count: 1,
    lastAtMs: 0,
    container: name,
  };
  const container = (command: readonly string[], more: Partial<PodContainer> = {}) =>
    containerOf({ name, preStop: { kind: 'exec', command }, ...more });
  const programs = (command: readonly string[], missing: string | null): Given => {
    const all = hookWords(command).map((program) => ({
      program,
      found: program !== missing,
      path: program === missing ? '' : `/bin/${program}`,
      searched: '/bin',
    }));
    return given(hookPrograms, new Map([[containerKey(idOf(name)), all]]));
  };
  const told = (command: readonly string[]): Finding[] =>
    [0, 5, 30].flatMap((graceSeconds) =>
      [null, ...hookWords(command)].flatMap((missing) =>
        [[], [event]].flatMap((events) =>
          [prestopCannotRun, prestopExceedsGrace, prestopMissing].flatMap((check) =>
            run(check, [
              given(
                subject,
                podOf({ graceSeconds, containers: [container(command, { liveness: { graceSeconds: 1 } })] }),
              ),
              given(fronts, [frontOf({ type: 'LoadBalancer' })]),
              given(controllers, webControllers),
              given(podEvents, events),
              programs(command, missing),
            ]),
          ),
        ),
      ),
    );

  it.each(commands.map((c) => [c]))('%j', (command) => {
    const all = told(command);
    expect(all.filter((f) => f.status === 'fail').length).toBeGreaterThan(0);
    expect(all.every((f) => f.status !== 'error')).toBe(true);
    expect(JSON.stringify(all)).not.toContain(password);
  });
  // prestop-missing tells of a hook that is too short for certain: one that only sleeps
  it('each finding that tells of such a hook was there', () => {
    const failed = commands.flatMap(told).filter((f) => f.status === 'fail');
    expect([...new Set(failed.map((f) => `${f.check} ${f.messageId}`))].sort()).toEqual([
      'shutdown/prestop-cannot-run failed',
      'shutdown/prestop-cannot-run missing-program',
      'shutdown/prestop-exceeds-grace exceeds',
      'shutdown/prestop-exceeds-grace most',
      'shutdown/prestop-exceeds-grace never-runs',
      'shutdown/prestop-exceeds-grace probe-level',
    ]);
  });
});

it('whatever the hook: seconds that are a number, or none', () => {
  const word = fc.oneof(
    fc.constantFrom('sh', '-c', 'sleep', 'sleep 5', '9'.repeat(400), '5d', '&&', ';', '\n', 'sleep 5; sleep 6', "'"),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  const any = fc.property(fc.array(word, { maxLength: 5 }), (command) => {
    const { what, seconds, atLeast } = exec(...command);
    // the shell, the first command, and what stands around them
    expect(what.length).toBeLessThanOrEqual(150);
    expect(seconds === null ? atLeast : Number.isFinite(seconds) && seconds >= 0).toBe(true);
  });
  fc.assert(any, { numRuns: 1000 });
});
