import { fact } from '../../core/fact.ts';

/** A Service with a selector, and what leads to it. */
export interface Front {
  readonly namespace: string;
  readonly name: string;
  /** Milliseconds since 1970; null in a manifest. */
  readonly createdAtMs: number | null;
  /** ClusterIP, NodePort, LoadBalancer. */
  readonly type: string;
  readonly selector: Readonly<Record<string, string>>;
  /** Its target ports: numbers, or names of container ports. */
  readonly targetPorts: readonly (string | number)[];
  readonly publishNotReadyAddresses: boolean;
  /** Names of the Ingresses that lead to it; null where they could not be read. */
  readonly ingresses: readonly string[] | null;
}

/** Services in the namespaces that are looked at. */
export const fronts = fact<readonly Front[]>(
  'services/fronts',
  'cluster',
  'Services with their selectors and types, and the Ingresses that lead to them',
);
