import { containerPaths, notLive } from '../checks/shutdown/container-paths.ts';
import { processTree } from '../checks/shutdown/process-tree.ts';
import type { Lookup } from '../core/facts-table.ts';
import type { ContainerTree } from '../core/report.ts';
import { imageStopSignals } from '../facts/workloads/image-stop-signals.ts';
import { processes } from '../facts/workloads/processes.ts';
import { subject } from '../facts/workloads/subject.ts';

/** More processes of one container are not shown. */
const mostProcesses = 40;

/** The process trees of a pod's running containers, or why there are none. */
export const containerTrees = (lookup: Lookup): readonly ContainerTree[] => {
  const pod = lookup(subject);
  if (!pod.ok || notLive(pod.value) !== null) return [];
  const seen = lookup(processes);
  if (!seen.ok)
    return pod.value.containers
      .filter((c) => c.status?.running)
      .map((c) => ({ name: c.name, unseen: seen.gap.detail, roots: [], left: 0 }));
  return containerPaths(pod.value, seen.value, lookup(imageStopSignals)).map(({ container, processes: all, path }) => {
    // the init and the oldest: parents before their children
    const shown = all
      .toSorted((a, b) => Number(b === path.init) - Number(a === path.init) || b.ageSeconds - a.ageSeconds)
      .slice(0, mostProcesses);
    return {
      name: container.name,
      unseen: all.length === 0 ? 'no process of it was seen on the node' : null,
      roots: processTree(shown, path, pod.value.graceSeconds),
      left: all.length - shown.length,
    };
  });
};
