import type { Reading } from '../../core/gap.ts';
import type { Process } from '../../facts/workloads/processes.ts';
import type { PodContainer, Subject } from '../../facts/workloads/subjects.ts';
import { containerKey } from '../../lib/container-key.ts';
import { type SignalPath, signalPath } from './signal-path.ts';
import { type StopSignal, stopSignalOf } from './stop-signal.ts';

/** A running container, its stop signal and the way of that signal. */
export interface ContainerPath {
  readonly container: PodContainer;
  readonly signal: StopSignal;
  readonly processes: readonly Process[];
  readonly path: SignalPath;
}

/** Why the live processes of a pod say nothing about its shutdown; null where they do. */
export const notLive = (pod: Subject): string | null => {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return `the pod has ended (${pod.phase})`;
  if (pod.os === 'windows') return 'Windows has no signals';
  // the node sees the sandbox of gVisor and Kata, not the processes in it
  if (pod.runtimeClass !== null && /gvisor|runsc|kata/i.test(pod.runtimeClass))
    return `its processes are inside a sandbox (runtime class ${pod.runtimeClass}), where the node does not see them`;
  if (!pod.containers.some((c) => c.status?.running)) return 'no container of it runs';
  return null;
};

/** The running containers of a pod, each with its signal's way; a container that was not seen on the node has no processes. */
export const containerPaths = (
  pod: Subject,
  processes: ReadonlyMap<string, readonly Process[]>,
  ofImages: Reading<ReadonlyMap<string, string>>,
): readonly ContainerPath[] =>
  pod.containers
    .filter((c) => c.status?.running)
    .map((container) => {
      const own = processes.get(containerKey(container.status?.id ?? '')) ?? [];
      const signal = stopSignalOf(container, ofImages);
      return { container, signal, processes: own, path: signalPath(own, signal) };
    });
