import { type Known, type Maybe, notApplicable, type Verdict } from '../../core/check.ts';
import { imageStopSignals } from '../../facts/workloads/image-stop-signals.ts';
import { processes } from '../../facts/workloads/processes.ts';
import { subject } from '../../facts/workloads/subject.ts';
import type { Subject } from '../../facts/workloads/subjects.ts';
import { combine } from '../combine.ts';
import { type ContainerPath, containerPaths, notLive } from './container-paths.ts';

/** What checks of the stop signal's way read. */
export const needsOfPath = { subject, processes };
export const wantsOfPath = { imageStopSignals };

/** Judges each running container of a pod by its live processes, and puts the verdicts together. In the node's PID namespace nothing of it is PID 1. */
export const eachContainer = (
  facts: Known<typeof needsOfPath>,
  maybe: Maybe<typeof wantsOfPath>,
  judge: (path: ContainerPath, pod: Subject) => Verdict,
): Verdict => {
  const pod = facts.subject;
  const reason = notLive(pod) ?? (pod.hostPid ? "in the node's PID namespace no process of it is PID 1" : null);
  if (reason !== null) return notApplicable(reason);
  const paths = containerPaths(pod, facts.processes, maybe.imageStopSignals);
  return combine(
    paths.map((path) => judge(path, pod)),
    'no container runs',
  );
};
