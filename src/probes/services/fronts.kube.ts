import { known } from '../../core/gap.ts';
import { probe } from '../../core/probe.ts';
import { kube, type Raw } from '../../core/read.ts';
import { fronts } from '../../facts/services/fronts.ts';
import { listAt, textAt } from '../../lib/json.ts';
import { frontOf } from '../../parsers/front.ts';
import { kubeJson } from '../kube-json.ts';

/** "namespace/service" → names of Ingresses; null where they could not be read. */
const ingressesBy = (raw: Raw): ReadonlyMap<string, readonly string[]> | null => {
  const json = kubeJson(raw);
  if (!json.ok) return null;
  const by = new Map<string, string[]>();
  for (const item of listAt(json.value.body, 'items')) {
    const namespace = textAt(item, 'metadata', 'namespace');
    const backends = [
      textAt(item, 'spec', 'defaultBackend', 'service', 'name'),
      ...listAt(item, 'spec', 'rules').flatMap((r) =>
        listAt(r, 'http', 'paths').map((p) => textAt(p, 'backend', 'service', 'name')),
      ),
    ];
    for (const name of new Set(backends)) {
      if (name === '') continue;
      const key = `${namespace}/${name}`;
      by.set(key, [...(by.get(key) ?? []), textAt(item, 'metadata', 'name')]);
    }
  }
  return by;
};

/** Services with a selector (others have endpoints that somebody else keeps), and the Ingresses in front of them. */
export const frontsKube = probe({
  yields: fronts,
  via: 'kube',
  reads: {
    services: kube('/api/v1/{scope}services', [
      'items[].metadata.namespace',
      'items[].metadata.name',
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
    const by = ingressesBy(ingresses);
    return known(
      listAt(json.value.body, 'items').flatMap((item) => {
        const front = frontOf(item);
        if (front === null) return [];
        return [{ ...front, ingresses: by === null ? null : (by.get(`${front.namespace}/${front.name}`) ?? []) }];
      }),
    );
  },
});
