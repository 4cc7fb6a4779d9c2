import type { Reading } from '../../core/gap.ts';
import type { ContainerEnd, Termination } from '../../core/report.ts';
import type { Front } from '../../facts/services/fronts.ts';
import type { HookProgram } from '../../facts/workloads/hook-programs.ts';
import type { Process } from '../../facts/workloads/processes.ts';
import type { PodContainer, Subject } from '../../facts/workloads/subjects.ts';
import { containerKey } from '../../lib/container-key.ts';
import { servedContainers, servicesOf } from '../services-of.ts';
import { containerPaths } from './container-paths.ts';
import { hookTime } from './hook-time.ts';
import type { Fate } from './signal-path.ts';
import { trafficSeconds } from './traffic.ts';

/** The kubelet grants at least so much between the stop signal and SIGKILL, in seconds (facts K.1). */
const floorSeconds = 2;

/** What the plan is made of. */
export interface TerminationFacts {
  readonly processes: Reading<ReadonlyMap<string, readonly Process[]>>;
  readonly imageStopSignals: Reading<ReadonlyMap<string, string>>;
  readonly hookPrograms: Reading<ReadonlyMap<string, readonly HookProgram[]>>;
  readonly fronts: Reading<readonly Front[]>;
}

const reactsOf = (fate: Fate | undefined): ContainerEnd['reacts'] => {
  switch (fate) {
    case 'reacts':
    case 'forwards':
      return 'yes';
    case 'ignores':
    case 'dropped':
    case 'shell':
      return 'no';
    default:
      return 'unsure';
  }
};

const runsOf = (c: PodContainer, f: TerminationFacts): boolean | null => {
  if (c.preStop?.kind !== 'exec') return true;
  const [main] = c.preStop.command;
  const all = (f.hookPrograms.ok ? f.hookPrograms.value.get(containerKey(c.status?.id ?? '')) : undefined) ?? [];
  const shell = all.find((p) => p.program === main);
  // a script without the program that it waits with is over at once; busybox may have it in itself
  const waits = all.find((p) => p !== shell && /(?:^|\/)sleep$/.test(p.program));
  if (shell?.found && waits?.found === false) return /busybox/.test(shell.path) ? null : false;
  return shell?.found ?? null;
};

const endOf = (c: PodContainer, pod: Subject, f: TerminationFacts): ContainerEnd => {
  const grace = pod.graceSeconds;
  const time = c.preStop === null ? null : hookTime(c.preStop);
  const runs = time === null ? null : grace === 0 ? false : runsOf(c, f);
  const known = f.processes.ok ? containerPaths(pod, f.processes.value, f.imageStopSignals) : [];
  const own = known.find((p) => p.container.name === c.name);
  // a hook that is not there fails at once; one that takes too long is cut off
  const taken = time === null || runs === false ? 0 : time.seconds === null ? null : Math.min(time.seconds, grace);
  const signalAt = c.kind === 'sidecar' ? null : taken;
  return {
    name: c.name,
    kind: c.kind,
    preStop: time === null ? null : { what: time.what, seconds: time.seconds, atLeast: time.atLeast, runs },
    stopSignal: own?.signal.name ?? c.stopSignal ?? c.status?.stopSignal ?? null,
    signalAt,
    reacts: reactsOf(own?.path.receiver?.fate),
    killAt: Math.max(grace, (taken ?? 0) + floorSeconds),
  };
};

const lossesOf = (
  ends: readonly ContainerEnd[],
  served: ReadonlySet<string>,
  until: number | null,
): Termination['losses'] =>
  ends.flatMap((e) => {
    const why = (text: string): string => `${e.name}: ${text}`;
    const early =
      until !== null && served.has(e.name) && e.signalAt !== null && e.signalAt < until && e.reacts !== 'no'
        ? [
            {
              from: e.signalAt,
              to: until,
              why: why('connections that still come are refused if it closes its port on the signal'),
            },
          ]
        : [];
    const late =
      e.reacts === 'no' ? [{ from: e.killAt, to: e.killAt, why: why('SIGKILL cuts off what is in flight') }] : [];
    const hook =
      e.preStop?.runs === false
        ? [{ from: 0, to: 0, why: why(`the preStop hook (${e.preStop.what}) does not run`) }]
        : [];
    return [...hook, ...early, ...late];
  });

/** The termination of the pod with its own numbers; null for a pod that has ended. */
export const terminationPlan = (pod: Subject, f: TerminationFacts): Termination | null => {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed' || pod.containers.length === 0) return null;
  const services = f.fronts.ok ? servicesOf(pod, f.fronts.value) : [];
  const until = services.length > 0 ? trafficSeconds(services) : null;
  const containers = pod.containers.map((c) => endOf(c, pod, f));
  return {
    graceSeconds: pod.graceSeconds,
    services: services.map((s) => `${s.namespace}/${s.name}`),
    trafficUntil: until,
    containers,
    losses: lossesOf(containers, new Set(servedContainers(pod, services).map((c) => c.name)), until),
  };
};
