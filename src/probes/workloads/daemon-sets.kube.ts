import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { type DaemonSet, daemonSets } from '../../facts/workloads/daemon-sets.ts';
import { at, listAt, numberAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';
import { controllersKube } from './controllers.kube.ts';

/** A toleration without key and effect is of all taints. */
const toleratesAll = (spec: unknown): boolean =>
  listAt(spec, 'tolerations').some(
    (t) => textAt(t, 'operator') === 'Exists' && textAt(t, 'key') === '' && textAt(t, 'effect') === '',
  );

const selectsAll = (spec: unknown): boolean => {
  const selector = at(spec, 'nodeSelector');
  if (selector === undefined || selector === null) return true;
  return (
    typeof selector === 'object' &&
    Object.entries(selector).every(([k, v]) => /^(beta\.)?kubernetes\.io\/os$/.test(k) && v === 'linux')
  );
};

const daemonSetOf = (item: unknown): DaemonSet => {
  const spec = at(item, 'spec', 'template', 'spec');
  const made = Date.parse(textAt(item, 'metadata', 'creationTimestamp'));
  const free = (at(spec, 'affinity', 'nodeAffinity') ?? null) === null;
  return {
    namespace: textAt(item, 'metadata', 'namespace'),
    name: textAt(item, 'metadata', 'name'),
    uid: textAt(item, 'metadata', 'uid'),
    createdAtMs: Number.isNaN(made) ? null : made,
    everyNode: toleratesAll(spec) && selectsAll(spec) && free,
    desired: numberAt(item, 'status', 'desiredNumberScheduled'),
    scheduled: numberAt(item, 'status', 'currentNumberScheduled'),
  };
};

/** The same answer of the API as for what owns pods. */
export const daemonSetsKube = probe({
  yields: daemonSets,
  via: 'kube',
  reads: { daemonSets: controllersKube.reads.DaemonSet },
  parse: ({ daemonSets: raw }) => {
    const json = kubeJson(raw);
    return json.ok ? known(listAt(json.value.body, 'items').map(daemonSetOf)) : json;
  },
});
