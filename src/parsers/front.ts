import type { Front } from '../facts/services/fronts.ts';
import { at, listAt, numberAt, textAt } from '../lib/json.ts';

/** A Service with a selector, of the API or of a manifest; null for one without, whose endpoints somebody else keeps. Its Ingresses are not known yet. */
export const frontOf = (item: unknown): Front | null => {
  const found = at(item, 'spec', 'selector');
  const selector = Object.entries(typeof found === 'object' && found !== null ? found : {}).filter(
    (e): e is [string, string] => typeof e[1] === 'string',
  );
  // an ExternalName is a name in the DNS, whatever else it says
  if (selector.length === 0 || Array.isArray(found) || textAt(item, 'spec', 'type') === 'ExternalName') return null;
  const created = Date.parse(textAt(item, 'metadata', 'creationTimestamp'));
  return {
    namespace: textAt(item, 'metadata', 'namespace'),
    name: textAt(item, 'metadata', 'name'),
    createdAtMs: Number.isNaN(created) ? null : created,
    type: textAt(item, 'spec', 'type') || 'ClusterIP',
    selector: Object.fromEntries(selector),
    targetPorts: listAt(item, 'spec', 'ports').flatMap((p) => {
      const target = numberAt(p, 'targetPort') ?? (textAt(p, 'targetPort') || numberAt(p, 'port'));
      return target === null ? [] : [target];
    }),
    publishNotReadyAddresses: at(item, 'spec', 'publishNotReadyAddresses') === true,
    ingresses: null,
  };
};
