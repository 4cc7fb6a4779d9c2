import type { DiagnoseRequest, PodChoice, Source } from '../app/request.ts';
import { defined } from '../lib/defined.ts';
import { clusterSource } from './cluster-source.ts';
import { namespaceName } from './namespace-name.ts';
import { type PodFlag, refusePodConflicts } from './pod-conflicts.ts';
import { podRefs } from './pod-refs.ts';
import { runOptions } from './run-options.ts';
import type { Values } from './values.ts';

const namespaceOf = (v: Values<PodFlag>): string | null | undefined => {
  if (v.on('all-namespaces')) return null;
  const name = v.text('namespace');
  return name === undefined ? undefined : namespaceName(name, 'namespace');
};

const podsOf = (v: Values<PodFlag>, names: readonly string[]): PodChoice => ({
  by: 'pods',
  ...defined({ namespace: namespaceOf(v) }),
  refs: podRefs(names),
  selector: v.text('selector') ?? null,
});

const sourceOf = (v: Values<PodFlag>, names: readonly string[]): Source => {
  const path = v.text('from');
  return path === undefined ? clusterSource(v, podsOf(v, names), !v.on('no-probe')) : { kind: 'bundle', path };
};

/** What `netdoctor pod` is asked, from its flags and the names. Throws UsageError. */
export const podRequest = (v: Values<PodFlag>, names: readonly string[]): DiagnoseRequest => {
  refusePodConflicts(v, names);
  return { about: 'pods', source: sourceOf(v, names), ...runOptions(v) };
};
