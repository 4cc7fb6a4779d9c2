import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { type Endpoint, endpoints } from '../../facts/services/endpoints.ts';
import { at, listAt, textAt } from '../../lib/json.ts';
import { kubeJson } from '../kube-json.ts';

/** Conditions that are not set count as the API says: ready and serving as true, terminating as false (discovery.k8s.io/v1 EndpointConditions). */
export const endpointsKube = probe({
  yields: endpoints,
  via: 'kube',
  reads: {
    slices: kube('/apis/discovery.k8s.io/v1/{scope}endpointslices', [
      'items[].metadata.namespace',
      'items[].metadata.labels."kubernetes.io/service-name"',
      'items[].endpoints[].conditions',
      'items[].endpoints[].targetRef.kind',
      'items[].endpoints[].targetRef.name',
      'items[].endpoints[].targetRef.uid',
    ]),
  },
  parse: ({ slices }) => {
    const json = kubeJson(slices);
    if (!json.ok) return json;
    const found: Endpoint[] = [];
    for (const slice of listAt(json.value.body, 'items')) {
      const service = `${textAt(slice, 'metadata', 'namespace')}/${textAt(slice, 'metadata', 'labels', 'kubernetes.io/service-name')}`;
      for (const e of listAt(slice, 'endpoints')) {
        if (textAt(e, 'targetRef', 'kind') !== 'Pod') continue;
        found.push({
          service,
          pod: textAt(e, 'targetRef', 'name'),
          podUid: textAt(e, 'targetRef', 'uid'),
          ready: at(e, 'conditions', 'ready') !== false,
          serving: at(e, 'conditions', 'serving') !== false,
          terminating: at(e, 'conditions', 'terminating') === true,
        });
      }
    }
    return known(found);
  },
});
