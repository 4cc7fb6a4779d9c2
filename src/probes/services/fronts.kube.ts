import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube } from '../../core/read.ts';
import { fronts } from '../../facts/services/fronts.ts';
import { listAt } from '../../lib/json.ts';
import { frontOf } from '../../parsers/front.ts';
import { ingressesBy } from '../../parsers/ingresses-by.ts';
import { kubeJson } from '../kube-json.ts';

/** Services with a selector (others have endpoints that somebody else keeps), and the Ingresses in front of them. */
export const frontsKube = probe({
  yields: fronts,
  via: 'kube',
  reads: {
    services: kube('/api/v1/{scope}services', [
      'items[].metadata.namespace',
      'items[].metadata.name',
      'items[].metadata.creationTimestamp',
      'items[].spec.type',
      'items[].spec.selector',
      'items[].spec.ports[].targetPort',
      'items[].spec.ports[].port',
      'items[].spec.publishNotReadyAddresses',
    ]),
    ingresses: kube('/apis/networking.k8s.io/v1/{scope}ingresses', [
      'items[].metadata.namespace',
      'items[].metadata.name',
      'items[].spec.defaultBackend.service.name',
      'items[].spec.rules[].http.paths[].backend.service.name',
    ]),
  },
  parse: ({ services, ingresses }) => {
    const json = kubeJson(services);
    if (!json.ok) return json;
    const found = kubeJson(ingresses);
    const by = found.ok ? ingressesBy(listAt(found.value.body, 'items')) : null;
    return known(
      listAt(json.value.body, 'items').flatMap((item) => {
        const front = frontOf(item);
        if (front === null) return [];
        return [{ ...front, ingresses: by === null ? null : (by.get(`${front.namespace}/${front.name}`) ?? []) }];
      }),
    );
  },
});
