import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { reachTargets } from '../../facts/services/reach-targets.ts';
import { listAt } from '../../lib/json.ts';
import { reachTargetsOf } from '../../parsers/reach-targets.ts';
import { kubeJson } from '../kube-json.ts';
import { backendsKube } from './backends.kube.ts';
import { nodePortsKube } from './node-ports.kube.ts';

/** Services and EndpointSlices of the whole cluster. */
export const reachTargetsKube = probe({
  yields: reachTargets,
  via: 'kube',
  reads: { services: nodePortsKube.reads.services, slices: backendsKube.reads.slices },
  parse: ({ services, slices }) => {
    const [one, other] = [kubeJson(services), kubeJson(slices)];
    if (!one.ok) return one;
    if (!other.ok) return other;
    return known(reachTargetsOf(listAt(one.value.body, 'items'), listAt(other.value.body, 'items')));
  },
});
