import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { type Backend, backends } from '../../facts/services/backends.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { ip } from '../../parsers/ip.ts';
import { kubeJson } from '../kube-json.ts';

/** EndpointSlices of all Services. */
export const backendsKube = probe({
  yields: backends,
  via: 'kube',
  reads: {
    slices: kube('/apis/discovery.k8s.io/v1/endpointslices', [
      'items[].metadata.namespace',
      'items[].metadata.labels."kubernetes.io/service-name"',
      'items[].ports[].name',
      'items[].ports[].port',
      'items[].ports[].protocol',
      'items[].endpoints[].addresses',
      'items[].endpoints[].conditions.ready',
      'items[].endpoints[].nodeName',
      'items[].endpoints[].targetRef.kind',
      'items[].endpoints[].targetRef.name',
    ]),
  },
  parse: ({ slices }) => {
    const json = kubeJson(slices);
    if (!json.ok) return json;
    const found: Backend[] = [];
    for (const slice of listAt(json.value.body, 'items')) {
      const namespace = textAt(slice, 'metadata', 'namespace');
      const service = `${namespace}/${textAt(slice, 'metadata', 'labels', 'kubernetes.io/service-name')}`;
      for (const e of listAt(slice, 'endpoints')) {
        const pod = textAt(e, 'targetRef', 'kind') === 'Pod' ? `${namespace}/${textAt(e, 'targetRef', 'name')}` : null;
        for (const a of listAt(e, 'addresses')) {
          const address = typeof a === 'string' ? ip(a) : null;
          if (address) found.push({ ip: address, service, pod });
        }
      }
    }
    return known(found);
  },
});
