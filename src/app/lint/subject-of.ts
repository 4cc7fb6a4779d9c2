import type { Subject } from '../../facts/workloads/subjects.ts';
import { podOf } from '../../parsers/pod.ts';
import type { ManifestObject } from './manifest-object.ts';

/** A pod as the template makes it. Of a workload the template's own name and namespace mean nothing. */
export const subjectOf = ({ kind, namespace, name }: ManifestObject, template: unknown): Subject => {
  const pod = podOf(template, null);
  return kind === 'Pod' ? { ...pod, namespace, name } : { ...pod, namespace, name, owner: { kind, name, uid: '' } };
};
