import {
  cannotTell,
  check,
  fail,
  type Maybe,
  notApplicable,
  pass,
  type Remedy,
  type Verdict,
} from '../../core/check.ts';
import { clusterVersion } from '../../facts/cluster/version.ts';
import { controllers } from '../../facts/workloads/controllers.ts';
import { type HookProgram, hookPrograms } from '../../facts/workloads/hook-programs.ts';
import { podEvents } from '../../facts/workloads/pod-events.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { PodContainer, Subject } from '../../facts/workloads/subjects.ts';
import { containerKey } from '../../lib/container-key.ts';
import { hookWords } from '../../lib/hook-words.ts';
import { combine } from '../combine.ts';
import { inTemplate, patchOf } from '../workload-of.ts';
import { notLive } from './container-paths.ts';
import { hookTime } from './hook-time.ts';
import { hasSleepAction, sleepHook } from './sleep-hook.ts';

const wants = { hookPrograms, podEvents, clusterVersion, controllers };

const fixOf = (c: PodContainer, pod: Subject, program: string, maybe: Maybe<typeof wants>): Remedy => {
  const time = c.preStop === null ? null : hookTime(c.preStop);
  const seconds = time?.seconds ?? null;
  // the sleep action would drop what else the hook does
  if (
    seconds === null ||
    time?.atLeast ||
    !hasSleepAction(maybe.clusterVersion) ||
    !inTemplate(pod, maybe.controllers, c)
  )
    return {
      say: `Put ${program} into the image of container ${c.name}, or call something in the hook that is there.`,
      risk: 'none',
    };
  const list = c.kind === 'main' ? 'containers' : 'initContainers';
  const lifecycle = sleepHook(Math.max(1, Math.round(seconds)), maybe.clusterVersion, true);
  // the API refuses a sleep that is longer than the grace
  const grace = seconds * 2 > pod.graceSeconds ? Math.ceil(Math.max(pod.graceSeconds + seconds, seconds * 2)) : null;
  const patch = patchOf(pod, maybe.controllers, {
    ...(grace === null ? {} : { terminationGracePeriodSeconds: grace }),
    [list]: [{ name: c.name, lifecycle }],
  });
  return {
    say: `Use the sleep action, which the kubelet carries out itself and which needs no program (Kubernetes 1.30 and newer).${patch.note}`,
    now: patch.now,
    patch: patch.patch,
    risk: patch.risk,
  };
};

/** The kubelet's words; older ones name the whole command in them, and what it said. */
const toldBy = (message: string): string =>
  /^[A-Za-z ]{1,60}$/.test(message) ? message : 'its message is not shown, since it may name the arguments of the hook';

/** Without its own program, or what it waits with, the hook is over at once; of the rest of a script the other commands may be run. */
const consequenceOf = (program: string, main: string): string =>
  program === main || /(?:^|\/)sleep$/.test(program)
    ? 'The hook fails at once, and the stop signal follows without a pause: nothing waits for traffic to be led away.'
    : 'What that was to do before the stop signal is not done.';

const judgeOne = (
  c: PodContainer,
  pod: Subject,
  read: () => ReadonlyMap<string, readonly HookProgram[]>,
  maybe: Maybe<typeof wants>,
): Verdict => {
  if (c.preStop?.kind !== 'exec') return notApplicable('no container has a preStop hook that runs a program');
  const { command } = c.preStop;
  const [main = ''] = command;
  const what = hookTime(c.preStop).what;
  const where = {
    source: `spec.${c.path[0]}[${c.path[1]}].lifecycle.preStop.exec`,
    text: what,
    path: [...c.path, 'lifecycle', 'preStop'],
  };
  const failed = maybe.podEvents.ok
    ? maybe.podEvents.value.filter(
        (e) =>
          e.reason === 'FailedPreStopHook' && e.podUid === pod.uid && (e.container === '' || e.container === c.name),
      )
    : [];
  // an event tells that it failed, also where the node was not read
  const known = maybe.hookPrograms.ok || failed.length === 0 ? read() : new Map<string, readonly HookProgram[]>();
  const programs = known.get(containerKey(c.status?.id ?? '')) ?? [];
  const shell = programs.find((p) => p.program === main);
  // a shell that is busybox may have its programs in itself, without a link for each
  const missing = programs.find(
    (p) => !p.found && (p.program === main || (shell?.found === true && !/busybox/.test(shell.path))),
  );
  const events = failed.map((e) => ({
    source: `event FailedPreStopHook${e.count > 1 ? `, ${e.count} times` : ''}`,
    text: toldBy(e.message),
  }));
  if (missing) {
    const searched = missing.searched === '' ? '' : `, searched ${missing.searched}`;
    return fail({
      id: 'missing-program',
      severity: 'error',
      message: `Container ${c.name}: the preStop hook (${what}) needs ${missing.program}, which is not in the image. ${consequenceOf(missing.program, main)}`,
      data: { container: c.name, hook: what, program: missing.program, searched: missing.searched },
      evidence: [where, { source: 'root of the container', text: `no ${missing.program}${searched}` }, ...events],
      fix: fixOf(c, pod, missing.program, maybe),
    });
  }
  const [event, ...more] = events;
  if (event)
    return fail({
      id: 'failed',
      severity: 'error',
      message: `Container ${c.name}: the preStop hook (${what}) failed. The stop signal follows without a pause where it fails early.`,
      data: { container: c.name, hook: what, events: failed.length },
      evidence: [where, event, ...more],
      fix: {
        say: 'Run the hook by hand in the container (kubectl exec) and look why it fails: its exit status, a program that is not there, a time-out.',
        risk: 'none',
      },
    });
  if (!c.status?.running) return notApplicable(`${c.name} does not run`);
  const asked = hookWords(command);
  if (!asked.includes(main))
    return cannotTell(
      hookPrograms,
      `container ${c.name}: whether the program of its preStop hook (${what}) is in the image cannot be asked for`,
    );
  if (shell === undefined) return cannotTell(hookPrograms, `container ${c.name}: its root was not seen on the node`);
  const inShell = programs.find((p) => !p.found);
  if (inShell)
    return cannotTell(
      hookPrograms,
      `container ${c.name}: ${inShell.program} is not in the image, unless ${shell.path} has it built in`,
    );
  const found = programs.map((p) => p.path).join(', ');
  if (!maybe.podEvents.ok)
    return cannotTell(
      podEvents,
      `container ${c.name}: ${found} is there, and whether the hook failed is not known: ${maybe.podEvents.gap.detail}`,
    );
  return pass(`${c.name}: ${found}`);
};

/** Facts K.2: in an image without `sleep` or a shell an exec hook fails at once; the most common silent failure. */
export const prestopCannotRun = check({
  id: 'shutdown/prestop-cannot-run',
  title: "What preStop hooks run is in the container's image",
  severity: 'error',
  per: 'pod',
  docs: {
    why:
      'An exec hook runs a program of the container. Distroless and scratch images have neither `sleep` nor a shell, so the hook fails, the kubelet writes a FailedPreStopHook ' +
      'event that is gone after an hour, and the stop signal follows at once. The manifest looks right and the pause never happens. netdoctor looks for the program ' +
      'in the root of the running container, by its own PATH.',
    links: [
      'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
      'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/3960-pod-lifecycle-sleep-action',
    ],
  },
  needs: { subject, hookPrograms },
  wants,
  judge: (facts, maybe) => {
    const pod = facts.subject;
    if (!pod.containers.some((c) => c.preStop?.kind === 'exec'))
      return notApplicable('no container has a preStop hook that runs a program');
    const reason = notLive(pod);
    if (reason !== null) return notApplicable(reason);
    return combine(
      pod.containers.map((c) => judgeOne(c, pod, () => facts.hookPrograms, maybe)),
      'no container has a preStop hook that runs a program',
    );
  },
});
