import { at, listAt } from '../../lib/json.ts';
import type { ManifestPath } from '../../parsers/manifest.ts';
import type { ManifestObject } from './manifest-object.ts';

/** Where a kind keeps what. */
interface Shape {
  readonly group: string;
  /** Of the pod template: its `metadata` and `spec`. */
  readonly template: ManifestPath;
  /** Of its own spec, beside the template. */
  readonly own: ManifestPath;
}

const workload = (group: string): Shape => ({ group, template: ['spec', 'template'], own: ['spec'] });

const shapes: Readonly<Record<string, Shape>> = {
  Pod: { group: '', template: [], own: ['spec'] },
  PodTemplate: { group: '', template: ['template'], own: [] },
  ReplicationController: workload(''),
  Deployment: workload('apps'),
  ReplicaSet: workload('apps'),
  StatefulSet: workload('apps'),
  DaemonSet: workload('apps'),
  Job: workload('batch'),
  CronJob: { group: 'batch', template: ['spec', 'jobTemplate', 'spec', 'template'], own: ['spec'] },
};

/** The pod template of an object. */
export interface Template {
  readonly value: unknown;
  /** In the document. */
  readonly specPath: ManifestPath;
  readonly ownPath: ManifestPath;
  /** It says something of containers: a patch of Kustomize's may not. */
  readonly isWhole: boolean;
}

/** The pod template of an object, where its kind has one. */
export const templateOf = ({ group, kind, value, path }: ManifestObject): Template | null => {
  const shape = Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  if (shape?.group !== group) return null;
  const template = at(value, ...shape.template);
  return {
    value: template,
    specPath: [...path, ...shape.template, 'spec'],
    ownPath: [...path, ...shape.own],
    isWhole: listAt(template, 'spec', 'containers').length > 0,
  };
};
