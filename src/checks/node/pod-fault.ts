import type { Severity } from '../../core/check.ts';
import type { SystemContainer, SystemPod } from '../../facts/node/system-pods.ts';

/** What is wrong with a pod, in words, and how bad. */
export interface PodFault {
  readonly id: 'does-not-run' | 'does-not-start' | 'restarts' | 'not-ready';
  readonly severity: Severity;
  readonly container: string;
  /** "is in CrashLoopBackOff (7 restarts, last exit code 1)". */
  readonly what: string;
}

/** Reasons for which a container does not run until something changes. */
const stuck =
  /^(CrashLoopBackOff|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|CreateContainerError|CreateContainerConfigError|RunContainerError)$/;
const startSeconds = 300;
const settleSeconds = 120;
const recentSeconds = 600;

const since = (nowMs: number, ms: number | null): number | null =>
  ms === null ? null : Math.round((nowMs - ms) / 1000);

const exit = ({ lastTerminated: t }: SystemContainer): string =>
  t ? `exit code ${t.exitCode}, ${t.reason || 'no reason'}` : '';

const faultOf = (c: SystemContainer, pod: SystemPod, nowMs: number): PodFault | null => {
  const age = since(nowMs, pod.createdAtMs);
  const last = exit(c);
  if (c.waiting !== null && stuck.test(c.waiting.reason)) {
    const message = c.waiting.message === '' || last !== '' ? '' : `: ${c.waiting.message}`;
    const times = `${c.restarts} restarts${last === '' ? '' : `, last time ${last}`}`;
    const what = `is in ${c.waiting.reason} (${times})${message}`;
    return { id: 'does-not-run', severity: 'error', container: c.name, what };
  }
  if (c.waiting !== null && !/^PodInitializing$/.test(c.waiting.reason) && age !== null && age > startSeconds) {
    const what = `has been in ${c.waiting.reason} since the pod was made ${age} s ago`;
    return { id: 'does-not-start', severity: 'error', container: c.name, what };
  }
  const runs = since(nowMs, c.runningSinceMs);
  if (c.init) {
    if (c.ready || runs === null || runs <= startSeconds) return null;
    const what = `(init) has run for ${runs} s and does not end`;
    return { id: 'does-not-start', severity: 'error', container: c.name, what };
  }
  const ended = since(nowMs, c.lastTerminated?.finishedAtMs ?? null);
  // after a reboot all containers are said to have ended so
  const rebooted = c.lastTerminated?.exitCode === 255 || c.lastTerminated?.reason === 'Unknown';
  const failed = c.lastTerminated !== null && c.lastTerminated.exitCode !== 0 && !rebooted;
  if (failed && c.restarts >= 2 && ended !== null && ended < recentSeconds) {
    const what = `restarts again and again (${c.restarts} times, the last ${ended} s ago: ${last})`;
    return { id: 'restarts', severity: 'warning', container: c.name, what };
  }
  if (!c.ready && runs !== null && runs > settleSeconds)
    return { id: 'not-ready', severity: 'warning', container: c.name, what: `has run for ${runs} s and is not ready` };
  return null;
};

/**
 * The gravest fault of a pod. Pods that are leaving, that have ended (a Deployment's evicted pods stay for long) or that are just starting
 * have none.
 */
export const podFault = (pod: SystemPod, nowMs: number): PodFault | null => {
  if (pod.leaving || pod.phase === 'Failed' || pod.phase === 'Succeeded') return null;
  const faults = pod.containers.flatMap((c) => faultOf(c, pod, nowMs) ?? []);
  return faults.find((f) => f.severity === 'error') ?? faults[0] ?? null;
};
