import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TerminationFacts, terminationPlan } from '../../../src/checks/shutdown/termination-plan.ts';
import { known, missing } from '../../../src/core/gap.ts';
import type { Front } from '../../../src/facts/services/fronts.ts';
import type { HookProgram } from '../../../src/facts/workloads/hook-programs.ts';
import type { Process } from '../../../src/facts/workloads/processes.ts';
import type { Hook, PodContainer, Subject } from '../../../src/facts/workloads/subjects.ts';
import { containerKey } from '../../../src/lib/container-key.ts';
import {
  containerOf,
  digest,
  frontOf,
  idOf,
  maskOf,
  podOf,
  processesOf,
  processOf,
  statusOf,
} from '../../support/pods.ts';

const unseen = missing('not-chosen', 'not looked');
const nothing: TerminationFacts = { processes: unseen, imageStopSignals: unseen, hookPrograms: unseen, fronts: unseen };
const reacting = [processOf(1, 'java', { caught: maskOf(15) })];
const deaf = [processOf(1, 'sleep')];

const facts = (o: {
  readonly app?: readonly Process[];
  readonly fronts?: readonly Front[];
  readonly programs?: readonly HookProgram[];
}): TerminationFacts => ({
  processes: known(processesOf({ app: o.app ?? reacting })),
  imageStopSignals: known(new Map([[digest, '']])),
  hookPrograms: known(new Map([[containerKey(idOf('app')), o.programs ?? []]])),
  fronts: known(o.fronts ?? [frontOf()]),
});
const pod = (preStop: Hook | null, more: Partial<Subject> = {}, container: Partial<PodContainer> = {}) =>
  podOf({ containers: [containerOf({ preStop, ...container })], ...more });
const end = (p: Subject, f: TerminationFacts) => terminationPlan(p, f)?.containers[0];
const losses = (p: Subject, f: TerminationFacts) =>
  terminationPlan(p, f)?.losses.map(({ from, to, why }) => `${from}-${to} ${why}`);
const sleeps = (seconds: number): Hook => ({ kind: 'sleep', seconds });
const program = (found: boolean, name = 'sleep', path = ''): HookProgram => ({
  program: name,
  found,
  path,
  searched: '/bin',
});

describe('when the signal comes, and SIGKILL', () => {
  it.each<[string, Hook | null, number, number | null, number]>([
    ['no hook', null, 30, 0, 30],
    ['a hook', sleeps(5), 30, 5, 30],
    ['28 s: two are left', sleeps(28), 30, 28, 30],
    ['29 s: the kubelet grants two', sleeps(29), 30, 29, 31],
    ['as long as the grace', sleeps(30), 30, 30, 32],
    ['longer: cut off', sleeps(300), 30, 30, 32],
    ['nobody knows how long', { kind: 'http' }, 30, null, 30],
    ['grace 0: no hook, two seconds', sleeps(5), 0, 0, 2],
    ['grace 1', null, 1, 0, 2],
  ])('%s', (_, hook, graceSeconds, signalAt, killAt) =>
    expect(end(pod(hook, { graceSeconds }), nothing)).toMatchObject({ signalAt, killAt }),
  );

  it('a sidecar gets it when the main containers have ended', () =>
    expect(end(pod(sleeps(5), {}, { kind: 'sidecar' }), nothing)).toMatchObject({ signalAt: null, kind: 'sidecar' }));
  it('a hook whose program is not there fails at once', () => {
    const p = pod({ kind: 'exec', command: ['sleep', '10'] });
    expect(end(p, facts({ programs: [program(false)] }))).toMatchObject({ signalAt: 0, preStop: { runs: false } });
    expect(end(p, facts({ programs: [program(true)] }))).toMatchObject({ signalAt: 10, preStop: { runs: true } });
    expect(end(p, facts({}))).toMatchObject({ signalAt: 10, preStop: { runs: null } });
    expect(end(p, nothing)).toMatchObject({ signalAt: 10, preStop: { runs: null } });
  });
  it.each<[string, string, readonly HookProgram[], boolean | null, number | null]>([
    ['all there', 'sleep 10', [program(true, 'sh', '/bin/dash'), program(true)], true, 10],
    ['no sleep for the shell', 'sleep 10', [program(true, 'sh', '/bin/dash'), program(false)], false, 0],
    [
      'no /bin/sleep either',
      '/bin/sleep 10',
      [program(true, 'sh', '/bin/bash'), program(false, '/bin/sleep')],
      false,
      0,
    ],
    ['busybox may have it in itself', 'sleep 10', [program(true, 'sh', '/bin/busybox'), program(false)], null, 10],
    ['no shell', 'sleep 10', [program(false, 'sh'), program(false)], false, 0],
    ['no shell, but sleep', 'sleep 10', [program(false, 'sh'), program(true)], false, 0],
    [
      'it waits all the same without something else',
      'drain; sleep 10',
      [program(true, 'sh', '/bin/dash'), program(false, 'drain'), program(true)],
      true,
      10,
    ],
    ['nobody looked', 'sleep 10', [], null, 10],
  ])('a script: %s', (_, script, programs, runs, signalAt) =>
    expect(end(pod({ kind: 'exec', command: ['sh', '-c', script] }), facts({ programs }))).toMatchObject({
      signalAt,
      preStop: { runs },
    }),
  );
  it('the hook in words', () =>
    expect(end(pod({ kind: 'exec', command: ['sh', '-c', 'sleep 5; nginx -s quit'] }), nothing)?.preStop).toEqual({
      what: "sh -c 'sleep 5; nginx ...'",
      seconds: 5,
      atLeast: true,
      runs: null,
    }));
});

describe('what the program does with it', () => {
  it.each<[string, readonly Process[], string]>([
    ['a handler', reacting, 'yes'],
    ['none', deaf, 'no'],
    ['a shell', [processOf(1, 'sh'), processOf(7, 'x')], 'no'],
    [
      'a shell that passes it on',
      [processOf(1, 'sh', { caught: maskOf(15), forwards: true }), processOf(7, 'x')],
      'yes',
    ],
    ['a shell with a trap', [processOf(1, 'sh', { caught: maskOf(15) }), processOf(7, 'x')], 'unsure'],
    ['npm', [processOf(1, 'npm', { program: 'node' })], 'unsure'],
    ['ignored', [processOf(1, 'x', { ignored: maskOf(15) })], 'no'],
    ['node', [processOf(1, 'node', { caught: maskOf(15) })], 'unsure'],
    ['not seen', [], 'unsure'],
  ])('%s', (_, app, reacts) => expect(end(pod(null), facts({ app }))?.reacts).toBe(reacts));
  it('nobody looked', () => expect(end(pod(null), nothing)).toMatchObject({ reacts: 'unsure', stopSignal: null }));
  it('nobody looked, but the spec names the signal', () =>
    expect(end(pod(null, {}, { stopSignal: 'SIGQUIT' }), nothing)).toMatchObject({ stopSignal: 'SIGQUIT' }));
  it('nobody looked, but the kubelet names the signal', () =>
    expect(end(pod(null, {}, { status: statusOf('app', { stopSignal: 'SIGINT' }) }), nothing)).toMatchObject({
      stopSignal: 'SIGINT',
    }));
  it('by the image', () => expect(end(pod(null), facts({}))).toMatchObject({ stopSignal: 'SIGTERM' }));
});

describe('what is lost', () => {
  it.each<[string, Hook | null, Front[], readonly Process[], RegExp[]]>([
    ['nothing behind no Service', null, [], reacting, []],
    ['the first seconds without a hook', null, [frontOf()], reacting, [/^0-5 app: connections/]],
    ['more behind a load balancer', null, [frontOf({ type: 'LoadBalancer' })], reacting, [/^0-15 app: connections/]],
    ['what a short hook leaves', sleeps(3), [frontOf()], reacting, [/^3-5 app: connections/]],
    ['nothing with a hook', sleeps(5), [frontOf()], reacting, []],
    ['all at once by SIGKILL', null, [frontOf()], deaf, [/^30-30 app: SIGKILL/]],
    ['nothing is said where nobody knows when the signal comes', { kind: 'http' }, [frontOf()], reacting, []],
  ])('%s', (_, hook, fronts, app, want) =>
    expect(losses(pod(hook), facts({ app, fronts }))).toEqual(want.map((w) => expect.stringMatching(w))),
  );
  it('a hook that does not run', () =>
    expect(losses(pod({ kind: 'exec', command: ['sleep', '10'] }), facts({ programs: [program(false)] }))).toEqual([
      expect.stringMatching(/^0-0 app: the preStop hook \(sleep 10\) does not run/),
      expect.stringMatching(/^0-5 app: connections/),
    ]));
  it('connections only of the container that a Service leads to', () => {
    const side = containerOf({ name: 'side', path: ['containers', 1] });
    const app = containerOf({ ports: [{ port: 8080, name: '', protocol: 'TCP' }] });
    const both = podOf({ containers: [app, side] });
    expect(losses(both, facts({}))).toEqual([expect.stringMatching(/^0-5 app: connections/)]);
    // nobody declares the port: it may be either
    expect(losses(podOf({ containers: [containerOf(), side] }), facts({}))).toHaveLength(2);
  });
  it('SIGKILL of the others too', () => {
    const side = containerOf({ name: 'side', ports: [{ port: 8080, name: '', protocol: 'TCP' }] });
    expect(losses(podOf({ containers: [containerOf(), side] }), facts({ app: deaf }))).toEqual([
      expect.stringMatching(/^30-30 app: SIGKILL/),
      expect.stringMatching(/^0-5 side: connections/),
    ]);
  });
  it('grace 0: the hook does not run either', () =>
    expect(losses(pod(sleeps(5), { graceSeconds: 0 }), facts({ fronts: [] }))).toEqual([
      expect.stringMatching(/does not run/),
    ]));
});

describe('the whole', () => {
  it('its numbers, and whose traffic', () =>
    expect(terminationPlan(pod(null, { graceSeconds: 45 }), facts({}))).toMatchObject({
      graceSeconds: 45,
      services: ['shop/web'],
      trafficUntil: 5,
    }));
  it('no Service is known: no traffic is told of', () =>
    expect(terminationPlan(pod(null), nothing)).toMatchObject({ services: [], trafficUntil: null }));
  it.each(['Succeeded', 'Failed'])('%s: there is none to come', (phase) =>
    expect(terminationPlan(pod(null, { phase }), nothing)).toBeNull(),
  );
  it('a pod without containers', () => expect(terminationPlan(podOf({ containers: [] }), nothing)).toBeNull());
});

it('whatever the numbers: the signal before SIGKILL, and losses that begin before they end', () => {
  const hook = fc.option(fc.nat({ max: 200 }).map(sleeps));
  const any = fc.property(
    hook,
    fc.nat({ max: 100 }),
    fc.constantFrom(reacting, deaf, []),
    (preStop, graceSeconds, app) => {
      const plan = terminationPlan(pod(preStop, { graceSeconds }), facts({ app }));
      for (const c of plan?.containers ?? []) {
        expect(c.killAt).toBeGreaterThanOrEqual((c.signalAt ?? 0) + 2);
        expect(c.killAt).toBeGreaterThanOrEqual(graceSeconds);
      }
      for (const loss of plan?.losses ?? []) expect(loss.to).toBeGreaterThanOrEqual(loss.from);
    },
  );
  fc.assert(any);
});
