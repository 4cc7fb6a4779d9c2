import { describe, expect, it } from 'vitest';
import { prestopCannotRun } from '../../../src/checks/shutdown/prestop-cannot-run.ts';
import { clusterVersion } from '../../../src/facts/cluster/version.ts';
import { controllers } from '../../../src/facts/workloads/controllers.ts';
import { type HookProgram, hookPrograms } from '../../../src/facts/workloads/hook-programs.ts';
import { type PodEvent, podEvents } from '../../../src/facts/workloads/pod-events.ts';
import { subject } from '../../../src/facts/workloads/subject.ts';
import type { Hook, PodContainer, Subject } from '../../../src/facts/workloads/subjects.ts';
import { containerKey } from '../../../src/lib/container-key.ts';
import { kubernetesVersionOf } from '../../../src/lib/kubernetes-version.ts';
import { type Given, gap, given, run, testCheck } from '../../support/check-tester.ts';
import { ago, containerOf, idOf, podOf, statusOf, webControllers } from '../../support/pods.ts';

const path = '/usr/local/bin:/usr/bin:/bin';
const there = (program: string, at = `/usr/bin/${program}`): HookProgram => ({
  program,
  found: true,
  path: at,
  searched: path,
});
const gone = (program: string): HookProgram => ({
  program,
  found: false,
  path: '',
  searched: program.startsWith('/') ? '' : path,
});
const event = (more: Partial<PodEvent> = {}): PodEvent => ({
  podUid: 'u1',
  reason: 'FailedPreStopHook',
  message: 'PreStopHook failed',
  count: 2,
  lastAtMs: ago(60),
  container: 'app',
  ...more,
});
const withVersion = (text: string): Given => given(clusterVersion, kubernetesVersionOf(text) ?? expect.fail());
const hooked = (preStop: Hook | null, more: Partial<PodContainer> = {}) => containerOf({ preStop, ...more });
const world = (
  command: readonly string[] | Hook,
  found: readonly HookProgram[] | null,
  o: { readonly events?: readonly PodEvent[]; readonly version?: string; readonly pod?: Partial<Subject> } = {},
): Given[] => [
  given(subject, podOf({ containers: [hooked('kind' in command ? command : { kind: 'exec', command })], ...o.pod })),
  given(hookPrograms, new Map(found === null ? [] : [[containerKey(idOf('app')), found]])),
  given(podEvents, o.events ?? []),
  given(controllers, webControllers),
  withVersion(o.version ?? 'v1.34.4'),
];
const missing = { status: 'fail', severity: 'error', messageId: 'missing-program' } as const;
const failed = { status: 'fail', severity: 'error', messageId: 'failed' } as const;
const patched = (seconds: number) =>
  `kubectl patch deployment web -n shop --type strategic -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","lifecycle":{"preStop":{"exec":null,"sleep":{"seconds":${seconds}}}}}]}}}}'`;

testCheck(prestopCannotRun, [
  {
    name: 'sleep in a distroless image',
    facts: world(['sleep', '10'], [gone('sleep')]),
    expect: {
      ...missing,
      data: { container: 'app', program: 'sleep', searched: path },
      message: /fails at once/,
      now: [patched(10)],
    },
  },
  ...(
    [
      [15, 30, null],
      [16, 30, 46],
      [40, 30, 80],
      [10, 5, 20],
      [15.5, 30, 46],
      [1, 0, 2],
    ] as const
  ).map(([seconds, graceSeconds, raised]) => ({
    name: `sleep ${seconds} in a grace of ${graceSeconds}: ${raised === null ? 'it stays' : `it is raised to ${raised}`}`,
    facts: world(['sleep', String(seconds)], [gone('sleep')], {
      pod: { graceSeconds, containers: [hooked({ kind: 'exec', command: ['sleep', String(seconds)] })] },
    }),
    expect: {
      ...missing,
      now: [
        raised === null
          ? patched(Math.round(seconds))
          : patched(Math.round(seconds)).replace(
              '"spec":{"containers"',
              `"spec":{"terminationGracePeriodSeconds":${raised},"containers"`,
            ),
      ],
    },
  })),
  {
    name: 'half a second: the sleep action counts in whole ones, and not in none',
    facts: world(['sleep', '0.2'], [gone('sleep')]),
    expect: { ...missing, now: [patched(1)] },
  },
  {
    name: 'before 1.30 the sleep action is no way out',
    facts: world(['sleep', '10'], [gone('sleep')], { version: 'v1.29.9' }),
    expect: { ...missing },
  },
  {
    name: 'no shell',
    facts: world(['sh', '-c', 'sleep 10'], [gone('sh'), gone('sleep')]),
    expect: { ...missing, data: { program: 'sh' }, now: [patched(10)] },
  },
  {
    name: 'an absolute program',
    facts: world(['/bin/drain'], [gone('/bin/drain')]),
    expect: { ...missing, data: { program: '/bin/drain', searched: '' } },
  },
  {
    name: 'a shell, and not what it calls',
    facts: world(['/bin/sh', '-c', 'sleep 10'], [there('/bin/sh', '/bin/dash'), gone('sleep')]),
    expect: { ...missing, data: { program: 'sleep' }, message: /fails at once/, now: [patched(10)] },
  },
  {
    name: 'a shell that goes on without what it does not find',
    facts: world(['sh', '-c', 'deregister; sleep 10'], [there('sh', '/bin/dash'), gone('deregister'), there('sleep')]),
    expect: { ...missing, data: { program: 'deregister' }, message: /is not done/ },
  },
  {
    name: 'the shell of busybox may have it in itself: nobody can tell',
    facts: world(['sh', '-c', 'sleep 10'], [there('sh', '/bin/busybox'), gone('sleep')]),
    expect: { status: 'unknown', message: /unless \/bin\/busybox has it built in/ },
  },
  {
    name: 'all there',
    facts: world(['sh', '-c', 'sleep 5 && nginx -s quit'], [there('sh'), there('sleep'), there('nginx')]),
    expect: { status: 'pass', message: /\/usr\/bin\/sh, \/usr\/bin\/sleep, \/usr\/bin\/nginx/ },
  },
  { name: 'sleep is there', facts: world(['sleep', '10'], [there('sleep')]), expect: { status: 'pass' } },
  {
    name: 'it is there, and failed',
    facts: world(['sleep', '10'], [there('sleep')], { events: [event()] }),
    expect: { ...failed, data: { events: 1 } },
  },
  {
    name: 'an event that names no container',
    facts: world(['sleep', '10'], [there('sleep')], { events: [event({ container: '' })] }),
    expect: failed,
  },
  {
    name: 'events of another container, another pod, another kind',
    facts: world(['sleep', '10'], [there('sleep')], {
      events: [event({ container: 'side' }), event({ podUid: 'u2' }), event({ reason: 'NodeNotReady' })],
    }),
    expect: { status: 'pass' },
  },
  {
    name: 'the container was not seen on the node',
    facts: world(['sleep', '10'], null),
    expect: { status: 'unknown', message: /not seen/ },
  },
  {
    name: 'the container was not seen on the node, and the hook failed',
    facts: world(['sleep', '10'], null, { events: [event()] }),
    expect: failed,
  },
  {
    name: 'a program in the working directory cannot be asked for',
    facts: world(['./drain'], null),
    expect: { status: 'unknown', message: /cannot be asked for/ },
  },
  {
    name: 'nor can one of a strange name',
    facts: world(['dr ain'], null),
    expect: { status: 'unknown', message: /cannot be asked for/ },
  },
  { name: 'an empty command', facts: world([], null), expect: { status: 'unknown' } },
  {
    name: 'one that does not run now',
    facts: world(['sleep', '10'], null, {
      pod: {
        containers: [
          containerOf({ name: 'main' }),
          hooked({ kind: 'exec', command: ['sleep', '10'] }, { status: statusOf('app', { running: false, id: '' }) }),
        ],
      },
    }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'a sidecar without it beside a container that has it',
    facts: [
      given(
        subject,
        podOf({
          containers: [
            hooked({ kind: 'exec', command: ['sleep', '5'] }),
            hooked(
              { kind: 'exec', command: ['sleep', '6'] },
              { name: 'side', kind: 'sidecar', path: ['initContainers', 0] },
            ),
          ],
        }),
      ),
      given(
        hookPrograms,
        new Map([
          [containerKey(idOf('app')), [there('sleep')]],
          [containerKey(idOf('side')), [gone('sleep')]],
        ]),
      ),
      given(podEvents, []),
      given(controllers, webControllers),
      withVersion('v1.34.4'),
    ],
    expect: {
      ...missing,
      data: { container: 'side' },
      now: [patched(6).replace('"containers":[{"name":"app"', '"initContainers":[{"name":"side"')],
    },
  },
  ...([{ kind: 'sleep', seconds: 5 }, { kind: 'http' }, { kind: 'tcp' }] as const).map((hook) => ({
    name: `a hook of the kubelet's own: ${hook.kind}`,
    facts: world(hook, null),
    expect: { status: 'not-applicable' } as const,
  })),
  ...(
    [
      ['Windows', { os: 'windows' }],
      ['a sandbox', { runtimeClass: 'kata-qemu' }],
      ['one that ended', { phase: 'Succeeded' }],
    ] as const
  ).map(([name, pod]) => ({
    name,
    facts: world(['sleep', '10'], null, { pod }),
    expect: { status: 'not-applicable' } as const,
  })),
  {
    name: 'nobody looked into the container',
    facts: [...world(['sleep', '10'], null).filter(([id]) => id !== hookPrograms.id), gap(hookPrograms, 'forbidden')],
    expect: { status: 'unknown' },
  },
  {
    name: 'nobody looked into the container, and an event says that the hook failed',
    facts: [
      ...world(['sleep', '10'], null, { events: [event({ count: 1 })] }).filter(([id]) => id !== hookPrograms.id),
      gap(hookPrograms, 'not-chosen'),
    ],
    expect: failed,
  },
  {
    name: 'nobody was to look into the container',
    facts: [...world(['sleep', '10'], null).filter(([id]) => id !== hookPrograms.id), gap(hookPrograms, 'not-chosen')],
    expect: { status: 'skipped' },
  },
  {
    name: 'all there, and whether it failed is not known',
    facts: world(['sleep', '10'], [there('sleep')]).slice(0, 2),
    expect: { status: 'unknown', message: /whether the hook failed is not known/ },
  },
  {
    name: 'neither events nor version nor workload are known',
    facts: world(['sleep', '10'], [gone('sleep')]).slice(0, 2),
    expect: { ...missing, now: [] },
  },
  { name: 'the pod is not known', facts: [gap(subject)], expect: { status: 'unknown' } },
]);

describe('what is advised', () => {
  const fix = (facts: readonly Given[]) => {
    const [finding] = run(prestopCannotRun, facts);
    return finding?.status === 'fail' ? finding.fix : expect.fail('no finding');
  };
  const withTemplate = (containers: readonly string[]) =>
    world(['sleep', '10'], [gone('sleep')]).map((g) =>
      g[0] === controllers.id
        ? given(
            controllers,
            webControllers.map((c) => ({ ...c, containers })),
          )
        : g,
    );
  const byHand = { say: expect.stringMatching(/^Put sleep into the image of container app/), risk: 'none' };

  it('a patch of the pod template replaces its pods', () =>
    expect(fix(withTemplate(['app']))).toMatchObject({ risk: 'disruptive', patch: { target: { name: 'web' } } }));
  it('a container that was injected is in no template: no patch', () =>
    expect(fix(withTemplate(['main']))).toEqual(byHand));
  it('before 1.30 there is no sleep action: no patch', () =>
    expect(fix(world(['sleep', '10'], [gone('sleep')], { version: 'v1.29.9' }))).toEqual(byHand));
  it('a hook that does more than sleep: no patch', () =>
    expect(fix(world(['sh', '-c', 'deregister; sleep 10'], [there('sh'), gone('deregister'), there('sleep')]))).toEqual(
      {
        say: expect.stringMatching(/^Put deregister into the image/),
        risk: 'none',
      },
    ));
  it('a hook that failed by event: why nobody knows, so no patch', () =>
    expect(fix(world(['sleep', '10'], [there('sleep')], { events: [event()] }))).toEqual({
      say: expect.stringMatching(/^Run the hook by hand/),
      risk: 'none',
    }));
});

it("an event's own words are shown, unless they may name arguments (older kubelets wrote the whole command)", () => {
  const textOf = (message: string) => {
    const [finding] = run(prestopCannotRun, world(['drain'], [there('drain')], { events: [event({ message })] }));
    return finding?.status === 'fail' ? finding.evidence[1]?.text : expect.fail('no finding');
  };
  expect(textOf('PreStopHook failed')).toBe('PreStopHook failed');
  expect(textOf('Exec lifecycle hook ([drain -p hunter2]) for Container "app" failed')).toMatch(/not shown/);
});
