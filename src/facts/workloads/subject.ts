import { fact } from '../../core/fact.ts';
import type { Subject } from './subjects.ts';

/** The one pod that is judged. Not read by itself: the run takes it from {@link subjects}, or from a manifest. */
export const subject = fact<Subject>(
  'workloads/subject',
  'pod',
  'the pod that is judged: its containers, hooks, probes and conditions',
);
