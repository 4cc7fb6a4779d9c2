import type { PodSummary } from '../core/report.ts';

/** The state of a pod as kubectl's STATUS column has it, as far as it is known. */
export const podState = (pod: PodSummary): string =>
  pod.deleting ? 'Terminating' : pod.phase === '' ? 'not known' : pod.phase;
