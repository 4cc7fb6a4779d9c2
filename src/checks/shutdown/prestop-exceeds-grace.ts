import { check, fail, notApplicable, type Problem, pass, type Remedy, type Verdict } from '../../core/check.ts';
import type { Reading } from '../../core/gap.ts';
import { type Controller, controllers } from '../../facts/workloads/controllers.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { PodContainer, Subject } from '../../facts/workloads/subjects.ts';
import { combine } from '../combine.ts';
import { patchOf } from '../workload-of.ts';
import { type HookTime, hookTime } from './hook-time.ts';

/** The kubelet gives at least so much between stop signal and SIGKILL (minimumGracePeriodInSeconds; facts K.1). */
const leastSeconds = 2;

/** What a program gets at the least, where the hook's own time is not known to need more. */
const usualGrace = 30;

const graceFor = (seconds: number): number => Math.ceil(seconds) + Math.max(usualGrace, Math.ceil(seconds));

const raise = (pod: Subject, all: Reading<readonly Controller[]>, seconds: number): Remedy => {
  const wanted = graceFor(seconds);
  const patch = patchOf(pod, all, { terminationGracePeriodSeconds: wanted });
  return {
    say: `Grant ${wanted} s: the hook's time and as much again for the program, or make the hook shorter.${patch.note}`,
    now: patch.now,
    patch: patch.patch,
    risk: patch.risk,
  };
};

/** Where one of the container's own probes kills it with less grace than the hook takes. */
const ofProbes = (c: PodContainer, pod: Subject, time: HookTime, seconds: number): readonly Problem[] =>
  (['liveness', 'startup'] as const).flatMap((kind) => {
    const grace = c[kind]?.graceSeconds ?? null;
    if (grace === null || grace > seconds || grace >= pod.graceSeconds) return [];
    return [
      {
        id: 'probe-level',
        severity: 'warning',
        message: `Container ${c.name}: when its ${kind} probe kills it, the hook (${time.what}) gets only the probe's own ${grace} s, and the program ${leastSeconds} s after that.`,
        data: { container: c.name, probe: kind, graceSeconds: grace, hookSeconds: seconds },
        evidence: [
          {
            source: `spec.${c.path[0]}[${c.path[1]}].${kind}Probe.terminationGracePeriodSeconds`,
            text: String(grace),
            path: [...c.path, `${kind}Probe`, 'terminationGracePeriodSeconds'],
          },
        ],
        fix: {
          say: `Take terminationGracePeriodSeconds out of the ${kind} probe, or make it longer than the hook.`,
          risk: 'none',
        },
      } satisfies Problem,
    ];
  });

const judgeOne = (c: PodContainer, pod: Subject, all: Reading<readonly Controller[]>): Verdict => {
  if (c.preStop === null) return notApplicable('no container has a preStop hook');
  const time = hookTime(c.preStop);
  const { seconds } = time;
  const evidence = [
    {
      source: `spec.${c.path[0]}[${c.path[1]}].lifecycle.preStop`,
      text: time.what,
      path: [...c.path, 'lifecycle', 'preStop'],
    },
    {
      source: 'spec.terminationGracePeriodSeconds',
      text: String(pod.graceSeconds),
      path: ['terminationGracePeriodSeconds'],
    },
  ] as const;
  const data = {
    container: c.name,
    hook: time.what,
    hookSeconds: seconds,
    atLeast: time.atLeast,
    graceSeconds: pod.graceSeconds,
  };
  if (pod.graceSeconds === 0)
    return fail({
      id: 'never-runs',
      severity: 'error',
      message: `Container ${c.name}: the preStop hook (${time.what}) never runs: with a grace period of 0 the kubelet skips it.`,
      data,
      evidence,
      fix: raise(pod, all, seconds ?? 0),
    });
  if (seconds === null) return notApplicable(`${c.name}: how long the hook takes its text does not say (${time.what})`);
  const took = `${time.atLeast ? 'at least ' : ''}${seconds} s`;
  const own = ((): Problem | null => {
    if (seconds >= pod.graceSeconds)
      return {
        id: 'exceeds',
        severity: 'error',
        message: `Container ${c.name}: the preStop hook (${time.what}) takes ${took} of ${pod.graceSeconds} s of grace, in which it counts. It is cut off, and the program gets its stop signal only ${leastSeconds} s before SIGKILL.`,
        data,
        evidence,
        fix: raise(pod, all, seconds),
      };
    if (seconds * 2 > pod.graceSeconds)
      return {
        id: 'most',
        severity: 'warning',
        message: `Container ${c.name}: the preStop hook (${time.what}) takes ${took} of ${pod.graceSeconds} s of grace, in which it counts. ${pod.graceSeconds - seconds} s are left for the program after the stop signal.`,
        data,
        evidence,
        fix: raise(pod, all, seconds),
      };
    return null;
  })();
  const [first, ...more] = [...(own ? [own] : []), ...ofProbes(c, pod, time, seconds)];
  if (first) return fail(first, ...more);
  return pass(`${c.name}: the hook takes ${took} of ${pod.graceSeconds} s of grace`);
};

/** Facts K.1: the hook's time is taken off the grace period, and the program gets what is left, two seconds at the least. */
export const prestopExceedsGrace = check({
  id: 'shutdown/prestop-exceeds-grace',
  title: 'A preStop hook leaves the program time to stop',
  severity: 'error',
  per: 'pod',
  fromText: true,
  docs: {
    why:
      'terminationGracePeriodSeconds runs from the deletion, and the preStop hook is part of it. A hook that sleeps as long as the grace period, or longer, is cut off; the ' +
      'program gets the stop signal two seconds before SIGKILL. A liveness or startup probe may have a shorter grace period of its own, which counts when that probe kills the container. ' +
      'Counted are the sleep action, `sleep`, and the sleeps of a `sh -c` script that are run in any case.',
    links: [
      'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-execution',
      'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds',
    ],
  },
  needs: { subject },
  wants: { controllers },
  judge: (facts, maybe) => {
    const pod = facts.subject;
    return combine(
      pod.containers.map((c) => judgeOne(c, pod, maybe.controllers)),
      'no container has a preStop hook',
    );
  },
});
